"""A colour is accepted when it can be read: contrast as WCAG counts it, and every shade that comes of it."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from manglar.identity import rules

TOKENS = Path(rules.__file__).resolve().parents[1] / "design" / "static" / "design" / "tokens.css"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("text", "colour"),
    [("#0b5c4a", "#0b5c4a"), ("0B5C4A", "#0b5c4a"), (" #0B5C4A ", "#0b5c4a"), ("#abc", "#aabbcc"), ("000", "#000000")],
)
def test_a_colour_is_read_as_people_write_it(text, colour):
    assert rules.parse_colour(text) == colour


@pytest.mark.parametrize("text", ["", "#", "verde", "#0b5c4", "#0b5c4a0", "rgb(1,2,3)", "#0b5c4g", "#0b5c4a;}", "#٠٠٠"])
def test_what_is_no_colour_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="#0b5c4a"):
        rules.parse_colour(text)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [  # WCAG's own extremes, and pairs of https://www.w3.org/TR/WCAG20-TECHS/G18.html's formula worked by hand
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
    ],
)
def test_contrast_is_what_wcag_counts(one, other, ratio):
    assert rules.contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert rules.contrast(other, one) == rules.contrast(one, other)


def test_a_colour_that_cannot_be_read_is_refused_with_its_ratio_and_a_shade_that_can():
    told = str(rules.why_refused("#777777"))
    assert "4.4 a 1" in told  # 4.478 is not said to be 4.5
    shade = re.search(r"sirve es (#\w{6})", told).group(1)
    assert rules.why_refused(shade) == ""
    assert rules.why_refused("#0b5c4a") == ""


@given(COLOURS)
@example("#ffffff")
@example("#000000")
@example("#ffff00")
@example("#0000ff")
def test_every_shade_of_every_accepted_colour_can_be_read_where_it_stands(colour):
    accent = rules.nearest_readable(colour)
    assert rules.is_readable(accent)
    for shades, grounds in ((rules.light_shades(accent), rules.LIGHT_GROUNDS), (rules.dark_shades(accent), rules.DARK_GROUNDS)):
        low = [(a, b) for a, b in shades.pairs(grounds) if rules.contrast(a, b) < rules.ENOUGH]
        assert not low, (accent, low)


@given(COLOURS)
def test_the_nearest_shade_is_no_darker_than_it_needs_to_be(colour):
    shade = rules.nearest_readable(colour)
    if shade != colour:
        steps = [rules.mix(colour, rules.BLACK, part / 100) for part in range(101)]
        before = steps[steps.index(shade) - 1]
        assert not rules.is_readable(before)


def test_the_grounds_are_those_of_the_design():
    light, dark = TOKENS.read_text().split("@media (prefers-color-scheme: dark)")
    dark = dark.split("@media print")[0]
    for block, grounds in ((light, rules.LIGHT_GROUNDS), (dark, rules.DARK_GROUNDS)):
        for name, colour in grounds.items():
            assert f"--m-{name}: {colour};" in block, name
    assert f"--m-primary: {rules.PROGRAM_ACCENT};" in light
    assert rules.is_readable(rules.PROGRAM_ACCENT)


@given(COLOURS)
def test_a_stylesheet_sets_properties_and_nothing_else(colour):
    css = rules.stylesheet(rules.nearest_readable(colour))
    bare = re.sub(r"--m-[a-z-]+:#[0-9a-f]{6};", "", css)
    assert bare.split() == [":root{}", "@media", "(prefers-color-scheme:dark){:root{}}", "@media", "print{:root{}}"]


def test_no_colour_no_stylesheet():
    assert rules.stylesheet("") == ""


@pytest.mark.parametrize(
    ("sides", "word"), [((31, 100), "al menos 32"), ((2_001, 500), "2000"), ((700, 100), "tira"), ((100, 700), "tira")]
)
def test_a_logo_of_unfit_sides_is_refused(sides, word):
    assert word in str(rules.why_sides_refused(*sides))
    assert rules.why_sides_refused(600, 100) == ""


def test_the_weight_of_a_logo_is_said_rounded_up():
    assert "301 kB" in str(rules.why_too_heavy(300_001))
    assert rules.why_too_heavy(300_000) == ""
