"""An import of a file is written down with its acts, and taken back by reading them backwards."""

import datetime as dt

import pytest

from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.audit.services import erase_personal_data, seal
from manglar.audit.verification import verify
from manglar.foundation.dates import PartialDate
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.margin import services as margin
from manglar.margin.models import Record
from manglar.network.models import Institution
from manglar.network.services import import_institutions, record_institution, record_post, revise_institution
from manglar.operations.choices import ImportState
from manglar.operations.models import FileImport
from manglar.operations.services import undo_import, what_undoing_does, why_not_undone
from manglar.strategy.models import Edition, Node
from manglar.strategy.services import PlanOptions, adopt_edition, import_strategy
from manglar.territory.models import Boundary, Division, DivisionAlias
from manglar.territory.services import import_territory
from tests.territory.conftest import feature, geojson, square

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
HEAD = "siglas,nombre,clase\n"


@pytest.fixture
def load(panama, office):
    def run(text, name="red.csv", **more):
        import_institutions(by=office, government=panama, name=name, content=(HEAD + text).encode(), **more)
        return FileImport.objects.order_by("-pk").first()

    return run


@pytest.fixture
def undo(office):
    return lambda load, by=None: undo_import(by=by or office, load=load, at=AT, reason="archivo equivocado")


def everything(model):
    return list(model.objects.order_by("pk").values())


def test_an_import_is_written_down_with_what_came_of_it(load, panama):
    held = load("MOP,Obras Públicas,ministerio\nMINSA,Salud,ministerio\n")
    assert (held.kind, held.file_name, held.counts) == ("instituciones", "red.csv", {"created": 2})
    seal()
    assert Entry.objects.filter(source_ref__in=held.acts).get().event == "institutions.imported"


def test_nothing_is_written_down_when_nothing_was_imported(load):
    load("MOP,Obras Públicas,ministerio\n")
    load("MOP,Obras Públicas,ministerio\n")
    with pytest.raises(InvalidInput):
        load("X,Algo,desconocida\n")
    assert FileImport.objects.count() == 1


def test_what_was_created_goes_and_what_was_changed_is_as_it_was(load, undo, office, panama):
    load("MOP,Obras Públicas,ministerio\n")
    before = everything(Institution)
    second = load("MOP,Ministerio de Obras Públicas,ministerio\nMINSA,Salud,ministerio\n", name="otra.csv")
    seal()
    assert (what_undoing_does(second).removed, what_undoing_does(second).restored) == (1, 1)
    done = undo(second)
    assert (done.removed, done.restored) == (1, 1)
    assert everything(Institution) == before
    second.refresh_from_db()
    assert second.state == ImportState.UNDONE
    seal(limit=1_000)
    assert Entry.objects.filter(event="import.undone", operation="event").get().subject == second.public_id
    assert verify().is_sound


def test_the_latest_goes_first_and_only_once(load, undo):
    first, second = load("A,Uno,ministerio\n"), load("B,Dos,ministerio\n", name="dos.csv")
    with pytest.raises(Conflict, match=r"«dos.csv»: deshaga antes"):
        undo(first)
    undo(second)
    with pytest.raises(Conflict, match="ya se deshizo"):
        undo(second)
    undo(first)
    assert not Institution.objects.exists()


def test_what_somebody_changed_since_is_not_thrown_away(load, undo, office):
    held = load("A,Uno,ministerio\nB,Dos,ministerio\n")
    revise_institution(by=office, institution=Institution.objects.get(code="B"), name={"es": "Dos, corregida"})
    with pytest.raises(Conflict, match="Dos, corregida"):
        undo(held)
    assert Institution.objects.count() == 2
    assert "exporte la lista" in str(why_not_undone(held))


def test_what_others_lean_on_is_not_pulled_away(load, undo, office, panama):
    held = load("A,Uno,ministerio\n")
    record_post(by=office, institution=Institution.objects.get(), title={"es": "Directora"}, rank="head")
    with pytest.raises(Conflict, match="se apoyan"):
        undo(held)
    assert Institution.objects.count() == 1
    held.refresh_from_db()
    assert held.state == ImportState.APPLIED


def test_what_was_commented_since_is_not_thrown_away(load, undo, panama, someone_with):
    held = load("A,Uno,ministerio\n")
    who = someone_with(panama, Role.EDITOR)
    record = Record(panama, Institution.objects.get().public_id, "instituciones", "Uno")
    margin.write_comment(by=who, record=record, text="Falta su teléfono", at=AT)
    seal(limit=1_000)
    with pytest.raises(Conflict, match="se trabajó"):
        undo(held)


def test_the_columns_and_the_file_stay_remembered(load, undo, panama):
    held = load("A,Uno,ministerio\n", mapping={"name": "nombre"})
    undo(held)
    from manglar.margin.selectors import columns_for

    assert columns_for(panama, "instituciones", ["siglas", "nombre", "clase"]) == {"name": "nombre"}


def test_values_erased_at_somebodys_request_do_not_come_back(load, undo, office, panama):
    load("A,Uno,ministerio\n")
    held = load("A,Otro,ministerio\n", name="dos.csv")
    row = Institution.objects.get()
    erase_personal_data(
        by=office, table="network_institution", row_key=str(row.pk), fields=["name"], reason="Ley 81", on=AT.date()
    )
    with pytest.raises(Conflict, match="datos personales"):
        undo(held)
    assert Institution.objects.get().name == {"es": "Otro"}


def test_only_those_who_import_take_back(load, undo, panama, someone_with):
    held = load("A,Uno,ministerio\n")
    with pytest.raises(NotAllowed):
        undo(held, by=someone_with(panama, Role.READER))


def test_another_government_is_none_of_its_business(load, undo, office, san_miguelito):
    held = load("A,Uno,ministerio\n")
    record_institution(by=office, government=san_miguelito, code="z", name={"es": "Zeta"}, kind="ministry")
    undo(held)
    assert Institution.objects.get().code == "z"


def test_limits_go_back_to_those_before_with_their_bytes(panama, office, undo):
    def bring(name, **properties):
        content = geojson(feature(square(0, 0, side=properties.pop("side", 1)), **properties))
        import_territory(by=office, government=panama, name=name, content=content, on=AT.date(), level="zone")
        return FileImport.objects.order_by("-pk").first()

    first = bring("uno.geojson", codigo="1", nombre="Centro")
    before = everything(Division), everything(Boundary), everything(DivisionAlias)
    second = bring("dos.geojson", codigo="1", nombre="Centro Histórico", side=2, poblacion_2023=100)
    assert everything(Boundary) != before[1]
    undo(second)
    assert (everything(Division), everything(Boundary), everything(DivisionAlias)) == before
    undo(first)
    assert not Division.objects.exists()


def test_a_plan_goes_back_to_the_draft_before(panama, office, undo):
    def bring(text, **more):
        options = PlanOptions(strategy_title="Ciudad", edition_label="2026", **more)
        import_strategy(by=office, government=panama, name="plan.csv", content=text.encode(), options=options)
        return FileImport.objects.order_by("-pk").first()

    first = bring("código,título,costo\n1,Agua,10\n1.1,Drenaje,5\n2,Suelo,3\n")
    before = everything(Node), everything(Edition)
    second = bring("código,título,costo\n1,Suelo,30\n2,Agua,10\n2.1,Drenaje,7\n3,Aire,1\n")
    assert everything(Node) != before[0]
    undo(second)
    assert (everything(Node), everything(Edition)) == before
    third = bring("código,título,costo\n1,Agua,10\n2,Suelo,3\n", remove_missing=True)
    assert Node.objects.count() == 2
    assert undo(third).returned == 1
    assert (everything(Node), everything(Edition)) == before
    assert first.state == ImportState.APPLIED


def test_a_plan_that_was_adopted_stays(panama, office, undo, someone_with):
    options = PlanOptions(strategy_title="Ciudad", edition_label="2026")
    import_strategy(
        by=office, government=panama, name="p.csv", content="código,título\n1,Agua\n1.1,Drenaje\n".encode(), options=options
    )
    adopt_edition(by=office, edition=Edition.objects.get(), adopted_on=PartialDate(2026), act_text="Acuerdo 1")
    with pytest.raises(Conflict, match="se trabajó con"):
        undo(FileImport.objects.get())
    assert Node.objects.count() == 2
