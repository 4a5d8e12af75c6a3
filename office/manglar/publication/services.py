"""Use cases of publication: make a frozen copy public, take it back, publish a whole chain."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.canonical import digest
from manglar.foundation.refusals import Conflict, InvalidInput, Refusal
from manglar.foundation.sentences import Said, say
from manglar.foundation.texts import fold
from manglar.governments.models import Government
from manglar.publication import selectors
from manglar.publication.models import Release, ReleaseLink
from manglar.publication.permissions import may_release
from manglar.publication.rules import personal_data_in, same_content


def release_record(*, by: Actor, government: Government, public_id: str, at: dt.datetime) -> Release:
    """Make the frozen copy of a record public; when nothing changed since the last one, that one stays."""
    require(may_release, by, government)
    draft = selectors.public_draft(public_id, government)
    if draft is None:
        raise InvalidInput(
            say("No hay en este gobierno un registro «{public_id}» que se pueda publicar.", public_id=public_id)
        )
    _check_public(draft)
    if (current := selectors.release_by_subject(public_id)) and not _differs(current, draft):
        return current
    with act("record.released", by=by, government_id=government.pk, subject=public_id):
        return _write(by, government, draft, at)


def _check_public(draft: selectors.Draft) -> None:
    if sentence := draft.why_internal:
        raise Conflict(say("No se publica todavía: {sentence}", sentence=sentence))
    if found := personal_data_in(draft.content):
        raise InvalidInput(
            say(
                "La copia pública llevaría un correo ({found}): quítelo del texto antes de publicar.",
                found="; ".join(found),
            )
        )


def _differs(current: Release, draft: selectors.Draft) -> bool:
    held = {(row.to_kind, row.to_id, row.relation) for row in current.links_up.all()}
    return not same_content(current.payload, draft.content) or held != {(x.kind, x.id, x.relation) for x in draft.links}


def _write(by: Actor, government: Government, draft: selectors.Draft, at: dt.datetime) -> Release:
    public_id = draft.content["id"]
    earlier = Release.objects.select_for_update().filter(subject_id=public_id).order_by("-version").first()
    version = earlier.version + 1 if earlier else 1
    public_now = selectors.released_in(link.id for link in draft.links)
    payload = {
        **draft.content, "version": version,
        "links": [link.as_json() for link in draft.links if link.id in public_now],
    }
    Release.objects.filter(subject_id=public_id, is_current=True).update(is_current=False)
    release = Release.objects.create(
        government=government, kind=draft.reader.kind, subject_id=public_id, version=version, payload=payload,
        sha256=digest(payload), released_at=at, released_by_name=by.name, subject_on=draft.content["date"],
        division_codes="".join(f"|{each['code']}|" for each in draft.content["divisions"]),
        folded=fold(" ".join([*draft.content["title"].values(), *draft.content["text"].values(),
                              str(draft.content["fields"].get("code", ""))])),
    )
    ReleaseLink.objects.bulk_create([
        ReleaseLink(government=government, release=release, to_kind=link.kind, to_id=link.id, relation=link.relation)
        for link in draft.links
    ])
    return release


def withdraw_release(*, by: Actor, release: Release, at: dt.datetime, reason: str) -> Release:
    """Take a public copy back, saying why; the copy and its digest stay in the record."""
    require(may_release, by, release.government)
    if not reason.strip():
        raise InvalidInput(say("Diga por qué se retira la publicación."))
    with act("release.withdrawn", by=by, government_id=release.government_id, subject=release.subject_id, reason=reason):
        held = Release.objects.select_for_update().get(pk=release.pk)
        if not held.is_current:
            raise Conflict(say("Esta publicación ya no es la vigente."))
        held.is_current, held.withdrawn_at, held.withdrawn_reason = False, at, reason.strip()
        held.save(update_fields=["is_current", "withdrawn_at", "withdrawn_reason"])
    return held


@dataclass(slots=True)
class ChainRelease:
    """What came of releasing a chain: what is public now, and what is not with the reason."""

    released: list[Release] = field(default_factory=list)
    skipped: list[tuple[selectors.Point, Said]] = field(default_factory=list)


def release_chain(*, by: Actor, government: Government, public_id: str, at: dt.datetime) -> ChainRelease:
    """Release everything in the chain of a record that may be public, from the first to the last; say what may not."""
    require(may_release, by, government)
    chain = selectors.chain_of(public_id, audience=government, on=timezone.localtime(at).date(), latest=None)
    if chain is None:
        raise InvalidInput(say("No hay en este gobierno un registro «{public_id}».", public_id=public_id))
    result = ChainRelease()
    with act("chain.released", by=by, government_id=government.pk, subject=public_id):
        for point in chain.points:
            if point.government != government.code:
                result.skipped.append((point, say("Es de otro gobierno: lo publica quien lo dirige.")))
                continue
            try:
                result.released.append(release_record(by=by, government=government, public_id=point.id, at=at))
            except Refusal as refusal:
                result.skipped.append((point, refusal.said))
    return result
