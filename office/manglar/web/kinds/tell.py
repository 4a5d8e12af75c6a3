"""What was made public, and making public: the same act on every record of the chain."""

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from manglar.design.shapes import Status
from manglar.publication import selectors, services
from manglar.publication.choices import Kind as Chained
from manglar.publication.permissions import may_release
from manglar.web.kinds.base import Action, Column, Deed, Kind
from manglar.web.kinds.forms import ReasonForm
from manglar.web.kinds.words import day, facts, of_choices, own, said


def _release(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    services.release_record(by=deed.by, government=deed.government, public_id=record.public_id, at=deed.at)


def _release_chain(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    services.release_chain(by=deed.by, government=deed.government, public_id=record.public_id, at=deed.at)


#: Added to every kind that has a chain.
PUBLISH = (
    Action(
        "publicar",
        _("Publicar"),
        may_release,
        _release,
        done=_("Publicado: el portal muestra esta copia congelada."),
        question=_("Se congela una copia de lo público de este registro, con su huella. Lo interno no sale."),
    ),
    Action(
        "publicar-cadena",
        _("Publicar la cadena"),
        may_release,
        _release_chain,
        done=_("Se publicó lo que de la cadena puede ser público."),
        question=_("Se publica todo lo de su cadena que ya puede ser público; los borradores se quedan dentro."),
    ),
)


def _standing(release: Any) -> Status:
    if release.is_current:
        return Status(str(_("vigente")), "ok")
    return Status(str(_("retirada") if release.withdrawn_at else _("sustituida")), "neutral")


def _title(release: Any, language: str) -> str:
    """What was published: its title, else how its text begins, as a report's; never a bare identifier."""
    text = said(release.payload.get("title"), language) or Truncator(said(release.payload.get("text"), language)).chars(80)
    return text or f"{Chained(release.kind).label} {release.subject_id}"


RELEASES = Kind(
    slug="publicaciones",
    is_found=False,
    singular=_("publicación"),
    plural=_("Publicación"),
    help=_("Copias congeladas de lo que el portal muestra, cada una con su huella."),
    empty=_("Publique un registro desde su ficha."),
    rows=lambda government, on: selectors.released(government=government),
    find=lambda government, public_id, on: own(selectors.release_by_id(public_id), government),
    title=_title,
    status=_standing,
    columns=(
        Column(_("Clase"), lambda r, lang: str(Chained(r.kind).label), order="kind"),
        Column(_("Registro"), lambda r, lang: r.subject_id, order="subject_id"),
        Column(_("Versión"), lambda r, lang: str(r.version), numeric=True, order="version"),
        Column(_("Publicada"), lambda r, lang: day(r.released_at), order="released_at", plain=lambda r: r.released_at),
        Column(_("Estado"), lambda r, lang: _standing(r)),
    ),
    filters=(of_choices("clase", _("Clase"), "kind", Chained),),
    facts=lambda r, lang: facts(
        (_("Registro"), r.subject_id),
        (_("Versión"), r.version),
        (_("Huella SHA-256"), r.sha256),
        (_("Publicada"), day(r.released_at)),
        (_("La publicó"), r.released_by_name),
        (_("Por qué se retiró"), r.withdrawn_reason),
    ),
    actions=(
        Action(
            "retirar",
            _("Retirar del portal"),
            may_release,
            lambda deed, r, told: (
                services.withdraw_release(by=deed.by, release=r, at=deed.at, reason=told["reason"]) and None
            ),
            ReasonForm,
            fits=lambda r: r.is_current,
            done=_("Retirada; la copia y su huella se conservan."),
            danger=True,
        ),
    ),
)

KINDS = (RELEASES,)
