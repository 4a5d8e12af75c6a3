"""Addresses of the vendored libraries; the version is read from the folder's name."""

from functools import lru_cache
from pathlib import Path

from django.templatetags.static import PrefixNode, static

FOLDER = Path(__file__).parent / "static" / "design" / "vendor"


@lru_cache
def folder_of(library: str) -> str:
    """Return the static path of a vendored library; a missing or doubled library is an error."""
    found = sorted(path.name for path in FOLDER.glob(f"{library}-[0-9]*"))
    if len(found) != 1:
        raise LookupError(f"Se esperaba una sola carpeta de «{library}» en {FOLDER.name}; hay {len(found)}.")
    return f"design/vendor/{found[0]}"


def hashed_url(library: str, path: str) -> str:
    """Return the address that the static storage gives (with a digest in production)."""
    return static(f"{folder_of(library)}/{path}")


def plain_url(library: str, path: str) -> str:
    """Return the address without digest, for modules that look for files beside themselves."""
    return f"{PrefixNode.handle_simple('STATIC_URL')}{folder_of(library)}/{path}"
