"""Reads about governments and what is shared between them."""

import datetime as dt

from django.db.models import Q, QuerySet

from manglar.governments.choices import Scope
from manglar.governments.models import Government, SharingGrant


def all_governments() -> QuerySet[Government]:
    """Every government of the installation, home first."""
    return Government.objects.all()


def home_government() -> Government | None:
    """The government whose installation this is, or None before there is one."""
    return Government.objects.filter(is_home=True).first()


def government_by_code(code: str) -> Government | None:
    """The government with this code, or None."""
    return Government.objects.filter(code=code).first()


def grants_in_force(*, to: Government, on: dt.date) -> QuerySet[SharingGrant]:
    """The grants that ``to`` holds on a day."""
    return SharingGrant.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=on),
        to=to,
        from_on__lte=on,
    )


def shared_record_ids(*, to: Government, on: dt.date, scope: Scope = Scope.READ) -> set[str]:
    """Public identifiers of the records that others share with ``to`` at this scope or a wider one."""
    grants = grants_in_force(to=to, on=on)
    if scope == Scope.CONTRIBUTE:
        grants = grants.filter(scope=Scope.CONTRIBUTE)
    return set(grants.values_list("record_id", flat=True))


def grants_of_record(record_id: str) -> QuerySet[SharingGrant]:
    """Every grant ever given on a record, newest first."""
    return SharingGrant.objects.filter(record_id=record_id).select_related("to", "government")
