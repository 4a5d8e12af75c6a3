"""What is being done in a place: the initiatives that name it, those that hang from them, and those that answer to it."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from manglar.design.shapes import Cell, Column, Row, Table
from manglar.portal.copies import Copy, copies
from manglar.portal.readings import says
from manglar.publication.choices import Kind
from manglar.publication.selectors import released


@dataclass(frozen=True, slots=True)
class Deed:
    """An initiative that is of a place, and the words for why it is."""

    copy: Copy
    why: str


def deeds_of(code: str, below: set[str]) -> list[Deed]:
    """The public initiatives of a division (its code), in the order of the strategy: first those that name it.

    ``below``: what is public about the division and what follows from it. An initiative that names other places is not
    of this one, whatever it follows from.
    """
    rows = released(kind=Kind.INITIATIVE).filter(subject_id__in=below).defer("folded")
    found = sorted(copies(rows), key=lambda each: str(each.said.get("order", "")))
    named = {each.id: each for each in found if _names(each, code)}
    own = [Deed(each, _("Nombra este lugar")) for each in named.values()]
    return own + [Deed(each, _why(each, named)) for each in found if each.id not in named and not each.divisions]


def _names(copy: Copy, code: str) -> bool:
    return any(held == code for held, _name in copy.divisions)


def _why(copy: Copy, named: dict[str, Copy]) -> str:
    """Why an initiative that names no place is of this one."""
    above = next((named[step["id"]] for step in reversed(copy.fields.get("path", [])) if step["id"] in named), None)
    if above is None:
        return _("No dice dónde; responde a un hallazgo de aquí")
    return format_html(_("No dice dónde; es parte de «{}», que nombra este lugar"), says(above.said.get("title")))


def deeds_table(deeds: list[Deed]) -> Table:
    """One initiative a row, with why it is of the place."""
    columns = [
        Column(_("Iniciativa")), Column(_("Qué es")), Column(_("Por qué está aquí")), Column(_("Cómo va")), Column(_("Procedencia")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                Cell(deed.copy.heading, url=deed.copy.url),
                Cell(capfirst(deed.copy.label)),
                Cell(deed.why),
                Cell("", status=deed.copy.status),
                Cell("", mark=str(deed.copy.said.get("mark", ""))),
            ]
        )
        for deed in deeds
    ]
    return Table(_("Lo que la estrategia prevé aquí"), columns, rows)
