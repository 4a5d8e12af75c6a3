"""A file field that does not lose its file: what came with a form that had faults is kept and shown by its name.

The form carries the kept file in a signed note, good only for the link that it came with.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing

from manglar.accounts.models import SignedLink
from manglar.operations.models import StoredFile
from manglar.operations.selectors import stored_file_by_id

SALT = "manglar.link.kept"


def note_of(link: SignedLink, stored: StoredFile) -> str:
    """The signed note with which a form carries a kept file."""
    return signing.dumps([link.public_id, stored.public_id], salt=SALT)


def file_of_note(link: SignedLink, note: str) -> StoredFile | None:
    """The kept file of a note that was made for this link; None for any other text."""
    try:
        of_link, public_id = signing.loads(note, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return stored_file_by_id(link.government, public_id) if of_link == link.public_id else None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of the field: a new file, the note of a kept one, and whether that one is to go."""

    upload: Any = None
    note: str = ""
    dropped: bool = False


class KeptFileInput(forms.FileInput):
    """A choice of a file, below the one that is kept already."""

    template_name = "link/kept_file.html"
    kept: StoredFile | None = None
    note = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        return Sent(files.get(name), str(data.get(f"{name}-kept", "")), bool(data.get(f"{name}-drop")))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "kept": self.kept, "note": self.note}


class KeptFileField(forms.Field):
    """Gives what came, as ``Sent``; the form says what it makes of it."""

    widget = KeptFileInput

    def clean(self, value: Sent | None) -> Sent:
        return value or Sent()
