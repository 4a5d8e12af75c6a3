"""What is promised and done: commitments, milestones, reports."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from manglar.agreements import rules as agreement_rules
from manglar.agreements import selectors as agreements
from manglar.agreements import services as agreement_services
from manglar.agreements.choices import LIVE, SAYS_WHY, CommitmentState, DueStatus
from manglar.agreements.permissions import may_record_agreements, may_settle_commitments
from manglar.delivery import selectors, services
from manglar.delivery.choices import OVER, Freshness, MilestoneState
from manglar.delivery.permissions import may_ask_for_updates, may_plan_milestones, may_report
from manglar.design.shapes import Fact
from manglar.foundation.provenance import Mark
from manglar.governments.models import Government
from manglar.web.kinds import ask, reports
from manglar.web.kinds.base import Action, Column, Deed, Editable, Filter, Kind, Places
from manglar.web.kinds.due import against_its_date, due_column, due_section, who_answers
from manglar.web.kinds.forms import DeedForm, PartialDateFormField, ReasonForm, english, mark_field, spanish
from manglar.web.kinds.promises import ChangedCommitmentForm, CommitmentForm, change_commitment, commit
from manglar.web.kinds.words import (
    Internal,
    day,
    facts,
    institutions,
    of_choices,
    places,
    provenance,
    said,
    state,
)


class StandingForm(DeedForm):
    """How a commitment stands."""

    state = forms.ChoiceField(label=_("Estado"), choices=CommitmentState.choices)
    reason = forms.CharField(label=_("Motivo o nota"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


def _commitments(government: Government, on: dt.date) -> QuerySet[Any]:
    return agreements.seen_on(agreements.commitments_of(government), on, live=agreements.LIVE_COMMITMENTS)


def _commitment_status(commitment: Any) -> DueStatus:
    return agreement_rules.due_status(state=commitment.state, due_on=commitment.due_on, on=commitment.seen_on)


def _milestones(government: Government, on: dt.date) -> QuerySet[Any]:
    rows = selectors.with_institutions(selectors.milestones_of(government))
    return agreements.seen_on(rows, on, live=selectors.OPEN_MILESTONES)


def _milestone_status(milestone: Any) -> DueStatus:
    over = milestone.state in OVER
    return DueStatus.SETTLED if over else agreement_rules.against_date(milestone.due_on, milestone.seen_on)


def _news(milestone: Any) -> list[Fact]:
    """How old the last approved word is, in the words that «Mi escritorio» uses."""
    line = selectors.line_on(milestone, milestone.seen_on)
    if line.freshness in {Freshness.FRESH, Freshness.SETTLED}:
        return []
    told = _("%(state)s: sin noticias aprobadas desde el %(last)s") % {"state": line.freshness.label, "last": day(line.last_word_on)}
    return [Fact(str(_("Noticias")), told)]


COMMITMENTS = Kind(
    slug="compromisos",
    singular=_("compromiso"),
    plural=_("Compromisos"),
    help=_("Qué prometió cada institución, para cuándo y cómo va."),
    empty=_("Un compromiso suele nacer de una decisión o de un acuerdo."),
    rows=_commitments,
    find=lambda government, public_id, on: _commitments(government, on).filter(public_id=public_id).first(),
    title=lambda r, lang: said(r.text, lang),
    status=state,
    sections=due_section(_commitment_status),
    has_chain=True,
    title_order="text__LANGUAGE",
    filters=(
        against_its_date(agreements.LIVE_COMMITMENTS),
        of_choices("estado", _("Estado"), "state", CommitmentState),
        Filter("institucion", _("Institución"), "institution__public_id", institutions),
        of_choices("procedencia", _("Procedencia"), "mark", Mark),
        Filter("corregimiento", _("Corregimiento"), "node__divisions__code", places),
    ),
    views=("tablero", "mapa"),
    board="state",
    places=Places("node__divisions__code", filter="corregimiento"),
    columns=(
        Column(_("Institución"), lambda r, lang: said(r.institution.name, lang), order="institution__name__LANGUAGE"),
        Column(_("Para cuándo"), lambda r, lang: day(r.due_on), order="due_on", plain=lambda r: r.due_on),
        due_column(_commitment_status),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=lambda r, lang: [
        *facts(
            (_("Institución"), said(r.institution.name, lang)),
            (_("Prometido el"), day(r.made_on)),
            (_("Para cuándo"), day(r.due_on)),
            (_("Iniciativa"), r.node or ""),
            (_("Dentro del acuerdo"), r.agreement or ""),
            (_("Nota"), r.state_reason if r.state in SAYS_WHY else Internal(r.state_reason)),
        ),
        provenance(r),
    ],
    create=Action(
        "nuevo",
        _("Anotar un compromiso"),
        may_record_agreements,
        commit,
        CommitmentForm,
        done=_("Compromiso anotado."),
    ),
    actions=(
        Action(
            "estado",
            _("Decir cómo va"),
            may_settle_commitments,
            lambda deed, r, told: agreement_services.report_commitment(
                by=deed.by, commitment=r, state=told["state"], on=deed.on, reason=told["reason"]
            ),
            StandingForm,
            done=_("Estado guardado."),
            of_many=True,
        ),
        Action(
            "cambiar",
            _("Cambiar"),
            may_record_agreements,
            change_commitment,
            ChangedCommitmentForm,
            fits=lambda r: r.state in LIVE,
            undoes=True,
            done=_("Cambios guardados; el motivo queda en la historia."),
        ),
        Action(
            "hito",
            _("Añadir un hito"),
            may_plan_milestones,
            lambda deed, r, told: _plan(deed, r, told),
            lambda *a, **k: MilestoneForm(*a, **k),
            fits=lambda r: r.state in LIVE,
            done=_("Hito añadido."),
        ),
    ),
    editable=(
        Editable("institution", lambda r: r.institution.public_id, ""),
        Editable("text", lambda r: r.text.get("es", ""), ""),
        Editable("text_en", lambda r: r.text.get("en", ""), ""),
        Editable("made_on", lambda r: r.made_on, ""),
        Editable("due_on", lambda r: r.due_on, ""),
        Editable("node", lambda r: r.node.identity if r.node else "", ""),
        Editable("mark", lambda r: r.mark, ""),
        Editable("source_text", lambda r: r.source_text, ""),
        Editable("state", lambda r: r.state, "estado"),
        Editable("reason", lambda r: r.state_reason, "estado"),
    ),
)


class MilestoneForm(DeedForm):
    """A step, by a date."""

    title = spanish(_("El hito, en una frase"))
    title_en = english(_("Lo mismo en inglés"))
    due_on = PartialDateFormField(label=_("Para cuándo"), required=False)
    mark = mark_field()
    source_text = spanish(_("Fuente"), required=False)


def _plan(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    return services.plan_milestone(
        by=deed.by,
        government=deed.government,
        on=deed.on,
        due_on=told["due_on"],
        mark=told["mark"],
        source_text=told["source_text"],
        commitment=record,
        node=record.node,
        title={"es": told["title"], **({"en": told["title_en"]} if told["title_en"] else {})},
    )


MILESTONES = Kind(
    slug="hitos",
    singular=_("hito"),
    plural=_("Hitos"),
    help=_("Los pasos de cada compromiso y acción, con lo que se reportó de ellos."),
    empty=_("Los hitos se añaden desde un compromiso."),
    rows=_milestones,
    find=lambda government, public_id, on: _milestones(government, on).filter(public_id=public_id).first(),
    title=lambda r, lang: said(r.title, lang),
    status=state,
    sections=lambda r, lang: [*due_section(_milestone_status, also=_news)(r, lang), *ask.links_section(r, lang)],
    has_chain=True,
    title_order="title__LANGUAGE",
    filters=(
        against_its_date(selectors.OPEN_MILESTONES),
        of_choices("estado", _("Estado"), "state", MilestoneState),
        Filter(
            "institucion", _("Institución"), "", institutions,
            narrow=lambda rows, value, on: selectors.answered_by(rows, value),
        ),
        of_choices("procedencia", _("Procedencia"), "mark", Mark),
    ),
    views=("tablero",),
    board="state",
    columns=(
        Column(_("Institución"), who_answers, order="commitment__institution__name__LANGUAGE"),
        Column(_("Para cuándo"), lambda r, lang: day(r.due_on), order="due_on", plain=lambda r: r.due_on),
        due_column(_milestone_status),
        Column(_("Avance"), lambda r, lang: f"{r.percent}%", numeric=True, order="percent", plain=lambda r: r.percent),
        Column(_("Último reporte"), lambda r, lang: day(r.last_approved_on), order="last_approved_on", plain=lambda r: r.last_approved_on),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=lambda r, lang: [
        *facts(
            (_("Compromiso"), said(r.commitment.text, lang) if r.commitment else ""),
            (_("Institución"), who_answers(r, lang)),
            (_("Iniciativa"), r.node or ""),
            (_("Para cuándo"), day(r.due_on)),
            (_("Avance"), f"{r.percent}%"),
            (_("Último reporte aprobado"), day(r.last_approved_on)),
        ),
        provenance(r),
    ],
    actions=(
        Action(
            "pedir",
            _("Pedir un reporte por enlace"),
            may_ask_for_updates,
            ask.ask,
            ask.AskForm,
            fits=lambda r: r.state not in OVER,
            warning=ask.open_links,
        ),
        Action(
            "reportar",
            _("Reportar"),
            may_report,
            reports.report,
            reports.ReportForm,
            fits=lambda r: r.state not in OVER,
            done=_("Reporte enviado: espera aprobación."),
        ),
        Action(
            "anular-enlace",
            _("Anular un enlace"),
            may_ask_for_updates,
            ask.withdraw,
            ask.WithdrawForm,
            fits=ask.has_open_link,
            done=_("Enlace anulado: ya no se puede responder con él."),
            question=_("Quien lo abra leerá que fue anulado. Nada de lo reportado se pierde."),
            danger=True,
        ),
        Action(
            "anular",
            _("Anular el hito"),
            may_plan_milestones,
            lambda deed, r, told: services.cancel_milestone(by=deed.by, milestone=r, reason=told["reason"]),
            ReasonForm,
            fits=lambda r: r.state not in OVER,
            done=_("Anulado."),
            danger=True,
        ),
    ),
    editable=(
        Editable("reported_state", lambda r: r.state, "reportar"),
        Editable("percent", lambda r: r.percent, "reportar"),
        Editable("text", lambda r: "", "reportar"),
    ),
)

KINDS = (COMMITMENTS, MILESTONES, reports.UPDATES)
