"""What a government shares, and what runs in the background."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.accounts.permissions import may_enter_desk, may_share_records
from manglar.accounts.selectors import grant_by_id, grants_given
from manglar.accounts.services import revoke_grant, share_record
from manglar.design.shapes import Status
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.choices import Scope
from manglar.governments.models import SharingGrant
from manglar.governments.rules import is_in_force
from manglar.governments.selectors import all_governments, government_by_code
from manglar.operations.choices import FINISHED, JobState
from manglar.operations.selectors import job_by_id, jobs_of
from manglar.operations.services import cancel_job
from manglar.strategy.selectors import titles_of
from manglar.web.kinds.base import Action, Column, Deed, Kind
from manglar.web.kinds.forms import DeedForm, ReasonForm, spanish
from manglar.web.kinds.words import day, facts, initiatives, of_choices, said, state


class GrantForm(DeedForm):
    """What to share, with whom, until when and why."""

    record_id = forms.ChoiceField(label=_("Iniciativa"))
    to = forms.ChoiceField(label=_("Con qué gobierno"))
    scope = forms.ChoiceField(label=_("Alcance"), choices=Scope.choices)
    until_on = forms.DateField(label=_("Hasta"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = spanish(_("Por qué"), rows=3)

    def prepare(self) -> None:
        own = self.deed.government
        others = [g for g in all_governments() if g.pk != own.pk]
        self.offer("record_id", initiatives(own))
        self.offer("to", [(g.code, str(g)) for g in others])


def _share(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    to = government_by_code(told["to"])
    if to is None:
        raise InvalidInput(say("Ese gobierno no está en esta instalación."))
    return share_record(
        by=deed.by,
        government=deed.government,
        to=to,
        record_id=told["record_id"],
        scope=told["scope"],
        reason=told["reason"],
        from_on=deed.on,
        until_on=told["until_on"],
    )


def _standing(grant: Any) -> Status:
    from_on, until_on, revoked_on = grant.from_on, grant.until_on, grant.revoked_on
    return (
        Status(str(_("vigente")), "ok")
        if is_in_force(from_on=from_on, until_on=until_on, revoked_on=revoked_on, on=grant.seen_on)
        else Status(str(_("terminado")), "neutral")
    )


def _named(grants: list[SharingGrant]) -> list[SharingGrant]:
    """The grants, each knowing what the initiative that it shares is called; one query for all."""
    names = titles_of({each.record_id for each in grants})
    for each in grants:
        each.shared_title = names.get(each.record_id, ("", {}))  # type: ignore[attr-defined]  # for its page, not a column
    return grants


def _what(grant: Any, language: str) -> str:
    """What is shared, by its name; by its identifier where it is no initiative any more."""
    code, title = grant.shared_title
    return f"{code} {said(title, language)}".strip() or str(grant.record_id)


GRANTS = Kind(
    slug="permisos",
    is_found=False,
    singular=_("permiso"),
    plural=_("Permisos entre gobiernos"),
    help=_("Lo que este gobierno comparte con otros: explícito, con fechas y revocable."),
    empty=_("Nada se comparte con otro gobierno hasta que alguien lo permite aquí."),
    rows=lambda government, on: _named(grants_given(government, on=on)),
    find=lambda government, public_id, on: next(iter(_named([each] if (each := grant_by_id(government, public_id, on=on)) else [])), None),
    title=lambda r, lang: f"{_what(r, lang)} → {said(r.to.name, lang)}",
    status=_standing,
    columns=(
        Column(_("Alcance"), lambda r, lang: str(r.get_scope_display())),
        Column(_("Desde"), lambda r, lang: day(r.from_on), plain=lambda r: r.from_on),
        Column(_("Estado"), lambda r, lang: _standing(r)),
    ),
    facts=lambda r, lang: facts(
        (_("Registro"), _what(r, lang)),
        (_("Identificador"), r.record_id),
        (_("Con"), said(r.to.name, lang)),
        (_("Alcance"), r.get_scope_display()),
        (_("Motivo"), r.reason),
        (_("Desde"), day(r.from_on)),
        (_("Hasta"), day(r.until_on)),
        (_("Revocado"), day(r.revoked_on)),
        (_("Por qué"), r.revoked_reason),
    ),
    create=Action("nuevo", _("Compartir una iniciativa"), may_share_records, _share, GrantForm, done=_("Compartida.")),
    actions=(
        Action(
            "revocar",
            _("Revocar"),
            may_share_records,
            lambda deed, r, told: revoke_grant(by=deed.by, grant=r, on=deed.on, reason=told["reason"]),
            ReasonForm,
            fits=lambda r: r.revoked_on is None,
            done=_("Revocado desde hoy."),
            danger=True,
        ),
    ),
)

JOBS = Kind(
    slug="trabajos",
    is_found=False,
    singular=_("trabajo"),
    plural=_("Trabajos"),
    help=_("Lo que se calcula o envía en segundo plano."),
    empty=_("No se ha pedido ningún trabajo."),
    rows=lambda government, on: jobs_of(government),
    find=lambda government, public_id, on: job_by_id(government, public_id),
    title=lambda r, lang: r.title,
    status=state,
    text=lambda r, lang: r.error or r.step,
    columns=(
        Column(_("Creado"), lambda r, lang: day(r.created_at), order="created_at", plain=lambda r: r.created_at),
        Column(_("Avance"), lambda r, lang: f"{r.fraction:.0%}", numeric=True, order="fraction"),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    title_order="title",
    filters=(of_choices("estado", _("Estado"), "state", JobState),),
    facts=lambda r, lang: facts(
        (_("Pedido por"), r.asked_by or ""),
        (_("Creado"), day(r.created_at)),
        (_("Intentos"), r.attempts),
        (_("Avance"), f"{r.fraction:.0%}"),
    ),
    actions=(
        Action(
            "anular",
            _("Anular"),
            may_enter_desk,
            lambda deed, r, told: cancel_job(by=deed.by, job=r),
            fits=lambda r: r.state not in FINISHED,
            done=_("Se pidió anularlo."),
            danger=True,
        ),
    ),
)

KINDS = (GRANTS, JOBS)
