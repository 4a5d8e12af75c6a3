"""What becomes of each row of a file of assets, in words."""

from collections.abc import Mapping
from typing import Any

from manglar.assets.services.assetfile import ReadAsset
from manglar.assets.services.previews import AssetPreview
from manglar.foundation.outcomes import REPEATED, Difference, RowOutcome
from manglar.foundation.sentences import Said, say

_LABELS: Mapping[str, Said] = {
    "name": say("nombre"), "lon": say("longitud"), "lat": say("latitud"), "division_id": say("territorio"),
    "people": say("personas"), "value_pab": say("valor"), "building_class": say("clase constructiva"),
    "occupancy": say("uso"), "is_critical": say("es crítico"), "external_id": say("identificador"),
    "is_outside": say("fuera de los límites"), "position_is_approximate": say("lugar aproximado"),
}


class Lines:
    """Collects the outcome of each row while a plan is made, and gives them to its preview in the order of the file."""

    def __init__(self, preview: AssetPreview, divisions: Mapping[int, str]) -> None:
        self.preview, self.divisions = preview, divisions
        self.found: list[tuple[ReadAsset, str, tuple[Difference, ...]]] = []

    def add(
        self, read: ReadAsset, outcome: str, before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """What becomes of one row; ``before`` has the values that change, ``after`` all."""
        self.found.append((read, outcome, tuple(self._differences(before or {}, after or {}))))

    def finish(self) -> None:
        """Give the preview its lines: the rows, those that repeat another, and what is odd about each."""
        remarks = self._remarks()
        lines = [
            RowOutcome(read.number, outcome, read.name, differences, tuple(remarks.get(read.number, ())))
            for read, outcome, differences in self.found
        ]
        lines += [
            RowOutcome(each["row"], REPEATED, each["name"], (), (say("repite la fila {row}", row=each["of_row"]),))
            for each in self.preview.duplicates
        ]
        self.preview.lines = sorted(lines, key=lambda line: line.row)

    def _remarks(self) -> dict[int, list[Said]]:
        told: dict[int, list[Said]] = {}
        for each in (*self.preview.outside, *self.preview.odd):
            told.setdefault(each["row"], []).append(_of_column(each.get("column", ""), each["sentence"]))
        for each in self.preview.disagreements:
            said = say("dice {said}, está en {found}", said=each["said"], found=each["found"])
            told.setdefault(each["row"], []).append(said)
        for each in self.preview.lookalikes:
            for row in each["rows"]:
                told.setdefault(row, []).append(say("otra fila tiene el mismo nombre y lugar: se guardan las dos"))
        return told

    def _differences(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
        found = [
            Difference(_LABELS[key], self._shown(key, value), self._shown(key, after[key]))
            for key, value in before.items() if key in _LABELS
        ]
        if "attributes" in before:
            old, new = before["attributes"], after["attributes"]
            found += [
                Difference(key, _text(old.get(key)), _text(new.get(key)))
                for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)
            ]
        return found

    def _shown(self, key: str, value: Any) -> Said:
        return self.divisions.get(value, "") if key == "division_id" else _text(value)


def _of_column(column: str, sentence: Said) -> Said:
    return say("«{column}»: {problem}", column=column, problem=sentence) if column else sentence


def _text(value: Any) -> Said:
    if isinstance(value, bool):
        return say("sí") if value else say("no")
    return "" if value is None else str(value)
