"""How each fault of a file was understood, row by row, in words."""

import re
from typing import Any

from manglar.foundation.outcomes import CREATED, LEFT, UNCHANGED, RowOutcome
from manglar.foundation.sentences import Said, say
from manglar.risk.engine_bridge import Understood

#: The engine names a row «3 (Falla de Pedro Miguel)».
_ROW = re.compile(r"^(\d+)(?: \((.*)\))?$")
SET_ASIDE = "set_aside"


def fault_lines(understood: Understood, *, language: str, is_held: bool = False) -> list[RowOutcome]:
    """One line for each fault that the file names: taken, set aside with the reason, or registered already."""
    remarks: dict[tuple[int, str], list[Said]] = {}
    left: set[tuple[int, str]] = set()
    for note in understood.notes:
        found = _ROW.match(note["row"])
        place = (int(found.group(1)), found.group(2) or "") if found else (0, note["row"])
        remarks.setdefault(place, []).append(note["en"] if language == "en" else note["es"])
        if note["kind"] == SET_ASIDE:
            left.add(place)
    lines = [RowOutcome(row, LEFT, name, (), tuple(remarks[row, name])) for row, name in sorted(left)]
    outcome = UNCHANGED if is_held else CREATED
    free = {place: said for place, said in remarks.items() if place not in left}
    for fault in understood.content:
        place = next((each for each in free if each[1] == fault["name"]), (0, str(fault["name"])))
        lines.append(RowOutcome(place[0], outcome, place[1], (), (_in_words(fault), *free.pop(place, ()))))
    return sorted(lines, key=lambda line: line.row)


def _in_words(fault: dict[str, Any]) -> Said:
    return say(
        "{slip}, buzamiento {dip:g}°, de {upper:g} a {lower:g} km, {rate:.2g} mm al año",
        slip=fault.get("slip_type") or say("tipo sin decir"), dip=fault["dip_deg"], upper=fault["upper_km"],
        lower=fault["lower_km"], rate=fault["slip_mm_yr"]["best"],
    )
