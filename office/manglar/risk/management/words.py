"""A run as words for the terminal."""

from manglar.risk import selectors
from manglar.risk.choices import Study
from manglar.risk.rules.sentences import pab_words, people_words


def said_of_run(page: selectors.RunPage) -> str:
    """What a run that just ended says."""
    aside = [note for note in page.notes if note.kind == "set_aside" and note.field in {"territory", "place"}]
    lines = [f"{page.run.public_id}  {page.run.title}", page.sentence]
    if aside:
        lines.append(
            f"{len(aside)} activos quedaron aparte: " + "; ".join(f"{n.row}: {n.text}" for n in aside[:8]) + "."
        )
    lines.append(f"Vea cada corregimiento con «manglar risk show {page.run.public_id}».")
    return "\n".join(lines)


def shown(page: selectors.RunPage) -> str:
    """A run as tables for the terminal: only those that its study has."""
    lines = [f"{page.run.public_id}  {page.run.title}", page.sentence]
    lines += _territories(page) + _levels(page) + _rates(page) + _measures(page)
    if page.defaults:
        lines += ["", "Qué descansa en valores por defecto (parte del daño):"]
        lines += [f"{row.share:>5.0%}  {row.text}" for row in page.defaults]
    lines += ["", *(f"- {note.text}" for note in page.limits)]
    lines += [f"- {note.row}: {note.text}" for note in page.notes]
    drawn = f", semilla {page.run.seed}" if page.run.samples else ""
    lines += ["", f"motor {page.run.engine_version}{drawn}, resultado {page.run.result_sha256}"]
    return "\n".join(lines)


def _range(value: selectors.Interval) -> str:
    return f"{pab_words(value.low)} a {pab_words(value.high)}" if value.is_known else "sin intervalo"


def _territories(page: selectors.RunPage) -> list[str]:
    if not page.territories:
        return []
    lines = ["", f"{'corregimiento':<28} {'activos':>7} {'daño anual esperado':>22}   intervalo del 90%"]
    for row in page.territories:
        lines.append(f"{row.name[:28]:<28} {row.assets:>7,} {pab_words(row.ead_pab.mean):>22}   {_range(row.ead_pab)}")
    hurt = [(row.name, row.affected) for row in page.territories if row.affected and row.affected.mean > 0]
    if hurt:
        is_quake = page.run.study == Study.SEISMIC
        told = "en edificios con daño extenso o completo" if is_quake else "afectadas"
        lines += ["", f"Personas al año {told}:"]
        lines += [
            f"{name[:28]:<28} {people_words(count.mean):>7}   {people_words(count.low)} a {people_words(count.high)}"
            for name, count in hurt
        ]
    return lines


def _levels(page: selectors.RunPage) -> list[str]:
    lines = ["", f"{'escenario':<28} {'años':>6} {'nivel':>8}   intervalo del 90%"] if page.levels else []
    for row in page.levels:
        level = row.level_m
        lines.append(f"{(row.scenario_name or 'hoy')[:28]:<28} {row.years:>6g} {level.mean:>6.2f} m   {level.low:.2f} a {level.high:.2f} m")
    return lines


def _rates(page: selectors.RunPage) -> list[str]:
    lines = ["", f"{'corregimiento':<28} {'contados':>8} {'al año':>8}   intervalo del 90%"] if page.rates else []
    for row in page.rates:
        lines.append(f"{row.name[:28]:<28} {row.events:>8.3g} {row.rate.mean:>8.2g}   {row.rate.low:.2g} a {row.rate.high:.2g}")
    return lines


def _measures(page: selectors.RunPage) -> list[str]:
    lines = ["", "Medidas:"] if page.measures else []
    for each in page.measures:
        ratio = f"; {each.benefit_cost.mean:.2g} balboas por cada uno" if each.benefit_cost else ""
        lines.append(f"- {each.name}: evita {pab_words(each.total.avoided_pab.mean)} al año ({_range(each.total.avoided_pab)}){ratio}")
    return lines
