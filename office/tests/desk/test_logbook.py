import re
from pathlib import Path

from django.apps import apps
from django.db.models import FloatField
from django.utils.translation import override

import manglar
from manglar.audit.selectors import LogLine
from manglar.desk import logbook
from manglar.desk.logbook import ACTS, NAMES, QUIET_FIELDS, entry
from manglar.governments.models import OwnedModel

SOURCE = Path(manglar.__file__).parent


def line(**given):
    told = {
        "chain": 1, "seq": 3, "at": "2026-05-04T20:00:00.000+00:00", "event": "milestone.planned", "door": "página",
        "who": "Especialista", "why": "", "subject": "hito-1", "table": "delivery_milestone", "what": {}, "digest": "ab",
        "is_alarm": False,
    }
    return LogLine(**{**told, **given})


def test_every_act_that_a_service_leaves_has_words():
    source = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    left = set(re.findall(r'\bact\(\s*"([a-z_]+\.[a-z_]+)"', source))
    assert len(left) > 80
    assert left <= ACTS.keys(), f"acts without words: {sorted(left - ACTS.keys())}"


def test_an_entry_tells_the_act_the_local_hour_and_the_fields_in_words():
    shown = entry(
        line(what={
            "state": ["planned", "in_progress"], "due_on": [None, "2026-12"], "title": [None, '{"es": "Lista", "en": "List"}'],
            "id": [None, "4"], "commitment_id": [None, "1"],
        }),
        "es",
    )
    assert shown.what == "añadió un hito · página"
    assert shown.at == "4 de mayo de 2026, 15:00"  # Panama is five hours behind UTC
    told = {change.label: (change.before, change.after) for change in shown.changes}
    assert told == {"estado": ("previsto", "en marcha"), "para cuándo": ("", "diciembre de 2026"), "hito": ("", "Lista")}


def test_the_fields_of_an_entry_have_english_names_too():
    with override("en"):
        shown = entry(line(what={"state": ["planned", "in_progress"], "due_on": [None, "2026-12"]}), "en")
    assert {change.label for change in shown.changes} == {"state", "by when"}


def test_a_change_outside_the_services_is_an_alarm_and_an_unknown_act_keeps_its_name():
    shown = entry(line(event="nobody.knows", is_alarm=True, table="", what={"weight": ["1", "2"]}), "es")
    assert "nobody.knows" in shown.what
    assert "ALARMA" in shown.what
    assert shown.changes[0].label == "weight"


def test_a_very_long_value_is_cut_and_an_erased_one_says_so():
    long, erased = entry(line(what={"source_text": [None, "x" * 500], "mark": ["(borrado por petición)"] * 2}), "es").changes
    assert len(long.after) == 160
    assert erased.after == "(borrado por petición)"


def test_structured_values_are_told_and_not_hidden():
    table = "decisions_adviceoption"
    (shown,) = entry(
        line(table=table, what={"criteria": ['{"costo": 2, "plazo": true}', '{"costo": 3, "plazo": false}']}), "es"
    ).changes
    assert (shown.before, shown.after) == ("costo: 2; plazo: sí", "costo: 3; plazo: no")
    (many,) = entry(line(table="risk_dataset", what={"content": [None, '[{"a": 1}, {"a": 2}]']}), "es").changes
    assert many.after == "2 elementos"
    gone = "(borrado por petición)"
    (erased,) = entry(line(table=table, what={"criteria": [gone, gone], "title": [None, None]}), "es").changes
    assert erased.after == gone
    (erased,) = entry(line(table=table, what={"title": [gone, gone]}), "es").changes
    assert erased.after == gone


def test_a_program_is_named_in_the_language_of_the_reader_and_a_person_as_they_are():
    with override("en"):
        assert entry(line(who="proceso de fondo"), "en").who == "background process"
        assert entry(line(who="Especialista"), "en").who == "Especialista"

def test_a_moment_reads_at_the_local_hour_with_and_without_a_zone():
    naive, aware = (
        entry(line(table="delivery_milestoneupdate", what={"approved_at": [None, at]}), "es").changes[0]
        for at in ("2026-11-24 14:39:10.916740", "2026-11-24T14:39:10.916740+00:00")
    )
    assert naive.after == aware.after == "24 de noviembre de 2026, 09:39"


def test_no_field_of_a_record_is_told_by_its_name_in_the_code():
    told = entry(line(table="delivery_milestoneupdate", what={"author_ref": [None, "enlace-wem4f0g2mv"]}), "es")
    assert told.changes[0].label == "cuenta o enlace con que se reportó"
    bare = {
        f"{model.__name__}.{field.column}"
        for model in apps.get_models() if issubclass(model, OwnedModel)
        for field in model._meta.concrete_fields
        if str(field.verbose_name) == field.name.replace("_", " ") and field.column not in {*NAMES, *QUIET_FIELDS}
    }
    assert not bare

def test_a_float_is_told_with_the_figures_that_people_write():
    assert logbook._plain({"area": 0.85199999999999998}) == "area: 0.85"
    assert logbook._shown(FloatField(), 0.85199999999999998, "es") == "0.85"
