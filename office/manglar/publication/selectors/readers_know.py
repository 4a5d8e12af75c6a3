"""Readers of what the city knows and wants: findings, editions, initiatives."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from manglar.evidence.choices import FindingState
from manglar.evidence.models import Finding
from manglar.foundation.sentences import Said, say
from manglar.foundation.translated import read_in
from manglar.publication.choices import Kind, Relation
from manglar.publication.rules import Link
from manglar.publication.selectors.registry import Facts, Known, Reader, amount, any_of, owner, register
from manglar.strategy.choices import EditionState, NodeState
from manglar.strategy.models import Edition, LevelName, Node, Responsibility
from manglar.strategy.selectors import newest_first, with_level_words, words_of


class FindingReader(Reader):
    """What the city found out; nothing that this program knows is above it (a risk run will be)."""

    kind, prefix, rank, states = Kind.FINDING.value, "hallazgo", 10, FindingState
    is_complete_alone = True

    def rows(self, where: Q, *, full: bool = False) -> list[Finding]:
        found = Finding.objects.filter(where).select_related("government", "hazard").distinct().order_by("pk")
        return list(found.prefetch_related("divisions", "sources") if full else found)

    def following(self, known: Known) -> Q | None:  # noqa: ARG002  # nothing is above a finding yet
        return None

    def links(self, record: Finding) -> list[Link]:  # noqa: ARG002  # nothing is above a finding yet
        return []

    def facts(self, record: Finding) -> Facts:
        held = getattr(record, "_prefetched_objects_cache", {})
        divisions = tuple((d.code, d.name) for d in record.divisions.all()) if "divisions" in held else ()
        return Facts(
            self.kind, record.public_id, owner(record), record.title, record.text, record.found_on.isoformat(),
            status=record.state, mark=record.mark, source=record.source_text, divisions=divisions,
        )

    def fields(self, record: Finding) -> dict[str, Any]:
        hazard = {"code": record.hazard.code, "name": record.hazard.name} if record.hazard else None
        sources = [
            {"id": s.public_id, "title": s.title, "publisher": s.publisher, "url": s.url,
             "published_on": str(s.published_on or ""), "licence": s.licence}
            for s in record.sources.all()
        ]
        return {"hazard": hazard, "sources": sources}

    def why_internal(self, record: Finding) -> Said:
        return "" if record.state == FindingState.REVIEWED else say("El hallazgo no está revisado.")


class EditionReader(Reader):
    """An edition of the strategy: many initiatives are in it, so chains do not run on through it."""

    kind, prefix, rank, states, is_hub = Kind.EDITION.value, "edicion", 20, EditionState, True

    def rows(self, where: Q, *, full: bool = False) -> list[Edition]:
        found = Edition.objects.filter(where).select_related("government", "strategy").distinct().order_by("pk")
        return list(found.prefetch_related("strategy__levels") if full else found)

    def following(self, known: Known) -> Q | None:  # noqa: ARG002  # an edition follows from nothing
        return None

    def links(self, record: Edition) -> list[Link]:  # noqa: ARG002  # an edition follows from nothing
        return []

    def facts(self, record: Edition) -> Facts:
        title = {code: f"{text} · {record.label}" for code, text in record.strategy.title.items()}
        text = {"es": record.note} if record.note else {}
        return Facts(self.kind, record.public_id, owner(record), title, text, str(record.adopted_on or ""),
                     status=record.state)

    def fields(self, record: Edition) -> dict[str, Any]:
        counts = dict(record.nodes.values_list("depth").annotate(Count("pk")).order_by("depth"))
        return {
            "strategy": record.strategy.public_id, "label": record.label, "act": record.act,
            "adopted_on": str(record.adopted_on or ""), "edition_sha256": record.sha256, "is_partial": record.is_partial,
            "levels": [{**told, "count": counts.get(told["depth"], 0)} for told in words_of(record)],
        }

    def why_internal(self, record: Edition) -> Said:
        if record.state == EditionState.ADOPTED or record.is_partial:
            return ""
        return say("La edición es un borrador: adóptela, o diga que es una copia parcial y qué le falta.")


class InitiativeReader(Reader):
    """A pillar, an initiative, an action: by its identity, in the edition in force."""

    kind, prefix, rank, states = Kind.INITIATIVE.value, "iniciativa", 30, NodeState

    def rows(self, where: Q, *, full: bool = False) -> list[Node]:
        responsibles = Prefetch("responsibilities", Responsibility.objects.select_related("institution"))
        found = newest_first(Node.objects.filter(where).distinct()).select_related(
            "government", "edition__strategy", "parent"
        ).prefetch_related("findings", responsibles)
        return list(with_level_words(found.prefetch_related("divisions") if full else found))

    def mine(self, ids: set[str]) -> Q:
        return Q(identity__in=ids)

    def mine_and_above(self, ids: set[str]) -> Q:
        """The nodes and their ancestors: those whose identity is in the path of one of them."""
        below = Node.objects.filter(identity__in=ids, edition=OuterRef("edition"), path__contains=OuterRef("identity"))
        return Q(Exists(below))

    def brings(self, record: Node) -> list[tuple[str, Any]]:
        edition = record.edition
        edition.government = record.government
        return [(Kind.EDITION.value, edition)]

    def following(self, known: Known) -> Q | None:
        """Nodes that a finding argues for, and everything below the known ones."""
        argued = any_of((known.get(Kind.FINDING), "findings__public_id")) or Q()
        below = reduce(or_, (Q(path__contains=f"{identity}/") for identity in sorted(known.get(self.kind, ()))), Q())
        return argued | below or None

    def asks_again(self, *, had_own: bool) -> bool:
        """What hangs from the nodes that a finding argues for; below a node everything is found at once."""
        return not had_own

    def links(self, record: Node) -> list[Link]:
        found = [Link(Kind.FINDING, f.public_id, Relation.MOTIVATED_BY) for f in record.findings.all()]
        above = record.path.split("/")[:-1]
        if above:
            found.append(Link(self.kind, above[-1], Relation.PART_OF))
        found.append(Link(Kind.EDITION, record.edition.public_id, Relation.IN_EDITION))
        return found

    def facts(self, record: Node) -> Facts:
        held = getattr(record, "_prefetched_objects_cache", {})
        divisions = tuple((d.code, d.name) for d in record.divisions.all()) if "divisions" in held else ()
        institutions = tuple((r.institution.public_id, r.institution.name) for r in record.responsibilities.all())
        return Facts(
            self.kind, record.identity, owner(record), record.title, record.text,
            str(record.starts_on or record.edition.adopted_on or ""), institutions, record.state, record.mark,
            record.source_text, divisions, f"{record.depth:02d} {record.position:06d}",
            noun=getattr(record, "level_word", None) or {},
        )

    def fields(self, record: Node) -> dict[str, Any]:
        level = LevelName.objects.filter(strategy=record.edition.strategy, depth=record.depth).first()
        above = Node.objects.filter(edition=record.edition, identity__in=record.path.split("/")[:-1]).order_by("depth")
        edition = record.edition
        return {
            "code": record.code, "depth": record.depth, "level": level.singular if level else {},
            "path": [{"id": n.identity, "code": n.code, "title": n.title} for n in above],
            "strategy": {"id": edition.strategy.public_id, "title": edition.strategy.title},
            "edition": {"id": edition.public_id, "label": edition.label, "state": edition.state,
                        "is_partial": edition.is_partial, "adopted_on": str(edition.adopted_on or "")},
            "title_is_unofficial_translation": record.title_is_unofficial_translation, "is_stub": record.is_stub,
            "responsible_text": record.responsible_text, "starts_on": str(record.starts_on or ""),
            "ends_on": str(record.ends_on or ""), "cost_pab": amount(record.cost_pab), "cost_mark": record.cost_mark,
        }

    def why_internal(self, record: Node) -> Said:
        if record.edition.state == EditionState.ADOPTED or record.edition.is_partial:
            return ""
        return say("«{text}» está en una edición en borrador.", text=read_in(record.title, "es").text)


for reader in (FindingReader(), EditionReader(), InitiativeReader()):
    register(reader)
