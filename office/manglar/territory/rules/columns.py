"""Which column of a file holds what: by the names that official and common files use, or as the person says."""

import re
from collections.abc import Mapping, Sequence

from manglar.foundation.sentences import say
from manglar.foundation.texts import fold

_MARKS = re.compile(r"[^a-z0-9]+")
_POPULATION = re.compile(r"^(?:poblacion|population|pob|pop|habitantes|total_pob)(?:_total)?_?((?:19|20)\d\d)?$")

#: What a file of divisions may say of each, with the headers that say it, best first.
GENERIC: Mapping[str, tuple[str, ...]] = {
    "code": ("codigo", "code", "cod", "clave", "geocodigo", "geocode", "cvegeo", "dpa", "ubigeo", "id", "gid"),
    "name": ("nombre", "name", "nom", "nomb", "denominacion", "label"),
    "parent": ("parent", "padre", "parent_code", "codigo_padre"),
    "parent_name": ("parent_name", "nombre_padre"),
    "area": ("area_km2", "area", "superficie_km2", "superficie", "area_m2", "area_ha", "shape_area"),
    "alias": ("alias", "otros_nombres", "otro_nombre", "aliases"),
    "source": ("fuente", "source", "population_source", "fuente_poblacion"),
}
#: What the official Panamanian files use, level by level (PROV_ID, DIST_ID, CORR_NOMB, CODIGO…).
OFFICIAL: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "corregimiento": {"name": ("corr_nomb", "corregimiento", "nombre_corr", "nom_corr"),
                      "parent_name": ("dist_nomb", "distrito", "district")},
    "district": {"name": ("dist_nomb", "distrito", "district"),
                 "parent_name": ("prov_nomb", "provincia", "province")},
    "province": {"code": ("prov_id",), "name": ("prov_nomb", "provincia", "province")},
    "municipality": {"name": ("municipio", "municipality", "nom_mun", "nomgeo")},
    "zone": {"name": ("zona", "comuna", "zone"), "parent_name": ("distrito", "municipio", "district")},
    "neighbourhood": {"name": ("barrio", "nom_barrio", "nombre_barrio", "barriada", "neighbourhood", "neighborhood", "colonia"),
                      "parent_name": ("corregimiento", "comuna", "distrito", "zona")},
}
#: The columns whose parts together are the code of the parent.
PARENT_PARTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "corregimiento": (("prov_id", "dist_id"),), "district": (("prov_id",),),
    "neighbourhood": (("prov_id", "dist_id", "corr_id"),), "zone": (("prov_id", "dist_id", "corr_id"),),
}


def header_key(header: str) -> str:
    """A header for comparison: «Altura (m)» is «altura_m»."""
    return _MARKS.sub("_", fold(header)).strip("_")


def chosen(
    columns: Sequence[str], wanted: Mapping[str, Sequence[str]], *, asked: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Field → column of the file: as asked, else the first header that is known for the field.

    Raises ValueError with a sentence when a column was asked for that the file lacks.
    """
    by_key: dict[str, str] = {}
    for column in columns:
        by_key.setdefault(header_key(column), column)
    found: dict[str, str] = {}
    for field, column in (asked or {}).items():
        if column and column not in columns and header_key(column) not in by_key:
            raise ValueError(
                say(
                    "El archivo no tiene la columna «{column}». Tiene: {columns}.",
                    column=column,
                    columns=", ".join(columns) or say("ninguna"),
                )
            )
        found[field] = column if column in columns else by_key.get(header_key(column), "")
    for field, headers in wanted.items():
        if field not in found:
            match = next((by_key[header] for header in headers if header in by_key), "")
            if match:
                found[field] = match
    _guess(columns, wanted, found)
    return {field: column for field, column in found.items() if column}


#: Words around the one that says what a column is: «Sigla oficial», «Nombre largo», «Nombre de la institución».
_AROUND = frozenset((
    "oficial", "oficiales", "largo", "larga", "corto", "corta", "completo", "completa", "actual", "propio", "comun", "legal",
    "del", "de", "la", "las", "el", "los", "una", "un", "cada", "registro", "column", "columna", "the", "of", "full", "official",
))  # fmt: skip


def _guess(columns: Sequence[str], wanted: Mapping[str, Sequence[str]], found: dict[str, str]) -> None:
    """What the exact headers left open, by their words: whole words that a field knows, and nothing else that counts.

    A header with any other word («Código postal») is left alone, as is one that two fields could mean.
    """
    taken = set(found.values())
    known = {field: [_words(header) for header in headers] for field, headers in wanted.items()}
    means: dict[str, list[str]] = {}
    for column in columns:
        said = _words(header_key(column))
        fits = [field for field, sets in known.items() if _is_said(said, sets)] if column not in taken else []
        if len(fits) == 1 and fits[0] not in found:
            means.setdefault(fits[0], []).append(column)
    found.update({field: candidates[0] for field, candidates in means.items() if len(candidates) == 1})


def _words(key: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in key.split("_") if word and word not in _AROUND)


def _is_said(said: frozenset[str], sets: Sequence[frozenset[str]]) -> bool:
    """Whether words are those of one header of a field, or all of them names of it («nombre», «institución»)."""
    alone = frozenset().union(*(each for each in sets if len(each) == 1))
    return bool(said) and (said in sets or said <= alone)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def wanted_of_level(level: str) -> dict[str, tuple[str, ...]]:
    """The headers that are known for a level: the official ones first."""
    own = OFFICIAL.get(level, {})
    return {field: (*own.get(field, ()), *GENERIC.get(field, ())) for field in {**GENERIC, **own}}


def parent_parts(columns: Sequence[str], level: str) -> tuple[str, ...]:
    """The columns whose parts make the code of the parent, or none."""
    by_key = {header_key(column): column for column in columns}
    for parts in PARENT_PARTS.get(level, ()):
        if all(part in by_key for part in parts):
            return tuple(by_key[part] for part in parts)
    return ()


def population_columns(columns: Sequence[str]) -> list[tuple[int | None, str]]:
    """The columns that hold a population, with the year that their header names, newest first."""
    found = []
    for column in columns:
        match = _POPULATION.match(header_key(column))
        if match:
            found.append((int(match.group(1)) if match.group(1) else None, column))
    return sorted(found, key=lambda each: -(each[0] or 0))
