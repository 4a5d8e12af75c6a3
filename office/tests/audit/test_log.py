"""The log is written by the database whoever writes, is chained, and finds one altered byte."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState

from manglar.accounts.actors import program
from manglar.audit.models import Context, Entry, Payload, RawChange
from manglar.audit.services import act, erase_actor, erase_personal_data, publish_heads, seal, sealed_by_caller
from manglar.audit.triggers import compare, drop_guards, install
from manglar.audit.verification import exported, verify, verify_exported
from manglar.governments.models import Government, SharingGrant

pytestmark = pytest.mark.django_db
BY = program("prueba")


def sentences():
    return [fault.sentence for fault in verify().faults]


def test_an_act_leaves_one_event_and_explains_its_changes(panama):
    seal()
    with act("government.renamed", by=BY, government_id=panama.pk, reason="acuerdo 1"):
        panama.name = {"es": "Municipio de Panamá (nuevo)"}
        panama.save()
    seal()
    event, change = Entry.objects.filter(chain=panama.pk).order_by("seq")
    assert (event.operation, event.event, change.operation, change.event_seq) == (
        "event",
        "government.renamed",
        "U",
        event.seq,
    )
    assert change.payload.values["name"]["value"][1] == '{"es": "Municipio de Panamá (nuevo)"}' or "nuevo" in str(
        change.payload.values["name"]
    )
    assert event.payload.values["reason"]["value"] == "acuerdo 1"


def test_a_load_of_many_acts_is_left_for_its_caller_to_seal(panama, django_capture_on_commit_callbacks):
    seal()
    with django_capture_on_commit_callbacks() as callbacks, sealed_by_caller():
        for currency in ("USD", "EUR", "PAB"):
            with act("government.revised", by=BY, government_id=panama.pk):
                Government.objects.filter(pk=panama.pk).update(currency=currency)
    assert callbacks == []
    assert RawChange.objects.count() == 3
    assert seal() == 6
    assert verify().is_sound
    with django_capture_on_commit_callbacks() as callbacks, act("government.revised", by=BY, government_id=panama.pk):
        Government.objects.filter(pk=panama.pk).update(currency="USD")
    assert len(callbacks) == 1


def test_an_act_that_is_sealed_in_several_batches_keeps_its_event(panama, san_miguelito, monkeypatch):
    seal()
    monkeypatch.setattr("manglar.audit.services.BATCH", 3)
    with act("records.shared", by=BY, government_id=panama.pk):
        SharingGrant.objects.bulk_create(
            SharingGrant(
                government=panama, to=san_miguelito, record_id=f"x-{i}", reason="r", from_on=dt.date(2026, 1, 1)
            )
            for i in range(8)
        )
    heard = []
    assert seal(report=heard.append) == 9
    assert heard[-1] == 9
    event = Entry.objects.get(event="records.shared", operation="event")
    changes = Entry.objects.filter(event="records.shared").exclude(operation="event")
    assert {each.event_seq for each in changes} == {event.seq}
    assert changes.count() == 8
    assert Context.objects.count() == 0
    assert verify().is_sound


@pytest.mark.parametrize("write", ["bulk_create", "update", "raw"])
def test_whoever_writes_is_in_the_log(panama, san_miguelito, write):
    seal()
    if write == "bulk_create":
        SharingGrant.objects.bulk_create(
            SharingGrant(
                government=panama, to=san_miguelito, record_id=f"x-{i}", reason="r", from_on=dt.date(2026, 1, 1)
            )
            for i in range(5)
        )
        expected = 5
    elif write == "update":
        Government.objects.filter(pk__in=[panama.pk, san_miguelito.pk]).update(currency="USD")
        expected = 2
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE governments_government SET currency = 'EUR'")
        expected = 2
    assert RawChange.objects.count() == expected
    seal()
    outside = Entry.objects.filter(door="outside")
    assert outside.count() == expected
    assert {e.payload.values["actor"]["value"] for e in outside} == {"desconocido, fuera de servicio"}
    assert verify().is_sound


def test_the_database_refuses_to_change_the_log(panama):
    seal()
    for statement in (
        "UPDATE audit_entry SET event = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_payload",
        "UPDATE audit_payload SET erasure_ref = 'borrado-falso'",
    ):
        with pytest.raises(DatabaseError, match="no se cambia"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    Government.objects.update(currency="USD")
    with pytest.raises(DatabaseError, match="no se cambia"), transaction.atomic():
        RawChange.objects.all()._raw_delete("default")


ALTERATIONS = {
    "an entry": ("UPDATE audit_entry SET event = 'government.founder' WHERE event = 'government.founded'", "alterado"),
    "a digest": ("UPDATE audit_entry SET digest = CASE substr(digest, 1, 1) WHEN 'f' THEN '0' ELSE 'f' END || substr(digest, 2) WHERE seq = 1", "huella"),
    "a value": (
        "UPDATE audit_payload SET \"values\" = replace(CAST(\"values\" AS text), 'municipality', 'municipalitz'){json}",
        "alterado",
    ),
    "a missing entry": (
        "DELETE FROM audit_payload WHERE entry_id = 1 OR entry_id IN (SELECT min(id) FROM audit_entry)",
        "perdió sus valores",
    ),
    "a record": ("", "no es lo último"),
    "a vanished record": ("", "desapareció"),
}


@pytest.mark.parametrize("what", ["an entry", "a digest", "a missing entry"])
def test_one_altered_byte_is_found_and_named(panama, what):
    seal()
    assert verify().is_sound
    statement, word = ALTERATIONS[what]
    drop_guards(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    install(connection)
    assert any(word in sentence for sentence in sentences()), sentences()


def test_one_altered_value_is_found_and_named(panama):
    seal()
    payload = Payload.objects.filter(values__has_key="kind").first()
    payload.values["kind"]["value"][1] = "municipalitz"
    drop_guards(connection)
    Payload.objects.filter(pk=payload.pk).update(values=payload.values)
    install(connection)
    assert any("«kind»" in sentence for sentence in sentences())


def _behind_the_triggers(statement):
    """Change a table as an editor of the file would: without its triggers."""
    names = _triggers_of("governments_government")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE governments_government DISABLE TRIGGER USER")
            cursor.execute(statement)
            cursor.execute("ALTER TABLE governments_government ENABLE TRIGGER USER")
            return
        for name in names:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(statement)
    install(connection)


def _triggers_of(table):
    if connection.vendor == "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [table])
        return [row[0] for row in cursor.fetchall()]


def test_a_record_altered_behind_the_log_is_found_and_named(panama):
    seal()
    _behind_the_triggers("UPDATE governments_government SET currency = 'PAC'")
    assert any("«currency»" in sentence and "no es lo último" in sentence for sentence in sentences())


def test_a_missing_trigger_is_found_and_named(panama):
    seal()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute('DROP TRIGGER "audit_governments_government" ON governments_government')
        else:
            cursor.execute('DROP TRIGGER "audit_governments_government_u"')
    assert any("Falta el disparador" in sentence for sentence in sentences())


def test_an_erased_name_still_verifies(panama, san_miguelito, office):
    grant = SharingGrant.objects.create(
        government=panama, to=san_miguelito, record_id="x-1", reason="lo pidió una persona", from_on=dt.date(2026, 1, 1)
    )
    seal()
    grant.reason = "(borrado)"
    grant.save()
    erase_personal_data(
        by=office,
        table="governments_sharinggrant",
        row_key=str(grant.pk),
        fields=["reason"],
        reason="Ley 81, petición 3",
        on=dt.date(2026, 2, 1),
        government_id=panama.pk,
    )
    seal()
    assert "lo pidió una persona" not in str(list(Payload.objects.values_list("values", flat=True)))
    assert verify().is_sound


def test_an_erased_actor_still_verifies(panama, someone_with, office):
    actor = someone_with(panama, "editor")
    with act("something.done", by=actor, government_id=panama.pk):
        pass
    seal()
    erase_actor(by=office, actor_ref=actor.ref, reason="Ley 81, petición 4", on=dt.date(2026, 2, 1))
    seal()
    event = Entry.objects.get(event="something.done")
    assert "erased" in event.payload.values["actor"]
    assert verify().is_sound


def test_a_cut_tail_is_found_by_the_published_head(panama):
    publish_heads(by=BY, on=dt.date(2026, 1, 1))
    drop_guards(connection)
    last = Entry.objects.filter(chain=0).order_by("-pk").first()
    Payload.objects.filter(pk=last.pk)._raw_delete("default")
    Entry.objects.filter(pk=last.pk)._raw_delete("default")
    install(connection)
    assert any("cabeza publicada" in sentence for sentence in sentences())


def test_an_exported_log_can_be_checked_by_anyone(panama):
    import json

    publish_heads(by=BY, on=dt.date(2026, 1, 1))
    lines = [json.dumps(entry) for entry in exported()]
    assert verify_exported(iter(lines)).is_sound
    lines[0] = lines[0].replace("founded", "founder")
    assert not verify_exported(iter(lines)).is_sound
    assert not verify_exported(iter(lines[:-1])).is_sound
    assert not verify_exported(iter(["no es json"])).is_sound


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_rebuilds_a_table_stays_in_the_log(panama):
    """SQLite drops the triggers of a table that it rebuilds; the next step of the migration is recorded all the same."""
    seal()
    state = ProjectState.from_apps(apps)

    def change(migration_apps, editor):
        migration_apps.get_model("governments", "Government").objects.update(currency="USD")

    class Rebuild(Migration):
        atomic = True
        operations = [
            ops.AlterField("government", "currency", models.CharField(max_length=7, default="PAB")),
            ops.RunPython(change, ops.RunPython.noop),
        ]

    with connection.schema_editor(atomic=True) as editor:
        after = Rebuild("rebuild", "governments").apply(state.clone(), editor)
    try:
        operations = list(
            RawChange.objects.filter(table_name="governments_government").values_list("operation", flat=True)
        )
        assert "U" in operations and "M" in operations
        seal()
        told = {entry.operation: (entry.event, entry.door) for entry in Entry.objects.filter(operation__in="MU")}
        assert told["M"] == ("database.migrated", "command"), "rows that a migration rewrote are no alarm"
        assert told["U"][1] == "outside", "what a migration changes in them without an act is one"
        assert Government.objects.get().currency == "USD"
        assert verify().is_sound, sentences()
    finally:

        class Back(Migration):
            operations = [ops.AlterField("government", "currency", models.CharField(max_length=3, default="PAB"))]

        with connection.schema_editor(atomic=True) as editor:
            Back("back", "governments").apply(after, editor)


@pytest.mark.django_db(transaction=True)
def test_a_migration_may_take_away_a_column_that_the_triggers_name(panama):
    seal()
    state = ProjectState.from_apps(apps)
    field = Government._meta.get_field("time_zone").clone()

    class Fewer(Migration):
        operations = [ops.RemoveField("government", "time_zone")]

    class Back(Migration):
        operations = [ops.AddField("government", "time_zone", field)]

    with connection.schema_editor(atomic=True) as editor:
        after = Fewer("fewer", "governments").apply(state.clone(), editor)
    with connection.schema_editor(atomic=True) as editor:
        Back("back", "governments").apply(after, editor)
    assert not compare(connection)
    seal()
    assert verify().is_sound, sentences()


def test_a_refused_act_leaves_no_trace(panama):
    seal()
    before = Entry.objects.count()
    with pytest.raises(IntegrityError), act("record.shared", by=BY, government_id=panama.pk):
        SharingGrant.objects.create(
            government=panama, to=panama, record_id="x", reason="r", from_on=dt.date(2026, 1, 1)
        )
    seal()
    assert Entry.objects.count() == before
