"""The second hazard of the example: how many recorded floods a year each corregimiento should expect."""

import datetime as dt

from django.utils import timezone

from manglar.evidence import services as evidence
from manglar.example.reading import facts, floods_csv
from manglar.example.stage import Stage
from manglar.risk import services as risk
from manglar.risk.choices import DatasetKind

#: Where most of the recorded floods were.
JUAN_DIAZ = "080812"


def tell_floods(stage: Stage, *, on: dt.date) -> None:
    """Register the recorded floods, count them, and make a finding of the answer that somebody else reviews."""
    analyst, told = stage.actors["analyst"], facts("floods")
    records = risk.register_dataset(
        by=analyst,
        government=stage.home,
        kind=DatasetKind.RECORDS,
        name="inundaciones-anotadas.csv",
        content=floods_csv(),
        about=risk.About(
            name="Inundaciones anotadas, 2004–2024",
            source="Prensa y estudios; cada suceso lleva su dirección",
            licence=told["licence"],
            version_note="Cinco sucesos escritos a mano para el ejemplo",
        ),
        terms=risk.FileTerms(),
    )
    run = risk.run_now(
        by=analyst,
        government=stage.home,
        at=timezone.make_aware(dt.datetime.combine(on, dt.time(12))),
        spec={
            "study": "flood_rates",
            "title": "Inundaciones anotadas por corregimiento",
            "peril": "flood",
            "records": {"dataset": records.public_id},
            "windows": [told["window"]],
        },
    )
    finding = risk.make_finding_from_run(by=analyst, run=run, division=stage.divisions[JUAN_DIAZ], on=on)
    evidence.review_finding(by=stage.actors["director"], finding=finding, on=on)
