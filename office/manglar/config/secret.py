"""The installation's secret: made once, kept in a file that only its owner reads, never a default."""

import os
import secrets
from pathlib import Path


def secret_key(path: Path) -> str:
    """Return the key in ``path``, making it on first use; two processes that start together get the same one."""
    if not path.exists():
        made = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        if path.exists():
            made.unlink()
        else:
            made.replace(path)
    return path.read_text().strip()
