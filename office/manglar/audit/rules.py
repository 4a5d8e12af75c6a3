"""The arithmetic of the chain: pure, so that anyone can check an exported log with these lines alone."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any

GENESIS = "0" * 64


#: Made once: a log has tens of millions of values, and making an encoder takes longer than encoding one of them.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> bytes:
    """The one way in which a value is written before it is digested: sorted, compact JSON in UTF-8."""
    if type(value) is list and len(value) == 2:  # before and after: all but a few of the values of a log
        before, after = _plain(value[0]), _plain(value[1])
        if before and after:
            return f"[{before},{after}]".encode()
    return _ENCODER.encode(value).encode()


def _plain(value: object) -> str:
    """A text, a whole number, a truth or nothing as the encoder writes it, without the cost of starting it; else empty."""
    if value is None:
        return "null"
    if type(value) is str:
        return encode_basestring(value)
    if type(value) is bool:
        return "true" if value else "false"
    return str(value) if type(value) is int else ""


def value_digest(salt: str, value: object) -> str:
    """SHA-256 of a salt and a value; without the salt the value cannot be guessed from it."""
    return _salted_digest(salt, canonical(value))


def _salted_digest(salt: str, text: bytes) -> str:
    return hashlib.sha256(salt.encode() + b"\x00" + text).hexdigest()


def sealed_values(values: Mapping[str, Any], salts: str) -> tuple[dict[str, str], str]:
    """The digest of each value, and all values with their salts as one JSON object.

    ``salts`` is one text, shared out among the values. Each value is written down once, for its digest and for the
    object: writing is most of what sealing costs.
    """
    size = len(salts) // max(1, len(values))
    digests, parts = {}, []
    for place, (name, value) in enumerate(values.items()):
        salt, text = salts[size * place : size * (place + 1)], canonical(value)
        digests[name] = _salted_digest(salt, text)
        parts.append(f'{encode_basestring(name)}:{{"salt":"{salt}","value":{text.decode()}}}')
    return digests, "{" + ",".join(parts) + "}"


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


def check_chain(
    entries: Iterable[Mapping[str, Any]], *, after: Mapping[int, tuple[int, str]] | None = None
) -> list[Fault]:
    """Check that each entry follows the one before it and says what its digest says.

    ``after``: for a piece of a chain, the number and the digest of the entry that comes before the piece.
    """
    faults: list[Fault] = []
    last: dict[int, tuple[int, str]] = dict(after or {})
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
