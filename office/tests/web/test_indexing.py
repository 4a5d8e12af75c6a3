"""What search is told of the records: their own words and those of what they name, as each desk shows them."""

import pytest
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.foundation.translated import translated
from manglar.network.models import Institution
from manglar.operations.models import Job
from manglar.publication import services as publication
from manglar.publication.selectors import release_by_subject
from manglar.search.choices import Face
from manglar.search.services import SOURCES, Change
from manglar.web import indexing
from manglar.web.kinds import KINDS
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
DESK, PORTAL = SOURCES[Face.DESK], SOURCES[Face.PORTAL]
LEFT_OUT = {"permisos", "trabajos", "importaciones", "publicaciones"}


@pytest.fixture
def whole(panama):
    return make.WholeChain(panama)


def release(government, public_id):
    return publication.release_record(by=make.OFFICE, government=government, public_id=public_id, at=make.AT)


def change(record, operation="U", **values):
    return Change(record._meta.db_table, str(record.pk), getattr(record, "public_id", ""), operation, values)


def test_every_kind_is_found_but_the_named_few():
    assert {kind.slug for kind in KINDS.values()} - {kind.slug for kind in indexing.found_kinds()} == LEFT_OUT


def test_every_kind_that_is_found_has_a_model_of_its_own_with_a_public_identifier(panama):
    models = indexing.kinds_by_model()
    assert len(models) == len(indexing.found_kinds())
    assert all(indexing.key_of(model) in {f.name for f in model._meta.concrete_fields} for model in models)


def test_a_kind_whose_rows_are_a_list_cannot_be_found(panama):
    with pytest.raises(TypeError, match="query set"):
        indexing.model_of(KINDS["permisos"])


def test_every_record_that_its_page_shows_is_read_with_its_words(panama, whole):
    ids = set(DESK.everything())
    papers = {paper.record_id: paper for paper in DESK.read(ids)}
    assert set(papers) == ids
    assert {paper.kind for paper in papers.values()} >= {"hallazgos", "iniciativas", "notas", "decisiones", "compromisos", "hitos", "reportes"}
    said = papers[whole.commitment.public_id]
    assert said.title == {"es": "Limpiar 5 km de cauce", "en": "Clean 5 km of river"}
    assert "Obras" in said.text["es"]
    assert "[es]" not in " ".join([*said.text.values(), *said.title.values()])
    assert said.text["es"].endswith("compromiso")
    assert said.text["en"].endswith("commitment")


def test_labels_of_facts_are_not_words_of_the_record(panama, whole):
    paper = next(iter(DESK.read({whole.commitment.public_id})))
    assert "Institución" not in paper.text["es"]


def test_a_record_that_cannot_say_itself_does_not_keep_the_others_out(panama, whole, monkeypatch, caplog):
    monkeypatch.setattr(indexing, "_told", lambda *_: 1 / 0)
    papers = {paper.record_id: paper for paper in DESK.read({whole.finding.public_id, whole.decision.public_id})}
    assert papers[whole.finding.public_id].title == {"es": whole.finding.public_id}
    assert len(papers) == 2
    assert "cannot be indexed" in caplog.text


def test_identifiers_of_nothing_say_nothing(panama):
    assert list(DESK.read({"hallazgo-0000000000", "usuario-0000000000", "x", ""})) == []
    assert list(PORTAL.read({"publicacion-0000000000"})) == []


@pytest.mark.parametrize(
    ("what", "touched"),
    [
        ("finding", ["finding", "node", "note"]),
        ("obras", ["obras", "commitment", "node"]),
        ("agreement", ["commitment"]),
        ("edition", ["node"]),
        ("place", ["place", "finding", "node"]),
        ("decision", ["decision"]),
    ],
)
def test_a_change_touches_the_record_and_what_names_it(panama, whole, what, touched):
    found = DESK.touched([change(getattr(whole, what))])
    assert {getattr(whole, name).public_id for name in touched} <= found


def test_a_part_touches_its_whole_when_it_comes_changes_and_goes(panama, whole):
    option = whole.note.options.first()
    assert whole.note.public_id in DESK.touched([change(option)])
    assert whole.note.public_id in DESK.touched([change(option, "I", note_id=[None, whole.note.pk])])
    option_pk = str(option.pk)
    gone = Change(option._meta.db_table, option_pk + "000", "", "D", {"note_id": [whole.note.pk, None]})
    assert whole.note.public_id in DESK.touched([gone])


def test_a_row_that_joins_touches_both_ends(panama, whole):
    joint = whole.node.findings.through
    row = joint.objects.first()
    found = DESK.touched([Change(joint._meta.db_table, str(row.pk), "", "I", {})])
    assert {whole.node.public_id, whole.finding.public_id} <= found


def test_a_deleted_initiative_is_named_by_its_identity(panama, whole):
    gone = Change(whole.node._meta.db_table, "999999", "", "D", {"identity": ["iniciativa-0123456789", None]})
    assert DESK.touched([gone]) == {"iniciativa-0123456789"}


def test_what_is_no_record_touches_nothing(panama):
    job = Job.objects.create(government=panama, kind="x", title="X")
    assert not set(DESK.touched([change(job)])) - {job.public_id}
    assert DESK.touched([Change("no_such_table", "1", "", "U", {})]) == set()
    assert PORTAL.touched([change(job)]) == set()


def test_a_new_kind_of_row_needs_no_line_here(panama):
    assert indexing._named_by_found(Institution), "institutions are named by commitments and initiatives"


def test_what_is_shared_is_read_as_the_other_desk_shows_it(panama, san_miguelito, office, whole):
    on = timezone.localdate()
    grant = accounts.share_record(
        by=office, government=panama, to=san_miguelito, record_id=whole.node.identity, scope="read", reason="Cuenca", from_on=on
    )
    assert whole.node.identity in DESK.touched([change(grant, "I")])
    desks = {paper.desk_id for paper in DESK.read({whole.node.identity})}
    assert desks == {panama.pk, san_miguelito.pk}
    accounts.revoke_grant(by=office, grant=grant, on=on, reason="Terminó")
    assert {paper.desk_id for paper in DESK.read({whole.node.identity})} == {panama.pk}


def test_a_draft_behind_an_adopted_initiative_is_not_what_was_shared(panama, san_miguelito, office):
    draft = make.edition(panama, label="2026")
    identity = make.node(draft).identity
    accounts.share_record(
        by=office, government=panama, to=san_miguelito, record_id=identity, scope="read", reason="Cuenca",
        from_on=timezone.localdate(),
    )  # fmt: skip
    make.strategy.adopt_edition(by=office, edition=draft, adopted_on=make.PartialDate(2026, 1), act_text="Acuerdo")
    later = make.edition(panama, label="2030", content=make.PLAN.replace("Limpiar el río", "Borrador reservado"))
    assert make.node(later).title == translated("Borrador reservado")
    shared = [paper for paper in DESK.read({make.node(later).identity, identity}) if paper.desk_id == san_miguelito.pk]
    assert shared
    assert all("reservado" not in str(paper.title) for paper in shared)


def test_the_portal_reads_only_the_copy_in_force(panama, whole):
    first = release(panama, whole.finding.public_id)
    type(whole.finding).objects.filter(pk=whole.finding.pk).update(text=translated("Nota interna posterior"))
    papers = list(PORTAL.read(PORTAL.everything()))
    assert [paper.record_id for paper in papers] == [first.public_id]
    assert "interna" not in str(papers)
    assert "Juan Díaz" in papers[0].text["es"]
    assert papers[0].desk_id is None
    publication.withdraw_release(by=make.OFFICE, release=release_by_subject(whole.finding.public_id), at=make.AT, reason="Error")
    assert list(PORTAL.read({first.public_id})) == []
    assert PORTAL.touched([change(first)]) == {first.public_id}
