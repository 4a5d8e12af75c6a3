"""The columns of an import are remembered for the next file with the same headers."""

import datetime as dt

import pytest

from manglar.accounts.choices import Role
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.margin import selectors, services
from manglar.margin.models import ColumnMapping
from tests.margin.conftest import AT

pytestmark = pytest.mark.django_db
HEADERS = ["Código", "Título", "Notas"]


@pytest.fixture
def remember(panama, office):
    def make(by=office, headers=HEADERS, mapping=None, **more):
        return services.remember_columns(
            by=by, government=panama, kind="estrategia", headers=headers, at=AT,
            mapping=mapping if mapping is not None else {"code": "Código", "title": "Título"}, **more,
        )

    return make


def test_the_mapping_comes_back_in_the_words_of_the_new_file(panama, remember):
    remember()
    assert selectors.columns_for(panama, "estrategia", ["TITULO", "codigo", "notas"]) == {
        "code": "codigo", "title": "TITULO",
    }


def test_other_headers_another_import_and_another_government_remember_nothing(panama, san_miguelito, remember):
    remember()
    assert selectors.columns_for(panama, "estrategia", [*HEADERS, "Otra"]) == {}
    assert selectors.columns_for(panama, "activos", HEADERS) == {}
    assert selectors.columns_for(san_miguelito, "estrategia", HEADERS) == {}


def test_the_last_import_wins_and_is_kept_once(panama, remember):
    remember()
    remember(mapping={"code": "Notas"})
    assert selectors.columns_for(panama, "estrategia", HEADERS) == {"code": "Notas"}
    held = ColumnMapping.objects.get()
    assert held.used_at - AT == dt.timedelta()


@pytest.mark.parametrize(
    ("headers", "mapping", "word"),
    [
        ([], {}, "columnas"),
        (["x"] * 501, {}, "columnas"),
        (["x" * 501], {}, "columnas"),
        (HEADERS, {"code": "Inventada"}, "Inventada"),
    ],
)
def test_what_does_not_fit_the_file_is_refused(remember, headers, mapping, word):
    with pytest.raises(InvalidInput, match=word):
        remember(headers=headers, mapping=mapping)
    assert not ColumnMapping.objects.exists()


def test_a_header_with_hidden_characters_is_remembered_without_them(panama, remember):
    headers = ["C\x00ódigo\u202e", "b"]
    remember(headers=headers, mapping={"code": headers[0]})
    assert selectors.columns_for(panama, "estrategia", headers) == {"code": headers[0]}


def test_only_those_who_import_are_remembered(remember, panama, san_miguelito, someone_with):
    with pytest.raises(NotAllowed):
        remember(by=someone_with(panama, Role.READER))
    with pytest.raises(NotAllowed):
        remember(by=someone_with(san_miguelito, Role.ADMINISTRATOR))
    remember(by=someone_with(panama, Role.ANALYST))
