#!/usr/bin/env python3
"""Levanta Manglar con nada más que Python 3.11 o posterior: ``python3 start.py`` (o ``python3 start.py test``).

Makes ``.venv`` from the lock, installs the two packages, and runs. Only the standard library is used here.
Whatever goes wrong is told in a sentence; whatever was left half-made is mended by the next start.
"""

import argparse
import errno
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "manglar-listo.json"
OLDEST = (3, 11)
#: Run by the environment's own Python: it ends with 1 when a file of an installed package is gone.
WHOLE = (
    "import importlib.metadata as m, os, sys\n"
    "sys.exit(any(not os.path.exists(p.locate()) for d in m.distributions() for p in d.files or () if p.suffix != '.pyc'))"
)


class Stop(Exception):
    """Something that the person has to mend; the text says what."""


def say(text: str) -> None:
    """Tell the person what is going on."""
    print(text, flush=True)


def fingerprint(lock: str) -> str:
    """What the environment is made from: the lock, our packages' declarations and this Python."""
    parts = [ROOT / "requirements" / lock, ROOT / "engine" / "pyproject.toml", ROOT / "office" / "pyproject.toml"]
    digest = hashlib.sha256(f"{sys.version_info[:2]}{sys.prefix}".encode())
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()


def made_for() -> dict[str, str]:
    """Which locks the environment already holds, by file name; empty when it is missing or half-made."""
    try:
        held = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) and PYTHON.exists() else {}


def is_ready(lock: str) -> bool:
    """Whether the environment was finished for this lock (the developers' one holds the other too)."""
    held = made_for()
    return any(held.get(name) == fingerprint(name) for name in {lock, "dev.txt"})


def is_whole() -> bool:
    """Whether every file that the environment's packages brought is still there."""
    return works([str(PYTHON), "-c", WHOLE])


def make_environment() -> list[str]:
    """Make ``.venv`` and return the command that installs into it."""
    uv = shutil.which("uv")
    if uv:
        if not works([str(PYTHON), "-c", "import sys"]):
            run(
                [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)],
                "No se pudo crear el entorno.",
            )
        return [uv, "pip", "install", "--python", str(PYTHON)]
    if not works([str(PYTHON), "-m", "pip", "--version"]):
        shutil.rmtree(VENV, ignore_errors=True)
        make_with_venv()
    if works([str(PYTHON), "-m", "pip", "--version"]):
        return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(PYTHON),
        "install",
        "--disable-pip-version-check",
        "--no-input",
    ]


def make_with_venv() -> None:
    """The standard way; where Debian left ``ensurepip`` out, the system's own pip fills the environment."""
    if works([sys.executable, "-c", "import venv, ensurepip"]):
        run([sys.executable, "-m", "venv", str(VENV)], "No se pudo crear el entorno en «.venv».")
    elif works([sys.executable, "-c", "import venv"]) and works(
        [sys.executable, "-m", "pip", "--python", sys.executable, "--version"]
    ):
        run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "No se pudo crear el entorno en «.venv».")
    else:
        raise Stop(
            "A este Python le falta el módulo «venv». En Debian o Ubuntu: sudo apt install python3-venv. "
            "También sirve instalar uv. Después vuelva a ejecutar: python3 start.py"
        )


def works(command: list[str]) -> bool:
    """Whether a command runs."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str], trouble: str) -> None:
    """Run a step; its last lines follow the sentence when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop("\n".join([trouble, *(done.stderr or done.stdout).strip().splitlines()[-6:]]))


def install(installer: list[str], lock: str) -> None:
    """Install the locked packages with their hashes, showing how many are there."""
    total = sum("==" in line for line in (ROOT / "requirements" / lock).read_text().splitlines())
    command = [*installer, "--require-hashes", "-r", str(ROOT / "requirements" / lock)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines: list[str] = []
    seen = 0
    try:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if line.startswith(("Collecting", "Requirement already", "   ", " + ")):
                seen += line.startswith(("Collecting", "Requirement already", " + "))
                if sys.stdout.isatty():
                    print(f"\r  {seen} de unos {total} paquetes", end="", flush=True)
                elif seen and seen % 25 == 0 and line.startswith("Collecting"):
                    say(f"  {seen} de unos {total} paquetes")
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if sys.stdout.isatty():
        print()
    if process.wait():
        raise Stop(why_install_failed(lines))


def why_install_failed(lines: list[str]) -> str:
    """A sentence for a failed installation, with its last lines."""
    text = "\n".join(lines)
    tail = "\n".join(lines[-5:])
    if any(
        word in text
        for word in (
            "Temporary failure",
            "getaddrinfo",
            "NewConnectionError",
            "dns error",
            "Connection refused",
            "Network is unreachable",
            "Failed to fetch",
            "timed out",
        )
    ):
        return f"No se pudieron descargar los paquetes: revise la conexión a la red y vuelva a ejecutar esto.\n{tail}"
    if "No space left" in text:
        return "No queda espacio en el disco: libere unos 2 GB y vuelva a ejecutar esto."
    if "DO NOT MATCH THE HASHES" in text or "Hash mismatch" in text:
        return f"Un paquete descargado no es el que Manglar espera; no se instaló nada de él.\n{tail}"
    return f"No se pudieron instalar los paquetes.\n{tail}"


def prepare(lock: str) -> None:
    """Bring the environment to what the lock says; cheap when it already is."""
    if is_ready(lock):
        if is_whole():
            return
        say("Al entorno le faltan archivos: se vuelve a hacer.")
        shutil.rmtree(VENV, ignore_errors=True)
    say("Manglar: preparando el entorno (solo la primera vez; uno o dos minutos).")
    held = made_for()
    STAMP.unlink(missing_ok=True)
    say("1/3 Creando .venv")
    installer = make_environment()
    say("2/3 Instalando los paquetes de los que depende, con su huella comprobada")
    install(installer, lock)
    say("3/3 Instalando Manglar")
    ours = ["-e", str(ROOT / "engine"), "-e", str(ROOT / "office")]
    run([*installer, "--no-deps", "--no-build-isolation", *ours], "No se pudo instalar Manglar.")
    kept = {
        name: mark
        for name, mark in held.items()
        if (ROOT / "requirements" / name).exists() and mark == fingerprint(name)
    }
    STAMP.write_text(json.dumps({**kept, lock: fingerprint(lock)}))


def check_port(host: str, port: int) -> None:
    """Say now, not after a minute of work, that the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise Stop(f"«{host}» no es una dirección de esta máquina: pruebe «--host 127.0.0.1».") from error
        except PermissionError as error:
            raise Stop(f"El sistema no deja usar el puerto {port}: pruebe «python3 start.py --port 8000».") from error
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise Stop(f"«{host}» no es una dirección de esta máquina: pruebe «--host 127.0.0.1».") from error
            raise Stop(
                f"El puerto {port} está ocupado: pruebe «python3 start.py --port {min(port + 1, 65535)}»."
            ) from error


def environment(data: Path) -> dict[str, str]:
    """The variables with which the example runs."""
    ours = {"MANGLAR_DATA_DIR": str(data), "MANGLAR_EXAMPLE": "1", "PYTHONUTF8": "1"}
    return {**os.environ, **ours}


def make_example(data: Path) -> None:
    """Compute the Panamá example beside the place where it will stand, then move it there in one step."""
    if (data / "manglar.sqlite3").exists() or os.environ.get("DATABASE_URL"):
        return
    say("Calculando el ejemplo de Panamá (una sola vez).")
    building = data.with_name(data.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    done = subprocess.run(
        [str(PYTHON), "-m", "manglar", "example", "load"], env=environment(building), cwd=ROOT, check=False
    )
    if done.returncode:
        shutil.rmtree(building, ignore_errors=True)
        raise Stop("No se pudo calcular el ejemplo; arriba está la razón. No quedó nada a medias.")
    data.mkdir(parents=True, exist_ok=True)
    database = "manglar.sqlite3"
    for item in sorted(building.iterdir(), key=lambda path: path.name == database):
        target = data / item.name
        if target.is_dir():
            shutil.rmtree(target)
        item.replace(target)
    building.rmdir()


def serve(options: argparse.Namespace) -> int:
    """Serve the example until Ctrl-C."""
    check_port(options.host, options.port)
    prepare("run.txt")
    data = Path(os.environ.get("MANGLAR_DATA_DIR", ROOT / "var")).resolve()
    make_example(data)
    shown = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{shown}:{options.port}"
    command = [str(PYTHON), "-m", "manglar", "serve", "--host", options.host, "--port", str(options.port)]
    process = subprocess.Popen(command, env={**environment(data), "MANGLAR_PUBLIC_URL": address}, cwd=ROOT)
    signal.signal(signal.SIGTERM, stop)  # told to end by a system: the same as Ctrl-C, so that nothing stays behind
    threading.Thread(target=announce, args=(process, options, address), daemon=True).start()
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait(timeout=20)
        say("\nManglar se detuvo. Para volver: python3 start.py")
        return 0


def stop(*_: object) -> None:
    """End as Ctrl-C does."""
    raise KeyboardInterrupt


def announce(process: "subprocess.Popen[bytes]", options: argparse.Namespace, address: str) -> None:
    """Say that the page is there once it answers, and open it unless asked not to."""
    for _ in range(600):
        if process.poll() is not None:
            return
        with socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET) as probe:
            if probe.connect_ex((options.host, options.port)) == 0:
                say(f"Manglar está en {address}  (Ctrl-C para detenerlo)")
                if not options.no_browser:
                    webbrowser.open(address)
                return
        time.sleep(0.1)


def test() -> int:
    """Set everything up and pass the tests: the same recipe that CI runs."""
    prepare("dev.txt")
    variables = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}", "PYTHONUTF8": "1"}
    just = BIN / ("just.exe" if os.name == "nt" else "just")
    return subprocess.run([str(just), "all"], cwd=ROOT, env=variables, check=False).returncode


def arguments() -> argparse.Namespace:
    """What the person asked for."""
    parser = argparse.ArgumentParser(
        prog="start.py", description="Levanta Manglar con el ejemplo de Panamá, o pasa sus pruebas."
    )
    parser.add_argument(
        "what", nargs="?", choices=["serve", "test", "setup"], default="serve", help="serve (lo normal), test o setup"
    )
    parser.add_argument("--port", type=int, default=8000, help="puerto (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="dirección en que escucha (127.0.0.1)")
    parser.add_argument("--no-browser", action="store_true", help="no abrir el navegador")
    options = parser.parse_args()
    if not 0 < options.port < 65536:
        parser.error("el puerto va de 1 a 65535")
    return options


def main() -> int:
    """Do what was asked; answer trouble with a sentence."""
    if sys.version_info < OLDEST:
        say(f"Manglar necesita Python {OLDEST[0]}.{OLDEST[1]} o posterior; este es {sys.version.split()[0]}.")
        return 2
    options = arguments()
    try:
        if options.what == "test":
            return test()
        if options.what == "setup":
            prepare("dev.txt")
            return 0
        return serve(options)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrumpido: la próxima vez sigue donde haga falta.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
