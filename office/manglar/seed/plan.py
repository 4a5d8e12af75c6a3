"""Want: a strategy with its present edition and the one before it, imported as an office would import its spreadsheet."""

import csv
import datetime as dt
import io
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from manglar.foundation.dates import PartialDate
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.seed.city import SAID, City, Text, made_up, words
from manglar.seed.sizes import BEGINS, ENDS, REVISED_YEAR
from manglar.strategy import services as strategy
from manglar.strategy.choices import NodeState
from manglar.strategy.models import Edition
from manglar.strategy.services import PlanOptions

TITLE = "Estrategia de una ciudad de prueba (ilustrativa)"
LEVELS = ("pilar", "objetivo", "iniciativa", "acción")
HEADINGS = ("código", "nivel", "título", "título_en", "texto", "inicio", "fin", "costo", "procedencia del costo", "responsables", "territorio")
STATES = (NodeState.PLANNED, NodeState.IN_PROGRESS, NodeState.IN_PROGRESS, NodeState.DONE, NodeState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the plan."""

    code: str
    level: str
    title: Text
    is_new: bool = False


def want(city: City) -> None:
    """Write both editions and adopt them; say how the actions stand and which findings argue for them."""
    rows = _rows(city)
    city.earlier = _edition(city, str(BEGINS.year + 1), [row for row in rows if not row.is_new], since=BEGINS.year + 1)
    city.edition = _edition(city, str(REVISED_YEAR), rows, since=BEGINS.year + 1, copy_of=city.earlier)
    with transaction.atomic():
        _stand(city)


def _rows(city: City) -> list[Row]:
    """The tree in reading order; what the earlier edition lacked is new."""
    size = city.size
    rows = [
        Row(str(n + 1), LEVELS[0], made_up(*words()["pillars"][n])) for n in range(size.pillars)
    ]
    goals = _under(city, [row.code for row in rows], size.goals, LEVELS[1])
    initiatives = _under(city, [row.code for row in goals], size.initiatives, LEVELS[2])
    actions = _under(city, [row.code for row in initiatives], size.actions, LEVELS[3])
    return [*rows, *goals, *initiatives, *actions]


def _under(city: City, parents: list[str], count: int, level: str) -> list[Row]:
    """``count`` rows shared out under their parents; the last actions are new in the present edition."""
    made = []
    for number in range(count):
        (es, en), place = city.pair("themes"), city.place()
        if level == LEVELS[1]:
            (aim_es, aim_en) = city.pair("aims")
            es, en = f"{aim_es}: {es}", f"{aim_en}: {en}"
        elif level == LEVELS[2]:
            es, en = f"{es} en {place}", f"{en} in {place}"
        else:
            step_es, step_en = city.pair("steps")
            es, en = f"{step_es}: {es} en {place}", f"{step_en}: {en} in {place}"
        code = f"{parents[number % len(parents)]}.{number // len(parents) + 1}"
        made.append(Row(code, level, made_up(es, en), level == LEVELS[3] and number >= city.size.earlier_actions))
    return made


def _edition(city: City, label: str, rows: list[Row], *, since: int, copy_of: Edition | None = None) -> Edition:
    editor, director = city.actor("editor"), city.actor("director")
    if copy_of is not None:
        strategy.start_edition(by=editor, strategy=copy_of.strategy, label=label, copy_of=copy_of)
    edition, preview = strategy.import_strategy(
        by=editor, government=city.home, name=f"plan-ilustrativo-{label}.csv", content=_sheet(city, rows, since),
        options=PlanOptions(strategy_title=TITLE, edition_label=label, mark=Mark.ILLUSTRATIVE, source=SAID),
        at=timezone.make_aware(dt.datetime.combine(dt.date(int(label), 3, 1), dt.time(12))),
    )
    if preview.problems:
        raise InvalidInput(say("El plan de la ciudad de prueba no se pudo importar: {why}", why=str(preview.problems[0])))
    return strategy.adopt_edition(
        by=director, edition=edition, adopted_on=PartialDate(int(label), 3),
        act_text=f"Acto ilustrativo de {label}: esta edición no existe fuera de la ciudad de prueba.",
    )


def _sheet(city: City, rows: list[Row], since: int) -> bytes:
    sheet = io.StringIO()
    out = csv.writer(sheet)
    out.writerow(HEADINGS)
    for row in rows:
        deep = row.level in LEVELS[2:]
        starts = city.dice.randint(since, ENDS.year - 3)
        out.writerow([
            row.code, row.level, row.title["es"], row.title["en"], f"{SAID} Cuenta qué se haría.",
            starts if deep else "", starts + city.dice.randint(2, 8) if deep else "",
            city.dice.randrange(50_000, 4_000_000, 5_000) if deep else "", Mark.ILLUSTRATIVE.value if deep else "",
            "; ".join(each.code for each in city.dice.sample(city.institutions[: city.size.doers], k=2)) if deep else "",
            city.dice.choice(city.corregimientos).code if deep else "",
        ])
    return sheet.getvalue().encode()


def _stand(city: City) -> None:
    """How each action stands, and what it rests on."""
    if city.edition is None:
        return
    editor = city.actor("editor")
    nodes = list(city.edition.nodes.select_related("government").order_by("position"))
    city.initiatives = [node for node in nodes if node.depth == 3]
    city.actions = [node for node in nodes if node.depth == 4]
    for node in [*city.initiatives, *city.actions]:
        strategy.set_node_state(
            by=editor, node=node, state=city.dice.choice(STATES), reason="Estado ilustrativo, según los últimos reportes."
        )
    for node in city.initiatives:
        strategy.link_findings(by=editor, node=node, findings=city.dice.sample(city.findings, k=min(2, len(city.findings))))
