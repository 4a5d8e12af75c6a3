"""Colours that can be read: contrast as WCAG 2.2 counts it, and the shades that a government's colour gives.

Contrast and relative luminance: WCAG 2.2, success criterion 1.4.3 and the definitions that it links
(https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
The grounds are those of ``design/static/design/tokens.css``; a test compares them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from manglar.foundation.sentences import Said, say

#: Least contrast of a text with its ground (criterion 1.4.3, level AA, text of any size).
ENOUGH = 4.5
#: The program's own colour, as in the tokens of the design.
PROGRAM_ACCENT = "#1f5f4c"
WHITE, BLACK = "#ffffff", "#000000"
#: What texts in the accent stand on, in the light, in the dark, and in their words for a refusal.
LIGHT_GROUNDS = {"paper": "#fffdf9", "sand": "#f7f2e8", "sand-deep": "#eee6d6"}
DARK_GROUNDS = {"paper": "#121a17", "surface": "#18221e", "sand": "#1d2924", "sand-deep": "#26342e"}
#: What stands on a bar or a band in the deepest shade.
ON_DEEP = "#f6f3ea"
MAX_LOGO_BYTES = 300_000
#: Sides of a logo in pixels: smaller is a blur on a screen, larger weighs for nothing.
MIN_LOGO_PX, MAX_LOGO_PX = 32, 2_000
#: How wide for its height (and the other way) a logo may be, or it leaves no room for the name beside it.
MAX_LOGO_RATIO = 6

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")


def parse_colour(text: str) -> str:
    """Read ``#0b5c4a``, ``0B5C4A`` or ``#abc`` as ``#rrggbb``; raise ValueError with a sentence for anything else."""
    found = _HEX.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(
            say("«{text}» no es un color: escriba # y seis cifras del 0 al 9 o de la a a la f, por ejemplo #0b5c4a.", text=text.strip()[:40])
        )
    digits = found.group(1)
    return "#" + (digits if len(digits) == 6 else "".join(2 * each for each in digits))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [(part / 255) for part in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another in it."""
    parts = (round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def is_readable(colour: str) -> bool:
    """Whether white reads on the colour, and the colour on every light ground."""
    return all(contrast(colour, ground) >= ENOUGH for ground in (WHITE, *LIGHT_GROUNDS.values()))


def nearest_readable(colour: str) -> str:
    """The same colour if it can be read, else the first of its darker shades that can."""
    return _until(colour, BLACK, is_readable)


def _until(colour: str, other: str, fits: Callable[[str], bool]) -> str:
    """The colour with the least of ``other`` in it that fits, by steps of a hundredth; ``other`` itself at the end."""
    return next((shade for part in range(101) if fits(shade := mix(colour, other, part / 100))), other)


def why_refused(colour: str) -> Said:
    """Why a colour cannot be the accent: its contrast, and the nearest shade that can; empty when it can."""
    if is_readable(colour):
        return ""
    return say(
        "Con {colour} no se lee bien: el blanco encima contrasta {white} a 1, y el color sobre el fondo de las tablas, {ground} a 1; "
        "hace falta {enough} a 1. El tono más parecido que sirve es {shade}.",
        colour=colour,
        white=_ratio(contrast(colour, WHITE)),
        ground=_ratio(min(contrast(colour, each) for each in LIGHT_GROUNDS.values())),
        enough=ENOUGH,
        shade=nearest_readable(colour),
    )


def _ratio(value: float) -> str:
    """A contrast with one decimal, never rounded up: 4.49 is not 4.5."""
    return f"{int(value * 10) / 10:.1f}"


@dataclass(frozen=True, slots=True)
class Shades:
    """What a page needs of the accent in one light: every pair that stands together can be read."""

    primary: str
    primary_strong: str
    primary_wash: str
    on_primary: str
    deep: str
    deep_raised: str
    on_deep: str
    on_deep_soft: str

    def pairs(self, grounds: dict[str, str]) -> list[tuple[str, str]]:
        """Text and ground, for each pair that stands together on some page."""
        texts = (self.primary, self.primary_strong)
        return [
            *((text, ground) for text in texts for ground in (*grounds.values(), self.primary_wash)),
            *((self.on_primary, text) for text in texts),
            (WHITE, self.deep_raised),
            (self.on_deep, self.deep),
            (self.on_deep_soft, self.deep),
        ]


def light_shades(accent: str) -> Shades:
    """The shades of an accepted colour on a light page."""
    deep = _until(mix(accent, BLACK, 0.35), BLACK, lambda shade: contrast(shade, ON_DEEP) >= 9)
    return Shades(
        primary=accent,
        primary_strong=mix(accent, BLACK, 0.33),
        primary_wash=_until(mix("#fffdf9", accent, 0.12), WHITE, lambda wash: contrast(wash, accent) >= ENOUGH),
        on_primary=WHITE,
        deep=deep,
        deep_raised=accent,
        on_deep=ON_DEEP,
        on_deep_soft=_until(mix(ON_DEEP, deep, 0.2), ON_DEEP, lambda text: contrast(text, deep) >= 6),
    )


def dark_shades(accent: str) -> Shades:
    """The shades of the same colour on a dark page: lighter until they can be read."""
    on_primary = _until(mix(accent, BLACK, 0.8), BLACK, lambda shade: contrast(shade, WHITE) >= 16)
    primary = _until(accent, WHITE, lambda shade: _is_readable_in_the_dark(shade, on_primary))
    deep = _until(mix(accent, BLACK, 0.55), BLACK, lambda shade: contrast(shade, ON_DEEP) >= 12)
    return Shades(
        primary=primary,
        primary_strong=mix(primary, WHITE, 0.4),
        primary_wash=_until(mix("#121a17", primary, 0.18), "#121a17", lambda wash: contrast(wash, primary) >= ENOUGH),
        on_primary=on_primary,
        deep=deep,
        deep_raised=accent,
        on_deep=ON_DEEP,
        on_deep_soft=_until(mix(ON_DEEP, deep, 0.25), ON_DEEP, lambda text: contrast(text, deep) >= 6),
    )


def _is_readable_in_the_dark(shade: str, on_primary: str) -> bool:
    return all(contrast(shade, ground) >= 6 for ground in DARK_GROUNDS.values()) and contrast(shade, on_primary) >= 6


def why_too_heavy(size_bytes: int) -> Said:
    """Why a file cannot be the logo for what it weighs; empty when it can."""
    if size_bytes <= MAX_LOGO_BYTES:
        return ""
    return say(
        "El logo pesa {size} kB y el límite es {limit} kB: guárdelo más pequeño o como PNG con menos colores.",
        size=-(-size_bytes // 1_000),
        limit=MAX_LOGO_BYTES // 1_000,
    )


def why_sides_refused(width_px: int, height_px: int) -> Said:
    """Why an image cannot be the logo for its sides; empty when it can."""
    told = {"width": width_px, "height": height_px}
    if min(width_px, height_px) < MIN_LOGO_PX:
        return say("El logo mide {width} × {height} píxeles; cada lado necesita al menos {least}.", least=MIN_LOGO_PX, **told)
    if max(width_px, height_px) > MAX_LOGO_PX:
        return say("El logo mide {width} × {height} píxeles; ningún lado pasa de {most}. Redúzcalo.", most=MAX_LOGO_PX, **told)
    if max(width_px, height_px) > MAX_LOGO_RATIO * min(width_px, height_px):
        return say(
            "El logo mide {width} × {height} píxeles: es una tira. Use una versión en que un lado no sea más de {ratio} veces el otro.",
            ratio=MAX_LOGO_RATIO,
            **told,
        )
    return ""


def stylesheet(accent: str) -> str:
    """The few lines of CSS that put a colour on every page: light, dark and paper; empty without a colour."""
    if not accent:
        return ""
    light, dark = light_shades(accent), dark_shades(accent)
    paper = {"primary": light.primary_strong, "primary-strong": light.primary_strong, "on-primary": WHITE, "primary-wash": WHITE}
    return (
        f":root{{{_properties(light)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_properties(dark)}}}}}\n"
        f"@media print{{:root{{{_said(paper)}}}}}\n"
    )


def sample_stylesheet(accent: str) -> str:
    """CSS that shows a colour in two samples, light and dark, whatever the reader's own screen."""
    light, dark = light_shades(accent), dark_shades(accent)
    grounds = [_said({name: value for name, value in each.items() if name != "sand-deep"}) for each in (LIGHT_GROUNDS, DARK_GROUNDS)]
    return (
        f".m-sample--light .m-sample__page{{color-scheme:light;{grounds[0]}--m-ink:#1d2622;{_properties(light)}}}\n"
        f".m-sample--dark .m-sample__page{{color-scheme:dark;{grounds[1]}--m-ink:#e9ede8;{_properties(dark)}}}\n"
    )


def _properties(shades: Shades) -> str:
    return _said({name.replace("_", "-"): getattr(shades, name) for name in Shades.__slots__})


def _said(values: dict[str, str]) -> str:
    return "".join(f"--m-{name}:{value};" for name, value in values.items())
