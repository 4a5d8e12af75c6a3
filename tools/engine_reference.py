"""Write docs/reference/engine.md from the docstrings of the engine: ``python tools/engine_reference.py [--check]``.

Every public name stands there once, under its subject, with its signature, shapes, units and errors. ``--check``
writes nothing and fails where the page is not what the docstrings say.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import manglar_engine as me

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "engine.md"
SUBJECTS = {
    "Impact of any hazard": ("risk.", "studies.impact", "studies.city_answer"),
    "Hazards: events, footprints, tiles, maps": ("hazard.event", "hazard.store", "hazard.tiling", "hazard.layers"),
    "What stands in the city": ("exposure.",),
    "How it breaks": ("vulnerability.",),
    "Measures and their worth": ("measures.", "studies.uncertain_worth"),
    "What is not known": ("uncertainty.",),
    "Extreme sea level": ("hazard.sea_level", "studies.water.SeaLevel", "studies.water.sea_level"),
    "Recorded floods": ("hazard.flood_rates", "hazard.recorded_events", "studies.water.Flood", "studies.water.flood"),
    "Earthquakes": ("hazard.fault", "studies.seismic", "studies.settings", "studies.result", "report."),
    "Rasters, stacks and vectors": ("io.",),
    "Shared words and refusals": ("vocabulary", "errors"),
}
ROLE = re.compile(r":\w+:`~?(?:[\w.]+\.)?(\w+)`")
SECTION = re.compile(r"^(Args|Returns|Raises|Attributes|Yields):$")
ENTRY = re.compile(r"^    (\*{0,2}[\w, ]+): (.*)$")
HEAD = """# Reference of the engine

Made from the docstrings by `tools/engine_reference.py`; a test compares it with them. All names come from
`manglar_engine`; what is not here may move. Arrays say their dimensions in parentheses, and units where they
have one. Every error is an `EngineError` that says what disagrees, in which rows, and how to mend it, unless
another is named. The main verbs, each with an example that runs: `docs/how-to/engine-verbs.md`.

"""


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{PAGE.relative_to(ROOT)} is not what the docstrings say: run python tools/engine_reference.py\n")
    return 1


def page() -> str:
    """Return the whole page."""
    by_subject: dict[str, list[str]] = {subject: [] for subject in SUBJECTS}
    for name in me.__all__:
        by_subject[subject_of(name)].append(name)
    anchors = anchors_of([name for names in by_subject.values() for name in names])
    index = [
        f"- **{subject}**: {', '.join(f'[`{name}`](#{anchors[name]})' for name in names)}"
        for subject, names in by_subject.items()
    ]
    parts = [HEAD + "\n".join(index) + "\n"]
    for subject, names in by_subject.items():
        parts.append(f"\n## {subject}\n")
        parts += [f"\n### {name}\n\n" + "\n".join(told(name)) + "\n" for name in names]
    return "".join(parts)


def anchors_of(names: list[str]) -> dict[str, str]:
    """Return the place of each heading: names that differ in capitals only are numbered, as the readers of Markdown do."""
    seen: Counter[str] = Counter()
    anchors = {}
    for name in names:
        times = seen[name.lower()]
        anchors[name] = f"{name.lower()}-{times}" if times else name.lower()
        seen[name.lower()] += 1
    return anchors


def subject_of(name: str) -> str:
    """Return the one subject of a public name; fail where its module has none."""
    place = f"{me._MODULE_OF[name]}.{name}"
    for subject, beginnings in SUBJECTS.items():
        if place.startswith(beginnings):
            return subject
    raise SystemExit(f"{name} ({place}) has no subject: add it to SUBJECTS")


def told(name: str) -> Iterator[str]:
    """Yield the lines of one name."""
    held = getattr(me, name)
    if inspect.isclass(held):
        yield from of_class(name, held)
    elif callable(held):
        yield from ["```python", signature(name, held), "```", "", *prose(inspect.getdoc(held) or "")]
    else:
        yield f"A {type(held).__name__}: {comment_of(name)}"


def of_class(name: str, held: type) -> Iterator[str]:
    """Yield a class, what it refuses when it is made, and its public methods."""
    yield from ["```python", signature(name, held), "```", "", *prose(inspect.getdoc(held) or "")]
    made = vars(held).get("__post_init__") or vars(held).get("__init__")
    doc = inspect.getdoc(made) if made is not None and not issubclass(held, Exception) else None
    if doc and not doc.startswith("Initialize"):
        yield from ["", "When it is made:", "", *prose(doc)]
    for member, value in vars(held).items():
        inner = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if member.startswith("_") or not inspect.isfunction(inner):
            continue
        head = f"`.{member}`" if isinstance(value, property) else f"`{signature('.' + member, inner, bound=True)}`"
        yield from ["", f"{head}", "", *(f"> {line}".rstrip() for line in prose(inspect.getdoc(inner) or ""))]


def comment_of(name: str) -> str:
    """Return the text that stands below a constant in its module."""
    source = inspect.getsource(sys.modules[f"manglar_engine.{me._MODULE_OF[name]}"])
    found = re.search(rf'^{name} = .*\n"""(.*?)"""', source, re.MULTILINE | re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


def signature(name: str, held: object, *, bound: bool = False) -> str:
    """Return the call as it is written, without the module paths of the types."""
    if inspect.isclass(held) and dataclasses.is_dataclass(held):
        fields = [f"{f.name}: {f.type}{default_of(f)}" for f in dataclasses.fields(held) if f.init]
        return wrapped(name, fields, "")
    try:
        found = inspect.signature(held)  # type: ignore[arg-type] # a class or function of the register
    except ValueError:
        return name
    parameters = list(found.parameters.values())[1 if bound else 0 :]
    texts: list[str] = []
    for one in parameters:
        if one.kind is one.KEYWORD_ONLY and "*" not in texts and not any(t.startswith("*") for t in texts):
            texts.append("*")
        texts.append(str(one).replace("'", ""))
    back = "" if found.return_annotation in {inspect.Signature.empty, "None"} else f" -> {found.return_annotation}"
    return wrapped(name, texts, back, one_line=bound)


def default_of(field: dataclasses.Field[object]) -> str:
    """Return `` = default`` of a field, or nothing where it must be given."""
    if field.default is not dataclasses.MISSING:
        return f" = {field.default!r}"
    return " = …" if field.default_factory is not dataclasses.MISSING else ""


def wrapped(name: str, parts: list[str], back: str, *, one_line: bool = False) -> str:
    """Return a call on one line, or a line for each part where it is long."""
    text = f"{name}({', '.join(parts)}){back}"
    if one_line or len(text) <= 100:
        return text
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){back}"])


def prose(doc: str) -> Iterator[str]:
    """Yield a docstring as Markdown: roles and double backquotes turned, sections as lists."""
    text = ROLE.sub(r"`\1`", doc).replace("``", "`")
    inside = False
    for line in text.splitlines():
        if found := SECTION.match(line):
            inside = True
            yield from [f"*{found.group(1)}*", ""]
        elif inside and (entry := ENTRY.match(line)):
            yield f"- `{entry.group(1)}`: {entry.group(2)}"
        elif inside and line.strip():
            yield f"  {line.strip()}"
        else:
            yield line


if __name__ == "__main__":
    sys.exit(main())
