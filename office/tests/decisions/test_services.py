import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from manglar.accounts.choices import Role
from manglar.decisions import selectors, services
from manglar.decisions.models import AdviceOption, Decision, DecisionFollowUp
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from tests import chain_factories as make
from tests.chain_factories import OFFICE, ON

pytestmark = pytest.mark.django_db


def take(note, by=OFFICE, **given):
    values = {"title": translated("Sí"), "reason": translated("Conviene"), "decided_on": ON, "post": "Alcaldía"}
    return services.take_decision(by=by, note=note, **{**values, **given})


def test_the_note_goes_from_the_editor_to_the_mayor(panama, someone_with):
    editor, approver = someone_with(panama, Role.EDITOR), someone_with(panama, Role.APPROVER)
    mayor = someone_with(panama, Role.MAYOR_OFFICE)
    note = make.note(panama, by=editor, submitted=False)
    with pytest.raises(NotAllowed):
        services.submit_note(by=editor, note=note, on=ON)
    note = services.submit_note(by=approver, note=note, on=ON)
    assert list(selectors.notes_waiting(panama)) == [note]
    with pytest.raises(NotAllowed):
        take(note, by=approver)
    made = take(note, by=mayor, option=note.options.first())
    assert (made.decided_by, made.decided_by_post) == (mayor.user, "Alcaldía")
    assert selectors.note_by_id(panama, note.public_id).state == "decided"
    assert not selectors.notes_waiting(panama)


def test_fewer_than_two_options_are_no_choice(panama):
    with pytest.raises(Conflict, match="al menos 2"):
        make.note(panama, options=1)


def test_nobody_decides_the_note_that_they_wrote(panama, someone_with):
    both = someone_with(panama, Role.EDITOR, Role.MAYOR_OFFICE)
    note = make.note(panama, by=both)
    with pytest.raises(Conflict, match="Quien escribió"):
        take(note, by=both)
    made = take(note)
    with pytest.raises(Conflict, match="Quien escribió"):
        services.supersede_decision(
            by=both, decision=made, title=translated("No"), reason=translated("x"), decided_on=ON, post="Alcaldía"
        )


def test_something_else_than_the_options_may_be_decided_with_its_reason(panama):
    note = make.note(panama)
    with pytest.raises(InvalidInput, match="por qué"):
        take(note, reason={})
    assert take(note, title=translated("Ninguna todavía")).option is None
    with pytest.raises(Conflict, match="ya está decidida"):
        take(note)


def test_options_of_other_notes_are_refused(panama):
    one, other = make.note(panama), make.note(panama, submitted=False)
    with pytest.raises(InvalidInput, match="otra nota"):
        take(one, option=other.options.first())
    with pytest.raises(InvalidInput, match="otra nota"):
        services.recommend_option(by=OFFICE, note=other, option=one.options.first())


def test_a_presented_note_is_not_edited(panama):
    note = make.note(panama)
    for refused in (
        lambda: services.add_option(by=OFFICE, note=note, title=translated("Tres")),
        lambda: services.change_note(by=OFFICE, note=note, question=translated("¿Otra?")),
        lambda: services.attach_risk(by=OFFICE, note=note, run_id="corrida-1", summary={}),
        lambda: services.remove_option(by=OFFICE, option=note.options.first()),
    ):
        with pytest.raises(Conflict, match="ya no se edita"):
            refused()
    with pytest.raises(InvalidInput, match="motivo"):
        services.return_note(by=OFFICE, note=note, reason="")
    back = services.return_note(by=OFFICE, note=note, reason="Falta el costo de mantenimiento")
    assert (back.state, back.submitted_on) == ("draft", None)
    services.add_option(by=OFFICE, note=back, title=translated("Tres"))


def test_two_people_see_each_others_change(panama):
    note = make.note(panama, submitted=False)
    services.change_note(by=OFFICE, note=note, seen_version=1, question=translated("¿Uno?"))
    with pytest.raises(Conflict, match="Otra persona"):
        services.change_note(by=OFFICE, note=note, seen_version=1, question=translated("¿Dos?"))


def test_every_figure_of_an_option_carries_its_mark(panama):
    note = make.note(panama, submitted=False)
    for values in (
        {"cost_pab": Decimal("5")},
        {"cost_pab": Decimal("-5"), "cost_mark": "fuente"},
        {"avoided_damage_pab": Decimal("5")},
        {"cost_mark": "fuente"},
        {"color": "rojo"},
        {"avoided_damage_low_pab": Decimal("9"), "avoided_damage_high_pab": Decimal("1")},
    ):
        with pytest.raises(InvalidInput):
            services.add_option(by=OFFICE, note=note, title=translated("X"), **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdviceOption.objects.update(cost_mark="")


def test_a_risk_run_is_kept_as_it_was(panama):
    note = make.note(panama, submitted=False)
    summary = {"before": {"expected_annual_damage_pab": "100.00"}, "after": {"expected_annual_damage_pab": "60.00"}}
    held = services.attach_risk(by=OFFICE, note=note, run_id="corrida-0123456789", summary=summary)
    assert (held.risk_run_id, held.risk_summary) == ("corrida-0123456789", summary)


def test_a_superseded_decision_stays_and_points_at_its_successor(panama):
    note = make.note(panama)
    first = make.decision(note)
    second = services.supersede_decision(
        by=OFFICE,
        decision=first,
        title=translated("Se hace el dique"),
        reason=translated("Cambió el costo"),
        decided_on=ON + dt.timedelta(days=30),
        post="Alcaldía",
    )
    first.refresh_from_db()
    assert (first.state, first.superseded_by, second.state) == ("superseded", second, "taken")
    with pytest.raises(Conflict, match="sustituida"):
        services.revoke_decision(by=OFFICE, decision=first, reason="x")
    with pytest.raises(InvalidInput):
        services.revoke_decision(by=OFFICE, decision=second, reason=" ")
    assert services.revoke_decision(by=OFFICE, decision=second, reason="Sin fondos").state == "revoked"


def test_a_note_has_one_decision_in_force(panama):
    made = make.decision(make.note(panama))
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            government=panama, note=made.note, title={}, reason={}, decided_on=ON, decided_by_post="x", decided_by_name="x"
        )


def test_commitments_follow_from_a_decision_once(panama):
    made = make.decision(make.note(panama))
    promise = make.commitment(panama, make.institution(panama))
    one = services.follow_decision(by=OFFICE, decision=made, commitment=promise)
    assert services.follow_decision(by=OFFICE, decision=made, commitment=promise) == one
    assert DecisionFollowUp.objects.count() == 1


def test_a_commitment_from_a_decision_is_for_the_initiative_of_its_note(panama):
    node = make.node(make.edition(panama))
    made = make.decision(make.note(panama, node=node))
    promise = services.commit_from_decision(
        by=OFFICE, decision=made, institution=make.institution(panama), text=translated("Limpiar"), made_on=ON
    )
    assert promise.node == node
    assert [f.commitment for f in selectors.decision_by_id(panama, made.public_id).follow_ups.all()] == [promise]


def test_a_withdrawn_note_says_why(panama):
    note = make.note(panama)
    assert services.withdraw_note(by=OFFICE, note=note, reason="Ya no aplica").state == "withdrawn"
    with pytest.raises(Conflict, match="presentada"):
        take(note)
