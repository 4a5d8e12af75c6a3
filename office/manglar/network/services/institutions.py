"""Recording institutions and their posts."""

from collections.abc import Mapping

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.network import selectors
from manglar.network.choices import InstitutionKind, Rank
from manglar.network.models import Institution, Post
from manglar.network.permissions import may_change_network
from manglar.network.rules import code_from
from manglar.territory.models import Division


def record_institution(
    *, by: Actor, government: Government, code: str, name: Mapping[str, str], kind: str,
    division: Division | None = None, mark: str = Mark.SOURCE, source_text: str = "",
) -> Institution:
    """Record an institution that is not there yet."""
    require(may_change_network, by, government)
    code = code_from(code)
    check_institution(code=code, name=name, kind=kind)
    held = selectors.institution_by_code(government, code)
    if held is not None:
        raise Conflict(say("Ya hay una institución con las siglas «{code}»: {held}.", code=held.code, held=held))
    institution = Institution(
        government=government, code=code, name=dict(name), kind=kind, division=division, mark=mark,
        source_text=source_text,
    )
    with act("institution.recorded", by=by, government_id=government.pk, subject=institution.public_id):
        institution.save()
    return institution


def check_institution(*, code: str, name: Mapping[str, str], kind: str) -> None:
    """Refuse what no institution may be."""
    if not code:
        raise InvalidInput(say("Escriba las siglas de la institución: letras, cifras y guiones."))
    if not any(text.strip() for text in name.values()):
        raise InvalidInput(say("A la institución «{code}» le falta el nombre.", code=code))
    if kind not in InstitutionKind.values:
        raise InvalidInput(
            say("No existe la clase «{kind}». Hay: {values}.", kind=kind, values=", ".join(InstitutionKind.values))
        )


def revise_institution(
    *, by: Actor, institution: Institution, name: Mapping[str, str] | None = None, kind: str | None = None,
    division: Division | None = None, reason: str = "",
) -> Institution:
    """Change what is said of an institution."""
    require(may_change_network, by, institution.government)
    name, kind = dict(name if name is not None else institution.name), kind or institution.kind
    check_institution(code=institution.code, name=name, kind=kind)
    with act("institution.revised", by=by, government_id=institution.government_id, subject=institution.public_id,
             reason=reason):
        institution.name, institution.kind = name, kind
        institution.division = division or institution.division
        institution.save(update_fields=["name", "kind", "division"])
    return institution


def record_post(*, by: Actor, institution: Institution, title: Mapping[str, str], rank: str) -> Post:
    """Record a post in an institution; an institution has one head."""
    require(may_change_network, by, institution.government)
    if not any(text.strip() for text in title.values()):
        raise InvalidInput(say("Escriba el nombre del cargo."))
    if rank not in Rank.values:
        raise InvalidInput(say("No existe el rango «{rank}». Hay: {values}.", rank=rank, values=", ".join(Rank.values)))
    if rank == Rank.HEAD and institution.posts.filter(rank=Rank.HEAD).exists():
        raise Conflict(say("«{institution}» ya tiene un cargo titular.", institution=institution))
    post = Post(government=institution.government, institution=institution, title=dict(title), rank=rank)
    with act("post.recorded", by=by, government_id=institution.government_id, subject=post.public_id):
        post.save()
    return post
