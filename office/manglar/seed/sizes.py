"""How large a made-up city is, and between which days its story is told."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

#: The story runs between these days whenever it is told: the same city today and in a year.
BEGINS = dt.date(2017, 1, 2)
ENDS = dt.date(2026, 10, 31)
REVISED_YEAR = 2022
SEED = 20261124


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each thing; ``doers`` of the institutions answer for actions, ``reports`` is for each milestone, ``released`` for each of the last kinds."""

    name: str
    users: int
    institutions: int
    doers: int
    pillars: int
    goals: int
    initiatives: int
    actions: int
    earlier_actions: int
    sources: int
    findings: int
    assets: Mapping[str, int]
    samples: int
    notes: int
    agreements: int
    commitments: int
    milestones: int
    reports: int
    by_link: int
    released: int
    buildings: int
    in_bulk: bool


#: The numbers of a city are those of the design («Sizes»); a small one has something of everything.
SIZES = {
    "small": Size(
        name="small", users=24, institutions=14, doers=6, pillars=2, goals=4, initiatives=6, actions=14, earlier_actions=8,
        sources=4, findings=9, assets={"hospital": 5, "school": 12, "clinic": 8}, samples=400, notes=5, agreements=3,
        commitments=9, milestones=3, reports=4, by_link=12, released=12, buildings=500, in_bulk=False,
    ),
    "city": Size(
        name="city", users=500, institutions=200, doers=40, pillars=5, goals=15, initiatives=60, actions=320,
        earlier_actions=200, sources=120, findings=300, assets={"hospital": 40, "school": 1200, "clinic": 800,
        "shelter": 500, "bridge": 400}, samples=1000, notes=150, agreements=60, commitments=300, milestones=30,
        reports=32, by_link=5, released=600, buildings=300_000, in_bulk=True,
    ),
}
