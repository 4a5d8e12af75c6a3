"""The whole city in its order: one transaction that is there or is not, then the seal of its log."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from manglar.audit.selectors import sealed, window
from manglar.audit.services import publish_heads, seal, sealed_by_caller
from manglar.example import stage
from manglar.foundation.identifiers import identifiers_drawn_from
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say
from manglar.seed import buildings, bulk, history, knowledge, people, plan, publishing, talk
from manglar.seed.city import BUILDER, City
from manglar.seed.sizes import Size
from manglar.territory.services import refresh_division_tiles

EVERYTHING = 1_000_000_000
Report = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    entries: int
    released: int
    buildings: int
    buildings_file: Path


def load(size: Size, *, seed: int, report: Report) -> Made:
    """Make the city in an empty database, seal its log and publish the heads."""
    _make_room()
    dice = random.Random(seed)
    place = settings.DATA_DIR / "exposure" / f"edificios-{size.name}.parquet"
    with identifiers_drawn_from(random.Random(seed + 1)):
        with sealed_by_caller(), transaction.atomic():
            city = _write(size, dice, report)
            released = publishing.publish(city)
            report(0.52, "Edificios")
            count = buildings.write_buildings(city, place)
        report(0.55, "Mapa")
        refresh_division_tiles()
        seal_all(lambda done: report(0.55 + 0.44 * done, "Sellando la bitácora"))
        publish_heads(by=BUILDER, on=timezone.localdate())
        seal(limit=EVERYTHING)
    return Made(sealed(), released, count, place)


def _write(size: Size, dice: random.Random, report: Report) -> City:
    report(0.01, "Gobiernos y territorio")
    city = City(size, dice, stage.ground())
    report(0.03, "Instituciones y cuentas")
    people.settle(city)
    report(0.07, "Fuentes, hallazgos y activos")
    knowledge.find_out(city)
    report(0.1, "Calculando el riesgo sísmico")
    knowledge.compute(city)
    report(0.14, "Estrategia y sus ediciones")
    plan.want(city)
    report(0.18, "Acuerdos, notas y decisiones")
    talk.agree(city)
    report(0.22, "Diez años de reportes")
    steps = history.story(city)
    if size.in_bulk:
        milestones = bulk.Teller(city, steps).tell(lambda done: report(0.22 + 0.2 * done, "Diez años de reportes"))
    else:
        milestones = history.tell_by_services(city, steps)
    history.some_obstacles(city, milestones)
    publishing.past_jobs(city)
    report(0.44, "Publicando")
    return city


def seal_all(report: Callable[[float], None]) -> None:
    """Seal whatever waits, saying how much of it is done."""
    waiting = max(1, window())
    try:
        seal(limit=EVERYTHING, report=lambda made: report(min(1.0, made / waiting)))
    except KeyboardInterrupt:
        raise Conflict(
            say(
                "Interrumpido al sellar: la ciudad está entera y falta sellar parte de su bitácora. «manglar verify» termina de sellarla."
            )
        ) from None


def _make_room() -> None:
    """On SQLite: memory for this connection, and a journal that is put away every 200 MB; what is safe stays as safe."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-200000")
            cursor.execute("PRAGMA wal_autocheckpoint=50000")


def settle() -> None:
    """After a load: let the database learn what it holds; on SQLite, also put the journal away."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
