"""A layer at a glance: its least and most, and a picture of a few thousand cells."""

from typing import Any

import lazy_loader

np = lazy_loader.load("numpy")

WIDE, HIGH, CLASSES = 64, 48, 6


def layer_facts(name: str, years: float, values: Any) -> dict[str, Any]:
    """What one layer holds: least and most, cells above nothing, cells without datum."""
    known = values[~np.isnan(values)]
    return {
        "name": name,
        "years": float(years),
        "least": float(known.min()) if known.size else 0.0,
        "most": float(known.max()) if known.size else 0.0,
        "touched": int((known > 0).sum()),
        "missing": int(values.size - known.size),
    }


def picture_of(values: Any, *, falls: bool) -> dict[str, Any]:
    """Rows of digits, north above: 0 nothing, 1 to 5 of the largest value, a dot without datum; each the most of its cells."""
    values = values if falls else values[::-1]
    tall, broad = (max(1, -(-size // limit)) for size, limit in zip(values.shape, (HIGH, WIDE), strict=True))
    top = float(np.nanmax(values)) if not np.isnan(values).all() else 0.0
    rows = []
    for first in range(0, values.shape[0], tall):
        band = values[first : first + tall]
        rows.append("".join(_mark(band[:, at : at + broad], top) for at in range(0, values.shape[1], broad)))
    return {"rows": rows, "most": top}


def _mark(block: Any, top: float) -> str:
    known = block[~np.isnan(block)]
    if not known.size:
        return "."
    most = float(known.max())
    return "0" if most <= 0 or top <= 0 else str(min(CLASSES - 1, 1 + int(most / top * (CLASSES - 1) * 0.9999)))
