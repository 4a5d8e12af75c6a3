"""Institutions, posts, people and their appointments."""

import datetime as dt

import pytest

from manglar.accounts.choices import Role
from manglar.audit.models import Payload
from manglar.audit.services import seal
from manglar.audit.verification import verify
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from manglar.network import selectors, services
from manglar.network.models import Appointment, Institution

pytestmark = pytest.mark.django_db
JULY, AUGUST, SEPTEMBER = dt.date(2024, 7, 1), dt.date(2024, 8, 1), dt.date(2024, 9, 1)


def test_an_institution_has_one_code(panama, san_miguelito, office, works):
    given = {"by": office, "code": "doyc", "name": translated("Otra"), "kind": "municipal"}
    with pytest.raises(Conflict, match="siglas «DOYC»"):
        services.record_institution(government=panama, **given)
    assert services.record_institution(government=san_miguelito, **given).code == "doyc"


@pytest.mark.parametrize("changes", [{"code": " / "}, {"name": {}}, {"name": {"es": " "}}, {"kind": "secta"}])
def test_what_is_no_institution_is_refused(panama, office, changes):
    given = {"code": "x", "name": {"es": "X"}, "kind": "civil", **changes}
    with pytest.raises(InvalidInput):
        services.record_institution(by=office, government=panama, **given)


def test_roles(panama, someone_with, works):
    with pytest.raises(NotAllowed):
        services.revise_institution(by=someone_with(panama, Role.ANALYST), institution=works, kind="agency")
    assert services.revise_institution(by=someone_with(panama, Role.EDITOR), institution=works, kind="agency").kind == "agency"


def test_whoever_takes_a_headship_ends_the_earlier_on_the_eve(office, head, people):
    first = services.appoint(by=office, person=people[0], post=head, on=JULY, instrument="Decreto 1")
    services.appoint(by=office, person=people[1], post=head, on=SEPTEMBER, instrument="Decreto 2")
    first.refresh_from_db()
    assert first.until_on == dt.date(2024, 8, 31)
    page = selectors.institution_page(head.institution, on=SEPTEMBER)
    assert page.holder("head") == people[1]
    assert selectors.institution_page(head.institution, on=AUGUST).holder("head") == people[0]
    assert page.holder("focal_point") is None


def test_two_focal_points_may_share_a_post(office, focal, people):
    for person in people:
        services.appoint(by=office, person=person, post=focal, on=JULY)
    assert set(selectors.focal_points_of(focal.institution, on=JULY)) == set(people)


def test_appointments_that_cannot_stand_are_refused(office, head, focal, people):
    services.appoint(by=office, person=people[0], post=head, on=AUGUST)
    with pytest.raises(Conflict, match="indique hasta cuándo"):
        services.appoint(by=office, person=people[1], post=head, on=JULY)
    with pytest.raises(Conflict, match="indique hasta cuándo"):
        services.appoint(by=office, person=people[1], post=head, on=AUGUST)
    with pytest.raises(Conflict, match="ya ocupa"):
        services.appoint(by=office, person=people[0], post=head, on=SEPTEMBER)
    with pytest.raises(InvalidInput):
        services.appoint(by=office, person=people[1], post=head, on=AUGUST, until_on=JULY)
    services.appoint(by=office, person=people[1], post=head, on=JULY, until_on=dt.date(2024, 7, 31))
    assert Appointment.objects.filter(until_on=None).count() == 1


def test_an_appointment_ends_once(office, head, people):
    held = services.appoint(by=office, person=people[0], post=head, on=AUGUST)
    with pytest.raises(InvalidInput):
        services.end_appointment(by=office, appointment=held, on=JULY)
    services.end_appointment(by=office, appointment=held, on=SEPTEMBER)
    with pytest.raises(Conflict):
        services.end_appointment(by=office, appointment=held, on=SEPTEMBER)


def test_an_institution_has_one_head_post(office, head, works):
    with pytest.raises(Conflict, match="cargo titular"):
        services.record_post(by=office, institution=works, title=translated("Otra"), rank="head")
    with pytest.raises(InvalidInput):
        services.record_post(by=office, institution=works, title={}, rank="staff")
    with pytest.raises(InvalidInput):
        services.record_post(by=office, institution=works, title={"es": "x"}, rank="jefazo")


@pytest.mark.parametrize("given", [{"name": " "}, {"name": "x", "email": "no es"}, {"name": "x" * 201}])
def test_what_is_no_person_is_refused(panama, office, given):
    with pytest.raises(InvalidInput):
        services.record_person(by=office, government=panama, **given)


def test_a_user_is_one_person(panama, office, someone_with, head):
    user = someone_with(panama, Role.FOCAL_POINT).user
    person = services.record_person(by=office, government=panama, name="Papel", user=user)
    with pytest.raises(Conflict, match="otra persona"):
        services.record_person(by=office, government=panama, name="Papel 2", user=user)
    services.appoint(by=office, person=person, post=head, on=JULY)
    assert list(selectors.institutions_of_user(user, on=JULY)) == [head.institution]
    assert list(selectors.institutions_of_user(user, on=JULY - dt.timedelta(days=1))) == []
    assert selectors.person_of_user(user) == person


def test_a_person_is_forgotten_on_request_and_the_log_still_verifies(panama, office, someone_with, head, people):
    person = people[0]
    services.appoint(by=office, person=person, post=head, on=JULY)
    services.revise_person(by=office, person=person, name="Nombre que se borra", email="se-borra@example.org")
    seal()
    with pytest.raises(NotAllowed):
        services.erase_person(by=someone_with(panama, Role.EDITOR), person=person, on=JULY, reason="petición")
    with pytest.raises(InvalidInput):
        services.erase_person(by=office, person=person, on=JULY, reason=" ")
    done = services.erase_person(by=office, person=person, on=JULY, reason="petición 3 de 2026")
    assert done["erasure"]
    seal()
    person.refresh_from_db()
    assert (person.name, person.email) == ("Persona borrada a petición", "")
    text = str(list(Payload.objects.values_list("values", flat=True)))
    assert "Nombre que se borra" not in text
    assert "se-borra@example.org" not in text
    assert "Papel de ejemplo A" not in text
    assert verify().is_sound
    assert selectors.appointments_of(person).count() == 1
    with pytest.raises(Conflict):
        services.erase_person(by=office, person=person, on=JULY, reason="otra vez")


def test_what_is_kept_of_a_person_can_be_handed_over(office, head, people):
    services.appoint(by=office, person=people[0], post=head, on=JULY, instrument="Decreto 1")
    data = selectors.personal_data_of(people[0])
    assert data["email"] == "papel-a@example.org"
    assert data["posts"][0]["instrument"] == "Decreto 1"


def test_the_page_of_all_institutions_takes_few_queries(panama, office, django_assert_max_num_queries, people):
    for number in range(12):
        made = services.record_institution(
            by=office, government=panama, code=f"i{number}", name={"es": f"I {number}"}, kind="civil")
        post = services.record_post(by=office, institution=made, title={"es": "Dirección"}, rank="head")
        services.appoint(by=office, person=people[number % 2], post=post, on=JULY)
    with django_assert_max_num_queries(4):
        pages = selectors.institutions_with_holders(panama, on=AUGUST)
        assert {page.holder("head").name for page in pages} == {people[0].name, people[1].name}
    assert len(pages) == Institution.objects.count() == 12
