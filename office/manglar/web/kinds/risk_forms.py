"""What is asked of the engine, as forms for people who never saw TOML: each says the same spec that the command reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from manglar.risk import selectors as risk
from manglar.risk.choices import HAZARD_KINDS, DatasetKind, Study
from manglar.risk.services import measures_offered
from manglar.web.kinds.forms import DeedForm, choices_of, spanish
from manglar.web.kinds.risk_ask import NO_TERRITORY, AskForm
from manglar.web.kinds.risk_sea_form import SeaLevelForm
from manglar.web.kinds.words import places

#: How many measures one form asks about; the command takes more.
MEASURES = (1, 2)


class SeismicForm(AskForm):
    """A seismic screening."""

    faults = forms.ChoiceField(label=_("Fallas"))
    kinds = forms.MultipleChoiceField(label=_("Clases de activos"))
    samples = forms.IntegerField(label=_("Muestras"), initial=1000, min_value=100, max_value=10_000)
    seed = forms.IntegerField(label=_("Semilla"), initial=1, min_value=0)
    share = forms.FloatField(
        label=_("Costo de reforzar, como parte del valor"),
        required=False,
        min_value=0,
        max_value=2,
        help_text=_(
            "Vacío: sin medida. Con un número, se calcula qué cambia si los activos de código bajo pasan a moderado."
        ),
    )

    def fill_choices(self) -> None:
        self.offer("faults", choices_of(risk.datasets_of(self.deed.government, kind="faults")))
        self.offer("kinds", self.kinds_held())

    def before(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        share = spec.get("retrofit", {}).get("cost_share_of_value")
        return {
            "title": spec["title"], "faults": spec["faults"].get("dataset", ""), "kinds": spec["assets"].get("kinds", []),
            "samples": spec["samples"], "seed": spec["seed"], "share": share,
        }  # fmt: skip

    def spec(self) -> dict[str, Any]:
        told = self.cleaned_data
        spec: dict[str, Any] = {
            "title": told["title"],
            "hazard": "earthquake",
            "seed": told["seed"],
            "samples": told["samples"],
            "faults": {"dataset": told["faults"]},
            "assets": {"kinds": told["kinds"]},
        }
        if told["share"]:
            spec["retrofit"] = {
                "id": "refuerzo",
                "name": "Reforzar de código bajo a moderado",
                "level_map": {"PC": "MC", "LC": "MC"},
                "cost_share_of_value": told["share"],
            }
        return spec


class ImpactForm(AskForm):
    """The impact of maps or events on assets, with and without measures."""

    hazards = forms.MultipleChoiceField(
        label=_("Amenazas"),
        help_text=_("Una o varias. Hoy y 2050 van en dos corridas, que después se comparan."),
    )
    functions = forms.ChoiceField(
        label=_("Funciones de impacto del valor"), help_text=_("Cuánto se pierde según la intensidad, por clase de activo.")
    )
    people_functions = forms.ChoiceField(
        label=_("Funciones de impacto de las personas"), required=False, help_text=_("Vacío: no se cuentan personas afectadas.")
    )
    exposure = forms.ChoiceField(
        label=_("Activos en un archivo"), required=False, help_text=_("Vacío: los que la ciudad tiene registrados.")
    )
    territories = forms.MultipleChoiceField(label=_("Territorios"), required=False, help_text=NO_TERRITORY)
    price_year = forms.IntegerField(
        label=_("Año de los valores"), initial=2010, min_value=1900, max_value=2200,
        help_text=_("Los valores supuestos son de 2010 (Huizinga et al. 2017); las medidas se llevan a este año."),
    )  # fmt: skip
    horizon_years = forms.IntegerField(
        label=_("Horizonte de las medidas, en años"), initial=50, min_value=1, max_value=200,
        help_text=_("Cincuenta años: lo que suele durar una obra (estimación)."),
    )  # fmt: skip
    discount_rate = forms.FloatField(
        label=_("Tasa de descuento"), initial=0.05, min_value=0, max_value=0.5,
        help_text=_("0.05 es 5% al año (estimación): a mayor tasa, menos vale lo que se evita más tarde."),
    )  # fmt: skip
    value_sigma = forms.FloatField(
        label=_("Cuánto pueden errar los valores"), initial=0.3, min_value=0, max_value=1.5,
        help_text=_("Desviación de su logaritmo: con 0.3, el valor de todo está casi siempre entre 0.6 y 1.6 veces (estimación)."),
    )  # fmt: skip
    max_distance_m = forms.FloatField(
        label=_("Hasta qué distancia vale un sitio, en metros"), required=False, min_value=0, max_value=100_000,
        help_text=_("Vacío: la celda en que está el activo. Para sucesos en sitios sueltos hay que decirla."),
    )  # fmt: skip
    samples = forms.IntegerField(label=_("Muestras"), initial=10_000, min_value=100, max_value=100_000)
    seed = forms.IntegerField(label=_("Semilla"), initial=1, min_value=0, help_text=_("La misma semilla, los mismos números."))

    def fill_choices(self) -> None:
        government = self.deed.government
        self.offer("hazards", self.held(*HAZARD_KINDS))
        self.offer("functions", self.held(DatasetKind.FUNCTIONS))
        self.offer("people_functions", self.held(DatasetKind.FUNCTIONS, empty="—"))
        self.offer("exposure", self.held(DatasetKind.EXPOSURE, empty=_("Los registrados")))
        self.offer("territories", places(government, self.deed.on))
        self.ask_classes()
        self._ask_measures()
        asked = [name for name in self.fields if name.startswith("class_")]
        measured = [f"{name}_{n}" for n in MEASURES for name in ("measure", "quantity", "where", "only", "any", "factor", "index")]
        self.order_fields(["title", "hazards", "functions", *asked, "exposure", "territories", "people_functions", *measured])
        self._say_what_is_missing()

    def _say_what_is_missing(self) -> None:
        """An empty select says nothing: where there is nothing to choose, it is said what to register first."""
        for name, told in (
            ("hazards", _("Todavía no hay mapas ni sucesos: regístrelos en «Datos de riesgo».")),
            ("functions", _("Todavía no hay funciones de impacto: regístrelas en «Datos de riesgo».")),
        ):
            if not getattr(self.fields[name], "choices", ()):
                self.fields[name].help_text = told

    def _classes_known(self) -> list[str]:
        """The classes that some registered table of functions names."""
        tables = risk.datasets_of(self.deed.government, kind=DatasetKind.FUNCTIONS)
        return sorted({row["asset_class"] for table in tables for row in table.content})

    def _ask_measures(self) -> None:
        word = "en" if (get_language() or "es").startswith("en") else "es"
        offered = [("", str(_("ninguna"))), *((m.id, measure_label(m, word)) for m in measures_offered())]
        where = places(self.deed.government, self.deed.on)
        known = [(name, name) for name in self._classes_known()]
        for n in MEASURES:
            self.fields[f"measure_{n}"] = forms.ChoiceField(label=_("Medida %(n)s") % {"n": n}, choices=offered, required=False)
            self.fields[f"quantity_{n}"] = forms.FloatField(
                label=_("Cuántas unidades de la medida %(n)s") % {"n": n}, required=False, min_value=0,
                help_text=_("Vacío: tantas como activos alcance, si se cuenta en viviendas, locales o edificios."),
            )  # fmt: skip
            self.fields[f"where_{n}"] = forms.MultipleChoiceField(
                label=_("Dónde se haría la medida %(n)s") % {"n": n}, choices=where, required=False, help_text=NO_TERRITORY
            )
            self.fields[f"only_{n}"] = forms.MultipleChoiceField(
                label=_("En qué clases de activo"), choices=known, required=False, help_text=_("Vacío: en todas.")
            )
            self.fields[f"any_{n}"] = forms.BooleanField(
                label=_("Vale también para clases de activo para las que no está hecha"), required=False
            )
            self.fields[f"factor_{n}"] = forms.FloatField(
                label=_("Cuánto vale un balboa del año de su precio en el año de los valores"), required=False, min_value=0.01
            )
            self.fields[f"index_{n}"] = forms.CharField(
                label=_("Quién dice eso (índice de precios)"), required=False, max_length=300
            )

    def before(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        held, settings = spec.get("assets", {}), spec.get("settings", {})
        horizon = spec.get("horizon", {})
        told = {
            "title": spec["title"],
            "hazards": [each["dataset"] for each in spec["hazards"]],
            "functions": spec["functions"]["value"]["dataset"],
            "people_functions": spec["functions"].get("people", {}).get("dataset", ""),
            "exposure": held.get("dataset", ""),
            "territories": held.get("territories", []),
            "price_year": held.get("price_year"),
            "horizon_years": horizon.get("years", 50),
            "discount_rate": horizon.get("discount_rate", 0.05),
            "value_sigma": settings.get("value_sigma"),
            "max_distance_m": settings.get("max_distance_m") or None,
            "samples": spec["samples"],
            "seed": spec["seed"],
        }
        told |= {f"class_{kind}": name for kind, name in held.get("classes", {}).items()}
        for n, row in enumerate(spec.get("measures", [])[: len(MEASURES)], start=1):
            named = {"measure": "id", "quantity": "quantity", "factor": "price_factor", "index": "price_source", "where": "territories", "only": "classes"}
            told |= {f"{ours}_{n}": row.get(theirs) for ours, theirs in named.items()}
            told |= {f"any_{n}": row.get("any_class") == "yes" or None, f"quantity_{n}": row.get("quantity") or None}
        return told

    def spec(self) -> dict[str, Any]:
        told = self.cleaned_data
        functions = {"value": {"dataset": told["functions"]}}
        if told["people_functions"]:
            functions["people"] = {"dataset": told["people_functions"]}
        measures = [found for n in MEASURES if (found := self._measure(n))]
        spec: dict[str, Any] = {
            "study": Study.IMPACT.value,
            "title": told["title"],
            "seed": told["seed"],
            "samples": told["samples"],
            "hazards": [{"dataset": name} for name in told["hazards"]],
            "assets": self._assets(),
            "functions": functions,
            "settings": {"value_sigma": told["value_sigma"], "max_distance_m": told["max_distance_m"] or 0.0},
        }
        if measures:
            horizon = {"first_year": self.deed.on.year, "years": told["horizon_years"], "discount_rate": told["discount_rate"]}
            spec |= {"measures": measures, "horizon": horizon}
        return spec

    def _assets(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told["exposure"]:
            return {"dataset": told["exposure"]}
        classes = self.chosen_classes()
        return {"kinds": sorted(classes), "classes": classes, "territories": told["territories"], "price_year": told["price_year"]}

    def _measure(self, n: int) -> dict[str, Any] | None:
        told = self.cleaned_data
        if not told.get(f"measure_{n}"):
            return None
        found = {
            "id": told[f"measure_{n}"], "quantity": told.get(f"quantity_{n}") or 0.0,
            "price_factor": told.get(f"factor_{n}") or 1.0, "price_source": told.get(f"index_{n}") or "",
            "territories": told.get(f"where_{n}"), "classes": told.get(f"only_{n}"), "any_class": "yes" if told.get(f"any_{n}") else "no",
        }  # fmt: skip
        return {key: value for key, value in found.items() if value not in ([], "", None)}

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        chosen = any(value for name, value in self.cleaned_data.items() if name.startswith("class_"))
        if not chosen and not self.cleaned_data.get("exposure"):
            self.add_error(None, _("Elija la función de daño de al menos una clase de activo, o un archivo de activos."))
        return told


def measure_label(measure: Any, word: str) -> str:
    """A measure of the library as a select names it: what it does, what a unit costs and of when, each with its mark."""
    name = measure.es if word == "es" else measure.en
    cost = f"B/. {measure.cost:,.10g} × {measure.unit}, {measure.price_year} ({measure.cost_mark})"
    return f"{name} [{measure.peril}] · {measure.effect_es if word == 'es' else measure.effect_en} ({measure.effect_mark}) · {cost}"


class RatesForm(AskForm):
    """How many recorded events a year."""

    records = forms.ChoiceField(label=_("Registro de sucesos"))
    peril = forms.ChoiceField(label=_("Amenaza"))
    first = forms.DateField(
        label=_("Se anotaban desde"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("El primer día desde el que un suceso así habría quedado escrito. Fuera de estas fechas no cuenta."),
    )  # fmt: skip
    last = forms.DateField(label=_("Hasta"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = spanish(_("Por qué se cree"), rows=2)
    territories = forms.MultipleChoiceField(label=_("Territorios"), required=False, help_text=NO_TERRITORY)

    def fill_choices(self) -> None:
        self.offer("records", self.held(DatasetKind.RECORDS))
        tables = risk.datasets_of(self.deed.government, kind=DatasetKind.RECORDS)
        known = sorted({peril for table in tables for peril in table.summary.get("perils", {})})
        self.offer("peril", [(name, name) for name in known])
        self.offer("territories", places(self.deed.government, self.deed.on))

    def before(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        window: Mapping[str, Any] = spec["windows"][0]
        return {
            "title": spec["title"], "records": spec["records"]["dataset"], "peril": spec["peril"], "first": window["first"],
            "last": window["last"], "reason": window["reason"], "territories": spec.get("territories", []),
        }  # fmt: skip

    def spec(self) -> dict[str, Any]:
        told = self.cleaned_data
        window = {"first": told["first"].isoformat(), "last": told["last"].isoformat(), "reason": told["reason"]}
        return {
            "study": Study.FLOOD_RATES.value, "title": told["title"], "records": {"dataset": told["records"]},
            "peril": told["peril"], "territories": told["territories"], "windows": [window],
        }  # fmt: skip


FORMS: Mapping[str, type[AskForm]] = {
    Study.SEISMIC: SeismicForm,
    Study.IMPACT: ImpactForm,
    Study.SEA_LEVEL: SeaLevelForm,
    Study.FLOOD_RATES: RatesForm,
}


def again_form(*args: Any, record: Any = None, **kwargs: Any) -> AskForm:
    """The form of a run that there is, with its answers, to change some and ask again."""
    return FORMS[record.study](*args, record=record, **kwargs)


class RunFindingForm(DeedForm):
    """For which division."""

    division = forms.ChoiceField(label=_("Corregimiento"), required=False)

    def prepare(self) -> None:
        rows: Sequence[Any] = risk.territory_rows(self.record) or risk.rate_rows(self.record)
        self.offer("division", [("", str(_("Toda la ciudad"))), *((r.code, r.name) for r in rows)])
