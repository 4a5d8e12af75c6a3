"""The office's words change everywhere at once; an adopted edition keeps those with which it was adopted."""

import pytest

from manglar.accounts.actors import program
from manglar.accounts.choices import Role
from manglar.foundation.dates import PartialDate
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from manglar.strategy import selectors, services
from manglar.strategy.models import Edition

pytestmark = pytest.mark.django_db
OFFICE = program("prueba")


@pytest.fixture
def made(panama):
    levels = [(translated("pilar"), translated("pilares")), (translated("acción"), translated("acciones"))]
    return services.create_strategy(by=OFFICE, government=panama, title=translated("Plan"), levels=levels)


@pytest.fixture
def adopted(made):
    edition = services.start_edition(by=OFFICE, strategy=made, label="2026")
    pillar = services.add_node(by=OFFICE, edition=edition, parent=None, title=translated("Agua"), code="1", mark="estimacion")
    services.add_node(by=OFFICE, edition=edition, title=translated("Drenar"), code="1.1", parent=pillar, mark="estimacion")
    return services.adopt_edition(by=OFFICE, edition=edition, adopted_on=PartialDate(2026, 3), act_text="Acuerdo 1")


NEW = [(translated("eje", "axis"), translated("ejes", "axes")), (translated("obra"), translated("obras"))]


def test_the_words_change_after_an_adoption_and_the_digest_stands(made, adopted, panama):
    services.name_levels(by=OFFICE, strategy=made, levels=NEW)
    assert selectors.level_names(made)[1].singular == {"es": "eje", "en": "axis"}
    assert [each["singular"]["es"] for each in selectors.words_of(adopted)] == ["pilar", "acción"]
    assert selectors.altered_editions(panama) == []
    assert {row["nivel"] for row in selectors.export_rows(adopted)} == {"eje", "obra"}


def test_an_edition_adopted_before_words_were_kept_keeps_them_at_the_first_change(made, adopted, panama):
    Edition.objects.update(level_words=None)  # as the column came to a database that had adopted editions
    assert selectors.altered_editions(panama) == []
    services.name_levels(by=OFFICE, strategy=made, levels=NEW)
    assert selectors.altered_editions(panama) == []


def test_an_edition_adopted_without_words_goes_on_having_none(panama):
    made = services.create_strategy(by=OFFICE, government=panama, title=translated("Sin palabras"))
    edition = services.start_edition(by=OFFICE, strategy=made, label="1")
    services.add_node(by=OFFICE, edition=edition, parent=None, title=translated("Agua"), code="1", mark="estimacion")
    services.adopt_edition(by=OFFICE, edition=edition, adopted_on=PartialDate(2026, 3), act_text="Acuerdo 1")
    services.name_levels(by=OFFICE, strategy=made, levels=NEW)
    assert selectors.altered_editions(panama) == []


def test_an_altered_word_of_an_adopted_edition_is_still_found(adopted, panama):
    Edition.objects.update(level_words=[])
    assert selectors.altered_editions(panama) == [adopted]


@pytest.mark.parametrize(
    ("levels", "word"),
    [
        ([], "al menos"),
        ([(translated("eje"), {})], "nivel 1"),
        ([({"en": "axis"}, {"en": "axes"})], "español"),
        ([(translated("x" * 61), translated("ejes"))], "largo"),
        (NEW[:1], "2 niveles"),
    ],
)
def test_words_that_say_nothing_are_refused(made, adopted, levels, word):
    with pytest.raises(InvalidInput) as refused:
        services.name_levels(by=OFFICE, strategy=made, levels=levels)
    assert word in refused.value.sentence
    assert selectors.level_names(made)[1].singular == {"es": "pilar"}


def test_the_days_without_news_are_set(made):
    services.set_days(by=OFFICE, strategy=made, due=10, late=20, stale=40)
    made.refresh_from_db()
    assert (made.due_after_days, made.late_after_days, made.stale_after_days) == (10, 20, 40)


@pytest.mark.parametrize("days", [(0, 20, 40), (20, 20, 40), (30, 20, 40), (10, 50, 40), (10, 20, 3_651), (-1, 2, 3)])
def test_days_out_of_order_are_refused_in_words_and_not_by_the_database(made, days):
    with pytest.raises(InvalidInput):
        services.set_days(by=OFFICE, strategy=made, due=days[0], late=days[1], stale=days[2])


def test_a_reader_sets_nothing(made, panama, someone_with):
    by = someone_with(panama, Role.READER)
    with pytest.raises(NotAllowed):
        services.set_days(by=by, strategy=made, due=1, late=2, stale=3)
    with pytest.raises(NotAllowed):
        services.name_levels(by=by, strategy=made, levels=NEW)
