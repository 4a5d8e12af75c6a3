"""The arithmetic of the chain: pure, so that anyone can check an exported log with these lines alone."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

GENESIS = "0" * 64


def canonical(value: object) -> bytes:
    """The one way in which a value is written before it is digested: sorted, compact JSON in UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def value_digest(salt: str, value: object) -> str:
    """SHA-256 of a salt and a value; without the salt the value cannot be guessed from it."""
    return hashlib.sha256(salt.encode() + b"\x00" + canonical(value)).hexdigest()


HEADER = (
    "chain",
    "seq",
    "operation",
    "event",
    "door",
    "at",
    "table_name",
    "row_key",
    "subject",
    "event_seq",
    "digests",
    "source_ref",
    "previous",
)


def entry_digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 of everything an entry says, the previous digest among it."""
    return hashlib.sha256(canonical({key: entry[key] for key in HEADER})).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree in the log, named so that a person can find it: a Spanish template and its values.

    The catalogues read the template here; whoever shows it to readers of other languages translates it
    (``verification.said``), and these lines stay free of everything but the standard library.
    """

    chain: int
    seq: int | None
    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What does not agree, in Spanish."""
        return self.template.format(**self.values)


def check_chain(entries: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Check that each entry follows the one before it and says what its digest says."""
    faults: list[Fault] = []
    last: dict[int, tuple[int, str]] = {}
    for entry in entries:
        chain, seq = int(entry["chain"]), int(entry["seq"])
        expected_seq, previous = last.get(chain, (0, GENESIS))
        if seq != expected_seq + 1:
            faults.append(
                Fault(
                    chain,
                    seq,
                    "Falta el asiento {missing}: después viene el {seq}.",
                    {"missing": expected_seq + 1, "seq": seq},
                )
            )
        elif entry["previous"] != previous:
            faults.append(
                Fault(
                    chain,
                    seq,
                    "El asiento {seq} no continúa la huella del {before}.",
                    {"seq": seq, "before": expected_seq},
                )
            )
        if entry_digest(entry) != entry["digest"]:
            faults.append(
                Fault(chain, seq, "El asiento {seq} fue alterado: su contenido no da su huella.", {"seq": seq})
            )
        last[chain] = (seq, str(entry["digest"]))
    return faults


def check_values(
    chain: int, seq: int, digests: Mapping[str, str], values: Mapping[str, Any], erasures: set[str]
) -> list[Fault]:
    """Check the values of an entry against its digests; an erased value must name a known erasure."""
    faults: list[Fault] = []
    if set(digests) != set(values):
        odd = ", ".join(sorted(set(digests) ^ set(values)))
        return [
            Fault(
                chain,
                seq,
                "El asiento {seq} no tiene los mismos campos que su huella: {odd}.",
                {"seq": seq, "odd": odd},
            )
        ]
    for name, held in values.items():
        if "erased" in held:
            if held["erased"] not in erasures:
                faults.append(
                    Fault(
                        chain,
                        seq,
                        "El campo «{field}» del asiento {seq} fue borrado sin petición.",
                        {"field": name, "seq": seq},
                    )
                )
        elif value_digest(held.get("salt", ""), held.get("value")) != digests[name]:
            faults.append(
                Fault(chain, seq, "El campo «{field}» del asiento {seq} fue alterado.", {"field": name, "seq": seq})
            )
    return faults


def changed_fields(
    operation: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> dict[str, list[Any]]:
    """Field → [before, after] for what a raw change altered; everything for a row that comes or goes."""
    old, new = before or {}, after or {}
    if operation in {"I", "M"}:
        return {key: [None, value] for key, value in new.items()}
    if operation == "D":
        return {key: [value, None] for key, value in old.items()}
    return {key: [old.get(key), new.get(key)] for key in {*old, *new} if old.get(key) != new.get(key)}
