"""Cut Public Sans to the Latin letters that Spanish, English and their neighbours use.

Run by build.sh with the fontTools of requirements.txt: fonts.py SOURCE_FOLDER TARGET_FOLDER.
"""

import sys
from pathlib import Path

from fontTools import subset

WEIGHTS = {
    "PublicSans-Regular.ttf": "public-sans-400.woff2",
    "PublicSans-Italic.ttf": "public-sans-400-italic.woff2",
    "PublicSans-Bold.ttf": "public-sans-700.woff2",
}
LETTERS = [
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x17F),  # Latin-1 and Latin Extended-A: Spanish, Portuguese, French, Guna
    (0x2010, 0x2027),  # dashes, quotes, bullet, ellipsis
]
SIGNS = "\u202f\u2030\u2039\u203a\u2044\u20ac\u2122\u2190\u2191\u2192\u2193\u2212\u2248\u2260\u2264\u2265"
FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "calt"]


def letters() -> set[int]:
    """Return the code points that are kept."""
    kept = {point for first, last in LETTERS for point in range(first, last + 1)}
    return kept | {ord(sign) for sign in SIGNS}


def main(source: Path, target: Path) -> None:
    """Write each weight as a woff2 file with the kept letters only."""
    target.mkdir(parents=True, exist_ok=True)
    options = subset.Options(
        flavor="woff2",
        layout_features=FEATURES,
        name_IDs=["*"],
        notdef_outline=True,
        hinting=False,
        desubroutinize=True,
    )
    for original, cut in WEIGHTS.items():
        font = subset.load_font(source / original, options)
        font["head"].modified = font["head"].created  # the same bytes on every build
        font.recalcTimestamp = False
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters())
        cutter.subset(font)
        subset.save_font(font, target / cut, options)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
