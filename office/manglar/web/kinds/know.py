"""What the office knows: findings and institutions."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from manglar.agreements.choices import DueStatus
from manglar.evidence import selectors as evidence
from manglar.evidence import services as evidence_services
from manglar.evidence.choices import FindingState
from manglar.evidence.permissions import may_review_evidence, may_write_evidence
from manglar.foundation.provenance import Mark
from manglar.governments.models import Government
from manglar.network import selectors as network
from manglar.network import services as network_services
from manglar.network.choices import InstitutionKind
from manglar.network.permissions import may_change_network, may_read_network
from manglar.territory import selectors as territory
from manglar.web.kinds.base import Action, Column, Deed, Editable, Filter, Kind, Places, Related
from manglar.web.kinds.due import DUE
from manglar.web.kinds.forms import DeedForm, choices_of, english, mark_field, spanish
from manglar.web.kinds.words import Internal, day, facts, of_choices, own, places, provenance, said, state


class FindingForm(DeedForm):
    """A finding in words, with where and on what it rests."""

    title = spanish(_("Qué se encontró, en una frase"))
    title_en = english(_("Lo mismo en inglés"))
    text = spanish(_("Explicación"), rows=5, required=False)
    text_en = english(_("Explicación en inglés"), rows=3)
    found_on = forms.DateField(
        label=_("Fecha del hecho o del dato"), required=False, help_text=_("Si se deja vacía, hoy."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hazard = forms.ChoiceField(label=_("Amenaza"), required=False)
    divisions = forms.MultipleChoiceField(label=_("Corregimientos"), required=False)
    sources = forms.MultipleChoiceField(label=_("Fuentes"), required=False)
    mark = mark_field()
    source_text = spanish(_("De dónde sale la cifra o la afirmación"), required=False)

    def prepare(self) -> None:
        places = territory.divisions_on(self.deed.on, level=territory.finest_level())
        self.offer("hazard", choices_of(evidence.hazards(), empty="—", key="code"))
        self.offer("divisions", choices_of(places, key="code"))
        self.offer("sources", choices_of(evidence.sources_of(self.deed.government)))
        if self.record is not None and not self.is_bound:
            self.initial = self._first_values()

    def _first_values(self) -> dict[str, Any]:
        finding = self.record
        return {
            "title": finding.title.get("es", ""),
            "title_en": finding.title.get("en", ""),
            "text": finding.text.get("es", ""),
            "text_en": finding.text.get("en", ""),
            "found_on": finding.found_on,
            "hazard": finding.hazard.code if finding.hazard else "",
            "mark": finding.mark,
            "source_text": finding.source_text,
            "divisions": [d.code for d in finding.divisions.all()],
            "sources": [s.public_id for s in finding.sources.all()],
        }

    def said(self) -> evidence_services.FindingText:
        """The finding as the service wants it."""
        told, government = self.cleaned_data, self.deed.government
        return evidence_services.FindingText(
            title=self.pair("title"),
            text=self.pair("text"),
            found_on=told["found_on"] or self.deed.on,
            hazard=evidence.hazard_by_code(told["hazard"]) if told["hazard"] else None,
            divisions=[d for code in told["divisions"] if (d := territory.division_by_code(code))],
            sources=[s for i in told["sources"] if (s := own(evidence.source_by_id(i), government))],
            mark=told["mark"],
            source_text=told["source_text"],
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        found_on, held = told.get("found_on"), self.record.found_on if self.record else None
        if found_on and found_on != held and found_on > self.deed.on:
            self.add_error("found_on", _("Todavía no llega ese día: escriba cuándo pasó o se supo."))
        if not self.errors:
            told["said"] = self.said()
        return told


def _record_finding(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    return evidence_services.record_finding(by=deed.by, government=deed.government, said=told["said"])


def _revise_finding(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    return evidence_services.revise_finding(by=deed.by, finding=record, said=told["said"], version=record.version)


def _review_finding(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    return evidence_services.review_finding(by=deed.by, finding=record, on=deed.on)


def _finding_link(finding: Any, language: str) -> str:
    if finding is None:
        return ""
    url = reverse("desk:hallazgos-record", args=[finding.government.code, finding.public_id])
    return format_html('<a href="{}">{}</a>', url, said(finding.title, language))


def _supersede_finding(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    evidence_services.supersede_finding(by=deed.by, finding=record, said=told["said"])


FINDINGS = Kind(
    slug="hallazgos",
    singular=_("hallazgo"),
    plural=_("Hallazgos"),
    help=_("Lo que la oficina averiguó, dicho en una frase, con dónde y en qué se apoya."),
    empty=_("Registre el primer hallazgo: es el principio de la cadena."),
    rows=lambda government, on: evidence.findings_of(government),
    find=lambda government, public_id, on: own(evidence.finding_by_id(public_id), government),
    title=lambda r, lang: said(r.title, lang),
    text=lambda r, lang: said(r.text, lang),
    status=state,
    has_chain=True,
    title_order="title__LANGUAGE",
    filters=(
        of_choices("estado", _("Estado"), "state", FindingState),
        of_choices("procedencia", _("Procedencia"), "mark", Mark),
        Filter(
            "amenaza", _("Amenaza"), "hazard__code", lambda government, on: [(h.code, str(h)) for h in evidence.hazards()]
        ),
        Filter("corregimiento", _("Corregimiento"), "divisions__code", places),
    ),
    views=("tablero", "mapa"),
    board="state",
    places=Places("divisions__code", filter="corregimiento"),
    columns=(
        Column(_("Amenaza"), lambda r, lang: said(r.hazard.name, lang) if r.hazard else "", order="hazard__name__LANGUAGE"),
        Column(_("Fecha"), lambda r, lang: day(r.found_on), order="found_on", plain=lambda r: r.found_on),
        Column(_("Estado"), lambda r, lang: state(r), order="state"),
    ),
    facts=lambda r, lang: [
        *facts(
            (_("Amenaza"), said(r.hazard.name, lang) if r.hazard else ""),
            (_("Fecha"), day(r.found_on)),
            (_("Territorio"), ", ".join(d.name for d in r.divisions.all())),
            (_("Fuentes"), "; ".join(s.title for s in r.sources.all())),
            (_("Lo sustituye"), Internal(_finding_link(r.superseded_by, lang))),
        ),
        provenance(r),
    ],
    create=Action(
        "nuevo",
        _("Registrar un hallazgo"),
        may_write_evidence,
        _record_finding,
        FindingForm,
        done=_("Hallazgo registrado."),
    ),
    actions=(
        Action(
            "revisar",
            _("Dar por revisado"),
            may_review_evidence,
            _review_finding,
            fits=lambda r: r.state == FindingState.DRAFT,
            done=_("Revisado."),
            of_many=True,
            question=_("Otra persona de la oficina confirma que el hallazgo dice lo que sus fuentes dicen."),
        ),
        Action(
            "cambiar",
            _("Cambiar"),
            may_write_evidence,
            _revise_finding,
            FindingForm,
            undoes=True,
            fits=lambda r: r.state == FindingState.DRAFT,
            done=_("Cambios guardados."),
        ),
        Action(
            "sustituir",
            _("Sustituir por otro"),
            may_review_evidence,
            _supersede_finding,
            FindingForm,
            fits=lambda r: r.state == FindingState.REVIEWED,
            done=_("Sustituido: el nuevo es un borrador que otra persona revisa; este se conserva."),
            question=_("Un hallazgo revisado ya no se cambia. Escriba el que toma su lugar; el de ahora se conserva y lo nombra."),
        ),
    ),
    editable=(
        Editable("title", lambda r: r.title.get("es", "")),
        Editable("title_en", lambda r: r.title.get("en", "")),
        Editable("text", lambda r: r.text.get("es", "")),
        Editable("text_en", lambda r: r.text.get("en", "")),
        Editable("found_on", lambda r: r.found_on),
        Editable("hazard", lambda r: r.hazard.code if r.hazard else ""),
        Editable("divisions", lambda r: [d.code for d in r.divisions.all()]),
        Editable("mark", lambda r: r.mark),
        Editable("source_text", lambda r: r.source_text),
    ),
)


class InstitutionForm(DeedForm):
    """An institution."""

    code = forms.SlugField(label=_("Siglas o código"), max_length=40)
    name = spanish(_("Nombre"))
    name_en = english(_("Nombre en inglés"))
    kind = forms.ChoiceField(label=_("Clase"), choices=InstitutionKind.choices)

    def prepare(self) -> None:
        if self.record is not None:
            held, self.fields["code"].disabled = self.record, True
            names = {"name": held.name.get("es", ""), "name_en": held.name.get("en", "")}
            self.initial = {"code": held.code, "kind": held.kind, **names}


def _revise_institution(deed: Deed, record: Any, told: dict[str, Any]) -> None:
    name = {**record.name, "es": told["name"], "en": told["name_en"]}
    network_services.revise_institution(
        by=deed.by, institution=record, name={lang: text for lang, text in name.items() if text}, kind=told["kind"]
    )


def _record_institution(deed: Deed, record: Any, told: dict[str, Any]) -> Any:
    name = {"es": told["name"], **({"en": told["name_en"]} if told["name_en"] else {})}
    return network_services.record_institution(
        by=deed.by,
        government=deed.government,
        code=told["code"],
        name=name,
        kind=told["kind"],
        mark=Mark.SOURCE,
        source_text="",
    )


def _of_institution(institution: Any, government: Government, language: str) -> list[Related]:
    """What an institution promised and answers for."""
    mine = {"institucion": institution.public_id}
    late = {DUE: DueStatus.LATE.value}
    return [
        Related(_("Compromisos"), "compromisos", mine, late),
        Related(_("Hitos"), "hitos", mine, late),
        Related(_("Reportes"), "reportes", mine),
        Related(_("Iniciativas de las que responde"), "iniciativas", {"responsable": institution.public_id}),
    ]


INSTITUTIONS = Kind(
    slug="instituciones",
    singular=_("institución"),
    plural=_("Red de instituciones"),
    read=may_read_network,
    empty=_("Registre las instituciones con las que trabaja la oficina, o impórtelas de una hoja."),
    rows=lambda government, on: network.institutions_of(government),
    find=lambda government, public_id, on: own(network.institution_by_id(public_id), government),
    title=lambda r, lang: said(r.name, lang),
    columns=(
        Column(_("Siglas"), lambda r, lang: r.code, order="code"),
        Column(_("Clase"), lambda r, lang: str(r.get_kind_display()), order="kind"),
    ),
    title_order="name__LANGUAGE",
    filters=(of_choices("clase", _("Clase"), "kind", InstitutionKind),),
    related=_of_institution,
    facts=lambda r, lang: [
        *facts((_("Siglas"), r.code), (_("Clase"), r.get_kind_display()), (_("Territorio"), r.division or "")),
        provenance(r),
    ],
    create=Action(
        "nueva",
        _("Registrar una institución"),
        may_change_network,
        _record_institution,
        InstitutionForm,
        done=_("Institución registrada."),
    ),
    actions=(
        Action(
            "cambiar", _("Cambiar"), may_change_network, _revise_institution, InstitutionForm,
            done=_("Cambios guardados."),
        ),
    ),
    editable=(
        Editable("code", lambda r: r.code, ""),
        Editable("name", lambda r: r.name.get("es", "")),
        Editable("name_en", lambda r: r.name.get("en", "")),
        Editable("kind", lambda r: r.kind),
    ),
)

KINDS = (FINDINGS, INSTITUTIONS)
