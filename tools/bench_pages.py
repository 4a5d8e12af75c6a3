"""Measure every page of the portal and the desk on the made-up city, on SQLite and on PostgreSQL.

    python tools/bench_pages.py --size city --write      makes the city twice, prints JSON, writes docs/bench-pages.md
    python tools/bench_pages.py --size small --check     for the checks: exit code 1 where a page passes its budget

One address of every route is found by following links as the director of the example, then asked for ``--repeat``
times. Times are printed and never judged; the number of queries is. ``--reuse FOLDER`` measures a SQLite city that is
already made.
"""

import argparse
import contextlib
import gzip
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "bench-pages.md"
MOST_QUERIES = 30
#: How many addresses of a route are opened to find links, before one of them is measured.
LOOKED_AT = 2
LINK = re.compile(r"""<a\b[^>]*?\bhref="(/[^"#]*)""")
#: Other languages are the same pages; what streams a whole log or the source is no page.
NOT_FOLLOWED = re.compile(r"^/(en/|static/|cuenta/|i18n/|codigo/manglar.zip|transparencia/bitacora.jsonl)")
DIRECTOR = "director@ejemplo.invalid"


def addresses(client: Any, starts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Route and address of everything that links lead to, one of each route."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415  # only where Django is set up

    waiting, seen, of_route = deque(starts), set(starts), {}
    while waiting:
        address = waiting.popleft()
        try:
            route = resolve(address.split("?")[0]).view_name + ("?" if "?" in address else "")
        except Resolver404:
            continue
        of_route[route] = of_route.get(route, 0) + 1
        if of_route[route] > LOOKED_AT:
            continue
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
            yield from [(route, address)] * (of_route[route] == 1)
            continue
        if response.status_code in {301, 302}:
            found = [response.headers["Location"]]
        else:
            if of_route[route] == 1:
                yield route, address
            found = LINK.findall(response.content.decode()) if "html" in response.headers["Content-Type"] else []
        for link in found:
            clean = link.replace("&amp;", "&")
            if clean not in seen and clean.startswith("/") and not NOT_FOLLOWED.match(clean):
                seen.add(clean)
                waiting.append(clean)


def asked(client: Any, address: str) -> bytes:
    """The body of a page."""
    response = client.get(address)
    return b"".join(response.streaming_content) if response.streaming else response.content


def percentile(times: list[float], share: float) -> float:
    """The smallest time that at least ``share`` of them do not exceed, in milliseconds."""
    ordered = sorted(times)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def timed(do: Any, repeat: int) -> dict[str, float]:
    """Wall and processor time of doing something, in milliseconds."""
    walls, cpus = [], []
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        do()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {"p50_ms": percentile(walls, 0.5), "p95_ms": percentile(walls, 0.95), "cpu_ms": round(1000 * statistics.median(cpus), 1)}


def measured(repeat: int) -> dict[str, Any]:
    """Every page of the city in the database of the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manglar.config.settings")
    import django  # noqa: PLC0415  # the settings come first

    django.setup()
    from django.conf import settings  # noqa: PLC0415  # as above
    from django.db import connection  # noqa: PLC0415  # as above
    from django.test import Client  # noqa: PLC0415  # as above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415  # as above

    from manglar.accounts.models import User  # noqa: PLC0415  # as above
    from manglar.audit.models import Entry  # noqa: PLC0415  # as above

    settings.ALLOWED_HOSTS = ["*"]
    visitor, director = Client(), Client()
    director.force_login(User.objects.get(email=DIRECTOR))
    rows = []
    for client, starts in ((visitor, ("/",)), (director, ("/desk/panama/",))):
        for route, address in addresses(client, starts):
            if client is director and not route.startswith("desk:"):
                continue
            connection.queries_log.clear()
            with CaptureQueriesContext(connection) as captured:
                body = asked(client, address)
            few = repeat if len(body) < 5_000_000 else 1
            rows.append({
                "route": route, "queries": len(captured), **timed(lambda c=client, a=address: asked(c, a), few),
                "bytes": len(body), "gzipped": len(gzip.compress(body, 6)), "sql": slowest(captured),
            })
            sys.stderr.write(f"{route}: {rows[-1]['queries']} consultas, {rows[-1]['p50_ms']} ms\n")
    return {
        "database": f"{connection.vendor}", "entries": Entry.objects.count(), "saving": saving(repeat), "pages": rows,
        "python": platform.python_version(), "cores": os.cpu_count(),
    }


def slowest(captured: Any) -> str:
    """The slowest query of a page, to know where to look."""
    worst = max(captured.captured_queries, key=lambda each: float(each["time"]), default=None)
    return f"{worst['time']} s: {worst['sql'][:300]}" if worst else ""


def saving(repeat: int) -> dict[str, float]:
    """A save with its act, its triggers and its seal: the state of a node changes."""
    from manglar.accounts.actors import program  # noqa: PLC0415  # after the settings
    from manglar.strategy.models import Node  # noqa: PLC0415  # after the settings
    from manglar.strategy.services import set_node_state  # noqa: PLC0415  # after the settings

    node = Node.objects.order_by("-pk")[0]
    states = iter(["planned", "in_progress"] * (repeat + 1))
    return timed(
        lambda: set_node_state(by=program("medición"), node=node, state=next(states), reason="Medición (ilustrativa)."),
        repeat,
    )


def made_and_measured(database: str, options: argparse.Namespace) -> dict[str, Any]:
    """Make the city in a throw-away place and measure it there."""
    with contextlib.ExitStack() as stack:
        folder = options.reuse if options.reuse and database == "sqlite" else None
        place = Path(folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="manglar-bench-")))
        answer = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="manglar-bench-"))) / "answer.json"
        environment = {**os.environ, "MANGLAR_DATA_DIR": str(place), "MANGLAR_SECRET_KEY": "bench" * 12}
        environment.pop("DATABASE_URL", None)
        inner = [sys.executable, __file__, "--measure", str(answer), "--repeat", str(options.repeat), "--size", options.size]
        if folder:
            inner.append("--made")
        wrapper = [sys.executable, str(ROOT / "tools" / "with_postgres.py")] if database == "postgresql" else []
        subprocess.run([*wrapper, *inner], env=environment, check=True, cwd=ROOT / "office", stdout=sys.stderr)
        return json.loads(answer.read_text())


def table(results: list[dict[str, Any]], size: str) -> str:
    """The results as a document."""
    said = [
        "# Páginas medidas · Pages measured", "",
        f"`just bench pages`, ciudad de prueba «{size}»: {results[0]['entries']:,} asientos en la bitácora, Python {results[0]['python']}, "
        f"{results[0]['cores']} núcleos compartidos con otros trabajos. Una dirección de cada ruta; ms en el servidor, sin red.", "",
        "p50 y p95 son tiempo de reloj; «CPU» es la mediana del tiempo de procesador del servidor de páginas, que no depende de lo que hagan los demás "
        "(en PostgreSQL, sin lo que gasta la base). Presupuesto: 30 consultas por página (lo comprueban las pruebas); los tiempos solo se cuentan.", "",
    ]
    for each in results:
        saved = each["saving"]
        over = [page["route"] for page in each["pages"] if page["queries"] > MOST_QUERIES]
        said += [
            f"## {each['database']}", "",
            f"Guardar un cambio, con su asiento sellado: p50 {saved['p50_ms']} ms, p95 {saved['p95_ms']} ms. "
            f"Rutas: {len(each['pages'])}; sobre 30 consultas: {', '.join(over) or 'ninguna'}.", "",
            "| ruta | consultas | p50 ms | p95 ms | CPU ms | bytes | gzip |", "|---|--:|--:|--:|--:|--:|--:|",
            *(
                f"| {p['route']} | {p['queries']} | {p['p50_ms']} | {p['p95_ms']} | {p['cpu_ms']} | {p['bytes']:,} | {p['gzipped']:,} |"
                for p in each["pages"]
            ), "",
        ]
    return "\n".join(said)


def main() -> int:
    """Measure, print, and judge the queries where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="city")
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--reuse", help="carpeta de datos con una ciudad ya hecha (SQLite)")
    parser.add_argument("--write", action="store_true", help=f"escribe {TABLE.relative_to(ROOT)}")
    parser.add_argument("--check", action="store_true", help="código 1 si una página pasa de 30 consultas")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--made", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        if not options.made:
            subprocess.run([str(Path(sys.executable).parent / "manglar"), "seed", "--size", options.size], check=True)
        Path(options.measure).write_text(json.dumps(measured(options.repeat)))
        return 0
    wanted = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    results = [made_and_measured(database, options) for database in wanted]
    sys.stdout.write(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    if options.write:
        TABLE.write_text(table(results, options.size))
    over = [f"{p['route']}: {p['queries']}" for each in results for p in each["pages"] if p["queries"] > MOST_QUERIES]
    if over:
        sys.stderr.write("Sobre 30 consultas: " + "; ".join(over) + "\n")
    return 1 if over and options.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
