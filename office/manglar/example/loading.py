"""The whole example in its order: the stage, the story, the map, the seal."""

from collections.abc import Callable

from django.utils import timezone

from manglar.audit.services import publish_heads, seal
from manglar.example import stage, story
from manglar.example.stage import Stage
from manglar.territory.services import refresh_division_tiles

EVERYTHING = 1_000_000


def load(report: Callable[[float, str], None]) -> Stage:
    """Build the example in an empty database, seal its log and publish the heads."""
    report(0.02, "Gobiernos, territorio, instituciones y activos")
    built = stage.build()
    story.tell(built, progress=report)
    report(0.95, "Sellando la bitácora")
    refresh_division_tiles()
    seal(limit=EVERYTHING)
    publish_heads(by=stage.BUILDER, on=timezone.localdate())
    seal(limit=EVERYTHING)
    return built
