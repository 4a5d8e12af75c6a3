"""Saved views: a name and the address of a list."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from manglar.accounts.actors import Actor
from manglar.accounts.models import User
from manglar.audit.services import act
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.texts import fold
from manglar.governments.models import Government
from manglar.margin.models import SavedView
from manglar.margin.permissions import may_save_views, may_tidy_shared_views
from manglar.margin.rules import (
    MAX_FILTERS,
    MAX_NAME,
    MAX_NAME_KEY,
    MAX_QUERY,
    tidy_line,
    tidy_query,
    why_query_is_refused,
)
from manglar.margin.services.checks import checked_kind, person


def save_view(
    *, by: Actor, government: Government, kind: str, name: str, query: str, is_shared: bool = False
) -> SavedView:
    """Keep a list under a name; the same view saved twice is one, another under the same name is refused."""
    user = person(may_save_views, by, government)
    name, query, kind = _checked_name(name), _checked_query(query), checked_kind(kind)
    key = {"government": government, "kind": kind, "user": user, "name_key": fold(name)}
    held = SavedView.objects.filter(**key).first()
    if held is None:
        with act("view.saved", by=by, government_id=government.pk):
            rest = {"name": name, "query": query, "is_shared": is_shared}
            held, _is_new = SavedView.objects.get_or_create(**key, defaults=rest)
    if (held.query, held.is_shared) != (query, is_shared):
        raise Conflict(_taken(name))
    return held


def _taken(name: str) -> str:
    return _("Ya tiene una vista «{name}» de esta lista: elija otro nombre, o cambie la que tiene.").format(name=name)


def _checked_name(name: str) -> str:
    name = tidy_line(name)
    if not 0 < len(fold(name)) <= MAX_NAME_KEY or len(name) > MAX_NAME:
        raise InvalidInput(_("Escriba un nombre para la vista, de hasta {most} caracteres.").format(most=MAX_NAME))
    return name


def _checked_query(query: str) -> str:
    """The address as it is kept, or a sentence."""
    query = query.strip().removeprefix("?")
    sentences = {
        "long": _("Los filtros pasan de {most} caracteres: quite algunos.").format(most=f"{MAX_QUERY:,}"),
        "characters": _("Los filtros tienen caracteres que ninguna lista escribe: guarde la vista desde la lista."),
        "filters": _("La vista tiene más de {most} filtros: quite algunos.").format(most=MAX_FILTERS),
    }
    if why := why_query_is_refused(query):
        raise InvalidInput(sentences[why])
    return tidy_query(query)


def rename_view(*, by: Actor, view: SavedView, name: str) -> SavedView:
    """Give one's own view another name."""
    user = person(may_save_views, by, view.government)
    name = _checked_name(name)
    with act("view.renamed", by=by, government_id=view.government_id, subject=view.public_id):
        held = _own(view, user)
        held.name, held.name_key = name, fold(name)
        try:
            with transaction.atomic():
                held.save(update_fields=["name", "name_key"])
        except IntegrityError as error:
            raise Conflict(_taken(name)) from error
    return held


def change_view(*, by: Actor, view: SavedView, query: str) -> SavedView:
    """Keep other filters under the name of one's own view."""
    user, query = person(may_save_views, by, view.government), _checked_query(query)
    with act("view.changed", by=by, government_id=view.government_id, subject=view.public_id):
        held = _own(view, user)
        held.query = query
        held.save(update_fields=["query"])
    return held


def share_view(*, by: Actor, view: SavedView, is_shared: bool) -> SavedView:
    """Let the whole government use a view, or stop it: its owner, and an administrator may stop it."""
    user = person(may_save_views, by, view.government)
    may_any = may_tidy_shared_views.test(by, view.government)
    with act("view.shared", by=by, government_id=view.government_id, subject=view.public_id):
        held = _own(view, user, or_shared=may_any)
        held.is_shared = is_shared
        held.save(update_fields=["is_shared"])
    return held


def delete_view(*, by: Actor, view: SavedView) -> None:
    """Delete one's own view, or as an administrator one that was shared."""
    user = person(may_save_views, by, view.government)
    may_any = may_tidy_shared_views.test(by, view.government)
    with act("view.deleted", by=by, government_id=view.government_id, subject=view.public_id):
        _own(view, user, or_shared=may_any).delete()


def _own(view: SavedView, user: User, *, or_shared: bool = False) -> SavedView:
    """The view as it stands, when it is the person's, or shared and they may tidy those."""
    held = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if held is None:
        raise Conflict(_("Esta vista ya se borró."))
    if held.user_id != user.pk and not (or_shared and held.is_shared):
        raise NotAllowed(_("Esta vista es de otra persona: guarde una suya."))
    return held
