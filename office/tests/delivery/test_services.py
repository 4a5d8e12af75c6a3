import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from manglar.accounts import selectors as accounts_selectors
from manglar.accounts import services as accounts
from manglar.accounts.choices import Purpose, Role
from manglar.accounts.models import SignedLink
from manglar.audit.models import Entry
from manglar.delivery import selectors, services
from manglar.delivery.models import Milestone, MilestoneUpdate, UpdateRequest
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from manglar.network import services as network
from manglar.operations.models import OutboxMessage, StoredFile
from tests import chain_factories as make
from tests.chain_factories import AT, OFFICE, ON

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(panama):
    return make.milestone(panama, node=make.node(make.edition(panama)))


def ask(panama, step, **given):
    request, token = services.ask_for_update(by=OFFICE, milestone=step, person=make.person(panama), at=AT, **given)
    return request, token


def by_link(link, at=AT, **given):
    values = {"state": "in_progress", "text": "Se limpió medio kilómetro.", "percent": 40}
    return services.report_by_link(link=link, report=services.Report(**{**values, **given}), at=at, on=ON)


def test_a_milestone_belongs_to_something(panama, step):
    with pytest.raises(InvalidInput, match="acción o de un compromiso"):
        make.milestone(panama)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.update(node=None)


def test_approving_sets_the_milestone_and_leaves_the_author(panama, step, someone_with):
    editor, approver = someone_with(panama, Role.EDITOR), someone_with(panama, Role.APPROVER)
    made = make.report(step, by=editor)
    assert list(selectors.updates_waiting(panama)) == [made]
    done = services.approve_update(by=approver, update=made, at=AT)
    step.refresh_from_db()
    assert (done.author_name, done.author_ref, done.approved_by) == (editor.name, editor.ref, approver.user)
    assert (step.state, step.percent, step.last_approved_on) == ("in_progress", 40, ON)
    with pytest.raises(Conflict, match="ya está aprobado"):
        services.approve_update(by=approver, update=made, at=AT)


def test_nobody_approves_their_own_report(panama, step, someone_with):
    approver = someone_with(panama, Role.APPROVER)
    made = make.report(step, by=approver)
    with pytest.raises(Conflict, match="propio"):
        services.approve_update(by=approver, update=made, at=AT)


def test_who_reported_by_link_does_not_approve_it_signed_in(panama, step, someone_with):
    approver = someone_with(panama, Role.APPROVER)
    person = make.person(panama, email="otro@example.org", user=approver.user)
    request, _ = services.ask_for_update(by=OFFICE, milestone=step, person=person, at=AT)
    with pytest.raises(Conflict, match="propio"):
        services.approve_update(by=approver, update=by_link(request.link), at=AT)


def test_an_older_report_approved_late_does_not_undo_a_newer_one(panama, step):
    old = make.report(step, on=ON - dt.timedelta(days=9), percent=10)
    services.approve_update(by=OFFICE, update=make.report(step, state="done", percent=None), at=AT)
    services.approve_update(by=OFFICE, update=old, at=AT)
    step.refresh_from_db()
    assert (step.state, step.percent) == ("done", 100)


def test_a_report_sent_back_says_what_to_correct_and_only_its_author_corrects_it(panama, step, someone_with):
    editor, other = someone_with(panama, Role.EDITOR), someone_with(panama, Role.EDITOR)
    approver = someone_with(panama, Role.APPROVER)
    made = make.report(step, by=editor)
    with pytest.raises(InvalidInput, match="corregir"):
        services.revise_update(by=approver, update=made, reason=" ")
    made = services.revise_update(by=approver, update=made, reason="¿Cuántos metros?")
    with pytest.raises(Conflict, match="pendiente"):
        services.approve_update(by=approver, update=made, at=AT)
    better = services.Report("in_progress", "Se limpiaron 500 m.", 50)
    with pytest.raises(NotAllowed, match="Solo quien"):
        services.submit_update(by=other, update=made, report=better, on=ON)
    made = services.submit_update(by=editor, update=made, report=better, on=ON)
    assert (made.state, made.percent, made.revise_reason) == ("pending", 50, "¿Cuántos metros?")


def test_a_focal_point_reports_only_for_their_institution(panama, someone_with):
    focal = someone_with(panama, Role.FOCAL_POINT)
    obras, agua = make.institution(panama), make.institution(panama, "agua", "Aguas")
    mine = make.milestone(panama, commitment=make.commitment(panama, obras))
    theirs = make.milestone(panama, commitment=make.commitment(panama, agua))
    with pytest.raises(NotAllowed, match="otra institución"):
        make.report(mine, by=focal)
    post = network.record_post(by=OFFICE, institution=obras, title=translated("Enlace"), rank="focal_point")
    network.appoint(by=OFFICE, person=make.person(panama, user=focal.user), post=post, on=ON)
    assert make.report(mine, by=focal).author_ref == focal.ref
    with pytest.raises(NotAllowed, match="otra institución"):
        make.report(theirs, by=focal)
    with pytest.raises(NotAllowed, match="otra institución"):
        make.report(mine, by=focal, on=ON - dt.timedelta(days=1))
    with pytest.raises(NotAllowed, match="papel"):
        make.report(mine, by=someone_with(panama, Role.READER))


def test_asking_writes_a_letter_with_a_link_that_is_kept_nowhere_else(panama, step):
    request, token = ask(panama, step)
    letter = OutboxMessage.objects.get()
    assert letter.to == "obras@example.org"
    assert f"http://127.0.0.1:8000/enlace/{token}/" in letter.body
    assert "18/05/2026" in letter.body
    assert token not in str(SignedLink.objects.values())
    assert accounts_selectors.link_by_token(token, Purpose.MILESTONE_UPDATE) == request.link
    assert list(selectors.requests_open(panama, AT)) == [request]
    assert selectors.milestone_of_link(request.link) == step
    _, token = ask(panama, step, language="en")
    assert f"/en/enlace/{token}/" in OutboxMessage.objects.order_by("-pk")[0].body


def test_nobody_is_asked_without_an_address_or_by_a_reader(panama, san_miguelito, step, someone_with):
    with pytest.raises(InvalidInput, match="no tiene correo"):
        services.ask_for_update(by=OFFICE, milestone=step, person=make.person(panama, email=""), at=AT)
    with pytest.raises(InvalidInput, match="otro gobierno"):
        services.ask_for_update(by=OFFICE, milestone=step, person=make.person(san_miguelito), at=AT)
    with pytest.raises(NotAllowed):
        services.ask_for_update(
            by=someone_with(panama, Role.FOCAL_POINT), milestone=step, person=make.person(panama), at=AT
        )
    assert not SignedLink.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_link_makes_one_report_under_the_name_of_its_person(panama, step):
    request, _ = ask(panama, step)
    made = by_link(request.link)
    assert (made.state, made.author_name, made.author_ref) == ("pending", request.person.name, request.link.public_id)
    assert selectors.update_by_link(request.link) == made
    assert not selectors.requests_open(panama, AT)
    step.refresh_from_db()
    assert step.state == "planned"


def test_sending_twice_changes_nothing_and_says_so(panama, step):
    request, _ = ask(panama, step)
    by_link(request.link)
    with pytest.raises(Conflict, match="ya se usó"):
        by_link(request.link, text="Otra vez", percent=90)
    assert [u.percent for u in MilestoneUpdate.objects.all()] == [40]


def test_an_expired_or_revoked_link_is_refused(panama, step):
    request, _ = ask(panama, step)
    with pytest.raises(Conflict, match="venció"):
        by_link(request.link, at=AT + dt.timedelta(days=14))
    accounts.revoke_link(by=OFFICE, link=request.link, at=AT, reason="Se envió a otra persona")
    with pytest.raises(Conflict, match="anulado"):
        by_link(request.link)
    assert not MilestoneUpdate.objects.exists()


def test_a_wrong_report_leaves_the_link_as_it_was(panama, step):
    request, _ = ask(panama, step)
    with pytest.raises(InvalidInput):
        by_link(request.link, percent=400)
    with pytest.raises((Conflict, InvalidInput)):
        by_link(request.link, file=("foto.exe", b"MZ\x00\x00"))
    request.link.refresh_from_db()
    assert request.link.used_at is None
    assert by_link(request.link, file=("foto.png", b"\x89PNG\r\n\x1a\n0000")).file.name == "foto.png"
    assert StoredFile.objects.count() == 1


def test_a_link_for_something_else_reports_nothing(panama, step):
    link, _ = accounts.invite(
        by=OFFICE, government=panama, email="a@example.org", display_name="A", role=Role.READER, at=AT
    )
    with pytest.raises(Conflict, match="otra cosa"):
        by_link(link)


def test_what_a_link_did_is_logged_as_its_person(panama, step, django_capture_on_commit_callbacks):
    request, _ = ask(panama, step)
    with django_capture_on_commit_callbacks(execute=True):
        by_link(request.link)
    entry = Entry.objects.get(event="milestone.reported", operation="event")
    assert entry.door == "link"
    assert entry.payload.values["actor"]["value"] == request.person.name


def test_milestones_without_news_are_listed_the_oldest_first(panama, step):
    fresh = make.milestone(panama, node=step.node, title="Nuevo")
    on = ON + dt.timedelta(days=70)
    services.approve_update(
        by=OFFICE, update=make.report(fresh, on=on - dt.timedelta(days=35)), at=AT
    )
    lines = selectors.stale_lines(panama, on)
    assert [(line.milestone, line.freshness, line.days_since_report) for line in lines] == [
        (step, "late", 70), (fresh, "due", 35),
    ]
    assert not selectors.line_on(step, on).is_late


def test_the_milestones_of_a_pillar_are_those_of_what_hangs_from_it(panama, step):
    promise = make.commitment(panama, make.institution(panama), node=step.node)
    second = make.milestone(panama, commitment=promise)
    pillar = make.node(step.node.edition, "1")
    assert set(selectors.milestones_of_node(pillar.identity)) == {step, second}


def test_obstacles_are_noted_and_solved_once(panama, step):
    made = services.note_obstacle(by=OFFICE, milestone=step, text=translated("Falta el permiso"), on=ON)
    with pytest.raises(InvalidInput, match="antes de aparecer"):
        services.solve_obstacle(by=OFFICE, obstacle=made, solution=translated("x"), on=ON - dt.timedelta(days=1))
    services.solve_obstacle(by=OFFICE, obstacle=made, solution=translated("Llegó"), on=ON)
    with pytest.raises(Conflict):
        services.solve_obstacle(by=OFFICE, obstacle=made, solution=translated("Llegó"), on=ON)


def test_a_cancelled_milestone_says_why(panama, step):
    with pytest.raises(InvalidInput):
        services.cancel_milestone(by=OFFICE, milestone=step, reason="")
    assert services.cancel_milestone(by=OFFICE, milestone=step, reason="Lo hace otro").state == "cancelled"
    assert UpdateRequest.objects.count() == 0
