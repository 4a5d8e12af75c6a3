"""What people list, read, record and do: declared once here, served by the desk as pages and by the API as JSON."""

from dataclasses import replace

from manglar.web.kinds import assets, decide, divisions, do, govern, know, loads, risk, talk, tell, want
from manglar.web.kinds.base import Kind


def _all() -> dict[str, Kind]:
    """Every kind by its slug; those that have a chain may be published."""
    declared = (
        *know.KINDS, *divisions.KINDS, *assets.KINDS, *risk.KINDS, *want.KINDS, *talk.KINDS, *decide.KINDS, *do.KINDS, *tell.KINDS, *govern.KINDS,
        *loads.KINDS,
    )  # fmt: skip
    return {
        kind.slug: replace(kind, actions=(*kind.actions, *tell.PUBLISH), is_published=True) if kind.has_chain else kind
        for kind in declared
    }


KINDS = _all()
