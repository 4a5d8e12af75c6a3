"""What the city wants: the initiatives of its strategy, and what others share with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manglar.design.shapes import Fact
from manglar.evidence.selectors import finding_by_id, findings_of
from manglar.foundation.provenance import Mark
from manglar.network.selectors import institution_by_id, institutions_of
from manglar.strategy import selectors, services
from manglar.strategy.choices import EditionState, NodeState
from manglar.strategy.permissions import may_edit_strategy
from manglar.web.kinds.base import EVERYTHING, Action, Column, Deed, Editable, Filter, Kind, Places
from manglar.web.kinds.forms import DeedForm, PabFormField, PartialDateFormField, choices_of, english, spanish
from manglar.web.kinds.words import Internal, day, facts, institutions, of_choices, own, places, provenance, said, state

#: The value of the filter of editions for the one in force.
IN_FORCE = "vigente"


class StateForm(DeedForm):
    """How an initiative stands; a state put by hand says why."""

    state = forms.ChoiceField(label=_("Estado"), choices=NodeState.choices)
    reason = forms.CharField(label=_("Por qué"), widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        if self.record is not None:
            self.initial = {"state": self.record.state}

    def as_it_is(self) -> dict[str, Any]:
        return {**super().as_it_is(), "reason": self.record.state_reason}


class NodeForm(DeedForm):
    """What an element of a draft says."""

    title = spanish(_("Título"))
    title_en = english(_("Título en inglés"))
    text = spanish(_("Texto"), rows=5, required=False)
    starts_on = PartialDateFormField(label=_("Empieza"), required=False)
    ends_on = PartialDateFormField(label=_("Termina"), required=False)
    cost_pab = PabFormField(label=_("Costo"), required=False)
    cost_mark = forms.ChoiceField(
        label=_("Procedencia del costo"), choices=[("", "—"), *Mark.choices], required=False
    )

    def prepare(self) -> None:
        if self.record is not None:
            self.initial = {each.name: each.value(self.record) for each in WRITTEN}


#: What may be written again in a draft, as it reads now.
WRITTEN = (
    Editable("title", lambda r: r.title.get("es", "")),
    Editable("title_en", lambda r: r.title.get("en", "")),
    Editable("text", lambda r: r.text.get("es", "")),
    Editable("starts_on", lambda r: r.starts_on),
    Editable("ends_on", lambda r: r.ends_on),
    Editable("cost_pab", lambda r: r.cost_pab),
    Editable("cost_mark", lambda r: r.cost_mark),
)


def _change(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    texts = {"title": {**record.title, "es": told["title"], "en": told["title_en"]}, "text": {**record.text, "es": told["text"]}}
    said = {name: {lang: words for lang, words in value.items() if words} for name, value in texts.items()}
    figures = {name: told[name] for name in ("starts_on", "ends_on", "cost_pab", "cost_mark")}
    services.change_node(by=deed.by, node=record, seen_version=record.version, **said, **figures)


class FindingsForm(DeedForm):
    """Why we do it."""

    findings = forms.MultipleChoiceField(label=_("Hallazgos"), required=False)

    def prepare(self) -> None:
        self.offer("findings", choices_of(findings_of(self.deed.government)))
        self.initial = {"findings": [f.public_id for f in self.record.findings.all()]}


def _link(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    found = [f for i in told["findings"] if (f := own(finding_by_id(i), deed.government))]
    services.link_findings(by=deed.by, node=record, findings=found)


class ResponsiblesForm(DeedForm):
    """Who answers for it."""

    institutions = forms.MultipleChoiceField(label=_("Instituciones"), required=False)

    def prepare(self) -> None:
        self.offer("institutions", choices_of(institutions_of(self.deed.government)))
        if self.record is not None:
            self.initial = {"institutions": [i.public_id for i in self.record.responsibles.all()]}


def _assign(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    found = [i for p in told["institutions"] if (i := own(institution_by_id(p), deed.government))]
    services.assign_responsibles(by=deed.by, node=record, institutions=found)


def _facts(node: Any, language: str) -> list[Fact]:
    note = _("título traducido, no oficial") if node.title_is_unofficial_translation else ""
    return [
        *facts(
            (_("Nivel"), _level(node, language)),
            (_("Código"), node.code),
            (_("Edición"), node.edition),
            (_("Título"), note),
            (
                _("Responsables"),
                "; ".join(said(r.institution.name, language) for r in node.responsibilities.all()) or node.responsible_text,
            ),
            (_("Territorio"), ", ".join(d.name for d in node.divisions.all())),
            (_("Empieza"), day(node.starts_on)),
            (_("Termina"), day(node.ends_on)),
            (_("Motivo del estado"), Internal(node.state_reason)),
        ),
        provenance(node),
    ]


def _level(node: Any, language: str) -> str:
    """What its strategy calls its level today; the number where it has no word."""
    return said(getattr(node, "level_word", None) or {}, language) or str(node.depth)


def _rows(government: Any, on: Any) -> Any:
    return selectors.with_level_words(selectors.visible_nodes(government, on))


def _of_edition(rows: Any, value: str, on: Any) -> Any:
    return selectors.in_force(rows) if value == IN_FORCE else rows.filter(edition__public_id=value)


def _editions(government: Any, on: Any) -> list[tuple[str, str]]:
    return [
        (IN_FORCE, str(_("la vigente"))),
        (EVERYTHING, str(_("todas"))),
        *_each_edition(government),
    ]


def _each_edition(government: Any) -> list[tuple[str, str]]:
    return [
        (edition.public_id, str(edition))
        for strategy in selectors.strategies_of(government)
        for edition in strategy.editions.all()
    ]


def _is_draft(node: Any) -> bool:
    """What an adopted edition says is frozen; only a draft is changed."""
    return bool(node.edition.state == EditionState.DRAFT)


def _find(government: Any, identity: str, on: Any) -> Any:
    return _rows(government, on).filter(identity=identity).first()


NODES = Kind(
    slug="iniciativas",
    singular=_("iniciativa"),
    plural=_("Estrategia"),
    help=_("Los pilares, objetivos, iniciativas y acciones de la edición vigente, y lo que otros gobiernos comparten."),
    empty=_("Importe su plan: el botón está arriba."),
    rows=_rows,
    find=_find,
    key=lambda r: r.identity,
    title=lambda r, lang: f"{r.code} {said(r.title, lang)}".strip(),
    text=lambda r, lang: said(r.text, lang),
    status=state,
    has_chain=True,
    search=("code", "title__es", "title__en"),
    title_order="position",
    filters=(
        of_choices("estado", _("Estado"), "state", NodeState),
        of_choices("procedencia", _("Procedencia"), "mark", Mark),
        Filter("edicion", _("Edición"), "edition__public_id", _editions, narrow=_of_edition, default=IN_FORCE),
        Filter("responsable", _("Responsable"), "responsibilities__institution__public_id", institutions),
        Filter("corregimiento", _("Corregimiento"), "divisions__code", places),
    ),
    views=("tablero", "mapa"),
    board="state",
    places=Places("divisions__code", filter="corregimiento"),
    columns=(
        Column(_("Gobierno"), lambda r, lang: said(r.government.name, lang), order="government__name__LANGUAGE"),
        Column(_("Código"), lambda r, lang: r.code, order="position", plain=lambda r: r.code),
        Column(_("Nivel"), _level, order="depth"),
        Column(_("Edición"), lambda r, lang: str(r.edition), order="edition__label"),
        Column(_("Responsables"), lambda r, lang: "; ".join(x.institution.code for x in r.responsibilities.all())),
        Column(_("Termina"), lambda r, lang: day(r.ends_on), order="ends_on", plain=lambda r: r.ends_on),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=_facts,
    actions=(
        Action(
            "estado",
            _("Decir cómo va"),
            may_edit_strategy,
            lambda deed, r, told: (
                services.set_node_state(by=deed.by, node=r, state=told["state"], reason=told["reason"]) and None
            ),
            StateForm,
            undoes=True,
            done=_("Estado guardado."),
            of_many=True,
        ),
        Action(
            "hallazgos", _("Enlazar hallazgos"), may_edit_strategy, _link, FindingsForm, undoes=True, done=_("Hallazgos enlazados.")
        ),
        Action(
            "responsables",
            _("Asignar responsables"),
            may_edit_strategy,
            _assign,
            ResponsiblesForm,
            undoes=True,
            fits=_is_draft,
            done=_("Responsables asignados."),
            of_many=True,
        ),
        Action("cambiar", _("Cambiar"), may_edit_strategy, _change, NodeForm, fits=_is_draft, done=_("Cambios guardados.")),
    ),
    editable=(
        *WRITTEN,
        Editable("institutions", lambda r: [x.institution.public_id for x in r.responsibilities.all()], "responsables"),
        Editable("state", lambda r: r.state, "estado"),
        Editable("reason", lambda r: r.state_reason, "estado"),
    ),
)

KINDS = (NODES,)
