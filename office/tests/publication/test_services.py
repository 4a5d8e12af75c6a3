import datetime as dt
import hashlib
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.agreements import services as agreements
from manglar.audit.models import Entry
from manglar.decisions import services as decisions
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from manglar.publication import selectors, services
from manglar.publication.models import Release, ReleaseLink
from manglar.strategy import services as strategy
from tests import chain_factories as make
from tests.chain_factories import AT, OFFICE, ON

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(panama):
    return make.WholeChain(panama)


def release(government, public_id, by=OFFICE, at=AT):
    return services.release_record(by=by, government=government, public_id=public_id, at=at)


def release_all(whole):
    return services.release_chain(by=OFFICE, government=whole.government, public_id=whole.commitment.public_id, at=AT)


def kinds(points):
    return [p.kind for p in points]


FULL = ["finding", "edition", "initiative", "initiative", "initiative", "note", "decision", "agreement", "commitment",
        "milestone", "update"]


def test_the_whole_chain_is_read_from_each_of_its_points(panama, whole):
    finding, edition, pillar, objective, *_ = whole.ids
    beside = {finding: {edition, pillar, objective}, edition: set(whole.ids) - {edition}, pillar: {finding}, objective: {finding}}
    for public_id in whole.ids:
        chain = selectors.chain_of(public_id, audience=panama, on=ON)
        expected = [each for each in whole.ids if each not in beside.get(public_id, set())]
        assert chain.start.id == public_id
        assert [p.id for p in chain.points] == expected, public_id


def test_why_and_what_became_are_the_two_halves(panama, whole):
    chain = selectors.chain_of(whole.decision.public_id, audience=panama, on=ON)
    assert kinds(chain.upstream) == FULL[:6]
    assert kinds(chain.downstream) == FULL[7:]
    top = selectors.chain_of(whole.finding.public_id, audience=panama, on=ON)
    assert not top.upstream
    assert kinds(top.downstream) == ["initiative", *FULL[5:]]
    bottom = selectors.chain_of(whole.update.public_id, audience=panama, on=ON)
    assert kinds(bottom.upstream) == FULL[:-1]
    assert not bottom.downstream


def test_a_pillar_leads_down_to_the_reports_of_its_initiatives(panama, whole):
    chain = selectors.chain_of(make.node(whole.edition, "1").identity, audience=panama, on=ON)
    assert kinds(chain.points) == FULL[1:]


def test_points_say_what_a_reader_needs(panama, whole):
    chain = selectors.chain_of(whole.commitment.public_id, audience=panama, on=ON, language="en")
    point = chain.start
    assert (point.title.text, point.title.language) == ("Clean 5 km of river", "en")
    assert point.institution.text == "Obras"
    assert (point.date, point.status, point.mark) == ("2026-05-04", "open", "fuente")
    assert point.status_label == "abierto"
    assert point.relation == "follows_from"
    agreement = next(p for p in chain.upstream if p.kind == "agreement")
    assert agreement.relation == "follows_from"
    assert agreement.institution.text == "Obras, Aguas"
    decision = next(p for p in chain.upstream if p.kind == "decision")
    assert decision.institution.text == "Alcaldía"


def test_the_other_promises_of_an_agreement_are_not_in_the_chain_of_one(panama, whole):
    other = make.commitment(panama, whole.agua, agreement=whole.agreement)
    ids = {p.id for p in selectors.chain_of(whole.decision.public_id, audience=panama, on=ON).points}
    assert other.public_id not in ids
    of_agreement = selectors.chain_of(whole.agreement.public_id, audience=panama, on=ON)
    assert {other.public_id, whole.commitment.public_id} <= {p.id for p in of_agreement.downstream}
    assert whole.decision.public_id in {p.id for p in of_agreement.upstream}


def test_siblings_are_not_in_the_chain(panama, whole):
    draft = strategy.start_edition(by=OFFICE, strategy=whole.edition.strategy, label="2030", copy_of=whole.edition)
    above = make.node(draft, "1.1")
    sibling = strategy.add_node(by=OFFICE, edition=draft, parent=above, code="1.1.2", title=translated("Medir"))
    for public_id in (whole.update.public_id, whole.finding.public_id, whole.node.identity):
        ids = {p.id for p in selectors.chain_of(public_id, audience=panama, on=ON).points}
        assert sibling.identity not in ids


def test_an_initiative_of_two_editions_is_one_point_in_the_adopted_text(panama, whole):
    draft = strategy.start_edition(by=OFFICE, strategy=whole.edition.strategy, label="2030", copy_of=whole.edition)
    strategy.change_node(by=OFFICE, node=make.node(draft), title=translated("Otro título"))
    chain = selectors.chain_of(whole.note.public_id, audience=panama, on=ON)
    found = [p for p in chain.points if p.id == whole.node.identity]
    assert [p.title.text for p in found] == ["Limpiar el río"]


def test_a_superseding_decision_is_below_the_first(panama, whole):
    new = decisions.supersede_decision(
        by=OFFICE, decision=whole.decision, title=translated("Dique"), reason=translated("x"), decided_on=ON, post="Alcaldía"
    )
    below = selectors.chain_of(whole.decision.public_id, audience=panama, on=ON).downstream
    assert new.public_id in {p.id for p in below}
    above = selectors.chain_of(new.public_id, audience=panama, on=ON).upstream
    assert whole.decision.public_id in {p.id for p in above}


@pytest.mark.parametrize("place", range(11))
def test_a_chain_takes_few_queries_from_any_point(panama, whole, place, django_assert_max_num_queries):
    public_id = whole.ids[place]
    with django_assert_max_num_queries(16):
        selectors.chain_of(public_id, audience=panama, on=ON)
    release_all(whole)
    with django_assert_max_num_queries(11):
        selectors.chain_of(public_id, on=ON)


def test_many_records_take_no_more_queries(panama, whole, django_assert_max_num_queries):
    for number in range(20):
        promise = make.commitment(panama, whole.obras, node=whole.node)
        step = make.milestone(panama, commitment=promise, title=f"Hito {number}")
        make.report(step)
    with django_assert_max_num_queries(16):
        chain = selectors.chain_of(whole.node.identity, audience=panama, on=ON)
    assert len(chain.points) == 11 + 3 * 20


def test_another_government_sees_nothing_without_a_grant_and_only_the_shared_record_with_it(panama, san_miguelito, whole):
    assert selectors.chain_of(whole.node.identity, audience=san_miguelito, on=ON) is None
    accounts.share_record(
        by=OFFICE, government=panama, to=san_miguelito, record_id=whole.node.identity, scope="read", reason="x",
        from_on=ON, until_on=ON,
    )
    chain = selectors.chain_of(whole.node.identity, audience=san_miguelito, on=ON)
    assert [p.id for p in chain.points] == [whole.node.identity]
    assert selectors.chain_of(whole.node.identity, audience=san_miguelito, on=ON + dt.timedelta(days=1)) is None


def test_the_public_sees_nothing_until_it_is_released(panama, whole):
    for public_id in whole.ids:
        assert selectors.chain_of(public_id, on=ON) is None
    release(panama, whole.node.identity)
    chain = selectors.chain_of(whole.node.identity, on=ON)
    assert [p.id for p in chain.points] == [whole.node.identity]
    release(panama, whole.finding.public_id)
    chain = selectors.chain_of(whole.node.identity, on=ON)
    assert [p.id for p in chain.points] == [whole.finding.public_id, whole.node.identity]


def test_a_released_chain_reads_as_the_live_one_from_every_point(panama, whole):
    result = release_all(whole)
    assert not result.skipped
    assert {r.subject_id for r in result.released} == set(whole.ids)
    for public_id in whole.ids:
        live = selectors.chain_of(public_id, audience=panama, on=ON)
        public = selectors.chain_of(public_id, on=ON)
        assert [(p.id, p.title, p.status, p.position) for p in public.points] == [
            (p.id, p.title, p.status, p.position) for p in live.points
        ], public_id


def test_ids_that_are_nothing_have_no_chain(panama):
    for public_id in ("nada", "hallazgo-0000000000", "x-1", "", "iniciativa-' OR 1=1"):
        assert selectors.chain_of(public_id, on=ON) is None
        assert selectors.chain_of(public_id, audience=panama, on=ON) is None


def test_drafts_are_not_released(panama):
    draft_edition = make.edition(panama)
    node = make.node(draft_edition)
    promise = make.commitment(panama, make.institution(panama))
    step = make.milestone(panama, commitment=promise)
    parties = (make.institution(panama, "agua", "Aguas"), make.institution(panama, "aseo", "Aseo"))
    drafts = [
        make.finding(panama, reviewed=False).public_id,
        draft_edition.public_id,
        node.identity,
        make.note(panama, submitted=False).public_id,
        make.note(panama).public_id,
        make.agreement(panama, *parties, in_force=False).public_id,
        make.report(step).public_id,
    ]
    for public_id in drafts:
        with pytest.raises(Conflict, match="No se publica todavía"):
            release(panama, public_id)
    assert not Release.objects.exists()
    strategy.say_edition_is_partial(by=OFFICE, edition=draft_edition, missing="Falta casi todo")
    assert release(panama, draft_edition.public_id).payload["fields"]["is_partial"] is True
    assert release(panama, node.identity).kind == "initiative"


def test_only_a_publisher_releases_and_withdraws(panama, whole, someone_with):
    for role in (Role.EDITOR, Role.APPROVER, Role.MAYOR_OFFICE, Role.READER):
        with pytest.raises(NotAllowed):
            release(panama, whole.node.identity, by=someone_with(panama, role))
    publisher = someone_with(panama, Role.PUBLISHER)
    made = release(panama, whole.node.identity, by=publisher)
    with pytest.raises(NotAllowed):
        services.withdraw_release(by=someone_with(panama, Role.EDITOR), release=made, at=AT, reason="x")
    assert made.released_by_name == publisher.name


def test_a_government_does_not_release_the_records_of_another(panama, san_miguelito, whole):
    with pytest.raises(InvalidInput, match="No hay en este gobierno"):
        release(san_miguelito, whole.node.identity)


def test_releasing_the_same_twice_changes_nothing_and_a_change_makes_a_version(panama, whole):
    first = release(panama, whole.commitment.public_id)
    assert release(panama, whole.commitment.public_id) == first
    assert not selectors.has_changed_since_release(whole.commitment.public_id, panama)
    agreements.report_commitment(by=OFFICE, commitment=whole.commitment, state="fulfilled", on=ON)
    assert selectors.has_changed_since_release(whole.commitment.public_id, panama)
    assert selectors.release_by_subject(whole.commitment.public_id).payload["status"] == "open"
    second = release(panama, whole.commitment.public_id)
    assert (second.version, second.payload["status"]) == (2, "fulfilled")
    assert [r.is_current for r in selectors.versions_of(whole.commitment.public_id)] == [True, False]


def test_a_new_link_is_a_change(panama, whole):
    release(panama, whole.node.identity)
    strategy.link_findings(
        by=OFFICE, node=whole.node, findings=[whole.finding, make.finding(panama, "Otro")]
    )
    assert selectors.has_changed_since_release(whole.node.identity, panama)


def test_a_copy_holds_no_address_no_person_and_no_internal_reason(panama, whole):
    release_all(whole)
    told = json.dumps([r.payload for r in Release.objects.order_by("pk")], ensure_ascii=False)
    assert "@" not in told
    assert "prueba" not in told.replace("Acuerdo de prueba", "")
    for internal in ("author", "author_ref", "approved_by", "decided_by_name", "revise_reason"):
        assert f'"{internal}"' not in told


def test_links_to_what_is_not_public_do_not_leak(panama, whole):
    made = release(panama, whole.commitment.public_id)
    assert made.links == []
    assert whole.decision.public_id not in selectors.document_of(made)
    assert ReleaseLink.objects.filter(release=made).count() == 3


def test_an_address_in_a_text_stops_the_release(panama):
    made = make.commitment(panama, make.institution(panama))
    decision = make.decision(make.note(panama))
    agreements.withdraw_commitment(by=OFFICE, commitment=made, on=ON, reason="Escribir a ana@example.org")
    with pytest.raises(InvalidInput, match=r"ana@example\.org"):
        release(panama, made.public_id)
    release(panama, decision.public_id)


def test_a_withdrawn_release_leaves_the_public_page_and_stays_in_the_record(panama, whole):
    made = release(panama, whole.node.identity)
    with pytest.raises(InvalidInput):
        services.withdraw_release(by=OFFICE, release=made, at=AT, reason=" ")
    services.withdraw_release(by=OFFICE, release=made, at=AT, reason="Tenía un error")
    assert selectors.release_by_subject(whole.node.identity) is None
    assert selectors.chain_of(whole.node.identity, on=ON) is None
    with pytest.raises(Conflict, match="vigente"):
        services.withdraw_release(by=OFFICE, release=made, at=AT, reason="Otra vez")
    again = release(panama, whole.node.identity)
    assert again.version == 2
    assert selectors.versions_of(whole.node.identity).count() == 2


def test_the_digest_is_that_of_the_document(panama, whole):
    made = release(panama, whole.node.identity)
    assert hashlib.sha256(selectors.document_of(made).encode()).hexdigest() == made.sha256


def test_an_altered_copy_is_found_and_named(panama, whole):
    release_all(whole)
    assert selectors.verify_releases() == []
    one = Release.objects.get(subject_id=whole.decision.public_id)
    other = Release.objects.get(subject_id=whole.commitment.public_id)
    payload = {**one.payload, "title": {"es": "Otra cosa"}}
    Release.objects.filter(pk=one.pk).update(payload=payload)
    Release.objects.filter(pk=other.pk).update(subject_id="compromiso-0000000000")
    assert [str(f.sentence) for f in selectors.verify_releases(panama)] == [
        f"{whole.decision.public_id} v1: su contenido ya no da su huella.",
        "compromiso-0000000000 v1: su contenido es de otro registro.",
    ]


def test_cut_links_are_found(panama, whole):
    release_all(whole)
    ReleaseLink.objects.filter(release__subject_id=whole.decision.public_id).delete()
    assert ["enlaces" in f.sentence for f in selectors.verify_releases()] == [True]


def test_a_record_has_one_current_release(panama, whole):
    release(panama, whole.commitment.public_id)
    agreements.report_commitment(by=OFFICE, commitment=whole.commitment, state="fulfilled", on=ON)
    release(panama, whole.commitment.public_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.update(is_current=True)


def test_a_chain_is_released_in_part_and_says_what_is_missing(panama, whole):
    pending = make.report(whole.milestone, percent=60)
    result = release_all(whole)
    assert [(point.id, str(why)) for point, why in result.skipped] == [
        (pending.public_id, "No se publica todavía: El reporte no está aprobado.")
    ]
    assert len(result.released) == 11


def test_the_portal_lists_what_is_public(panama, whole):
    release_all(whole)
    assert [r.payload["fields"]["code"] for r in selectors.released_initiatives()] == ["1", "1.1", "1.1.1"]
    assert [r.subject_id for r in selectors.released_initiatives(division="080811")] == [whole.node.identity]
    assert selectors.released_initiatives(division="0808") == []
    assert [r.subject_id for r in selectors.released(text="RIO limpiar")] == [whole.node.identity]
    assert len(selectors.latest_releases(5)) == 5
    late = selectors.released_promises(dt.date(2027, 1, 2), language="en")
    assert [(p.title.text, p.status, p.days_late, p.institution.text) for p in late] == [
        ("Clean 5 km of river", "late", 2, "Obras")
    ]


def test_the_public_copy_of_an_initiative_says_where_it_stands(panama, whole):
    fields = release(panama, whole.node.identity).payload["fields"]
    assert [step["code"] for step in fields["path"]] == ["1", "1.1"]
    assert fields["level"]["es"] == "iniciativa"
    assert fields["edition"]["label"] == "2026"


def test_a_later_draft_does_not_hide_the_adopted_text(panama, whole):
    draft = strategy.start_edition(by=OFFICE, strategy=whole.edition.strategy, label="2030", copy_of=whole.edition)
    strategy.change_node(by=OFFICE, node=make.node(draft), title=translated("En discusión"))
    assert release(panama, whole.node.identity).payload["title"]["es"] == "Limpiar el río"


def test_the_command_releases_reads_and_verifies(panama, whole, capsys):
    call_command("publication", "release", whole.update.public_id, "--chain")
    assert "Publicado" in capsys.readouterr().out
    call_command("publication", "chain", whole.update.public_id, "--public", "--json")
    assert len(json.loads(capsys.readouterr().out)["points"]) == 11
    call_command("publication", "verify")
    assert "dan su huella" in capsys.readouterr().out
    call_command("publication", "withdraw", whole.update.public_id, "--reason", "Prueba")
    Release.objects.filter(subject_id=whole.note.public_id).update(sha256="0" * 64)
    with pytest.raises(SystemExit) as ended:
        call_command("publication", "verify")
    assert ended.value.code == 1
    with pytest.raises(SystemExit) as ended:
        call_command("publication", "chain", "nada-1")
    assert ended.value.code == 2


def test_what_is_released_is_logged(panama, whole, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        release_all(whole)
    assert Entry.objects.filter(event="record.released", operation="event").count() == 11
