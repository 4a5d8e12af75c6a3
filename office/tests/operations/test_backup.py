"""A backup restores into an empty place and is compared; a damaged one changes nothing."""

import json
import zipfile

import pytest
from django.core.management import call_command
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.audit.models import Entry
from manglar.audit.services import seal
from manglar.audit.verification import verify
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.governments.models import Government
from manglar.operations import backup as subject
from manglar.operations import services
from manglar.operations.models import StoredFile
from manglar.operations.selectors import damaged_files, file_path

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(fraction, step=""):
    """Nobody watches."""


@pytest.fixture
def made(panama, office, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    accounts.create_user(by=office, government=panama, email="a@example.org", display_name="A", roles=["editor"])
    accounts.found_government(
        by=office, code="miviot", name={"es": "Vivienda", "en": "Housing"}, kind="ministry"
    )  # its keys are not in the order of the alphabet: the log remembers how they were written
    services.store_file(by=office, government=panama, name="a.csv", content=b"a,b\n1,2\n")
    seal()
    path = tmp_path / "respaldo.zip"
    told = subject.backup(path, at=timezone.now(), report=quiet)
    assert told["files"] == 1
    return path


def empty_everything(settings, tmp_path):
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "otra"


def test_a_backup_restores_and_the_log_verifies(made, office, settings, tmp_path):
    entries = Entry.objects.count()
    empty_everything(settings, tmp_path)
    told = subject.restore(made, by=office, report=quiet)
    assert told["ok"], told["faults"]
    assert Entry.objects.count() == entries
    assert file_path(StoredFile.objects.get()).read_bytes() == b"a,b\n1,2\n"
    accounts.create_user(
        by=office, government=Government.objects.get(code="panama"), email="b@example.org", display_name="B", roles=[]
    )
    seal()
    assert verify().is_sound


def test_a_backup_is_only_restored_into_an_empty_place(made, office):
    with pytest.raises(Conflict, match="ya tiene datos"):
        subject.restore(made, by=office, report=quiet)


@pytest.mark.parametrize("damage", ["row", "file", "truncated", "not a backup", "missing"])
def test_a_damaged_backup_changes_nothing(made, office, settings, tmp_path, damage):
    empty_everything(settings, tmp_path)
    bad = tmp_path / "malo.zip"
    if damage == "truncated":
        bad.write_bytes(made.read_bytes()[:-200])
    elif damage == "not a backup":
        bad.write_bytes(b"hola")
    elif damage in {"row", "file"}:
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(bad, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if (damage == "row" and name == "tables/accounts_user.jsonl") or (
                    damage == "file" and name.startswith("files/")
                ):
                    content = (
                        content.replace(b"a", b"e", 1)
                        if damage == "file"
                        else content.replace(b'"display_name":"A"', b'"display_name":"B"')
                    )
                new.writestr(name, content)
    with pytest.raises(InvalidInput):
        subject.restore(bad, by=office, report=quiet)
    assert not Government.objects.exists()


def test_the_manifest_counts_every_row(made):
    with zipfile.ZipFile(made) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for table, told in manifest["tables"].items():
            assert len(archive.read(f"tables/{table}.jsonl").splitlines()) == told["rows"]
    assert manifest["tables"]["accounts_user"]["rows"] == 1


@pytest.mark.parametrize("harm", ["byte", "list", "null", "twice"])
def test_a_damaged_backup_says_so_and_leaves_nothing_wherever_the_damage_is(made, office, settings, tmp_path, harm):
    damaged = tmp_path / "danado.zip"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if harm == "list" and name == "manifest.json":
                content = b"[1]"
            if harm == "null" and name.endswith("governments_government.jsonl"):
                content = b"null\n" + content
            if harm == "twice" and name.endswith("governments_government.jsonl"):
                content += content
            new.writestr(name, content)
    if harm == "byte":
        raw = bytearray(made.read_bytes())
        with zipfile.ZipFile(made) as old:
            place = old.getinfo("tables/audit_payload.jsonl").header_offset + 200
        raw[place] ^= 0xFF
        damaged.write_bytes(raw)
    empty_everything(settings, tmp_path)
    with pytest.raises(InvalidInput, match="respaldo"):
        subject.restore(damaged, by=office, report=quiet)
    assert not Government.objects.exists()
    assert not [path for path in (tmp_path / "otra").rglob("*") if path.is_file()]


def test_a_backup_is_not_written_over_a_folder(made, tmp_path):
    with pytest.raises(InvalidInput, match="carpeta"):
        subject.backup(tmp_path, at=timezone.now(), report=quiet)


def test_verify_names_a_file_that_is_gone_or_altered(panama, office, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    kept = services.store_file(by=office, government=panama, name="a.csv", content=b"a,b\n1,2\n")
    assert damaged_files() == []
    file_path(kept).write_bytes(b"a,b\n1,3\n")
    assert "no tiene los bytes" in str(damaged_files()[0])
    file_path(kept).unlink()
    assert "no está en el disco" in str(damaged_files()[0])


def test_a_backup_does_not_replace_a_file_unless_asked(panama, tmp_path, capsys):
    path = tmp_path / "copia.zip"
    path.write_text("el único respaldo de ayer")
    with pytest.raises(SystemExit) as ended:
        call_command("backup", str(path))
    assert ended.value.code == 2
    assert "--overwrite" in capsys.readouterr().err
    assert path.read_text() == "el único respaldo de ayer"
    call_command("backup", str(path), "--overwrite")
    assert path.read_bytes().startswith(b"PK")
