"""Files, kept by their content."""

import hashlib
import secrets
from pathlib import Path

from django.conf import settings

from manglar.accounts.actors import Actor
from manglar.audit.services import act
from manglar.governments.models import Government
from manglar.operations import filetypes
from manglar.operations.models import StoredFile


def store_file(
    *,
    by: Actor,
    government: Government,
    name: str,
    content: bytes,
    accepted: tuple[filetypes.FileKind, ...] = (),
) -> StoredFile:
    """Keep a file under its digest after checking what it is; the same content is kept once on disk."""
    kind = filetypes.recognise(name, content, accepted)
    return _record_file(by=by, government=government, name=name, content=content, media_type=kind.media_type)


def store_bytes(*, by: Actor, government: Government, name: str, content: bytes, media_type: str) -> StoredFile:
    """Keep bytes that the program itself made, under their digest; nothing is recognised in them."""
    return _record_file(by=by, government=government, name=name, content=content, media_type=media_type)


def _record_file(*, by: Actor, government: Government, name: str, content: bytes, media_type: str) -> StoredFile:
    digest = hashlib.sha256(content).hexdigest()
    place = Path(digest[:2]) / digest
    target = Path(settings.MEDIA_ROOT) / place
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        half = target.with_suffix(f".{secrets.token_hex(8)}.part")  # two processes may keep the same bytes at once
        half.write_bytes(content)
        half.replace(target)
    with act("file.stored", by=by, government_id=government.pk):
        return StoredFile.objects.create(
            government=government,
            name=filetypes.clean_name(name),
            media_type=media_type,
            size_bytes=len(content),
            sha256=digest,
            path=place.as_posix(),
        )
