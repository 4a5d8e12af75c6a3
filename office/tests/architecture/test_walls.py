"""The walls that import-linter cannot see: doors, rooms, budgets, forbidden names."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "office" / "manglar"
ENGINE = ROOT / "engine" / "manglar_engine"
DOMAIN = (
    "governments",
    "audit",
    "accounts",
    "operations",
    "identity",
    "margin",
    "search",
    "territory",
    "network",
    "evidence",
    "assets",
    "risk",
    "strategy",
    "agreements",
    "decisions",
    "delivery",
    "publication",
)
ROOMS = {
    "__init__",
    "apps",
    "admin",
    "choices",
    "rules",
    "models",
    "permissions",
    "selectors",
    "services",
    "tasks",
    "migrations",
    "management",
    "templates",
    "static",
    "README",
}
#: Rooms that an app has beyond the common ones; each is argued in an ADR and the list may only shrink.
MORE_ROOMS = {
    "audit": {"triggers", "registry", "verification", "backends"},  # ADR 0003
    "accounts": {"actors", "adapters"},  # ADR 0005
    "operations": {"backup", "filetypes", "preparation"},  # ADR 0006
    "risk": {"engine_bridge"},
}
DOORS = {"services", "selectors", "permissions", "models", "choices"}
#: Doors of those further rooms, and who may use them.
MORE_DOORS = {
    "accounts.actors": "*",
    "operations.filetypes": "*",
    "audit.registry": {"operations"},
    "audit.triggers": {"operations"},
    "audit.verification": {"operations"},
}
LONG_FILES: dict[str, str] = {}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}


def sources(*roots):
    for root in roots:
        yield from (p for p in sorted(root.rglob("*.py")) if "migrations" not in p.parts)


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name


def test_apps_meet_only_through_their_doors():
    wrong = []
    for app in DOMAIN:
        for path in sources(PACKAGE / app):
            for node, module in imports(ast.parse(path.read_text())):
                parts = module.split(".")
                if parts[0] != "manglar" or len(parts) < 2 or parts[1] in {app, "foundation"}:
                    continue
                rooms = parts[2:3] or [alias.name for alias in getattr(node, "names", [])]
                for room in rooms:
                    may = MORE_DOORS.get(f"{parts[1]}.{room}", set())
                    if room not in DOORS and may != "*" and app not in may:
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} enters {module} by no door")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("app", DOMAIN)
def test_an_app_has_these_rooms_and_only_these(app):
    found = {p.stem for p in (PACKAGE / app).iterdir() if p.name != "__pycache__"}
    assert found <= ROOMS | MORE_ROOMS.get(app, set()), f"{app} has homeless code: {found - ROOMS}"
    assert "README" in found, f"{app} lacks its README"


def test_no_source_file_is_longer_than_400_lines():
    long = {
        str(p.relative_to(ROOT)): n
        for p in sources(PACKAGE, ENGINE)
        if (n := len(p.read_text().splitlines())) > 400 and str(p.relative_to(ROOT)) not in LONG_FILES
    }
    assert not long


def test_no_function_has_more_than_40_statements_or_five_positional_arguments():
    wrong = []
    for path in sources(PACKAGE, ENGINE):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            statements = sum(isinstance(n, ast.stmt) for n in ast.walk(node)) - 1
            positional = len([a for a in node.args.posonlyargs + node.args.args if a.arg not in {"self", "cls"}])
            if statements > 40 or positional > 5:
                wrong.append(
                    f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {statements} statements, {positional} positional"
                )
    assert not wrong, "\n".join(wrong)


def test_an_app_has_at_most_twelve_models(django_apps):
    counts = {
        c.label: len(list(c.get_models())) for c in django_apps.get_app_configs() if c.name.startswith("manglar.")
    }
    assert max(counts.values()) <= 12, counts


def test_no_module_has_a_name_that_says_nothing():
    assert not [str(p) for p in sources(PACKAGE, ENGINE) if p.stem in FORBIDDEN_NAMES]


def test_no_function_imports():
    """A kind of mistake made once becomes a check: only ready() and the launcher's after-setup may, each with its reason."""
    wrong = []
    for path in sources(PACKAGE, ENGINE):
        lines = path.read_text().splitlines()
        for function in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import | ast.ImportFrom) and "PLC0415  #" not in lines[node.lineno - 1]:
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, "\n".join(wrong)


def test_every_ignore_carries_its_reason():
    bare = re.compile(r"#\s*(noqa(?!:)|noqa: [A-Z0-9, ]+$|type: ignore$|type: ignore\[[^\]]+\]$)")
    wrong = [
        f"{p.relative_to(ROOT)}:{n}"
        for p in sources(PACKAGE, ENGINE)
        for n, line in enumerate(p.read_text().splitlines(), 1)
        if bare.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_views_are_short():
    wrong = []
    for app in ("portal", "desk", "link", "api"):
        for path in sources(PACKAGE / app):
            if path.stem != "views" and path.parent.name != "views":
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 20:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def django_apps():
    from django.apps import apps

    return apps
