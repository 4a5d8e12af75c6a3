"""How things are written: money, numbers, dates, marks, icons, fields. No rules live here."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.forms import BaseForm, BoundField, widgets
from django.template import Library
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from manglar.design import vendored

register = Library()

NBSP = "\u00a0"
MILLION = 1_000_000

KIND_ICONS = {
    "finding": "visibility",
    "need": "flag",
    "proposal": "lightbulb",
    "advice": "comment",
    "decision": "account_balance",
    "agreement": "connect_without_contact",
    "commitment": "verified",
    "initiative": "topic",
    "action": "construction",
    "milestone": "flag",
    "money": "attach_money",
    "indicator": "insights",
    "evidence": "file_present",
    "session": "groups",
    "event": "severe_weather",
    "change": "edit",
    "plan": "map",
}
MARK_ICONS = {"fuente": "file_present", "estimacion": "insights", "ilustrativo": "lightbulb"}
TONE_ICONS = {
    "neutral": "radio_button_unchecked",
    "info": "info",
    "ok": "check_circle",
    "warn": "warning",
    "late": "error",
    "draft": "edit",
}
ALERT_ICONS = {"info": "info", "success": "check_circle", "warning": "warning", "error": "error"}


def _exact(value: object) -> Decimal | None:
    """Read a number; None when it is none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _grouped(value: Decimal, decimals: int | None) -> str:
    """Write with commas of thousands; without decimals given: at most two, more for tiny values, no idle zeros."""
    places = decimals
    if places is None:
        places = 2 if abs(value) >= Decimal("0.1") or not value else 1 - value.adjusted()
    text = f"{value:,.{places}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "\u2212")


@register.filter
def number(value: object, decimals: int | None = None) -> str:
    """Write a number as in Panama: 1,234.5."""
    exact = _exact(value)
    return _("sin dato") if exact is None else _grouped(exact, decimals)


@register.filter
def pab(value: object, how: str = "") -> str:
    """Write balboas as people say them; ``"millones"`` always in millions, ``"exacto"`` with cents."""
    exact = _exact(value)
    if exact is None:
        return _("sin dato")
    if how == "exacto":
        return f"B/.{NBSP}{_grouped(exact, 2)}"
    if abs(exact) >= Decimal("999_999.5") or (how == "millones" and abs(exact) >= MILLION / 100):
        return _pab_millions(exact / MILLION)
    whole = exact == exact.to_integral_value() or abs(exact) >= 1000
    return f"B/.{NBSP}{_grouped(exact, 0 if whole else 2)}"


def _pab_millions(millions: Decimal) -> str:
    """Write an amount in millions: one decimal from ten millions on, two below."""
    text = _grouped(round(millions, 1 if abs(millions) >= 10 else 2), None)
    unit = ngettext("millón", "millones", 1 if text == "1" else 2)
    return f"B/.{NBSP}{text}{NBSP}{unit}"


@register.filter
def percent(value: object, decimals: int = 0) -> str:
    """Write a share between 0 and 1 as a percentage."""
    exact = _exact(value)
    return _("sin dato") if exact is None else f"{_grouped(exact * 100, decimals)}%"


@register.simple_tag
def interval(low: object, high: object, unit: str = "") -> str:
    """Write a range: «entre 3,200 y 5,000 personas»; with unit "pab", in balboas."""
    write = pab if unit == "pab" else number
    text = _("entre %(low)s y %(high)s") % {"low": write(low), "high": write(high)}
    return text if unit in {"", "pab"} else f"{text} {unit}"


@register.simple_tag
def plus_minus(value: object, margin: object, unit: str = "") -> str:
    """Write a value and its margin: «4,100 personas ± 900»."""
    middle = f" {unit} " if unit else " "
    return f"{number(value)}{middle}±{NBSP}{number(margin)}"


@register.filter
def years_return(value: object) -> str:
    """Write a return period in years as people say it: «1 de cada 6 años»."""
    exact = _exact(value)
    if exact is None or exact <= 0:
        return _("sin dato")
    if exact < Decimal("1.5"):
        return _("casi todos los años")
    return _("1 de cada %(years)s años") % {"years": _grouped(exact, 0)}


def _iso_of(value: object) -> str:
    """Return the ISO text of a date, a moment (in local time), a text, or an object with .iso."""
    if isinstance(value, dt.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(getattr(value, "iso", value) or "")


@register.filter
def partial_date(value: object) -> str:
    """Write 2026, 2026-05 or 2026-05-03 as «2026», «mayo de 2026», «3 de mayo de 2026»."""
    parts = _iso_of(value).split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return _iso_of(value)
    year, month, day = (*map(int, parts), 0, 0)[:3]
    if not 1 <= month <= 12:
        return str(year)
    words = {"year": year, "month": _month(month), "day": day}
    if not day:
        return _("%(month)s de %(year)s") % words
    return _("%(day)s de %(month)s de %(year)s") % words


def _month(month: int) -> str:
    """Return the name of a month as it stands inside a sentence (English keeps its capital)."""
    name = str(MONTHS[month])
    return name if (get_language() or "es").startswith(("en", "de")) else name.lower()


@register.filter
def long_date(value: object) -> str:
    """Write a date or the local day of a moment in full."""
    return partial_date(value)


@register.filter
def moment(value: object) -> str:
    """Write a moment with its local hour: «3 de mayo de 2026, 14:05»."""
    if not isinstance(value, dt.datetime):
        return partial_date(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{partial_date(local)}, {local:%H:%M}"


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon of the sprite; silent for screen readers unless it has a label."""
    return _drawn(f"{vendored.hashed_url('uswds', 'icons.svg')}#{name}", str(label), f"m-icon {css}".strip())


@lru_cache(maxsize=1_000)
def _drawn(address: str, label: str, classes: str) -> SafeString:
    """An icon; a long list draws the same few hundreds of times."""
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, address
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, address
    )


@register.simple_tag
def kind_icon(kind: str) -> SafeString:
    """Draw the icon of a link of the chain."""
    return icon(KIND_ICONS.get(str(kind), "radio_button_unchecked"))


@register.simple_tag
def alert_icon(level: str) -> SafeString:
    """Draw the icon of an alert."""
    return icon(ALERT_ICONS.get(level, "info"))


@register.simple_tag
def mark(kind: object) -> SafeString:
    """Draw how far a figure may be trusted: fuente, estimación or ilustrativo, in icon and word."""
    code = str(getattr(kind, "value", kind))
    words = {"fuente": _("fuente"), "estimacion": _("estimación"), "ilustrativo": _("ilustrativo")}
    if code not in words:
        return SafeString("")
    return format_html('<span class="m-mark m-mark--{}">{}{}</span>', code, icon(MARK_ICONS[code]), words[code])


@register.simple_tag
def status(label: object, tone: str = "neutral") -> SafeString:
    """Draw a state in icon and word."""
    return format_html(
        '<span class="m-status m-status--{}">{}{}</span>', tone, icon(TONE_ICONS.get(tone, "info")), label
    )


@register.simple_tag
def vendor(library: str, path: str) -> str:
    """Return the address of a vendored file as the static storage names it."""
    return vendored.hashed_url(library, path)


@register.simple_tag
def vendor_plain(library: str, path: str) -> str:
    """Return the address of a vendored file without digest (MapLibre GL and its worker)."""
    return vendored.plain_url(library, path)


#: What a person taps to write or to call: an address, or a number of at least seven figures.
_TAPPED = re.compile(r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<phone>\+?\d(?:[ .()-]{0,2}\d){6,14})")


@register.filter
def tappable(text: object, subject: object = "") -> SafeString:
    """A line of contact whose addresses and numbers may be tapped; a letter starts with the subject."""
    said, made, place = str(text), [], 0
    for found in _TAPPED.finditer(said):
        made.append(said[place : found.start()])
        if mail := found["mail"]:
            address = f"mailto:{mail}" + (f"?subject={quote(str(subject))}" if subject else "")
        else:
            address = "tel:" + re.sub(r"[^\d+]", "", found["phone"])
        made.append(format_html('<a href="{}">{}</a>', address, found.group()))
        place = found.end()
    return format_html_join("", "{}", ((part,) for part in [*made, said[place:]]))


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Draw a form field: label, hint, error, control, tied to each other."""
    return render_to_string("design/forms/field.html", {"field": bound})


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """Draw the control of a field with the class of its kind."""
    attrs: dict[str, Any] = {}
    css = _control_class(bound.field.widget)
    if css:
        attrs["class"] = f"{bound.field.widget.attrs.get('class', '')} {css}".strip()
    return bound.as_widget(attrs=attrs)


def _control_class(widget: widgets.Widget) -> str:
    """Return the class of the theme for a kind of control."""
    if isinstance(widget, widgets.Textarea):
        return "usa-textarea"
    if isinstance(widget, widgets.CheckboxInput | widgets.RadioSelect | widgets.CheckboxSelectMultiple | widgets.FileInput):
        return ""
    if isinstance(widget, widgets.Select):
        return "usa-select"
    return "usa-input" if isinstance(widget, widgets.Input) else ""


@register.filter
def is_checkbox(bound: BoundField) -> bool:
    """Say whether a field is one checkbox, whose label follows it."""
    return isinstance(bound.field.widget, widgets.CheckboxInput)


@register.filter
def is_pick(bound: BoundField) -> bool:
    """Say whether several are chosen of a field, each by its box."""
    return isinstance(bound.field.widget, widgets.CheckboxSelectMultiple)


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """Draw the list of what must be mended, each a link to its field; nothing when all is well."""
    if not form.is_bound or form.is_valid():
        return SafeString("")
    return render_to_string("design/forms/error_summary.html", {"form": form})
