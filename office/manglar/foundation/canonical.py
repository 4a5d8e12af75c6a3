"""One way to write a record down, so that its digest is the same wherever it is computed."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> str:
    """The JSON text of a value: keys sorted, no spaces, accents as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON in UTF-8."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
