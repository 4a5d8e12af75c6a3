"""start.py, which runs before anything of ours is installed: every trouble is a sentence, nothing stays half-done."""

import argparse
import importlib.util
import json
import shutil
import socket
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def start(tmp_path, monkeypatch):
    """The launcher as a module, over an empty folder."""
    spec = importlib.util.spec_from_file_location("manglar_start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements", "engine", "office"):
        (tmp_path / name).mkdir()
    for lock in ("run.txt", "dev.txt"):
        (tmp_path / "requirements" / lock).write_text("django==5.2\n")
    for package in ("engine", "office"):
        (tmp_path / package / "pyproject.toml").write_text("[project]\n")
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path, "VENV": venv, "BIN": venv / "bin", "PYTHON": venv / "bin" / "python", "STAMP": venv / "listo.json",
    }.items():
        monkeypatch.setattr(module, name, value)
    return module


def made(start, *locks):
    """An environment that was finished for some locks."""
    start.BIN.mkdir(parents=True, exist_ok=True)
    start.PYTHON.write_text("")
    start.STAMP.write_text(json.dumps({lock: start.fingerprint(lock) for lock in locks}))


def test_the_launcher_needs_nothing_but_the_standard_library():
    source = (ROOT / "start.py").read_text()
    names = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert names <= set(sys.stdlib_module_names)


def test_an_environment_is_ready_only_when_it_was_finished_for_this_lock(start):
    assert not start.is_ready("run.txt")
    made(start, "run.txt")
    assert start.is_ready("run.txt")
    assert not start.is_ready("dev.txt")
    (start.ROOT / "requirements" / "run.txt").write_text("django==5.3\n")
    assert not start.is_ready("run.txt")
    made(start, "dev.txt")
    assert start.is_ready("run.txt")  # the developers' environment holds what the program needs


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null", '{"run.txt": 3}'])
def test_a_half_made_environment_is_not_ready(start, stamp):
    made(start, "run.txt")
    start.STAMP.write_text(stamp)
    assert not start.is_ready("run.txt")
    made(start, "run.txt")
    start.PYTHON.unlink()
    assert not start.is_ready("run.txt")


def test_a_port_in_use_is_said_with_the_next_one(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(start.Stop, match=f"{port} está ocupado.*--port {port + 1}"):
            start.check_port("127.0.0.1", port)
    start.check_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("NewConnectionError: Failed to establish", "revise la conexión"),
        ("error: Failed to fetch", "revise la conexión"),
        ("OSError: [Errno 28] No space left on device", "espacio en el disco"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "no es el que Manglar espera"),
        ("algo raro", "No se pudieron instalar"),
    ],
)
def test_why_an_installation_failed_is_a_sentence(start, line, word):
    assert word in start.why_install_failed(["antes", line])


def test_without_the_venv_module_the_sentence_says_what_to_install(start, monkeypatch):
    monkeypatch.setattr(start, "works", lambda _: False)
    with pytest.raises(start.Stop, match="python3-venv"):
        start.make_with_venv()


def test_an_example_that_cannot_be_computed_leaves_nothing(start, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(start, "PYTHON", Path(shutil.which("false")))
    data = tmp_path / "var"
    (tmp_path / "var.building").mkdir()
    (tmp_path / "var.building" / "manglar.sqlite3").write_text("a medias, de un corte de luz")
    with pytest.raises(start.Stop, match="No quedó nada a medias"):
        start.make_example(data)
    assert not data.exists()
    assert not (tmp_path / "var.building").exists()


def test_an_example_that_stands_is_not_computed_again(start, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    data = tmp_path / "var"
    data.mkdir()
    (data / "manglar.sqlite3").write_text("")
    monkeypatch.setattr(start.subprocess, "run", lambda *_, **__: pytest.fail("computed again"))
    start.make_example(data)


@pytest.mark.parametrize("port", ["0", "70000", "-1", "ocho"])
def test_a_port_that_is_none_is_refused(start, port, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["start.py", f"--port={port}"])
    with pytest.raises(SystemExit) as end:
        start.arguments()
    assert end.value.code == 2
    assert capsys.readouterr().err


def test_an_old_python_is_told_so(start, monkeypatch, capsys):
    monkeypatch.setattr(start.sys, "version_info", (3, 10, 2))
    assert start.main() == 2
    assert "3.11" in capsys.readouterr().out


def test_ctrl_c_while_preparing_is_a_sentence_and_not_a_traceback(start, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "serve", interrupted)
    monkeypatch.setattr(start, "arguments", lambda: argparse.Namespace(what="serve"))
    assert start.main() == 130
    assert "Interrumpido" in capsys.readouterr().err
