"""The words that plans use for their levels and their columns."""

import re
from dataclasses import dataclass

from manglar.foundation.texts import fold


@dataclass(frozen=True, slots=True)
class LevelWord:
    """A word for a level: how far down it usually stands, in both languages."""

    rank: int
    es: tuple[str, str]
    en: tuple[str, str]


_WORDS = (
    LevelWord(1, ("pilar", "pilares"), ("pillar", "pillars")),
    LevelWord(1, ("eje", "ejes"), ("axis", "axes")),
    LevelWord(1, ("línea", "líneas"), ("line", "lines")),
    LevelWord(1, ("línea estratégica", "líneas estratégicas"), ("strategic line", "strategic lines")),
    LevelWord(1, ("componente", "componentes"), ("component", "components")),
    LevelWord(1, ("dimensión", "dimensiones"), ("dimension", "dimensions")),
    LevelWord(2, ("objetivo", "objetivos"), ("objective", "objectives")),
    LevelWord(2, ("meta", "metas"), ("goal", "goals")),
    LevelWord(2, ("programa", "programas"), ("programme", "programmes")),
    LevelWord(2, ("programa", "programas"), ("program", "programs")),
    LevelWord(3, ("iniciativa", "iniciativas"), ("initiative", "initiatives")),
    LevelWord(3, ("proyecto", "proyectos"), ("project", "projects")),
    LevelWord(3, ("medida", "medidas"), ("measure", "measures")),
    LevelWord(4, ("acción", "acciones"), ("action", "actions")),
    LevelWord(4, ("actividad", "actividades"), ("activity", "activities")),
    LevelWord(4, ("tarea", "tareas"), ("task", "tasks")),
)
BY_WORD = {fold(word): each for each in _WORDS for pair in (each.es, each.en) for word in pair}

#: Field → the headings that mean it, folded.
SYNONYMS: dict[str, frozenset[str]] = {
    "identity": frozenset({"identidad", "identity", "identificador publico"}),
    "code": frozenset({"codigo", "code", "cod", "cod.", "no", "no.", "n.", "n", "nº", "n°", "num", "numero",
                       "numeracion", "clave", "item", "#", "id", "number", "ref"}),
    "level": frozenset({"nivel", "level", "tipo", "kind", "clase", "type", "tipo de elemento"}),
    "title": frozenset({"titulo", "title", "nombre", "name", "denominacion", "titulo (es)", "titulo_es", "title_es",
                        "titulo en espanol", "title_paraphrased", "title paraphrased", "titulo parafraseado"}),
    "title_en": frozenset({"titulo (en)", "titulo_en", "title_en", "title (en)", "titulo en ingles"}),
    "text": frozenset({"texto", "text", "descripcion", "description", "detalle", "texto_es", "texto (es)"}),
    "text_en": frozenset({"texto_en", "texto (en)", "text_en", "description_en", "text (en)"}),
    "parent": frozenset({"codigo superior", "codigo padre", "padre", "parent", "parent code", "pertenece a", "superior"}),
    "starts_on": frozenset({"inicio", "fecha de inicio", "fecha inicio", "desde", "start", "starts on", "start date",
                            "empieza"}),
    "ends_on": frozenset({"fin", "fecha de fin", "fecha fin", "hasta", "end", "ends on", "end date", "termina",
                          "plazo", "fecha limite", "deadline", "fecha de termino"}),
    "cost_pab": frozenset({"costo", "costo_pab", "costo (pab)", "costo (b/.)", "costo estimado", "monto",
                           "presupuesto", "cost", "budget", "inversion", "costo b/.", "costo total"}),
    "cost_mark": frozenset({"procedencia del costo", "costo_procedencia", "cost_mark", "cost mark"}),
    "responsible": frozenset({"responsable", "responsables", "institucion responsable", "entidad responsable",
                              "entidad", "institucion", "responsible", "lead", "owner", "direccion responsable"}),
    "division": frozenset({"territorio", "corregimiento", "corregimientos", "lugar", "division", "divisiones",
                           "ubicacion", "location"}),
    "page": frozenset({"pagina", "page", "pag", "pag."}),
    "source": frozenset({"fuente", "source"}),
    "mark": frozenset({"procedencia", "mark", "marca"}),
    "state": frozenset({"estado", "status", "state", "situacion"}),
    "unofficial": frozenset({"titulo no oficial", "titulo_no_oficial", "titulo traducido", "unofficial"}),
}
_UNOFFICIAL = re.compile(r"paraphras|parafras|traduc|translat|no oficial|unofficial")
_CODE_OF = re.compile(r"^(?:codigo|cod\.?|code|no\.?|n[º°.]|num\.?|numero|id)[ _]*(?:de la|del|de|of)?[ _]*(.+)$")
_NUMBERED = re.compile(r"^(?:nivel|level)[ _]?(\d)$")


def heading(text: str) -> str:
    """A heading folded for comparison."""
    return fold(text.replace("\n", " ")).strip(" :*")


def field_of(header: str) -> str:
    """The field that a folded heading means, or an empty text."""
    return next((field for field, words in SYNONYMS.items() if header in words), "")


def level_word(header: str) -> LevelWord | None:
    """The level that a folded heading or a kind names: «objetivo específico» is an objective."""
    if header in BY_WORD:
        return BY_WORD[header]
    first = header.replace("_", " ").split(" ")[0] if header else ""
    return BY_WORD.get(first)


def numbered_level(header: str) -> int:
    """The level of «nivel 2», else 0."""
    match = _NUMBERED.match(header)
    return int(match.group(1)) if match else 0


def code_of_level(header: str) -> str:
    """In «código del objetivo», «objetivo»; else an empty text."""
    match = _CODE_OF.match(header)
    named = match.group(1) if match else ""
    return named if level_word(named) or numbered_level(named) else ""


def says_unofficial(header: str) -> bool:
    """Whether a heading says that its titles are not the official ones."""
    return bool(_UNOFFICIAL.search(header))
