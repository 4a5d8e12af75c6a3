"""Catalogues of translation: read the messages out of the code, renew the .po, compile the .mo.

Spanish is the source; a language is a folder in ``office/manglar/locale``. Nothing but Python is needed: Python reads
Python, Django turns its templates into what Babel reads, Babel writes both files. ``--check`` changes nothing and
says what is missing; it is part of ``just check``.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "office" / "manglar"
#: Function → which of its arguments is the context (0: none), the text, and the plural.
KEYWORDS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "noop", "say", "sayable"), (0, 1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "say_many"), (0, 1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1, 2)),
    "Fault": (0, 3),  # audit.rules, which knows nothing but the standard library
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (1, 2, 3)),
}
#: The same for Babel, for what Django makes of a template.
IN_TEMPLATES = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: What stands in a sentence for a value: %(name)s, {name}, {name:format}; the percent sign that a template doubles.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*(?::[^{}]*)?\}|%%")
HEADERS = [
    ("Project-Id-Version", "Manglar"),
    ("Report-Msgid-Bugs-To", ""),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]
COMMENT = (
    "# Manglar: %s. La fuente es el español; se renueva con «just messages».\n# AGPL-3.0-or-later, como el programa.\n#"
)


class HouseCatalog(Catalog):
    """A catalogue whose head holds no date and no name: it changes when a message does, and only then."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]  # read only, on purpose
        """The fields of the first entry of the file."""
        return [*HEADERS, ("Language", str(self.locale)), ("Plural-Forms", f"{self.plural_forms}")]


def source_files(package: Path) -> Iterator[Path]:
    """The Python and the templates of the package, in one order for every machine."""
    for path in sorted(package.rglob("*"), key=lambda p: p.relative_to(package).parts):
        if path.suffix in {".py", ".html", ".txt"} and not {"migrations", "locale", "static"} & set(path.parts):
            yield path


#: Fields whose first argument is another model, not their name.
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
Found = tuple[str | tuple[str, ...], str | None]


def calls(path: Path) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """The calls of a Python file that name a message, in order, each with its arguments: context, text, plural."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [
        (node, KEYWORDS[name])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (name := called(node.func)) in KEYWORDS
    ]
    for node, places in sorted(named, key=lambda each: (each[0].lineno, each[0].col_offset)):
        if len(node.args) >= max(places):
            yield node, [node.args[place - 1] for place in places if place]


def called(function: ast.expr) -> str:
    """The bare name of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def in_python(path: Path) -> Iterator[Found]:
    """The messages of a Python file; what is no literal text is somebody else's message."""
    for node, arguments in calls(path):
        said = [each.value for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if len(said) == len(arguments) and all(said):
            context = said.pop(0) if KEYWORDS[called(node.func)][0] else None
            yield (said[0] if len(said) == 1 else tuple(said)), context


def field_labels(path: Path) -> Iterator[Found]:
    """The names that models give their fields: pages that show a change of a field say them."""
    if path.stem not in {"models", "provenance"} and path.parent.name != "models":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not called(node.func).endswith(("Field", "ForeignKey")):
            continue
        named = [word.value for word in node.keywords if word.arg == "verbose_name"]
        first = [] if called(node.func) in RELATIONS else node.args[:1]
        for each in (*named, *first):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                yield each.value, None


def in_template(path: Path) -> Iterator[Found]:
    """The messages of a template."""
    bare = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # Everything else was blanked out to X; without its indentation it reads as Python.
    content = io.BytesIO("\n".join(line.lstrip() for line in bare.splitlines()).encode())
    for _line, identity, _comments, context in extract("python", content, IN_TEMPLATES, options={"encoding": "utf-8"}):
        if identity:
            yield identity, context


def messages(package: Path, locale: str) -> HouseCatalog:
    """The messages of the package, without translations."""
    found = HouseCatalog(locale=locale, fuzzy=False)
    for path in source_files(package):
        for identity, context in in_python(path) if path.suffix == ".py" else in_template(path):
            found.add(identity, context=context)
    for path in source_files(package):
        for identity, context in field_labels(path) if path.suffix == ".py" else ():
            found.add(identity, context=context)
    return found


def computed_messages(package: Path) -> list[str]:
    """Calls whose message is put together with values before it is translated: no catalogue can hold it."""
    return [
        f"{path.relative_to(package)}:{node.lineno}"
        for path in source_files(package)
        if path.suffix == ".py"
        for node, arguments in calls(path)
        if any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in arguments)
    ]


def catalogue_of(package: Path, locale: str) -> Path:
    """The .po of a language."""
    return package / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(path: Path, locale: str) -> Catalog:
    """The catalogue as it stands, or an empty one."""
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def renewed(package: Path, locale: str) -> HouseCatalog:
    """The messages of today with the translations that they have; nothing is guessed from a similar one."""
    held, now = read(catalogue_of(package, locale), locale), messages(package, locale)
    for message in now:
        old = held.get(message.id, message.context) if message.id else None
        # What has learned to count, or has forgotten, is translated anew: one sentence is not two.
        if old is not None and not old.fuzzy and bool(old.pluralizable) == bool(message.pluralizable):
            message.string = old.string
    return now


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po, the same bytes for the same messages."""
    catalogue.header_comment = COMMENT % catalogue.locale
    written = io.BytesIO()
    write_po(written, catalogue, width=120)
    return written.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The .mo that Django reads."""
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def texts(one_or_more: object) -> tuple[str, ...]:
    """Singular and plural, or the one text."""
    return one_or_more if isinstance(one_or_more, tuple) else (str(one_or_more),)


def what_is_wrong_with(message: Message) -> str:
    """A word for what a translation lacks, or an empty text."""
    if message.fuzzy:
        return "dudosa (fuzzy)"
    said = texts(message.string or "")
    if not all(said) or len(said) != len(texts(message.id)):
        return "sin traducir"
    asked = {each for text in texts(message.id) for each in PLACEHOLDER.findall(text)}
    given = {each for text in said for each in PLACEHOLDER.findall(text)}
    if asked != given:
        return f"con otros valores: {', '.join(sorted(asked ^ given))}"
    return ""


def problems(package: Path, locale: str) -> list[str]:
    """Everything that keeps a catalogue from being whole, each with what it is about."""
    path = catalogue_of(package, locale)
    held, now = read(path, locale), messages(package, locale)
    wrong = [f"{where}: el mensaje se compone antes de traducirse" for where in computed_messages(package)]
    for message in now:
        kept = held.get(message.id, message.context) if message.id else message
        fault = "no está en el catálogo" if kept is None else what_is_wrong_with(kept) if message.id else ""
        if fault:
            wrong.append(f"{locale}: «{texts(message.id)[0]}»: {fault}")
    wrong += [
        f"{locale}: «{texts(each.id)[0]}»: sobra, ya no se dice en ninguna parte"
        for each in held
        if each.id and now.get(each.id, each.context) is None
    ]
    fresh = renewed(package, locale)
    for file, content in ((path, po_bytes(fresh)), (path.with_suffix(".mo"), mo_bytes(fresh))):
        if not file.exists() or file.read_bytes() != content:
            wrong.append(f"{file.relative_to(package)}: no es lo que se escribe hoy")
    return wrong


def write(package: Path, locale: str) -> None:
    """Renew both files of a language."""
    fresh, path = renewed(package, locale), catalogue_of(package, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(fresh))
    path.with_suffix(".mo").write_bytes(mo_bytes(fresh))


def main() -> int:
    """Renew or check the catalogues of every language that has a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="no cambia nada; dice qué falta y sale con 1")
    parser.add_argument("--package", type=Path, default=PACKAGE, help="la carpeta del paquete")
    options = parser.parse_args()
    locales = sorted(each.name for each in (options.package / "locale").iterdir() if each.is_dir())
    wrong = []
    for locale in locales:
        if not options.check:
            write(options.package, locale)
        wrong += problems(options.package, locale)
    words = "con «just messages» y traduzca lo que falte" if options.check else "en office/manglar/locale"
    whole = f"{len(wrong)} por corregir, {words}." if wrong else f"Catálogos completos: {', '.join(locales)}."
    sys.stdout.write("\n".join([*wrong, whole]) + "\n")
    return 1 if wrong and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
