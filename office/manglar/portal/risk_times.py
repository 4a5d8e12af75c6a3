"""Today and later: two public runs of a hazard that suppose different years, side by side."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Column, Figure, Row, Table
from manglar.portal.readings import language
from manglar.portal.risk import DAMAGE, MARK, money, money_range
from manglar.risk import selectors as risk
from manglar.risk.models import Run
from manglar.risk.selectors import Climate, Interval, Pair
from manglar.web.kinds.risk_sections import firmness

#: Among so many of the newest runs today and later are looked for.
LOOKED_AT = 40


def times_parts(runs: list[Run]) -> dict[str, Any]:
    """The figure of today and later, and what else the two runs asked differently; empty where there are no such two."""
    held = [run for run in runs if run.study in DAMAGE][:LOOKED_AT]
    pair = risk.today_and_later(held)
    if pair is None:
        return {}
    found = risk.compare(*pair, language=language())
    if found.why_not is not None or found.total is None or found.total.one is None or found.total.other is None:
        return {}
    climates = risk.climates_of(pair)
    names = (_named(climates[pair[0].pk]), _named(climates[pair[1].pk]))
    drawn = risk.pair_svg(found.total, labels=names, title=_("Daño anual esperado, hoy y más adelante"), language=language())
    rows = [_row(_("Toda la ciudad"), found.total), *(_row(each.name, each) for each in found.rows)]
    columns = [
        Column(_("Territorio")), *(part for name in names for part in (Column(name, numeric=True), Column(_("Entre (90%)"), numeric=True))),
        Column(_("Cambio"), numeric=True), Column(_("Qué tan firme")),
    ]  # fmt: skip
    table = Table(_("Daño al año en cada una"), columns, rows, stacked=False)
    told = _sentence(found.total, found.total.one, found.total.other, names)
    return {"times": Figure(told, SafeString(drawn), table, MARK), "times_differ": found.differs}


def _named(climate: Climate) -> str:
    return f"{climate.year} ({climate.scenario})" if climate.scenario else str(climate.year)


def _sentence(pair: Pair, one: Interval, other: Interval, names: tuple[str, str]) -> str:
    told = {"one": names[0], "other": names[1], "before": money(one.mean), "after": money(other.mean)}
    if not (one.is_known and other.is_known):
        text = _("De %(one)s a %(other)s el daño anual esperado pasa de %(before)s a %(after)s; sin intervalo, no se sabe si la diferencia es segura.")
    elif pair.is_apart:
        text = _("De %(one)s a %(other)s el daño anual esperado pasa de %(before)s a %(after)s; los intervalos no se tocan: la diferencia es más que la duda.")
    else:
        text = _("De %(one)s a %(other)s el daño anual esperado pasa de %(before)s a %(after)s; los intervalos se montan: la diferencia no es segura.")
    return text % told


def _row(name: str, pair: Pair) -> Row:
    sides = [text for side in (pair.one, pair.other) for text in ((money(side.mean), money_range(side)) if side else ("—", "—"))]
    return Row([Cell(name), *(Cell(text) for text in sides), Cell(_change(pair)), Cell(firmness(pair))])


def _change(pair: Pair) -> str:
    if pair.change is None:
        return "—"
    return f"{'+' if pair.change >= 0 else '−'}{money(abs(pair.change))}"
