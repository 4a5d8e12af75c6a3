"""From the specs of impact and of series to the bytes that the engine gets: registered data sets, assets, territories."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from manglar.evidence.selectors import hazard_by_code
from manglar.evidence.services import HAZARDS
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import read_in
from manglar.governments.models import Government
from manglar.risk import engine_bridge, selectors
from manglar.risk.choices import EARTHQUAKE, HAZARD_KINDS, SEA, DatasetKind
from manglar.risk.engine_bridge import ImpactQuestion
from manglar.risk.engine_bridge.files import assets_from
from manglar.risk.engine_bridge.impact import Layer
from manglar.risk.engine_bridge.library import peril_of
from manglar.risk.engine_bridge.systems import DEGREES
from manglar.risk.models import Dataset
from manglar.risk.rules.exposure import AssetFacts, Filled, fill, named, note
from manglar.risk.rules.impact_spec import ImpactSpec
from manglar.risk.rules.series_spec import RatesSpec, SeaLevelSpec
from manglar.risk.services.datasets import dataset_files, dataset_terms
from manglar.risk.services.fitting import fitted
from manglar.risk.services.preparing import Prepared
from manglar.territory.selectors import divisions_on, finest_level

NEEDED = ("value_pab", "people")


def registered(government: Government, public_id: str, key: str, *kinds: DatasetKind) -> Dataset:
    """A data set of the government of one of some kinds, or a sentence that says which key to mend."""
    found = selectors.dataset_by_id(public_id)
    if found is None or found.government_id != government.pk or found.kind not in kinds:
        raise InvalidInput(
            say(
                "«{key}» nombra «{dataset}», que no es un conjunto de {label} de {government}: regístrelo («manglar risk dataset add») o corrija el identificador.",
                key=key,
                dataset=public_id,
                label=" / ".join(str(kind.label) for kind in kinds),
                government=government,
            )
        )
    return found


def layer_of(dataset: Dataset) -> Layer:
    """A data set as the inputs of a run name it: by its digest, with how it is read."""
    return Layer(dataset.sha256, dataset.kind, dataset.name, dataset.meaning)


def hazard_code(spec: ImpactSpec | SeaLevelSpec | RatesSpec, government: Government) -> str:
    """The hazard under which a run is kept: of several, the first."""
    if isinstance(spec, SeaLevelSpec):
        return SEA
    if isinstance(spec, RatesSpec):
        return spec.peril
    first = registered(government, spec.hazards[0], "hazards.1.dataset", *HAZARD_KINDS)
    return str(first.meaning["hazard"])


def hazard_names(codes: Sequence[str]) -> dict[str, list[str]]:
    """Names of hazards in both languages, as a sentence says them: each once."""
    found: dict[str, list[str]] = {"es": [], "en": []}
    for code in dict.fromkeys(codes):
        known, usual = hazard_by_code(code), HAZARDS.get(code, (code, code))
        for language, name in zip(("es", "en"), usual, strict=True):
            text = read_in(known.name, language).text if known else name
            found[language].append(text.lower())
    return found


def damage_by(code: str) -> tuple[str, str]:
    """«Daño por …», in both languages."""
    if code == EARTHQUAKE:
        return "terremotos", "earthquake"
    names = hazard_names([code])
    return names["es"][0], names["en"][0]


def prepare_impact(spec: ImpactSpec, *, government: Government) -> Prepared:
    """Everything that the engine will be given for a run of impact, and what the office did to get it."""
    hazards = [
        registered(government, public_id, f"hazards.{n}.dataset", *HAZARD_KINDS)
        for n, public_id in enumerate(spec.hazards, start=1)
    ]
    functions, exposed = functions_of(spec, government), exposed_of(spec, government)
    codes = [str(each.meaning["hazard"]) for each in hazards]
    refuse_without_function(exposed.columns["asset_class"], codes, functions)
    question = ImpactQuestion(
        spec=fitted(
            spec,
            exposed.columns,
            [exposed.facts[key].kind for key in exposed.columns["ids"]],
            codes,
            exposed.price_year,
        ),
        columns=exposed.columns,
        crs=exposed.crs,
        price_year=exposed.price_year,
        hazards=[layer_of(each) for each in hazards],
        hazard_names=hazard_names(codes),
        functions={amount: layer_of(each) for amount, each in functions.items()},
        names=exposed.names,
        defaulted=exposed.defaulted,
    )
    return Prepared(
        inputs=engine_bridge.impact_inputs(question),
        facts=exposed.facts,
        pk_of=exposed.pk_of,
        division_pk_of=selectors.division_pks(exposed.columns["territory"]),
        notes=exposed.notes,
        files={each.sha256: dataset_files(each) for each in (*hazards, *functions.values())},
    )


def functions_of(spec: ImpactSpec, government: Government) -> dict[str, Dataset]:
    """The registered tables of functions that a spec names, by what they damage."""
    asked = {"value": spec.value_functions, "people": spec.people_functions}
    return {
        amount: registered(government, public_id, f"functions.{amount}", DatasetKind.FUNCTIONS)
        for amount, public_id in asked.items()
        if public_id
    }


def exposed_of(spec: ImpactSpec, government: Government) -> "Exposed":
    """The assets that a spec asks about: of a registered file, or of the city's records."""
    return _from_file(spec, government) if spec.exposure else _from_register(spec, government)


class Exposed:
    """Assets in the columns of a run of impact, wherever they come from."""

    def __init__(self, columns: Mapping[str, list[Any]], crs: str, price_year: int) -> None:
        self.columns, self.crs, self.price_year = columns, crs, price_year
        self.defaulted: Mapping[str, list[bool]] = {}
        self.facts: Mapping[str, AssetFacts] = {}
        self.pk_of: Mapping[str, int] = {}
        self.names: Mapping[str, str] = {}
        self.notes: list[dict[str, str]] = []


def _from_register(spec: ImpactSpec, government: Government) -> Exposed:
    exposed = selectors.exposed_assets(government, spec.assets)
    filled = fill(exposed.facts, selectors.kinds_with_defaults(engine_bridge.kind_defaults()), needed=NEEDED)
    made = Exposed(_columns(filled, spec.classes), DEGREES, spec.assets.price_year)
    made.defaulted = {name: filled.defaulted[name] for name in (*NEEDED, "lon")}
    made.facts = {each.key: each for each in exposed.facts}
    made.pk_of, made.names = exposed.pk_of, exposed.names
    made.notes = filled.notes + _class_notes(filled, spec.classes)
    return made


def _columns(filled: Filled, classes: Mapping[str, str]) -> dict[str, list[Any]]:
    held = filled.columns
    return {
        "ids": held["ids"],
        "x": held["lon"],
        "y": held["lat"],
        "territory": held["territory"],
        "value_pab": held["value_pab"],
        "people": held["people"],
        "asset_class": [classes.get(kind, kind) for kind in filled.kinds],
    }


def _class_notes(filled: Filled, classes: Mapping[str, str]) -> list[dict[str, str]]:
    """Whose function each kind of asset takes: somebody chose it, and it is said."""
    return [
        note(
            "assumed", kind, "asset_class", es=f"se daña como «{classes[kind]}»", en=f"is damaged as “{classes[kind]}”"
        )
        for kind in sorted(set(filled.kinds))
        if classes.get(kind, kind) != kind
    ]


def _from_file(spec: ImpactSpec, government: Government) -> Exposed:
    dataset = registered(government, spec.exposure, "assets.dataset", DatasetKind.EXPOSURE)
    found = assets_from(dataset_files(dataset), dataset_terms(dataset))
    codes = sorted(set(found.territory))
    unknown = sorted(set(codes) - set(selectors.division_pks(codes)))
    if unknown:
        raise InvalidInput(
            say(
                "«{name}» nombra territorios que no están registrados: {unknown}. Corrija los códigos o impórtelos.",
                name=dataset.name,
                unknown=named(unknown),
            )
        )
    if found.currency != "PAB":
        raise InvalidInput(
            say(
                "Los valores de «{name}» están en {currency}: conviértalos a balboas (PAB).",
                name=dataset.name,
                currency=found.currency,
            )
        )
    columns = {
        "ids": list(found.ids),
        "x": found.x.tolist(),
        "y": found.y.tolist(),
        "territory": list(found.territory),
        "value_pab": found.value.tolist(),
        "people": found.people.tolist(),
        "asset_class": list(found.asset_class),
    }
    made = Exposed(columns, found.crs, found.price_year)
    rows = zip(found.ids, found.asset_class, found.territory, strict=True)
    made.facts = {
        key: AssetFacts(key=key, name=key, kind=kind[:40], lon=None, lat=None, territory=code)
        for key, kind, code in rows
    }
    made.names = selectors.division_names(codes)
    return made


def refuse_without_function(
    classes: Sequence[str], hazards: Sequence[str], functions: Mapping[str, Dataset]
) -> None:
    """Refuse a class of assets without a function for a hazard: the engine would too; here it can be said which classes there are to choose from."""
    for amount, dataset in functions.items():
        for hazard in hazards:
            peril = peril_of(hazard)
            known = {row["asset_class"] for row in dataset.content if row["peril"] == peril}
            lacking = sorted(set(classes) - known)
            if lacking:
                raise InvalidInput(
                    say(
                        "«functions.{amount}» no tiene función de «{peril}» para: {lacking}. Diga en [assets.classes] cuál toma cada clase de activo; hay: {known}.",
                        amount=amount,
                        peril=peril,
                        lacking=named(lacking),
                        known=named(sorted(known)) if known else say("ninguna"),
                    )
                )


def prepare_rates(spec: RatesSpec, *, government: Government) -> Prepared:
    """Everything that the engine will be given for a study of recorded events."""
    records = registered(government, spec.records, "records.dataset", DatasetKind.RECORDS)
    perils = records.summary.get("perils", {})
    if spec.peril not in perils:
        raise InvalidInput(
            say("El registro no tiene sucesos de «{peril}». Tiene: {known}.", peril=spec.peril, known=", ".join(sorted(perils)))
        )
    narrow = {each.code: each.name for each in divisions_on(timezone.localdate(), level=finest_level())}
    chosen = selectors.codes_within(spec.territories) if spec.territories else set(narrow)
    codes = sorted(set(narrow) & chosen)
    if not codes:
        raise InvalidInput(say("No hay territorios en los que contar: importe los límites o cambie «territories»."))
    return Prepared(
        inputs=engine_bridge.rates_inputs(spec, layer_of(records), codes, narrow),
        facts={},
        pk_of={},
        division_pk_of=selectors.division_pks(codes),
        notes=list(records.notes),
        files={records.sha256: dataset_files(records)},
    )
