"""Saved views: of one person, shared if they want, with names that do not repeat."""

import pytest
from django.db import IntegrityError

from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.margin import selectors, services
from manglar.margin.models import SavedView
from tests.margin.conftest import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(panama):
    def make(by, name="Atrasados", query="estado=late", **more):
        return services.save_view(by=by, government=panama, kind="hitos", name=name, query=query, **more)

    return make


def names(user, government, kind="hitos"):
    return [(v.name, v.is_own) for v in selectors.saved_views_of(user, government, kind)]


def test_a_view_is_of_its_owner_until_it_is_shared(panama, lectora, editora, save):
    view = save(lectora, query="?estado=late&pagina=3")
    assert view.query == "estado=late"
    assert (names(lectora.user, panama), names(editora.user, panama)) == ([("Atrasados", True)], [])
    services.share_view(by=lectora, view=view, is_shared=True)
    save(editora, "Zona norte")
    assert names(editora.user, panama) == [("Zona norte", True), ("Atrasados", False)]
    assert names(editora.user, panama, "activos") == []


def test_a_name_is_used_once_whatever_its_case_and_accents(panama, lectora, editora, save):
    first = save(lectora, "Río Abajo")
    assert save(lectora, " rio  ABAJO ") == first
    with pytest.raises(Conflict, match="Ya tiene"):
        save(lectora, "RÍO ABAJO", query="q=otra")
    save(editora, "Río Abajo", query="q=otra")
    other = save(lectora, "Otra")
    with pytest.raises(Conflict, match="Ya tiene"):
        services.rename_view(by=lectora, view=other, name="Río abajo")
    assert services.rename_view(by=lectora, view=other, name="OTRA").name == "OTRA"
    assert SavedView.objects.count() == 3


def test_the_database_refuses_the_same_name_twice(panama, lectora, save):
    view = save(lectora)
    view.pk, view.public_id = None, "vista-0000000000"
    with pytest.raises(IntegrityError):
        view.save()


@pytest.mark.parametrize("name", ["", "   ", "\u202e\x00", "x" * 101, "ﷺ" * 100, "\u0301"])
def test_a_view_without_a_usable_name_is_refused(lectora, save, name):
    with pytest.raises(InvalidInput, match="nombre"):
        save(lectora, name)


@pytest.mark.parametrize("query", ["q=<b>", "q=" + "a" * 1_000, "q=%00", "javascript:alert(1)//\n"])
def test_what_no_list_writes_is_not_saved(lectora, save, query):
    with pytest.raises(InvalidInput):
        save(lectora, query=query)
    view = save(lectora, "Buena", query="")
    with pytest.raises(InvalidInput):
        services.change_view(by=lectora, view=view, query=query)


def test_only_its_owner_changes_a_view_and_an_administrator_tidies_what_is_shared(
    panama, lectora, editora, vecina, save, someone_with
):
    view, admin = save(lectora), someone_with(panama, "administrator")
    for other in (editora, admin, vecina, leave(lectora)):
        for attempt in (
            lambda by: services.rename_view(by=by, view=view, name="Mía"),
            lambda by: services.change_view(by=by, view=view, query="q=1"),
            lambda by: services.share_view(by=by, view=view, is_shared=True),
            lambda by: services.delete_view(by=by, view=view),
        ):
            with pytest.raises(NotAllowed):
                attempt(other)
    assert services.change_view(by=lectora, view=view, query="q=2").query == "q=2"
    services.share_view(by=lectora, view=view, is_shared=True)
    with pytest.raises(NotAllowed):
        services.delete_view(by=editora, view=view)
    with pytest.raises(NotAllowed):
        services.rename_view(by=admin, view=view, name="Mía")
    services.delete_view(by=admin, view=view)
    with pytest.raises(Conflict, match="ya se borró"):
        services.delete_view(by=lectora, view=view)


def test_who_lost_their_role_or_is_of_another_government_sees_no_view(panama, lectora, vecina, save):
    save(lectora, is_shared=True)
    assert names(vecina.user, panama) == []
    assert names(leave(lectora).user, panama) == []


def test_one_query_reads_the_views(panama, lectora, save, django_assert_num_queries):
    for n in range(3):
        save(lectora, f"Vista {n}")
    with django_assert_num_queries(1):
        assert len(names(lectora.user, panama)) == 3


def test_a_view_is_found_only_in_its_government(panama, san_miguelito, lectora, save):
    view = save(lectora)
    assert selectors.saved_view_by_id(panama, view.public_id) == view
    assert selectors.saved_view_by_id(san_miguelito, view.public_id) is None
