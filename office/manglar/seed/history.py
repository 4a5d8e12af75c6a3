"""Ten years of milestones and reports: first planned as a story, then told by services or in bulk."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from manglar.accounts.actors import Actor, actor_for_user
from manglar.accounts.choices import Purpose
from manglar.accounts.selectors import link_by_token
from manglar.delivery import services as delivery
from manglar.delivery.choices import MilestoneState
from manglar.delivery.models import Milestone
from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.network.models import Institution, Person
from manglar.seed.city import SAID, City, Text, made_up, words
from manglar.seed.sizes import BEGINS, ENDS
from manglar.strategy.models import Node

MONTH = dt.timedelta(days=30)
APPROVED_AFTER = dt.timedelta(days=5)
CORRECT_THIS = "Falta decir qué queda por hacer (ilustrativo)."


@dataclass(frozen=True, slots=True)
class Told:
    """One report: what it says and what became of it."""

    on: dt.date
    state: str
    percent: int
    text: Text
    by_link: bool
    sent_back: bool
    approved: bool


@dataclass(slots=True)
class Step:
    """A milestone with everything that will be reported on it."""

    node: Node
    institution: Institution
    person: Person
    title: Text
    created_on: dt.date
    due_on: dt.date
    reports: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class Month:
    """What happens between two days, in order: steps that are planned, and reports on steps."""

    planned: list[int] = field(default_factory=list)
    told: list[tuple[int, Told]] = field(default_factory=list)


def story(city: City) -> list[Step]:
    """Every milestone of every action, with its reports: a pure draw of the dice, nothing is written."""
    steps = []
    for node in city.actions:
        answers = [each.institution for each in node.responsibilities.select_related("institution").order_by("pk")]
        for number in range(city.size.milestones):
            institution = answers[number % len(answers)]
            created = city.day(BEGINS, ENDS - 3 * MONTH)
            es, en = city.pair("milestones")
            step = Step(
                node, institution, city.people[institution.pk], made_up(f"{es} {number + 1}", f"{en} {number + 1}"),
                created, created + dt.timedelta(days=city.dice.randint(90, 1000)),
            )
            step.reports = list(_reports(city, created))
            steps.append(step)
    return steps


def _reports(city: City, created: dt.date) -> Iterator[Told]:
    """About one a month until it is done, given up, or the story ends."""
    dice, on, percent = city.dice, created, 0
    for number in range(city.size.reports):
        on += dt.timedelta(days=dice.randint(24, 36))
        if on > ENDS:
            return
        percent = min(100, percent + dice.randint(0, max(2, 190 // city.size.reports)))
        is_last = percent == 100
        recent = (ENDS - on).days < 25
        yield Told(
            on, MilestoneState.DONE.value if is_last else MilestoneState.IN_PROGRESS.value, percent,
            dict(zip(("es", "en"), city.pair("reports"), strict=True)),
            by_link=dice.randrange(100) < city.size.by_link, sent_back=dice.randrange(8) == 0 and number > 0,
            approved=not recent or dice.randrange(3) == 0,
        )
        if is_last:
            return


def months(steps: list[Step]) -> list[Month]:
    """The story by months, each in the order in which things are written."""
    count = (ENDS - BEGINS) // MONTH + 1
    found = [Month() for _ in range(count)]
    for place, step in enumerate(steps):
        found[(step.created_on - BEGINS) // MONTH].planned.append(place)
        for told in step.reports:
            found[(told.on - BEGINS) // MONTH].told.append((place, told))
    for month in found:
        month.told.sort(key=lambda each: (each[1].on, each[0]))
    return found


def noon(day: dt.date) -> dt.datetime:
    """Noon of a day in the city."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def approved_at(told: Told) -> dt.datetime:
    """When a report was approved."""
    return noon(told.on + APPROVED_AFTER)


def author_of(city: City, step: Step) -> Actor:
    """Who reports on a step: its institution's focal point, or the office where they have no account."""
    user = step.person.user
    return actor_for_user(user, door="page") if user is not None else city.actor("editor")


def tell_by_services(city: City, steps: list[Step]) -> list[Milestone]:
    """Write the story as the office would, one act at a time."""
    made: dict[int, Milestone] = {}
    for month in months(steps):
        for place in month.planned:
            step = steps[place]
            made[place] = delivery.plan_milestone(
                by=city.actor("editor"), government=city.home, node=step.node, title=step.title, on=step.created_on,
                due_on=PartialDate(step.due_on.year, step.due_on.month), mark=Mark.ILLUSTRATIVE, source_text=SAID,
            )
        for place, told in month.told:
            _report(city, steps[place], made[place], told)
    return [made[place] for place in sorted(made)]


def _report(city: City, step: Step, milestone: Milestone, told: Told) -> None:
    report = delivery.Report(state=told.state, percent=told.percent, text=told.text["es"])
    author, director = author_of(city, step), city.actor("director")
    if told.by_link:
        _request, token = delivery.ask_for_update(
            by=city.actor("editor"), milestone=milestone, person=step.person, at=noon(told.on - dt.timedelta(days=2))
        )
        link = link_by_token(token, Purpose.MILESTONE_UPDATE)
        if link is None:
            raise Conflict(say("El enlace de la ciudad de prueba no se guardó."))
        update = delivery.report_by_link(link=link, report=report, at=noon(told.on), on=told.on)
    else:
        update = delivery.report_milestone(by=author, milestone=milestone, report=report, on=told.on)
        if told.sent_back:
            delivery.revise_update(by=director, update=update, reason=CORRECT_THIS)
            delivery.submit_update(by=author, update=update, on=told.on)
    if told.approved:
        delivery.approve_update(by=director, update=update, at=approved_at(told))


def some_obstacles(city: City, milestones: list[Milestone]) -> None:
    """What stands in the way of one milestone in ten; most were solved."""
    editor = city.actor("editor")
    for number, milestone in enumerate(milestones[:: max(1, len(milestones) // city.size.findings)]):
        obstacle = delivery.note_obstacle(
            by=editor, milestone=milestone, text=made_up(*words()["reports"][2]), on=milestone.created_on + MONTH
        )
        if number % 4:
            delivery.solve_obstacle(
                by=editor, obstacle=obstacle, solution=made_up("se reprogramó", "it was rescheduled"),
                on=milestone.created_on + 2 * MONTH,
            )
