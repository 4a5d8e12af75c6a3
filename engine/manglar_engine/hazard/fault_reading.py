"""Fault files read as they are: what was understood, what was assumed, what was set aside and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manglar_engine.errors import FaultError, FormatError
from manglar_engine.hazard.fault import ASSUMPTIONS, Fault, check_faults
from manglar_engine.hazard.kinematics import COMPASS, SLIP_RANGE, STYLES, Style, style_name
from manglar_engine.hazard.slip import COMPONENT_FIELDS, Reading, net_slip, read_triple
from manglar_engine.io.geojson import load_features
from manglar_engine.vocabulary import Note, Triple

FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "net_slip_rate": ("net_slip_rate", "slip_rate_mm_yr", "slip_mm_yr"),
    "strike_slip_rate": ("strike_slip_rate",),
    "vert_slip_rate": ("vert_slip_rate",),
    "shortening_rate": ("shortening_rate",),
    "dip_deg": ("average_dip", "dip_deg", "dip"),
    "rake_deg": ("average_rake", "rake_deg", "rake"),
    "upper_km": ("upper_depth_km", "upper_km", "upper_seis_depth"),
    "lower_km": ("lower_depth_km", "lower_km", "lower_seis_depth"),
}
"""Names under which each figure may stand in a file; the first that is filled counts."""
PURE_RAKES = (0.0, 90.0, 180.0)
"""Rakes that the name of the style itself tells; those of oblique styles are assumed."""
ID_NAMES = ("id", "catalog_id", "fault_id", "ogc_fid")


@dataclass(frozen=True, slots=True)
class FaultReading:
    """Faults that can be used and notes on all the rest, in file order."""

    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]


class _SetAside(Exception):  # noqa: N818 - it carries a reason to the reader, it is not an error
    """This record cannot be used; both texts say why."""

    def __init__(self, field_name: str, es: str, en: str) -> None:
        super().__init__(en)
        self.field_name, self.es, self.en = field_name, es, en


@dataclass(slots=True)
class _Row:
    """One feature under reading, with the notes that it leaves."""

    number: int
    properties: Mapping[str, Any]
    notes: list[Note] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        for key in ("name", "fs_name", "nombre"):
            if self.properties.get(key):
                return str(self.properties[key])
        return f"falla {self.number}"

    @property
    def id(self) -> str:
        for key in ID_NAMES:
            value = self.properties.get(key)
            if value not in (None, ""):
                return f"{value:g}" if isinstance(value, float) else str(value)
        return f"row-{self.number}"

    def note(self, kind: str, field_name: str, es: str, en: str) -> None:
        self.notes.append(Note(kind, f"{self.number} ({self.name})", field_name, es, en))

    def assume(self, code: str, value: str) -> None:
        self.assumed.append(code)
        es, en = ASSUMPTIONS[code]
        self.note("assumed", code, f"{es}: {value} (estimación)", f"{en}: {value} (estimate)")

    def triple(self, figure: str) -> Reading | None:
        for key in FIELD_NAMES[figure]:
            try:
                reading = read_triple(self.properties.get(key))
            except FormatError as error:
                raise _SetAside(key, f"ilegible: {error.what}", f"unreadable: {error.what}") from error
            if reading is None:
                continue
            if reading.mended:
                raw = self.properties[key]
                self.note(
                    "interpreted",
                    key,
                    f"{raw!r} se leyó como ({reading.mended}): coma decimal",
                    f"{raw!r} was read as ({reading.mended}): decimal comma",
                )
            return reading
        return None


def read_faults_geojson(source: str | Path | Mapping[str, Any]) -> FaultReading:
    """Read faults from GeoJSON lines with the fields of GEM or the simple ones of this engine.

    Simple fields: ``slip_rate_mm_yr``, ``dip``, ``rake``, ``upper_depth_km``, ``lower_depth_km``,
    ``dip_dir``, ``slip_type``. A fault that lacks a rate, a style, or a line is set aside with a
    note; every figure that was assumed leaves one too.

    Raises:
        FormatError: not GeoJSON, or another coordinate system named.
        FaultError: no usable fault at all, repeated ids, or coordinates that are not degrees.
    """
    faults: list[Fault] = []
    notes: list[Note] = []
    projected: list[str] = []
    for number, feature in enumerate(load_features(source), start=1):
        row = _Row(number, feature.get("properties") or {})
        try:
            lines = _lines(feature.get("geometry"))
            if any((np.abs(line) > (180.0, 90.0)).any() for line in lines):
                projected.append(f"{number} ({row.name})")
                continue
            faults.extend(_faults(row, lines))
        except _SetAside as reason:
            row.note("set_aside", reason.field_name, reason.es, reason.en)
        notes.extend(row.notes)
    if projected:
        raise FaultError(
            "coordinates are outside longitude and latitude",
            rows=projected,
            mend="Project the layer to EPSG:4326; RFC 7946 has no other.",
        )
    check_faults(faults)
    return FaultReading(tuple(faults), tuple(notes))


def _lines(geometry: object) -> list[NDArray[np.float64]]:
    """Return the lines of a geometry as ``(n, 2)`` arrays without repeated points."""
    if not isinstance(geometry, Mapping):
        raise _SetAside("geometry", "sin geometría", "no geometry")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("LineString", "MultiLineString"):
        raise _SetAside("geometry", f"es {kind}, no una línea", f"it is a {kind}, not a line")
    parts = [coordinates] if kind == "LineString" else coordinates
    lines = []
    for part in parts if isinstance(parts, list | tuple) else ():
        try:
            line = np.array([[float(x) for x in point[:2]] for point in part], dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise _SetAside("geometry", "coordenadas ilegibles", "unreadable coordinates") from error
        if line.ndim != 2 or not np.isfinite(line).all():
            raise _SetAside("geometry", "coordenadas ilegibles", "unreadable coordinates")
        moved = np.append(True, (np.diff(line, axis=0) != 0).any(axis=1))
        if moved.sum() > 1:
            lines.append(line[moved])
    if not lines:
        raise _SetAside("geometry", "la línea no tiene largo", "the line has no length")
    return lines


def _faults(row: _Row, lines: list[NDArray[np.float64]]) -> list[Fault]:
    """Build the fault of a row, or one per separate line, all with the same figures."""
    style_text = row.properties.get("slip_type")
    style = style_name(style_text)
    if style_text and style is None:
        raise _SetAside("slip_type", f"tipo desconocido: {style_text!r}", f"unknown style: {style_text!r}")
    rates = _rates(row)
    base = STYLES.get(style or "")
    dip, rake = _angles(row, base)
    slip = _slip(row, rates, dip=dip, rake=rake)
    upper, lower = _depths(row, base or STYLES["Strike-Slip"])
    if len(lines) > 1:
        row.note(
            "interpreted",
            "geometry",
            f"{len(lines)} líneas separadas: una falla por línea con la misma tasa",
            f"{len(lines)} separate lines: one fault each with the same rate",
        )
    found = []
    for part, line in enumerate(lines, start=1):
        trace = _oriented(row, line, dip) if part == 1 else _oriented(_Row(0, row.properties), line, dip)
        try:
            found.append(
                Fault(
                    id=row.id if len(lines) == 1 else f"{row.id}.{part}",
                    name=row.name,
                    trace_lonlat=trace,
                    slip_type=style or "",
                    dip_deg=dip,
                    rake_deg=rake,
                    upper_km=upper,
                    lower_km=lower,
                    slip_mm_yr=slip,
                    source=str(row.properties.get("reference") or row.properties.get("source") or ""),
                    assumptions=tuple(row.assumed),
                )
            )
        except FaultError as error:
            raise _SetAside("geometry", error.what, error.what) from error
    return found


def _rates(row: _Row) -> dict[str, Reading]:
    rates = {name: row.triple(name) for name in COMPONENT_FIELDS}
    found = {name: reading for name, reading in rates.items() if reading and reading.triple.best > 0}
    if not found:
        raise _SetAside("slip_rate", "sin tasa de deslizamiento", "no slip rate")
    return found


def _angles(row: _Row, base: Style | None) -> tuple[float, float]:
    """Return dip and rake; what the file lacks comes from the style, with a note."""
    dip, rake = row.triple("dip_deg"), _raw_rake(row)
    if base is None and (dip is None or rake is None):
        raise _SetAside(
            "slip_type",
            "sin tipo de falla, y falta el buzamiento o la dirección",
            "no style of faulting, and dip or rake is missing",
        )
    if dip is None and base is not None:
        row.assume("dip_deg", f"{base.dip_deg:g}°")
    if rake is None and base is not None:
        rake = base.rake_deg
        if abs(rake) not in PURE_RAKES:
            row.assume("rake_deg", f"{rake:g}°")
    dip_deg = dip.triple.best if dip else base.dip_deg if base else math.nan
    if not 0 < dip_deg <= 90:
        raise _SetAside("dip", f"buzamiento {dip_deg:g}°", f"dip {dip_deg:g}°")
    return dip_deg, float(rake if rake is not None else math.nan)


def _raw_rake(row: _Row) -> float | None:
    """Return the rake with its sign, which tells reverse from normal; limits are not used."""
    for key in FIELD_NAMES["rake_deg"]:
        raw = row.properties.get(key)
        text = str(raw if raw is not None else "").strip().strip("()[]").split(",")[0].strip()
        if not text:
            continue
        try:
            rake = float(text)
        except ValueError:
            rake = math.nan
        if not -180 <= rake <= 180:
            raise _SetAside(key, f"dirección ilegible: {raw!r}", f"unreadable rake: {raw!r}")
        return rake
    return None


def _slip(row: _Row, rates: Mapping[str, Reading], *, dip: float, rake: float) -> Triple:
    """Return the net slip rate with its range, noting the components that it came from."""
    found = net_slip({k: r.triple for k, r in rates.items()}, dip_deg=dip, rake_deg=rake)
    if found is None:
        raise _SetAside(
            "slip_rate",
            "el componente dado no permite conocer la tasa neta",
            "the component given cannot tell the net rate",
        )
    slip, how = found
    if how != "net_slip_rate":
        row.note(
            "interpreted",
            "slip_rate",
            f"tasa neta {slip.best:.3g} mm/año a partir de {how}",
            f"net rate {slip.best:.3g} mm/yr from {how}",
        )
    if slip.min <= 0 or not any(rates[name].has_range for name in how.split(" + ")):
        low, high = (slip.best * share for share in SLIP_RANGE)
        row.assume("slip_range", f"{low:.3g}-{high:.3g} mm/año")
        slip = Triple(slip.best, low, max(high, slip.max))
    return slip


def _depths(row: _Row, base: Style) -> tuple[float, float]:
    upper, lower = row.triple("upper_km"), row.triple("lower_km")
    top = upper.triple.best if upper else base.upper_km
    bottom = lower.triple.best if lower else base.lower_km
    if lower is None:
        row.assume("lower_km", f"{top:g}-{bottom:g} km")
    elif upper is None:
        row.assume("upper_km", f"{top:g} km")
    if not 0 <= top < bottom:
        raise _SetAside("depth", f"profundidades {top:g} y {bottom:g} km", f"depths {top:g}, {bottom:g} km")
    return top, bottom


def _oriented(row: _Row, line: NDArray[np.float64], dip_deg: float) -> NDArray[np.float64]:
    """Return the trace so that the fault dips to its right, by the compass word of ``dip_dir``."""
    if dip_deg >= 90:
        return line
    word = str(row.properties.get("dip_dir") or "").strip().upper()
    if word not in COMPASS:
        row.assume("dip_side", "a la derecha del trazo (right of the trace)")
        return line
    east, north = line[-1] - line[0]
    east *= math.cos(math.radians(float(line[:, 1].mean())))
    right = math.atan2(east, north) + math.pi / 2
    return line if math.cos(right - math.radians(COMPASS[word])) >= 0 else line[::-1].copy()
