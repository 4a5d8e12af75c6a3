"""Following records, and telling followers what the log says since the last time."""

import datetime as dt
from collections import defaultdict

from django.db import transaction

from manglar.accounts.actors import Actor
from manglar.accounts.models import User
from manglar.audit.selectors import ActSeen, acts_on, last_entry
from manglar.audit.services import act
from manglar.governments.models import Government
from manglar.margin import selectors
from manglar.margin.choices import QUIET_ACTS, Mails, NoticeKind
from manglar.margin.models import Follow, Notification, Reading, Record
from manglar.margin.permissions import may_follow
from manglar.margin.services.checks import checked_record, person
from manglar.margin.services.notices import letter_of_changes
from manglar.operations.services import queue_message

READER = "followers"
AT_ONCE = 1_000


def follow(*, by: Actor, record: Record, at: dt.datetime) -> Follow:
    """Follow a record from now on; twice changes nothing."""
    user = person(may_follow, by, record.government)
    record = checked_record(record)
    key = {"government": record.government, "subject": record.public_id, "user": user}
    if held := Follow.objects.filter(**key).first():
        return held
    rest = {"subject_kind": record.kind, "title": record.title, "from_entry": last_entry(), "at": at}
    with act("follow.started", by=by, government_id=record.government.pk, subject=record.public_id):
        made, _is_new = Follow.objects.get_or_create(**key, defaults=rest)
    return made


def stop_following(*, by: Actor, record: Record) -> None:
    """Stop following a record; what was not followed changes nothing."""
    user = person(may_follow, by, record.government)
    held = Follow.objects.filter(government=record.government, subject=record.public_id, user=user)
    if held.exists():
        with act("follow.ended", by=by, government_id=record.government.pk, subject=record.public_id):
            held.delete()


def tell_followers(*, by: Actor, at: dt.datetime, limit: int = AT_ONCE) -> int:
    """Tell followers what somebody else did on what they follow; return how many notifications were made.

    The log is read in the order in which it was sealed, from where the last reading ended. Notifications and
    the new place are one transaction, so a worker that dies, or two that read at once, tell nobody twice.
    """
    floor, newest = selectors.first_entry_followed(), last_entry()
    if floor is None or newest <= max(selectors.read_until(READER), floor):
        return 0
    with transaction.atomic():
        place, _made = Reading.objects.select_for_update().get_or_create(name=READER)
        start = max(place.entry, floor)
        seen = acts_on(Follow.objects.values("subject"), after=start, up_to=newest, limit=limit)
        made = _tell(by, _notices(seen, at), at)
        reached = seen[-1].entry if len(seen) == limit else newest
        Reading.objects.filter(pk=place.pk).update(entry=max(place.entry, reached))
    return made


def _notices(seen: list[ActSeen], at: dt.datetime) -> list[tuple[Follow, Notification]]:
    """One notification for each follower and act that was not told yet, with the follow that asks for it."""
    said = [each for each in seen if each.event not in QUIET_ACTS]
    followers = selectors.followers_of(each.subject for each in said)
    told = selectors.told_already(each.source for each in said)
    made: list[tuple[Follow, Notification]] = []
    for each in said:
        for held in followers.get((each.chain, each.subject), ()):
            key = (held.user_id, each.subject, each.source)
            if key in told or each.entry <= held.from_entry or each.actor_ref == held.user.public_id:
                continue
            told.add(key)
            notice = Notification(
                government=held.government, subject=each.subject, subject_kind=held.subject_kind, title=held.title,
                recipient=held.user, kind=NoticeKind.CHANGE, event=each.event, source=each.source, at=at,
            )  # fmt: skip
            made.append((held, notice))
    return made


def _tell(by: Actor, made: list[tuple[Follow, Notification]], at: dt.datetime) -> int:
    """Keep the notifications, an act for each government, and one mail for each person who wants them all."""
    by_government: dict[Government, list[tuple[Follow, Notification]]] = defaultdict(list)
    for held, notice in made:
        by_government[held.government].append((held, notice))
    for government, theirs in by_government.items():
        with act("followers.told", by=by, government_id=government.pk):
            Notification.objects.bulk_create([notice for _held, notice in theirs])
            _mail(by, government, [held for held, _notice in theirs], at)
    return len(made)


def _mail(by: Actor, government: Government, follows: list[Follow], at: dt.datetime) -> None:
    records: dict[User, dict[str, Record]] = defaultdict(dict)
    for held in follows:
        records[held.user][held.subject] = Record(government, held.subject, held.subject_kind, held.title)
    wanted = selectors.mails_wanted(government, records)
    for user, changed in records.items():
        if wanted.get(user.pk) == Mails.EVERYTHING:
            subject, body = letter_of_changes(user, list(changed.values()))
            queue_message(by=by, government=government, to=user.email, subject=subject, body=body, at=at)
