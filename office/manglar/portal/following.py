"""What follows from what is public: of a place, of a hazard, of a record, step by step down the chain."""

from collections.abc import Iterable

from manglar.publication.choices import Kind
from manglar.publication.models import Release
from manglar.publication.selectors import released

#: From a finding to a milestone there are at most as many steps; no more are followed.
STEPS = 6


def following(code: str) -> set[str]:
    """What is public about a division (its code), and what follows from it."""
    return following_from(released(division=code).order_by().values_list("subject_id", flat=True))


def following_hazard(code: str) -> set[str]:
    """The public findings about a hazard (its code), and what follows from them."""
    return following_from(each.subject_id for each in released(kind=Kind.FINDING).defer("folded") if hazard_of(each) == code)


def following_from(public_ids: Iterable[str]) -> set[str]:
    """Some records and everything public that follows from them."""
    seen = set(public_ids)
    frontier = set(seen)
    for _step in range(STEPS):
        if not frontier:
            break
        rows = Release.objects.filter(is_current=True, links_up__to_id__in=frontier)
        frontier = set(rows.order_by().values_list("subject_id", flat=True)) - seen
        seen |= frontier
    return seen


def hazard_of(release: Release) -> str:
    """The code of the hazard of a released finding; empty when it names none."""
    return str((release.payload.get("fields", {}).get("hazard") or {}).get("code", ""))
