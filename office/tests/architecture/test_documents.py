"""Documents name real paths; vendored files are what they say; nothing of a machine is in the tree."""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r"`((?:office|engine|docs|tools|requirements|frontend)/[\w./-]+)`")


def tracked():
    """The files that git tracks, or would."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in out.stdout.splitlines() if (ROOT / line).is_file()]


def documents():
    return [p for p in tracked() if p.suffix == ".md" and "vendor" not in p.parts]


def test_documents_name_paths_that_exist():
    missing = [
        f"{doc.relative_to(ROOT)}: {name}"
        for doc in documents()
        for name in NAMED.findall(doc.read_text())
        if not (ROOT / name).exists()
    ]
    assert not missing, "\n".join(missing)


def test_links_between_documents_lead_somewhere():
    link = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
    missing = [
        f"{doc.relative_to(ROOT)}: {target}"
        for doc in documents()
        for target in link.findall(doc.read_text())
        if not (doc.parent / target).exists()
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    "manifest",
    sorted(ROOT.glob("office/manglar/design/static/design/vendor/*/VENDORED.toml")),
    ids=lambda p: p.parent.name,
)
def test_vendored_files_are_what_they_say(manifest):
    told = tomllib.loads(manifest.read_text())
    assert told["version"]
    assert told["licence"]
    held = {p.relative_to(manifest.parent).as_posix() for p in manifest.parent.rglob("*") if p.is_file()} - {
        "VENDORED.toml"
    }
    digests = told["sha256"]
    assert held == set(digests)
    for name, digest in digests.items():
        assert hashlib.sha256((manifest.parent / name).read_bytes()).hexdigest() == digest, name


def test_no_path_of_a_machine_is_in_the_tree():
    machine = re.compile(r"(^|[^\w./-])/(root|home|work)/[a-z.]")
    wrong = []
    for path in tracked():
        if (
            path.suffix in {".py", ".md", ".toml", ".html", ".js", ".css", ".txt", ".in", ".json", ".yml", ".sh"}
            and "vendor" not in path.parts
        ):
            text = path.read_text(errors="ignore")
            if path.name != Path(__file__).name and machine.search(text):
                wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


@pytest.mark.django_db
def test_models_and_migrations_agree():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
