"""Run a command with DATABASE_URL set to a throw-away PostgreSQL cluster.

    python tools/with_postgres.py pytest tests

PostgreSQL refuses to run as root: then Debian's binaries run as their own user. Exit code 3 and a sentence
when there is no PostgreSQL to be had.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def binaries() -> Path | None:
    """The folder of the server's programs, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def as_server_user(command: list[str]) -> list[str]:
    """Root may not run the server: become the user that Debian made for it."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: list[str]) -> int:
    """Start the cluster, run the command, take everything away again; return the command's exit code."""
    bin_dir = binaries()
    if bin_dir is None:
        sys.stderr.write("No hay PostgreSQL: instale el paquete «postgresql» para probar con él.\n")
        return 3
    home = Path(tempfile.mkdtemp(prefix="manglar-pg-"))
    port, data = free_port(), home / "data"
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    home.chmod(0o755)
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        subprocess.run(
            as_server_user(
                [
                    str(bin_dir / "initdb"),
                    "-D",
                    str(data),
                    "-U",
                    "manglar",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                ]
            ),
            cwd=home,
            **quiet,
        )
        subprocess.run(
            as_server_user(
                [str(bin_dir / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(home / "log"), "-w", "start"]
            ),
            cwd=home,
            **quiet,
        )
        environment = {**os.environ, "DATABASE_URL": f"postgresql://manglar@127.0.0.1:{port}/postgres"}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        subprocess.run(
            as_server_user([str(bin_dir / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]),
            cwd=home,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
