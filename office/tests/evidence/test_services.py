"""Sources and findings."""

import datetime as dt
from dataclasses import replace

import pytest

from manglar.accounts.choices import Role
from manglar.evidence import selectors, services
from manglar.evidence.models import Finding, HazardType
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from manglar.territory import services as territory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 1)


@pytest.fixture
def source(panama, office):
    return services.record_source(
        by=office, government=panama, title="Informe de cuenca", url="https://example.org/informe", published_on="2004-09")


@pytest.fixture
def place(panama, office):
    district = territory.record_division(by=office, government=panama, code="0808", name="Panamá", level="district")
    return territory.record_division(
        by=office, government=panama, code="080812", name="Juan Díaz", level="corregimiento", parent=district)


@pytest.fixture
def said(source, place, office):
    services.ensure_hazards(by=office)
    return services.FindingText(
        title=translated("La cuenca se inunda cada año", "The basin floods every year"), found_on=DAY,
        hazard=selectors.hazard_by_code("flood"), divisions=[place], sources=[source])


def test_hazards_are_recorded_once_and_stay_as_edited(office):
    assert services.ensure_hazards(by=office) == len(services.HAZARDS)
    HazardType.objects.filter(code="flood").update(name={"es": "Anegamiento"})
    assert services.ensure_hazards(by=office) == 0
    assert selectors.hazard_by_code("flood").name == {"es": "Anegamiento"}
    assert all(set(hazard.name) == {"es", "en"} for hazard in selectors.hazards().exclude(code="flood"))
    assert {"flood", "earthquake", "extreme_sea_level", "landslide", "heat", "drought", "blackout"} <= set(services.HAZARDS)


@pytest.mark.parametrize("given", [
    {"title": " "}, {"title": "x", "url": "javascript:alert(1)"}, {"title": "x", "published_on": "septiembre"},
    {"title": "x", "published_on": "2004-13"},
])
def test_what_is_no_source_is_refused(panama, office, given):
    with pytest.raises(InvalidInput):
        services.record_source(by=office, government=panama, **given)


def test_a_source_keeps_its_partial_date(source):
    assert selectors.source_by_id(source.public_id).published_on.iso == "2004-09"


def test_a_finding_with_its_place_and_source(panama, someone_with, said, place, source):
    finding = services.record_finding(by=someone_with(panama, Role.ANALYST), government=panama, said=said)
    page = selectors.finding_page(selectors.finding_by_id(finding.public_id))
    assert (page.finding.state, page.divisions, page.sources) == ("draft", (place,), (source,))
    assert list(selectors.findings_of_division(place)) == [finding]
    assert list(selectors.findings_of(panama, hazard="flood", division=place)) == [finding]
    assert list(selectors.findings_of_source(source)) == [finding]
    assert {h.code: h.count for h in selectors.hazards_with_counts(panama)}["flood"] == 1


def test_a_finding_about_the_district_is_about_its_parts(panama, office, said, place):
    finding = services.record_finding(by=office, government=panama, said=replace(said, divisions=[place.parent, place]))
    assert list(selectors.findings_of_division(place)) == [finding]
    assert list(selectors.findings_of_division(place.parent)) == [finding]


@pytest.mark.parametrize("changes", [
    {"sources": ()}, {"title": {"es": " "}}, {"title": {}}, {"mark": "rumor"},
])
def test_what_is_no_finding_is_refused(panama, office, said, changes):
    with pytest.raises(InvalidInput):
        services.record_finding(by=office, government=panama, said=replace(said, **changes))
    assert not Finding.objects.exists()


def test_an_estimate_needs_no_source(panama, office, said):
    assert services.record_finding(by=office, government=panama, said=replace(said, sources=(), mark="estimacion"))


@pytest.mark.parametrize(("role", "may"), [
    (Role.ANALYST, True), (Role.EDITOR, True), (Role.APPROVER, True), (Role.ADMINISTRATOR, True), (Role.READER, False),
    (Role.FOCAL_POINT, False), (Role.PUBLISHER, False),
])
def test_who_may_write(panama, san_miguelito, someone_with, said, role, may):
    by = someone_with(panama, role)
    if may:
        services.record_finding(by=by, government=panama, said=said)
    else:
        with pytest.raises(NotAllowed):
            services.record_finding(by=by, government=panama, said=said)
    with pytest.raises(NotAllowed):
        services.record_finding(by=by, government=san_miguelito, said=said)


def test_two_people_do_not_write_over_each_other(panama, office, said):
    finding = services.record_finding(by=office, government=panama, said=said)
    services.revise_finding(by=office, finding=finding, said=replace(said, title={"es": "Uno"}), version=1)
    with pytest.raises(Conflict, match="Otra persona"):
        services.revise_finding(by=office, finding=finding, said=replace(said, title={"es": "Dos"}), version=1)
    held = selectors.finding_by_id(finding.public_id)
    assert (held.title, held.version) == ({"es": "Uno"}, 2)
    assert services.said_by(held) == replace(said, title={"es": "Uno"}, divisions=tuple(said.divisions), sources=tuple(said.sources))


def test_another_person_reviews(panama, someone_with, said):
    author, other = someone_with(panama, Role.APPROVER), someone_with(panama, Role.APPROVER)
    finding = services.record_finding(by=author, government=panama, said=said)
    with pytest.raises(Conflict, match="otra persona"):
        services.review_finding(by=author, finding=finding, on=DAY)
    with pytest.raises(NotAllowed):
        services.review_finding(by=someone_with(panama, Role.EDITOR), finding=finding, on=DAY)
    held = services.review_finding(by=other, finding=finding, on=DAY)
    assert (held.state, held.reviewed_by, held.reviewed_on) == ("reviewed", other.user, DAY)
    with pytest.raises(Conflict, match="sustituya"):
        services.revise_finding(by=author, finding=finding, said=said)
    with pytest.raises(Conflict):
        services.review_finding(by=other, finding=finding, on=DAY)


def test_a_reviewed_finding_is_superseded_and_stays(panama, office, said):
    finding = services.record_finding(by=office, government=panama, said=said)
    with pytest.raises(Conflict):
        services.supersede_finding(by=office, finding=finding, said=said)
    services.review_finding(by=office, finding=finding, on=DAY)
    with pytest.raises(InvalidInput):
        services.supersede_finding(by=office, finding=finding)
    with pytest.raises(InvalidInput):
        services.supersede_finding(by=office, finding=finding, successor=finding)
    new = services.supersede_finding(by=office, finding=finding, said=replace(said, title={"es": "Dos veces al año"}))
    held = selectors.finding_by_id(finding.public_id)
    assert (held.state, held.superseded_by) == ("superseded", new)
    assert list(selectors.findings_of(panama)) == [new]
    assert list(selectors.findings_of(panama, state="superseded")) == [held]
    assert selectors.finding_page(new).superseded == (held,)


def test_who_corrected_a_finding_last_does_not_review_it(panama, someone_with, said):
    writes, corrects, reviews = (someone_with(panama, Role.EDITOR, Role.APPROVER) for _ in range(3))
    made = services.record_finding(by=writes, government=panama, said=said)
    services.revise_finding(by=corrects, finding=made, said=replace(said, title=translated("Otro")), version=made.version)
    made.refresh_from_db()
    for author in (writes, corrects):
        with pytest.raises(Conflict, match="otra persona"):
            services.review_finding(by=author, finding=made, on=DAY)
    assert services.review_finding(by=reviews, finding=made, on=DAY).state == "reviewed"
