"""How an entry of the log reads: the act in words, the fields by the names that forms give them, the local hour."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import DateField, DateTimeField, Field, FloatField, ForeignKey, JSONField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from manglar.audit.selectors import LogLine
from manglar.design.shapes import FieldChange, LogEntry
from manglar.design.templatetags.design import moment, number, partial_date
from manglar.foundation.dates import PartialDateField
from manglar.foundation.translated import TranslatedTextField, read_in

#: Columns that identify a row and say nothing to a reader.
QUIET_FIELDS = frozenset({"id", "government_id", "public_id"})
LONGEST = 160
#: How many parts of a structured value are told.
SOME = 8
#: What was done, in the order of the alphabet of the events.
ACTS: dict[str, Any] = {
    "agreement.changed": gettext_lazy("cambió un acuerdo en borrador"),
    "agreement.ended": gettext_lazy("dio por terminado un acuerdo"),
    "agreement.put_in_force": gettext_lazy("puso en vigor un acuerdo"),
    "agreement.recorded": gettext_lazy("anotó un acuerdo"),
    "appointment.ended": gettext_lazy("terminó un nombramiento"),
    "asset.recorded": gettext_lazy("anotó un activo"),
    "asset.revised": gettext_lazy("corrigió un activo"),
    "asset_kind.defaults_set": gettext_lazy("fijó lo que se supone de una clase de activos"),
    "asset_kind.recorded": gettext_lazy("anotó una clase de activos"),
    "asset_kinds.recorded": gettext_lazy("anotó las clases de activos"),
    "assets.imported": gettext_lazy("importó activos"),
    "assets.located": gettext_lazy("ubicó activos en el territorio"),
    "boundary.recorded": gettext_lazy("anotó un límite"),
    "layer.loaded": gettext_lazy("cargó una capa del mapa"),
    "chain.released": gettext_lazy("publicó una cadena"),
    "columns.remembered": gettext_lazy("usó unas columnas al importar"),
    "comment.changed": gettext_lazy("corrigió su comentario"),
    "comment.withdrawn": gettext_lazy("retiró su comentario"),
    "comment.written": gettext_lazy("comentó"),
    "commitment.changed": gettext_lazy("corrigió un compromiso"),
    "commitment.recorded": gettext_lazy("anotó un compromiso"),
    "commitment.reported": gettext_lazy("dijo cómo va un compromiso"),
    "contribution.recorded": gettext_lazy("anotó un aporte"),
    "database.migrated": gettext_lazy("actualizó la base a una versión nueva"),
    "database.moved": gettext_lazy("movió la base de datos"),
    "dataset.registered": gettext_lazy("registró un conjunto de datos"),
    "decision.followed": gettext_lazy("anotó qué siguió de una decisión"),
    "decision.revoked": gettext_lazy("revocó una decisión"),
    "decision.superseded": gettext_lazy("sustituyó una decisión"),
    "decision.taken": gettext_lazy("tomó una decisión"),
    "division.alias_added": gettext_lazy("añadió otro nombre de una división"),
    "division.ended": gettext_lazy("dio fin a una división"),
    "division.recorded": gettext_lazy("anotó una división"),
    "division.revised": gettext_lazy("corrigió una división"),
    "division.split": gettext_lazy("dividió una división"),
    "edition.adopted": gettext_lazy("adoptó una edición de la estrategia"),
    "edition.marked_partial": gettext_lazy("marcó una edición como parcial"),
    "edition.started": gettext_lazy("empezó una edición de la estrategia"),
    "dataset.imported": gettext_lazy("importó datos de riesgo"),
    "file.attached": gettext_lazy("adjuntó un archivo"),
    "file.stored": gettext_lazy("guardó un archivo"),
    "file.withdrawn": gettext_lazy("retiró un archivo"),
    "finding.recorded": gettext_lazy("anotó un hallazgo"),
    "finding.reviewed": gettext_lazy("revisó un hallazgo"),
    "finding.revised": gettext_lazy("corrigió un hallazgo"),
    "finding.superseded": gettext_lazy("sustituyó un hallazgo"),
    "follow.ended": gettext_lazy("dejó de seguir un registro"),
    "follow.started": gettext_lazy("empezó a seguir un registro"),
    "followers.told": gettext_lazy("avisó a quienes siguen un registro"),
    "government.changed": gettext_lazy("cambió los datos del gobierno"),
    "government.founded": gettext_lazy("creó un gobierno"),
    "grant.revoked": gettext_lazy("dejó de compartir un registro"),
    "hazards.recorded": gettext_lazy("anotó las amenazas"),
    "identity.changed": gettext_lazy("cambió cómo se presenta el gobierno"),
    "identity.logo_removed": gettext_lazy("quitó el logo"),
    "identity.logo_set": gettext_lazy("puso el logo"),
    "import.undone": gettext_lazy("deshizo una importación"),
    "institution.recorded": gettext_lazy("anotó una institución"),
    "institution.revised": gettext_lazy("corrigió una institución"),
    "institutions.imported": gettext_lazy("importó instituciones"),
    "invitation.accepted": gettext_lazy("aceptó una invitación"),
    "job.asked": gettext_lazy("pidió un trabajo"),
    "job.cancel_asked": gettext_lazy("pidió parar un trabajo"),
    "link.issued": gettext_lazy("emitió un enlace firmado"),
    "link.revoked": gettext_lazy("anuló un enlace firmado"),
    "list.imported": gettext_lazy("importó una lista corregida"),
    "log.head_published": gettext_lazy("publicó la cabeza de la bitácora"),
    "mails.chosen": gettext_lazy("eligió qué avisos recibe por correo"),
    "margin.person_erased": gettext_lazy("borró el nombre de una persona de los comentarios"),
    "message.queued": gettext_lazy("puso un mensaje en la bandeja de salida"),
    "message.tried": gettext_lazy("intentó enviar un mensaje"),
    "milestone.cancelled": gettext_lazy("anuló un hito"),
    "milestone.planned": gettext_lazy("añadió un hito"),
    "milestone.reported": gettext_lazy("reportó un hito"),
    "node.added": gettext_lazy("añadió un elemento de la estrategia"),
    "node.changed": gettext_lazy("cambió un elemento de la estrategia"),
    "node.findings_linked": gettext_lazy("enlazó hallazgos con la estrategia"),
    "node.placed": gettext_lazy("dijo en qué territorio ocurre"),
    "node.removed": gettext_lazy("quitó un elemento de la estrategia"),
    "node.responsibles_assigned": gettext_lazy("asignó responsables"),
    "node.state_set": gettext_lazy("dijo cómo va un elemento de la estrategia"),
    "note.changed": gettext_lazy("cambió una nota de asesoría"),
    "note.drafted": gettext_lazy("empezó una nota de asesoría"),
    "note.recommendation_set": gettext_lazy("fijó la recomendación de una nota"),
    "note.risk_taken": gettext_lazy("llevó un cálculo de riesgo a una nota"),
    "note.risk_attached": gettext_lazy("adjuntó un cálculo de riesgo a una nota"),
    "note.submitted": gettext_lazy("presentó una nota de asesoría"),
    "notifications.read": gettext_lazy("leyó sus avisos"),
    "obstacle.noted": gettext_lazy("anotó un obstáculo"),
    "obstacle.solved": gettext_lazy("dio por resuelto un obstáculo"),
    "option.added": gettext_lazy("añadió una opción"),
    "option.changed": gettext_lazy("cambió una opción"),
    "option.removed": gettext_lazy("quitó una opción"),
    "person.appointed": gettext_lazy("nombró a una persona"),
    "person.erased": gettext_lazy("borró los datos de una persona"),
    "person.recorded": gettext_lazy("anotó a una persona"),
    "person.revised": gettext_lazy("corrigió los datos de una persona"),
    "personal_data.erased": gettext_lazy("borró datos personales por petición"),
    "post.recorded": gettext_lazy("anotó un cargo"),
    "record.released": gettext_lazy("publicó un registro"),
    "record.shared": gettext_lazy("compartió un registro"),
    "records.changed_together": gettext_lazy("cambió varios registros a la vez"),
    "records.put_back": gettext_lazy("deshizo lo que acababa de cambiar"),
    "release.withdrawn": gettext_lazy("retiró una publicación"),
    "risk_run.asked": gettext_lazy("pidió un cálculo de riesgo"),
    "risk_run.cancel_asked": gettext_lazy("pidió parar un cálculo de riesgo"),
    "risk_run.cancelled": gettext_lazy("paró un cálculo de riesgo"),
    "risk_run.done": gettext_lazy("terminó un cálculo de riesgo"),
    "risk_run.failed": gettext_lazy("no pudo terminar un cálculo de riesgo"),
    "risk_run.started": gettext_lazy("empezó un cálculo de riesgo"),
    "risk_run.told": gettext_lazy("convirtió un cálculo en hallazgos"),
    "role.ended": gettext_lazy("terminó un papel"),
    "role.given": gettext_lazy("dio un papel"),
    "source.recorded": gettext_lazy("anotó una fuente"),
    "strategy.created": gettext_lazy("creó una estrategia"),
    "strategy.days_set": gettext_lazy("fijó los días sin noticias de la estrategia"),
    "strategy.imported": gettext_lazy("importó una estrategia"),
    "strategy.levels_named": gettext_lazy("puso nombre a los niveles de la estrategia"),
    "territory.imported": gettext_lazy("importó el territorio"),
    "update.approved": gettext_lazy("aprobó un reporte"),
    "update.asked": gettext_lazy("pidió un reporte"),
    "update.sent_back": gettext_lazy("devolvió un reporte para corregir"),
    "update.submitted": gettext_lazy("envió un reporte"),
    "user.created": gettext_lazy("creó una cuenta"),
    "user.signed_in": gettext_lazy("entró"),
    "view.changed": gettext_lazy("cambió los filtros de una vista guardada"),
    "view.deleted": gettext_lazy("borró una vista guardada"),
    "view.renamed": gettext_lazy("cambió el nombre de una vista guardada"),
    "view.saved": gettext_lazy("guardó una vista de una lista"),
    "view.shared": gettext_lazy("cambió quién ve una vista guardada"),
}

#: Programs that act on their own, as the log keeps their names; a person's name is nobody's to translate.
PROGRAMS: dict[str, Any] = {
    "proceso de fondo": gettext_lazy("proceso de fondo"),
    "línea de comandos": gettext_lazy("línea de comandos"),
    "actualización del programa": gettext_lazy("actualización del programa"),
}
#: Columns whose model leaves their name to Django, which makes it of the code; a test finds those that are missing.
NAMES: dict[str, Any] = {
    "after": gettext_lazy("después"), "agreement_id": gettext_lazy("acuerdo"), "asset_id": gettext_lazy("activo"),
    "at": gettext_lazy("cuándo"), "author_ref": gettext_lazy("cuenta o enlace de quien escribió"),
    "before": gettext_lazy("antes"), "commitment_id": gettext_lazy("compromiso"),
    "decided_by_id": gettext_lazy("cuenta de quien decidió"), "decision_id": gettext_lazy("decisión"),
    "division_id": gettext_lazy("división"), "document_id": gettext_lazy("documento"), "east": gettext_lazy("este"),
    "error": gettext_lazy("qué falló"), "file_id": gettext_lazy("archivo"), "finding_id": gettext_lazy("hallazgo"),
    "folded": gettext_lazy("nombre sin acentos"), "institution_id": gettext_lazy("institución"),
    "logo_id": gettext_lazy("logo"), "node_id": gettext_lazy("iniciativa"), "north": gettext_lazy("norte"),
    "relation": gettext_lazy("relación"), "release_id": gettext_lazy("publicación"),
    "run_id": gettext_lazy("corrida"), "south": gettext_lazy("sur"), "to_id": gettext_lazy("hacia qué registro"),
    "to_kind": gettext_lazy("hacia qué clase"), "token_digest": gettext_lazy("huella de la llave"),
    "user_id": gettext_lazy("cuenta"), "west": gettext_lazy("oeste"), "word_id": gettext_lazy("palabra"),
}
#: What a public identifier begins with → the list of the desk that holds such records.
LISTS = {
    "hallazgo": "hallazgos", "corrida": "corridas", "activo": "activos", "division": "territorio",
    "institucion": "instituciones", "iniciativa": "iniciativas", "nota": "notas", "decision": "decisiones",
    "acuerdo": "acuerdos", "compromiso": "compromisos", "hito": "hitos", "reporte": "reportes", "publicacion": "publicaciones",
    "datos": "datos-de-riesgo", "importacion": "importaciones",
}


def record_url(public_id: str, government: str) -> str:
    """Where a record of the desk is; empty for what has no page."""
    slug = LISTS.get(public_id.split("-", maxsplit=1)[0])
    return reverse(f"desk:{slug}-record", args=[government, public_id]) if slug else ""


def entry(line: LogLine, language: str, government: str = "") -> LogEntry:
    """An entry as the component shows it, leading to its record; a change outside the services says so, loudly."""
    what = f"{ACTS.get(line.event, line.event)} · {line.door}"
    if line.is_alarm:
        what = f"{what} · {_('ALARMA: cambio fuera de los servicios')}"
    changes = [
        change
        for name, (before, after) in line.what.items()
        if name not in QUIET_FIELDS and (before or after)
        if (change := _change(line.table, name, before, after, language))
    ]
    url = record_url(line.subject, government) if government else ""
    who = str(PROGRAMS.get(line.who, line.who))
    return LogEntry(_hour(line.at), who, what, line.why, url, line.digest, changes)


def acts(told: list[tuple[LogLine, list[LogLine]]], language: str) -> list[LogEntry]:
    """Acts with every change that each explains, of whatever rows."""
    return [
        replace(entry(act, language), changes=[change for line in lines for change in entry(line, language).changes])
        for act, lines in told
    ]


def _hour(at: str) -> str:
    """A moment at the local hour; the database writes it without zone, and means UTC."""
    try:
        told = dt.datetime.fromisoformat(at)
    except ValueError:
        return at
    return moment(told if told.tzinfo else told.replace(tzinfo=dt.UTC))


def _change(table: str, name: str, before: Any, after: Any, language: str) -> FieldChange | None:
    field = _fields(table).get(name)
    if isinstance(field, ForeignKey):
        return None if before is None else FieldChange(_label(field, name), _("otro"), _("cambió"))
    told = FieldChange(_label(field, name), _shown(field, before, language), _shown(field, after, language))
    return told if told.before or told.after else None


@cache
def _fields(table: str) -> dict[str, Field[Any, Any]]:
    """Fields of the model of a table, by column."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return {str(field.column): field for field in model._meta.concrete_fields}
    return {}


def _label(field: Field[Any, Any] | None, name: str) -> str:
    """What a field is called: as its model says, else as here; a column of no model reads as it stands."""
    if field is not None and str(field.verbose_name) != field.name.replace("_", " "):
        return _(str(field.verbose_name))
    return str(NAMES.get(name, name))


def _parsed(value: Any) -> Any:
    """A structured value as the log keeps it; one that was erased is a plain text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _plain(value: Any) -> str:
    """Structured values on one line: names with what they say, a few of a list, how many of what is long or deep."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(inner)}" for name, inner in list(value.items())[:SOME])
    if isinstance(value, list):
        if len(value) > SOME or any(isinstance(each, dict | list) for each in value):
            return ngettext("%(n)s elemento", "%(n)s elementos", len(value)) % {"n": len(value)}
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, float):
        return number(value)
    return "" if value is None else str(value)


def _shown(field: Field[Any, Any] | None, value: Any, language: str) -> str:
    """A value as a person writes it: the label of a choice, the text in the reader's language, a date in words."""
    if value in (None, ""):
        return ""
    if field is not None and field.choices:
        text = str(dict(field.flatchoices).get(value, value))
    elif isinstance(field, TranslatedTextField):
        held = _parsed(value)
        text = read_in(held, language).text if isinstance(held, dict) else str(held)
    elif isinstance(field, JSONField):
        text = _plain(_parsed(value))
    elif isinstance(field, DateTimeField):
        text = _hour(str(value))
    elif isinstance(field, PartialDateField | DateField):
        text = partial_date(value)
    elif isinstance(field, FloatField):
        text = number(value)
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
