"""Reports of milestones: reading what was reported, approving it, sending it back, correcting one's own."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from manglar.delivery import selectors, services
from manglar.delivery.choices import MilestoneState, UpdateState
from manglar.delivery.permissions import may_approve_updates, may_report
from manglar.design.templatetags.design import moment
from manglar.publication.selectors import release_by_subject
from manglar.web.kinds.ask import first_words, link_shown
from manglar.web.kinds.base import Action, Column, Deed, Filter, GoTo, Kind, LinkShown, Section
from manglar.web.kinds.forms import DeedForm, ReasonForm, spanish
from manglar.web.kinds.words import Internal, day, facts, file_shown, institutions, of_choices, said, state


class ReportForm(DeedForm):
    """What was done."""

    reported_state = forms.ChoiceField(label=_("¿Cómo está el hito?"), choices=MilestoneState.choices)
    percent = forms.IntegerField(label=_("Avance (%)"), required=False, min_value=0, max_value=100)
    text = spanish(_("¿Qué se hizo?"), rows=4)


def report_of(told: dict[str, Any]) -> services.Report:
    """What the service wants of what the form says."""
    return services.Report(state=told["reported_state"], percent=told["percent"], text=told["text"])


def report(deed: Deed, record: Any, told: dict[str, Any]) -> GoTo:
    """Report on a milestone and go on to the report, where what comes of it is seen."""
    made = services.report_milestone(by=deed.by, milestone=record, report=report_of(told), on=deed.on, at=deed.at)
    return GoTo("reportes", made.public_id)


class CorrectForm(ReportForm):
    """One's own report, sent back: as it was, to be corrected."""

    def prepare(self) -> None:
        self.initial = {
            "reported_state": self.record.reported_state, "percent": self.record.percent,
            "text": said(self.record.text, "es"), **self.initial,
        }


def _correct(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    services.submit_update(by=deed.by, update=record, report=report_of(told), on=deed.on, at=deed.at)


def _send_back(deed: Deed, record: Any, told: dict[str, Any]) -> LinkShown | None:
    _held, request, token = services.send_back(by=deed.by, update=record, reason=told["reason"], at=deed.at)
    return link_shown(request, token) if request else None


def sent(record: Any) -> str:
    """When a report was sent, with its hour where it is known."""
    at = record.sent_at or (record.link.used_at if record.link else None)
    return moment(at) if at else day(record.reported_on)


def _reached(record: Any) -> str:
    return f"{record.percent}%" if record.percent is not None else ""


def _summary(record: Any) -> str:
    """What is being approved or sent back, on one line."""
    parts = [str(record.get_reported_state_display()), _reached(record), f"«{first_words(record, 'es', 300)}»"]
    if record.file:
        parts.append(gettext("archivo: %(name)s") % {"name": record.file.name})
    return f"{record.author_name}: {' · '.join(part for part in parts if part)}."


def _before_approving(record: Any) -> str:
    """What is approved and its effect: on the milestone, on the portal, and on the other reports that wait."""
    milestone = record.milestone
    is_older = milestone.last_approved_on is not None and record.reported_on < milestone.last_approved_on
    if is_older:
        effect = gettext("El hito no cambia: ya tiene aprobado un reporte más nuevo.")
    else:
        effect = gettext("El hito pasa de «%(before)s, %(was)s%%» a «%(after)s, %(now)s%%».") % {
            "before": milestone.get_state_display(), "was": milestone.percent,
            "after": record.get_reported_state_display(),
            "now": milestone.percent if record.percent is None else record.percent,
        }
    told = [_summary(record), effect, gettext("No sale en el portal hasta que se publique.")]
    if others := selectors.waiting_beside(record):
        told.append(gettext("Otros reportes de este hito por aprobar: %(n)s.") % {"n": others})
    return " ".join(told)


def _before_sending_back(record: Any) -> str:
    """What is sent back, and how its author knows."""
    if record.link is None:
        how = gettext("Su autor recibe un aviso y lo corrige aquí.")
    else:
        how = gettext("A %(person)s se le prepara un enlace nuevo con lo que escribió, para que lo corrija.") % {"person": record.author_name}
    return f"{_summary(record)} {how}"


def _next(record: Any, language: str) -> list[Section]:
    """What remains to be done with a report."""
    code = record.government.code
    milestone = reverse("desk:hitos-record", args=[code, record.milestone.public_id])
    if record.state == UpdateState.APPROVED and release_by_subject(record.public_id) is None:
        text = format_html(
            '{} <a href="{}">{}</a>',
            gettext("Aprobado, y todavía no está en el portal: sale con «Publicar la cadena» en la ficha de su hito."),
            milestone, gettext("Ir al hito para publicar"),
        )
        return [Section(gettext("Falta publicar"), text=text)]
    if record.state == UpdateState.REVISE:
        return [Section(gettext("Espera la corrección"), text=_awaited(record))]
    return []


def _awaited(record: Any) -> str:
    asked = record.corrections.select_related("link", "person").first()
    if record.link is None:
        return gettext("La hace %(who)s, con «Corregir y enviar».") % {"who": record.author_name}
    if asked is None:
        return gettext("No tiene enlace para corregir: pídale otro reporte desde el hito.")
    return gettext("%(person)s tiene un enlace para corregirlo hasta el %(day)s.") % {"person": asked.person, "day": day(asked.link.expires_at)}


UPDATES = Kind(
    slug="reportes",
    singular=_("reporte"),
    plural=_("Reportes"),
    help=_("Lo que reportaron las instituciones: lo que espera aprobación y lo que ya se aprobó."),
    empty=_("Cuando alguien reporte un hito, aparecerá aquí."),
    rows=lambda government, on: selectors.updates_of_government(government),
    find=lambda government, public_id, on: selectors.update_by_id(government, public_id),
    title=lambda r, lang: said(r.milestone.title, lang),
    text=lambda r, lang: said(r.text, lang),
    status=state,
    title_order="milestone__title__LANGUAGE",
    filters=(
        of_choices("estado", _("Estado"), "state", UpdateState),
        Filter("institucion", _("Institución"), "milestone__commitment__institution__public_id", institutions),
    ),
    columns=(
        Column(_("Reportó"), lambda r, lang: r.author_name, order="author_name"),
        Column(_("Fecha"), lambda r, lang: sent(r), order="reported_on", plain=lambda r: r.reported_on),
        Column(_("Dice que está"), lambda r, lang: state(r, "reported_state"), order="reported_state"),
        Column(_("Avance"), lambda r, lang: _reached(r), numeric=True, order="percent", plain=lambda r: r.percent),
        Column(_("Qué se hizo"), lambda r, lang: first_words(r, lang), plain=lambda r: said(r.text, "es")),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=lambda r, lang: facts(
        (_("Hito"), said(r.milestone.title, lang)),
        (_("Reportó"), Internal(r.author_name)),
        (_("Fecha"), day(r.reported_on)),
        (_("Enviado"), Internal(sent(r))),
        (_("Cómo llegó"), Internal(_("por enlace") if r.link_id else _("desde el escritorio"))),
        (_("Dice que está"), r.get_reported_state_display()),
        (_("Avance"), _reached(r)),
        (_("Archivo del reporte"), file_shown(r.file)),
        (_("Aprobó"), Internal(r.approved_by_name)),
        (_("Qué corregir"), Internal(r.revise_reason)),
    ),
    sections=_next,
    has_chain=False,
    is_published=True,
    actions=(
        Action(
            "aprobar",
            _("Aprobar"),
            may_approve_updates,
            lambda deed, r, told: services.approve_update(by=deed.by, update=r, at=deed.at),
            fits=lambda r: r.state == UpdateState.PENDING,
            done=_("Aprobado: el hito tiene el estado reportado. Falta publicarlo para que salga en el portal."),
            of_many=True,
            question=_("El reporte queda firmado por quien lo escribió; usted lo aprueba."),
            warning=_before_approving,
        ),
        Action(
            "corregir",
            _("Pedir corrección"),
            may_approve_updates,
            _send_back,
            ReasonForm,
            fits=lambda r: r.state == UpdateState.PENDING,
            done=_("Devuelto con lo que hay que corregir: su autor recibe un aviso."),
            question=_("Escriba qué hay que corregir: quien reportó lo leerá tal como usted lo escriba."),
            warning=_before_sending_back,
        ),
        Action(
            "enviar-corregido",
            _("Corregir y enviar"),
            may_report,
            _correct,
            CorrectForm,
            fits=lambda r: r.state == UpdateState.REVISE and r.link_id is None,
            done=_("Corregido y enviado: espera aprobación."),
            warning=lambda r: r.revise_reason,
        ),
    ),
)
