"""A run as words for the terminal, in the language of who reads it."""

from django.utils.translation import get_language

from manglar.foundation.sentences import Said, say
from manglar.risk import selectors
from manglar.risk.choices import Study
from manglar.risk.rules.sentences import pab_words, people_words


def said_of_run(page: selectors.RunPage) -> str:
    """What a run that just ended says."""
    aside = [note for note in page.notes if note.kind == "set_aside" and note.field in {"territory", "place"}]
    lines = [f"{page.run.public_id}  {page.run.title}", page.sentence]
    if aside:
        told = "; ".join(f"{n.row}: {n.text}" for n in aside[:8])
        lines.append(str(say("{count} activos quedaron aparte: {told}.", count=len(aside), told=told)))
    lines.append(str(say("Vea cada corregimiento con «manglar risk show {run}».", run=page.run.public_id)))
    return "\n".join(lines)


def shown(page: selectors.RunPage) -> str:
    """A run as tables for the terminal: only those that its study has."""
    run = page.run
    lines = [f"{run.public_id}  {run.title}", page.sentence]
    lines += _territories(page) + _levels(page) + _rates(page) + _measures(page)
    if page.defaults:
        lines += ["", str(say("Qué descansa en valores por defecto (parte del daño):"))]
        lines += [f"{row.share:>5.0%}  {row.text}" for row in page.defaults]
    lines += ["", *(f"- {note.text}" for note in page.limits)]
    lines += [f"- {note.row}: {note.text}" for note in page.notes]
    made = say("motor {engine}, resultado {result}", engine=run.engine_version, result=run.result_sha256)
    if run.samples:
        made = say("motor {engine}, semilla {seed}, resultado {result}", engine=run.engine_version, seed=run.seed, result=run.result_sha256)
    return "\n".join([*lines, "", str(made)])


def _pab(amount: float) -> str:
    return pab_words(amount, get_language() or "es")


def _between(low: str, high: str) -> str:
    return str(say("{low} a {high}", low=low, high=high))


def _range(value: selectors.Interval) -> str:
    return _between(_pab(value.low), _pab(value.high)) if value.is_known else str(say("sin intervalo"))


def _heads(*words: Said) -> list[str]:
    return [str(each) for each in (*words, say("intervalo del 90%"))]


def _territories(page: selectors.RunPage) -> list[str]:
    if not page.territories:
        return []
    place, assets, damage, interval = _heads(say("corregimiento"), say("activos"), say("daño anual esperado"))
    lines = ["", f"{place:<28} {assets:>7} {damage:>22}   {interval}"]
    for row in page.territories:
        lines.append(f"{row.name[:28]:<28} {row.assets:>7,} {_pab(row.ead_pab.mean):>22}   {_range(row.ead_pab)}")
    hurt = [(row.name, row.affected) for row in page.territories if row.affected and row.affected.mean > 0]
    if hurt:
        quake = say("Personas al año en edificios con daño extenso o completo:")
        lines += ["", str(quake if page.run.study == Study.SEISMIC else say("Personas al año afectadas:"))]
        lines += [
            f"{name[:28]:<28} {people_words(n.mean):>7}   {_between(people_words(n.low), people_words(n.high))}"
            for name, n in hurt
        ]
    return lines


def _levels(page: selectors.RunPage) -> list[str]:
    if not page.levels:
        return []
    scenario, years, level, interval = _heads(say("escenario"), say("años"), say("nivel"))
    lines = ["", f"{scenario:<28} {years:>6} {level:>8}   {interval}"]
    for row in page.levels:
        name, m = row.scenario_name or str(say("hoy")), row.level_m
        lines.append(f"{name[:28]:<28} {row.years:>6g} {m.mean:>6.2f} m   {_between(f'{m.low:.2f}', f'{m.high:.2f} m')}")
    return lines


def _rates(page: selectors.RunPage) -> list[str]:
    if not page.rates:
        return []
    place, counted, yearly, interval = _heads(say("corregimiento"), say("contados"), say("al año"))
    lines = ["", f"{place:<28} {counted:>8} {yearly:>8}   {interval}"]
    for row in page.rates:
        low, high = f"{row.rate.low:.2g}", f"{row.rate.high:.2g}"
        lines.append(f"{row.name[:28]:<28} {row.events:>8.3g} {row.rate.mean:>8.2g}   {_between(low, high)}")
    return lines


def _measures(page: selectors.RunPage) -> list[str]:
    lines = ["", str(say("Medidas:"))] if page.measures else []
    for each in page.measures:
        saved, ratio = each.total.avoided_pab, each.benefit_cost
        told = say("evita {amount} al año ({interval})", amount=_pab(saved.mean), interval=_range(saved))
        back = f"; {say('{ratio} balboas por cada uno', ratio=f'{ratio.mean:.2g}')}" if ratio else ""
        lines.append(f"- {each.name}: {told}{back}")
    return lines
