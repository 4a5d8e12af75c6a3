"""The same story in bulk, for ten years of a whole city (ADR 0012).

Rows are written many at a time, inside the same acts that services use, and the database's own triggers record each
of them: nothing about the log is different but that one act explains the round of a month and an institution instead
of one report. What the services would check holds by construction, and a test writes one small story both ways and
compares the rows.
"""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from django.db import models

from manglar.accounts.actors import Actor, actor_for_link
from manglar.accounts.choices import Purpose
from manglar.accounts.models import SignedLink
from manglar.accounts.selectors import digest_of
from manglar.audit.models import Context
from manglar.audit.services import act
from manglar.delivery.choices import MilestoneState, UpdateState
from manglar.delivery.models import Milestone, MilestoneUpdate, UpdateRequest
from manglar.delivery.rules import LINK_DAYS
from manglar.foundation.bulk import columns_of, insert_rows, next_keys, prepared_rows, update_rows
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.operations.choices import MessageState
from manglar.operations.models import OutboxMessage
from manglar.seed.city import SAID, City
from manglar.seed.history import (
    CORRECT_THIS,
    Month,
    Step,
    Told,
    approved_at,
    author_of,
    months,
    noon,
)

ASKED_BEFORE = dt.timedelta(days=2)
BODY = "El texto de este mensaje no se guardó: es de la ciudad de prueba."


class Teller:
    """Writes months of a story; keys are taken beforehand, so that later rows may name earlier ones."""

    def __init__(self, city: City, steps: list[Step]) -> None:
        self.city, self.steps = city, steps
        self.milestones: dict[int, Milestone] = {}
        self.authors: dict[int, Actor] = {}
        self.last_approved: dict[int, dt.date] = {}

    def tell(self, report: Callable[[float], None]) -> list[Milestone]:
        """Write the whole story; ``report`` hears how much of it is written."""
        told = months(self.steps)
        for number, month in enumerate(told, start=1):
            self._month(month)
            report(number / len(told))
        return [self.milestones[place] for place in sorted(self.milestones)]

    def _month(self, month: Month) -> None:
        self._plan(month.planned)
        links = self._ask([each for each in month.told if each[1].by_link])
        made: list[tuple[int, Told, MilestoneUpdate]] = []
        rounds: dict[int, list[tuple[int, Told]]] = defaultdict(list)
        for place, told in month.told:
            if told.by_link:
                made.append((place, told, self._by_link(place, told, links[place, told.on])))
            else:
                rounds[self.steps[place].institution.pk].append((place, told))
        for each in rounds.values():
            made += self._round(each)
        self._correct([each for each in made if each[1].sent_back and not each[1].by_link])
        self._approve([each for each in made if each[1].approved])

    def _act(self, event: str, by: Actor) -> AbstractContextManager[Context]:
        return act(event, by=by, government_id=self.city.home.pk, reason="Ciudad de prueba: ronda del mes.")

    def _plan(self, places: list[int]) -> None:
        steps = self.steps
        rows = [
            Milestone(
                government=self.city.home, node=steps[place].node, title=steps[place].title,
                due_on=PartialDate(steps[place].due_on.year, steps[place].due_on.month),
                created_on=steps[place].created_on, mark=Mark.ILLUSTRATIVE, source_text=SAID,
            )
            for place in places
        ]
        if rows:
            with self._act("milestone.planned", self.city.actor("editor")):
                _insert(Milestone, rows)
        self.milestones.update(zip(places, rows, strict=True))

    def _ask(self, asked: list[tuple[int, Told]]) -> dict[tuple[int, dt.date], SignedLink]:
        """Links, requests and letters of a month, as when the office asks everyone at once."""
        if not asked:
            return {}
        home = self.city.home
        links: list[SignedLink] = []
        requests: list[UpdateRequest] = []
        letters: list[OutboxMessage] = []
        for place, told in asked:
            milestone, person, at = self.milestones[place], self.steps[place].person, noon(told.on - ASKED_BEFORE)
            link = SignedLink(
                government=home, purpose=Purpose.MILESTONE_UPDATE, token_digest=digest_of(secrets.token_urlsafe(32)),
                person_name=person.name, email=person.email, subject_id=milestone.public_id,
                expires_at=at + dt.timedelta(days=LINK_DAYS),
            )
            links.append(link)
            requests.append(UpdateRequest(government=home, milestone=milestone, person=person, asked_at=at))
            letters.append(OutboxMessage(
                government=home, to=person.email, subject=f"¿Cómo va? {milestone.title['es']}"[:200], body=BODY,
                state=MessageState.SENT, attempts=1, try_at=at, sent_at=at,
            ))
        with self._act("update.asked", self.city.actor("editor")):
            _insert(SignedLink, links)
            for request, link in zip(requests, links, strict=True):
                request.link = link
            _insert(UpdateRequest, requests)
            _insert(OutboxMessage, letters)
        return {(place, told.on): link for (place, told), link in zip(asked, links, strict=True)}

    def _by_link(self, place: int, told: Told, link: SignedLink) -> MilestoneUpdate:
        """A person answers through their own link: an act of its own, as it always is."""
        by = actor_for_link(link)
        update = self._update(place, told, by)
        update.link = link
        with act("milestone.reported", by=by, government_id=self.city.home.pk, subject=self.milestones[place].public_id):
            update_rows(SignedLink, ["used_at"], [(link.pk, [noon(told.on)])])
            _insert(MilestoneUpdate, [update])
        return update

    def _update(self, place: int, told: Told, by: Actor) -> MilestoneUpdate:
        return MilestoneUpdate(
            government=self.city.home, milestone=self.milestones[place], state=UpdateState.PENDING,
            reported_state=told.state, percent=100 if told.state == MilestoneState.DONE else told.percent,
            text={"es": told.text["es"]}, reported_on=told.on, author_name=by.name, author_ref=by.ref,
        )

    def _author(self, place: int) -> Actor:
        step = self.steps[place]
        if step.institution.pk not in self.authors:
            self.authors[step.institution.pk] = author_of(self.city, step)
        return self.authors[step.institution.pk]

    def _round(self, told: list[tuple[int, Told]]) -> list[tuple[int, Told, MilestoneUpdate]]:
        by = self._author(told[0][0])
        rows = [self._update(place, each, by) for place, each in told]
        with self._act("milestone.reported", by):
            _insert(MilestoneUpdate, rows)
        return [(place, each, row) for (place, each), row in zip(told, rows, strict=True)]

    def _correct(self, made: list[tuple[int, Told, MilestoneUpdate]]) -> None:
        """Sent back by who approves, then sent again by who wrote them."""
        if not made:
            return
        with self._act("update.sent_back", self.city.actor("director")):
            update_rows(
                MilestoneUpdate, ["state", "revise_reason"],
                [(row.pk, [UpdateState.REVISE, CORRECT_THIS]) for _, _, row in made],
            )
        rounds: dict[int, list[tuple[int, MilestoneUpdate]]] = defaultdict(list)
        for place, _, row in made:
            rounds[self.steps[place].institution.pk].append((place, row))
        for each in rounds.values():
            with self._act("update.submitted", self._author(each[0][0])):
                update_rows(MilestoneUpdate, ["state"], [(row.pk, [UpdateState.PENDING]) for _, row in each])

    def _approve(self, made: list[tuple[int, Told, MilestoneUpdate]]) -> None:
        if not made:
            return
        director, moved = self.city.actor("director"), []
        for place, told, row in sorted(made, key=lambda each: (each[1].on, each[2].pk)):
            if told.on >= self.last_approved.get(place, told.on):
                self.last_approved[place] = told.on
                moved.append((self.milestones[place].pk, [told.state, row.percent, told.on]))
        with self._act("update.approved", director):
            update_rows(
                MilestoneUpdate, ["state", "approved_by", "approved_by_name", "approved_at"],
                [
                    (row.pk, [UpdateState.APPROVED, director.user.pk if director.user else None, director.name, approved_at(told)])
                    for _, told, row in made
                ],
            )
            update_rows(Milestone, ["state", "percent", "last_approved_on"], moved)


def _insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write new rows and give them their keys."""
    for row, key in zip(rows, next_keys(model, len(rows)), strict=True):
        row.pk = key
    insert_rows(model, prepared_rows(model, rows, with_key=True), [each.column for each in columns_of(model, with_key=True)])
