"""What every form that asks the engine shares: its title, what is registered to choose from, and whose function damages what."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.assets import selectors as assets
from manglar.risk import selectors as risk
from manglar.risk.choices import DatasetKind
from manglar.web.kinds.forms import DeedForm, spanish

NO_TERRITORY = _("Vacío: toda la ciudad.")


class AskForm(DeedForm):
    """What every study asks; ``spec`` is what is computed."""

    title = spanish(_("Título"))

    def prepare(self) -> None:
        self.fill_choices()
        if self.record is not None and not self.is_bound:
            self.initial = self.before(self.record.spec)

    def fill_choices(self) -> None:
        """Offer what the government has registered."""

    def before(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """The answers that a stored spec would have been."""
        return {"title": spec["title"]}

    def spec(self) -> dict[str, Any]:
        """The same specification that the command reads from a TOML file."""
        return {"title": self.cleaned_data["title"]}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors:
            told["spec"] = self.spec()
        return told

    def held(self, *kinds: str, empty: Any = "") -> list[tuple[str, str]]:
        """The registered data sets of some kinds, to choose from."""
        found = [each for kind in kinds for each in risk.datasets_of(self.deed.government, kind=kind)]
        return [*([("", str(empty))] if empty else []), *((each.public_id, dataset_label(each)) for each in found)]

    def kinds_held(self) -> list[tuple[str, str]]:
        """The kinds of assets that the government has, with how many of each."""
        counted = assets.kinds_with_counts(self.deed.government)
        return [(k.code, f"{k} ({k.count})") for k in counted if k.count]  # type: ignore[attr-defined]  # annotated

    def ask_classes(self) -> None:
        """For each kind of asset that there is, which function damages it; none leaves it out."""
        tables = risk.datasets_of(self.deed.government, kind=DatasetKind.FUNCTIONS)
        known = sorted({row["asset_class"] for table in tables for row in table.content})
        choices = [("", str(_("no entra en la corrida"))), *((name, name) for name in known)]
        for code, label in self.kinds_held():
            told = _("Función de daño: %(kind)s") % {"kind": label}
            self.fields[f"class_{code}"] = forms.ChoiceField(label=told, choices=choices, required=False)

    def chosen_classes(self) -> dict[str, str]:
        """The function that was chosen for each kind of asset; those without one do not enter the run."""
        told = self.cleaned_data
        return {name.removeprefix("class_"): value for name, value in told.items() if name.startswith("class_") and value}


def dataset_label(dataset: Any) -> str:
    """A data set as a select names it: its name, and the future that it supposes."""
    scenario = dataset.meaning.get("scenario", "")
    return " · ".join(str(part) for part in (dataset.name, scenario, dataset.year or "") if part)
