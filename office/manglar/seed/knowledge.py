"""Know: sources, findings, assets, and one real run of the engine."""

import csv
import datetime as dt
import io
import json

from django.db import transaction
from django.utils import timezone

from manglar.assets import services as assets
from manglar.assets.selectors import kind_by_code
from manglar.evidence import services as evidence
from manglar.evidence.selectors import hazard_by_code
from manglar.example.reading import facts, faults_geojson
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.operations.services import store_file
from manglar.risk import services as risk
from manglar.seed.city import BUILDER, SAID, City, made_up, words
from manglar.seed.scatter import Scatter
from manglar.seed.sizes import BEGINS, ENDS

CLASSES = ("C1.L.PC", "C1.L.LC", "C1.L.MC", "RM1.L.LC")
USES = {"hospital": "COM6", "school": "EDU1", "clinic": "COM7", "shelter": "GOV1", "bridge": "IND1"}
FILES = 6


def find_out(city: City) -> None:
    """Write down what the office knows."""
    evidence.ensure_hazards(by=BUILDER)
    assets.ensure_kinds(by=BUILDER)
    for kind, count in city.size.assets.items():
        _assets(city, kind, count)
    with transaction.atomic():
        _findings(city)


def _findings(city: City) -> None:
    editor, director = city.actor("editor"), city.actor("director")
    files = [
        store_file(
            by=editor, government=city.home, name=f"documento-ilustrativo-{number + 1}.csv",
            content=f"dato,valor\nilustrativo,{number + 1}\n".encode(),
        )
        for number in range(FILES)
    ]
    sources = [
        evidence.record_source(
            by=editor, government=city.home, title=made_up(f"informe {number + 1} sobre {city.pair('themes')[0]}", "")["es"],
            publisher="Editor ilustrativo", published_on=str(city.dice.randint(BEGINS.year, ENDS.year)),
            file=files[number % FILES],
        )
        for number in range(city.size.sources)
    ]
    for number in range(city.size.findings):
        (es, en), place = city.pair("themes"), city.dice.choice(city.corregimientos)
        found_on = city.day(BEGINS, ENDS - dt.timedelta(days=60))
        said = evidence.FindingText(
            title=made_up(f"{place.name} necesita {es}", f"{place.name} needs {en}"),
            text=made_up(f"lo dicen las visitas y los datos: {es} es lo que falta", f"visits and data say so: {en} is missing"),
            found_on=found_on, hazard=hazard_by_code(city.dice.choice(words()["hazards"])), divisions=[place],
            sources=city.dice.sample(sources, k=2), mark=Mark.ILLUSTRATIVE, source_text=SAID,
        )
        made = evidence.record_finding(by=editor, government=city.home, said=said)
        if number % 4:
            made = evidence.review_finding(by=director, finding=made, on=found_on + dt.timedelta(days=20))
            city.findings.append(made)


def _assets(city: City, kind: str, count: int) -> None:
    held = kind_by_code(kind)
    if held is None:
        raise InvalidInput(say("La ciudad de prueba nombra una clase de activo que no existe: «{kind}».", kind=kind))
    scatter, sheet = Scatter.of(city), io.StringIO()
    rows = csv.writer(sheet)
    rows.writerow(["codigo", "nombre", "lon", "lat", "valor_pab", "personas", "clase_edificio", "uso"])
    places, _codes = scatter.placed(count, seed=city.dice.getrandbits(32))
    for number, (lon, lat) in enumerate(places, start=1):
        rows.writerow([
            f"{kind}-{number:05d}", f"{held} {number} (ilustrativo)", f"{lon:.6f}", f"{lat:.6f}",
            city.dice.randrange(200_000, 9_000_000, 1_000), city.dice.randrange(20, 1_800),
            city.dice.choice(CLASSES), USES[kind],
        ])
    assets.import_assets(
        by=BUILDER, government=city.home, name=f"{kind}-ilustrativo.csv", content=sheet.getvalue().encode(), kind=held,
        at=timezone.make_aware(dt.datetime.combine(ENDS, dt.time(12))),
        options=assets.AssetOptions(
            mark=Mark.ILLUSTRATIVE, source_text=SAID, is_critical=kind == "hospital", position_is_approximate=True
        ),
    )


def compute(city: City) -> None:
    """One run of the engine over the hospitals: real arithmetic on made-up assets."""
    analyst, at = city.actor("analyst"), timezone.make_aware(dt.datetime.combine(ENDS, dt.time(12)))
    dataset = risk.register_faults(
        by=analyst, government=city.home, name="fallas-simplificadas.geojson",
        content=json.dumps(faults_geojson()).encode(), licence="CC BY 4.0", source=facts("faults")["source"], at=at,
    )
    run = risk.run_now(
        by=analyst, government=city.home, at=at,
        spec={
            "title": "Riesgo sísmico de los hospitales (activos ilustrativos)", "hazard": "earthquake",
            "seed": city.dice.randrange(1, 2**31), "samples": city.size.samples,
            "faults": {"dataset": dataset.public_id}, "assets": {"kinds": ["hospital"]},
        },
    )
    worst = run.territories.select_related("division").order_by("-ead_mean_pab", "pk").first()
    if worst is not None:
        finding = risk.make_finding_from_run(by=analyst, run=run, division=worst.division, on=ENDS)
        city.findings.append(evidence.review_finding(by=city.actor("director"), finding=finding, on=ENDS))
