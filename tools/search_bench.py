"""How fast search is, and how often it asks the database, with 20,000 records.

    just bench-search            on SQLite
    just bench-search-postgres   on PostgreSQL

The records are assets, findings and institutions with made-up names over about 6,000 different words, written in bulk past the
services, because the log follows those writes too. Everything is thrown away. Counts are the point; times are of this machine.
"""

import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

RECORDS = 20_000
TIMES = 15
REAL = ["agua", "río", "inundación", "sismo", "escuela", "hospital", "puente", "drenaje", "barrio", "centro", "norte", "sur", "plaza", "mercado", "albergue", "quebrada", "cauce"]
QUERIES = ("agua", "inundación", "inundasion", "puente norte", "hosp", "escuela del centro en el barrio norte", "zzzzzzzzz", "1042")


def names(chance: random.Random) -> Callable[[], str]:
    """A maker of names: some words of every day, some rare."""
    start, middle, end = ("ba", "cho", "du", "fe", "gua", "ji", "lo", "mi", "nu", "pa", "qui", "ri", "sa", "to", "vi", "ye"), (
        "lan", "mer", "ni", "po", "ra", "sti", "te", "vo", "xa", "za", "bri", "cu", "dor", "fla", "gre", "tru"), (
        "a", "o", "es", "al", "ero", "ina", "osa", "illo", "ado", "ema", "ura", "ista", "ote", "iel", "ano", "ez",
        "ana", "ito", "ia", "on", "ar", "os", "eda", "ín")  # fmt: skip
    rare = ["".join(each) for each in itertools.product(start, middle, end)]
    return lambda: " ".join([*chance.choices(REAL, k=2), *chance.choices(rare, k=2)]).capitalize()


def fill() -> None:
    """Write the city."""
    from manglar.accounts import services as accounts
    from manglar.accounts.actors import program
    from manglar.accounts.choices import Role
    from manglar.assets.models import Asset, AssetKind
    from manglar.evidence.models import Finding
    from manglar.foundation.translated import translated
    from manglar.network.models import Institution

    by, chance = program("medición"), random.Random(1)
    name = names(chance)
    city = accounts.found_government(by=by, code="ciudad", name=translated("Ciudad"), kind="municipality", is_home=True)
    other = accounts.found_government(by=by, code="otra", name=translated("Otra"), kind="municipality")
    accounts.create_user(
        by=by, government=city, email="mide@example.org", display_name="Mide", roles=[Role.EDITOR], password="x" * 20
    )
    kind, _ = AssetKind.objects.get_or_create(code="prueba", defaults={"name": translated("Edificio")})
    for government, share in ((city, 0.9), (other, 0.1)):
        count = int(RECORDS * share)
        assets = [
            Asset(government=government, kind=kind, name=f"{name()} {n}", lon=-79.5, lat=9.0, people=n % 900, mark="estimacion")
            for n in range(int(count * 0.8))
        ]
        Asset.objects.bulk_create(assets, batch_size=500)
        findings = [
            Finding(government=government, title=translated(name()), text=translated(f"{name()}. {name()}."), mark="estimacion",
                    found_on="2026-05-04")
            for _ in range(int(count * 0.15))
        ]  # fmt: skip
        Finding.objects.bulk_create(findings, batch_size=500)
        Institution.objects.bulk_create(
            [Institution(government=government, code=f"i{n}", name=translated(name()), kind="municipal") for n in range(int(count * 0.05))],
            batch_size=500,
        )


def publish(share: int) -> None:
    """Copies of some findings, as the portal would hold them."""
    from django.utils import timezone

    from manglar.evidence.models import Finding
    from manglar.publication.models import Release

    Release.objects.bulk_create(
        [
            Release(
                government=finding.government, kind="finding", subject_id=finding.public_id, version=1, sha256="0" * 64,
                released_at=timezone.now(), released_by_name="Mide",
                payload={"title": finding.title, "text": finding.text, "status": "", "date": "2026-05-04"},
            )
            for finding in Finding.objects.select_related("government").order_by("pk")[:share]
        ],
        batch_size=500,
    )  # fmt: skip


def timed(title: str, work: Callable[[], Any]) -> Any:
    """Do it, say how long it took, give back what it gave."""
    began = time.perf_counter()
    made = work()
    sys.stdout.write(f"{title}: {time.perf_counter() - began:.1f} s\n")
    return made


def measure(label: str, ask: Callable[[], Any]) -> None:
    """Ask several times; print queries and milliseconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    asked = len(captured)  # now: the next request empties the list
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1000)
    slow = sorted(spent)[int(TIMES * 0.95)]
    found = answer if isinstance(answer, int) else answer.context["found"].total if answer.context else answer.json()["total"]
    sys.stdout.write(f"{label:<58}{found:>8}{asked:>10}{statistics.median(spent):>9.0f}{slow:>9.0f}\n")


def main() -> None:
    """Fill, index, ask."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ |= {"MANGLAR_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "manglar.config.settings", "MANGLAR_HOSTS": "testserver"}
        import django

        django.setup()
        from django.db import connection
        from django.test import Client
        from django.test.utils import setup_test_environment

        from manglar.accounts.models import User
        from manglar.audit.services import seal
        from manglar.operations.preparation import prepare_database
        from manglar.search.models import Document, Posting, Spelling, Word
        from manglar.search.services import follow_log, read_waiting, rebuild

        setup_test_environment()
        prepare_database()
        timed(f"write {RECORDS} records", fill)
        timed("publish 2000 of them", lambda: publish(2_000))
        timed("seal the log", lambda: seal(limit=1_000_000))
        timed("make the index from nothing", lambda: rebuild(lambda *_: None))
        sys.stdout.write(
            f"{connection.vendor}: {Document.objects.count()} documents, {Posting.objects.count()} postings, "
            f"{Word.objects.count()} words, {Spelling.objects.count()} keys\n"
        )
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        client, portal = Client(), Client()
        client.force_login(User.objects.get(email="mide@example.org"))
        sys.stdout.write(f"{'page':<58}{'found':>8}{'queries':>10}{'p50 ms':>9}{'p95 ms':>9}\n")
        for query in QUERIES:
            for path in ("/desk/ciudad/buscar/", "/desk/ciudad/buscar/paleta/"):
                measure(f"{path} {query}", lambda path=path, query=query: client.get(path, {"q": query}))
        for query in QUERIES[:4]:
            measure(f"/buscar/ {query}", lambda query=query: portal.get("/buscar/", {"q": query}))
        one_record(timed, seal, follow_log, read_waiting)


def one_record(timed: Callable[..., Any], seal: Any, follow_log: Any, read_waiting: Any) -> None:
    """How long a change takes to be found once the worker looks."""
    from manglar.evidence.models import Finding
    from manglar.foundation.translated import translated

    finding = Finding.objects.order_by("pk")[0]
    Finding.objects.filter(pk=finding.pk).update(title=translated("Cocodrilos"))
    seal()
    timed("one changed record, from the log to the index", lambda: (follow_log(), read_waiting(100)))


if __name__ == "__main__":
    main()
