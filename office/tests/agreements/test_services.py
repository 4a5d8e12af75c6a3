import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from manglar.accounts.choices import Role
from manglar.agreements import selectors, services
from manglar.agreements.models import Commitment
from manglar.foundation.dates import PartialDate
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from tests import chain_factories as make
from tests.chain_factories import OFFICE, ON

pytestmark = pytest.mark.django_db


def test_an_agreement_needs_two_parties_and_a_date(panama):
    obras, agua = make.institution(panama), make.institution(panama, "agua", "Aguas")
    alone = make.agreement(panama, obras, in_force=False)
    with pytest.raises(Conflict, match="dos partes"):
        services.put_in_force(by=OFFICE, agreement=alone)
    undated = services.record_agreement(
        by=OFFICE, government=panama, title=translated("Sin fecha"), parties=[(obras, ""), (agua, "")]
    )
    with pytest.raises(InvalidInput, match="fecha"):
        services.put_in_force(by=OFFICE, agreement=undated)
    assert services.put_in_force(by=OFFICE, agreement=undated, made_on=PartialDate(2026)).state == "in_force"
    with pytest.raises(InvalidInput, match="dos veces"):
        make.agreement(panama, obras, obras)


def test_an_agreement_ends_with_a_reason(panama):
    made = make.agreement(panama, make.institution(panama), make.institution(panama, "agua", "Aguas"))
    with pytest.raises(InvalidInput):
        services.end_agreement(by=OFFICE, agreement=made, reason="")
    assert services.end_agreement(by=OFFICE, agreement=made, reason="Se cumplió").state == "ended"
    with pytest.raises(Conflict):
        services.end_agreement(by=OFFICE, agreement=made, reason="Otra vez")


def test_only_parties_promise_in_an_agreement(panama):
    obras, agua = make.institution(panama), make.institution(panama, "agua", "Aguas")
    other = make.institution(panama, "aseo", "Aseo")
    made = make.agreement(panama, obras, agua)
    assert make.commitment(panama, obras, agreement=made).agreement == made
    with pytest.raises(InvalidInput, match="no es parte"):
        make.commitment(panama, other, agreement=made)


def test_a_promise_does_not_fall_due_before_it_is_made(panama):
    with pytest.raises(InvalidInput, match="antes"):
        make.commitment(panama, make.institution(panama), due_on=PartialDate(2026, 4))


def test_a_withdrawn_or_broken_promise_says_why(panama):
    made = make.commitment(panama, make.institution(panama))
    with pytest.raises(Conflict, match="motivo"):
        services.withdraw_commitment(by=OFFICE, commitment=made, on=ON, reason=" ")
    gone = services.withdraw_commitment(by=OFFICE, commitment=made, on=ON, reason="Cambió el diseño")
    assert (gone.state, gone.state_on) == ("withdrawn", ON)
    with pytest.raises(Conflict, match="no puede pasar"):
        services.report_commitment(by=OFFICE, commitment=made, state="fulfilled", on=ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.update(state_reason="")


def test_a_focal_point_records_nothing_here(panama, someone_with):
    obras = make.institution(panama)
    with pytest.raises(NotAllowed):
        services.record_commitment(
            by=someone_with(panama, Role.FOCAL_POINT),
            government=panama,
            institution=obras,
            text=translated("x"),
            made_on=ON,
        )


def test_who_owes_what_on_a_day(panama):
    obras, agua = make.institution(panama), make.institution(panama, "agua", "Aguas")
    late = make.commitment(panama, obras, due_on=PartialDate(2026, 5, 10))
    make.commitment(panama, obras)
    make.commitment(panama, agua)
    kept = make.commitment(panama, agua, due_on=PartialDate(2026, 5, 10))
    services.report_commitment(by=OFFICE, commitment=kept, state="fulfilled", on=ON)
    on = dt.date(2026, 5, 20)
    assert [(p.commitment, p.days_late) for p in selectors.late_promises(panama, on)] == [(late, 10)]
    assert [(d.institution.code, d.live, d.late, d.longest_days_late) for d in selectors.debts(panama, on)] == [
        ("obras", 2, 1, 10), ("agua", 1, 0, 0),
    ]
