"""What the making of a city carries along: its size, its dice, its words, and what has been made so far."""

import datetime as dt
import random
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from manglar.accounts.actors import Actor, program
from manglar.evidence.models import Finding
from manglar.example.stage import Stage
from manglar.foundation.translated import translated
from manglar.governments.models import Government
from manglar.network.models import Institution, Person
from manglar.seed.sizes import Size
from manglar.strategy.models import Edition, Node
from manglar.territory.choices import Level
from manglar.territory.models import Division

BUILDER = program("ciudad de prueba")
SAID = "Dato de la ciudad de prueba: ilustrativo, no describe ningún lugar ni institución."
Text = dict[str, str]


@cache
def words() -> dict[str, Any]:
    """The words of which the texts are made."""
    return tomllib.loads((Path(__file__).resolve().parent / "facts" / "words.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class City:
    """A city in the making."""

    size: Size
    dice: random.Random
    stage: Stage
    institutions: list[Institution] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    edition: Edition | None = None
    earlier: Edition | None = None
    actions: list[Node] = field(default_factory=list)
    initiatives: list[Node] = field(default_factory=list)

    @property
    def home(self) -> Government:
        """The government of the city."""
        return self.stage.home

    @property
    def corregimientos(self) -> list[Division]:
        """Where things happen, in the order of their codes."""
        held = self.stage.divisions
        return [held[code] for code in sorted(held) if held[code].level == Level.CORREGIMIENTO]

    def actor(self, key: str) -> Actor:
        """Who does something, by the key of the role in the example."""
        return self.stage.actors[key]

    def day(self, since: dt.date, until: dt.date) -> dt.date:
        """A day between two others, both counted."""
        return since + dt.timedelta(days=self.dice.randint(0, max(0, (until - since).days)))

    def pair(self, name: str) -> tuple[str, str]:
        """Some words of a list, in Spanish and English."""
        es, en = self.dice.choice(words()[name])
        return es, en

    def place(self) -> str:
        """The name of some corregimiento."""
        return self.dice.choice(self.corregimientos).name


def made_up(es: str, en: str) -> Text:
    """A text in both languages that says of itself that it is made up."""
    return translated(f"{es[:1].upper()}{es[1:]} (ilustrativo)", f"{en[:1].upper()}{en[1:]} (illustrative)")
