"""GeoJSON as RFC 7946 says: features in longitude and latitude, or an error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from manglar_engine.errors import FormatError

GEOGRAPHIC = re.compile(r"(CRS:?84|EPSG:(:|[\d.]*:)?4326|OGC:[\d.]*:CRS84)$", re.IGNORECASE)
"""Names of longitude-latitude on WGS 84; RFC 7946 section 4 makes it the only one when none is named."""


def load_features(source: str | Path | Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the features of a GeoJSON file or mapping.

    Raises:
        FormatError: not readable as GeoJSON, another coordinate system named, or no features.
    """
    document = source if isinstance(source, Mapping) else _load(Path(source))
    if document.get("type") != "FeatureCollection" or not isinstance(document.get("features"), list):
        raise FormatError(
            "this is not a GeoJSON FeatureCollection",
            mend="Export the layer as GeoJSON with all its features in one collection.",
        )
    _check_crs(document.get("crs"))
    features: Sequence[Mapping[str, Any]] = document["features"]
    if not features:
        raise FormatError("the GeoJSON collection is empty", mend="Export at least one feature with geometry.")
    wrong = [row for row, feature in enumerate(features, start=1) if not _is_feature(feature)]
    if wrong:
        raise FormatError(
            "some members of the collection are not GeoJSON features",
            rows=wrong,
            mend="Each needs geometry and properties (RFC 7946, section 3.2).",
        )
    return features


def _is_feature(feature: object) -> bool:
    return isinstance(feature, Mapping) and isinstance(feature.get("properties") or {}, Mapping)


def _load(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FormatError(
            f"the file {path.name} cannot be opened: {error.strerror}",
            mend="Check the path and the permissions.",
        ) from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FormatError(
            f"the file {path.name} is not JSON in UTF-8: {error}",
            mend="Export it again as GeoJSON (RFC 7946).",
        ) from error
    if not isinstance(document, dict):
        raise FormatError(
            f"the file {path.name} holds no GeoJSON object",
            mend="Export it again as a FeatureCollection.",
        )
    return document


def _check_crs(crs: object) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = str(properties.get("name", "")) if isinstance(properties, Mapping) else ""
    if not GEOGRAPHIC.search(name):
        raise FormatError(
            f"the file names the coordinate system {name or crs!r}",
            mend="Project it to longitude and latitude (EPSG:4326) before reading.",
        )
