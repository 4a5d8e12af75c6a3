"""The sea of a gauge as a form: its levels, and the ground that they flood."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.foundation.provenance import Mark
from manglar.risk.choices import DatasetKind, Study
from manglar.web.kinds.risk_ask import NO_TERRITORY, AskForm
from manglar.web.kinds.words import places


class SeaLevelForm(AskForm):
    """Extreme levels of the sea at a tide gauge and, where the heights of the ground are known, what that water does."""

    gauge = forms.ChoiceField(label=_("Mareógrafo"))
    samples = forms.IntegerField(label=_("Muestras"), initial=10_000, min_value=1_000, max_value=100_000)
    seed = forms.IntegerField(label=_("Semilla"), initial=1, min_value=0)
    scenario_name = forms.CharField(
        label=_("Escenario de ascenso del mar"), required=False, max_length=200, help_text=_("Vacío: solo hoy.")
    )
    base_year = forms.IntegerField(label=_("Sobre el nivel medio del año"), required=False, min_value=1850, max_value=2300)
    year = forms.IntegerField(label=_("Para el año"), required=False, min_value=1850, max_value=2300)
    best_m = forms.FloatField(label=_("Ascenso central, en metros"), required=False)
    min_m = forms.FloatField(label=_("Ascenso menor"), required=False)
    max_m = forms.FloatField(label=_("Ascenso mayor"), required=False)
    rise_source = forms.CharField(label=_("Quién lo dice"), required=False, max_length=500)
    rise_mark = forms.ChoiceField(
        label=_("Procedencia"), required=False,
        choices=[(mark.value, mark.label) for mark in (Mark.ESTIMATE, Mark.SOURCE)],
    )  # fmt: skip

    ground = forms.ChoiceField(
        label=_("Alturas del terreno"), required=False, help_text=_("Vacío: solo los niveles. Con ellas, también el daño en tierra.")
    )
    ground_year = forms.IntegerField(label=_("Año del clima de esa agua"), required=False, min_value=1850, max_value=2300)
    ground_rises = forms.BooleanField(label=_("El agua en tierra es la del escenario de arriba, no la de hoy"), required=False)
    offset_m = forms.FloatField(
        label=_("Cuánto está el plano del mareógrafo sobre el del terreno, en metros"), required=False, min_value=-100, max_value=100,
        help_text=_("Vacío solo si los dos se miden sobre el mismo plano, escrito igual. Nunca se supone."),
    )  # fmt: skip
    offset_source = forms.CharField(label=_("Quién midió esa diferencia"), required=False, max_length=500)
    functions = forms.ChoiceField(label=_("Funciones de impacto del valor"), required=False)
    territories = forms.MultipleChoiceField(label=_("Territorios"), required=False, help_text=NO_TERRITORY)
    price_year = forms.IntegerField(label=_("Año de los valores"), initial=2010, required=False, min_value=1900, max_value=2200)

    def fill_choices(self) -> None:
        self.offer("gauge", self.held(DatasetKind.GAUGE))
        self.offer("ground", self.held(DatasetKind.ELEVATION, empty=_("sin inundar el terreno")))
        self.offer("functions", self.held(DatasetKind.FUNCTIONS, empty="—"))
        self.offer("territories", places(self.deed.government, self.deed.on))
        self.ask_classes()

    def before(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        told = {"title": spec["title"], "gauge": spec["gauge"]["dataset"], "samples": spec["samples"], "seed": spec["seed"]}
        for row in spec.get("scenarios", [])[:1]:
            same = ("base_year", "year", "best_m", "min_m", "max_m")
            told |= {"scenario_name": row["name"], "rise_source": row["source"], "rise_mark": row["mark"]}
            told |= {name: row[name] for name in same}
        return told | self._ground_before(spec)

    def _ground_before(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        ground, held = spec.get("ground"), spec.get("assets", {})
        if ground is None:
            return {}
        told = {
            "ground": ground["dataset"], "ground_year": ground["year"], "ground_rises": bool(ground.get("scenario")),
            "offset_m": ground.get("offset_m"), "offset_source": ground.get("offset_source", ""),
            "functions": spec["functions"]["value"]["dataset"], "territories": held.get("territories", []),
            "price_year": held.get("price_year"),
        }  # fmt: skip
        return told | {f"class_{kind}": name for kind, name in held.get("classes", {}).items()}

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("ground"):
            for name in ("ground_year", "functions"):
                if not self.cleaned_data.get(name):
                    self.add_error(name, _("Hace falta para inundar el terreno."))
            if not self.chosen_classes():
                self.add_error(None, _("Elija la función de daño de al menos una clase de activo."))
        return super().clean()

    def spec(self) -> dict[str, Any]:
        told = self.cleaned_data
        spec: dict[str, Any] = {
            "study": Study.SEA_LEVEL.value, "title": told["title"], "gauge": {"dataset": told["gauge"]},
            "samples": told["samples"], "seed": told["seed"],
        }  # fmt: skip
        if told["scenario_name"]:
            figures = {name: told[name] for name in ("base_year", "year", "best_m", "min_m", "max_m") if told[name] is not None}
            row = {"id": "escenario", "name": told["scenario_name"], "source": told["rise_source"], **figures}
            spec["scenarios"] = [row | {"mark": told["rise_mark"] or Mark.ESTIMATE.value}]
        return spec | (self._ground() if told["ground"] else {})

    def _ground(self) -> dict[str, Any]:
        told, classes = self.cleaned_data, self.chosen_classes()
        ground: dict[str, Any] = {"dataset": told["ground"], "year": told["ground_year"]}
        if told["offset_m"] is not None:
            ground |= {"offset_m": told["offset_m"], "offset_source": told["offset_source"]}
        if told["ground_rises"]:
            ground["scenario"] = "escenario"
        assets = {"kinds": sorted(classes), "classes": classes, "territories": told["territories"]}
        if told["price_year"]:
            assets["price_year"] = told["price_year"]
        return {"ground": ground, "assets": assets, "functions": {"value": {"dataset": told["functions"]}}}
