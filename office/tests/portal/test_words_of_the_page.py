"""Small promises to who reads: a count that is true, filters out of the way, sources that open, quotes of the language."""

import pytest
from django.test import Client

from manglar.evidence import services as evidence
from manglar.evidence.selectors import hazard_by_code
from manglar.portal import copies
from manglar.portal.copies import Copy, copy_of
from manglar.publication import services as publication
from manglar.publication.models import Release
from tests import chain_factories as made

pytestmark = pytest.mark.django_db


def publish(government, *records):
    for each in records:
        publication.release_record(by=made.OFFICE, government=government, public_id=each, at=made.AT)


def told(address):
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_filters_of_the_promises_are_folded_until_one_is_set(panama):
    promise = made.commitment(panama, made.institution(panama))
    publish(panama, promise.public_id)
    page = told("/compromisos/")
    assert '<details class="m-details p-filters m-noprint">' in page
    assert "¿Va tarde?" in page and "Contra su fecha" not in page
    assert page.index("p-filters") < page.index('name="plazo"') < page.index("</details>")
    assert '<details class="m-details p-filters m-noprint" open>' in told("/compromisos/?estado=open")


def test_who_and_when_stand_under_the_title_of_an_initiative(panama):
    whole = made.WholeChain(panama)
    publication.release_chain(by=made.OFFICE, government=panama, public_id=whole.decision.public_id, at=made.AT)
    page = told(f"/estrategia/{whole.node.identity}/")
    assert page.index("<h1>") < page.index("Responde") < page.index('id="cadena"')
    assert page.count("<dt>Responde") == 1


def source_of(**payload):
    release = Release(kind="finding", subject_id="hallazgo-1", payload={"mark": "fuente", "fields": {}, **payload})
    return copies.provenance(Copy(release))


def test_a_source_that_has_an_address_opens_it():
    known = {"fields": {"sources": [{"title": "Informe", "url": "https://fapobservatorioods.com/uno"}]}}
    assert source_of(source="fapobservatorioods.com", **known).value == '<a href="https://fapobservatorioods.com/uno">fapobservatorioods.com</a>'
    assert source_of(source="https://a.org/x").value == '<a href="https://a.org/x">https://a.org/x</a>'
    assert source_of(source="javascript:alert(1)").value == "javascript:alert(1)"
    assert source_of(source="Acta 4 de 2026").value == "Acta 4 de 2026"


def test_a_mark_without_words_is_told_without_a_dash():
    fact = source_of(source="")
    assert (fact.label, fact.value, fact.mark) == ("Procedencia", "", "fuente")


def test_the_mark_of_a_source_does_not_look_like_a_link(panama):
    finding = made.finding(panama)
    publish(panama, finding.public_id)
    assert copy_of(finding.public_id) is not None
    assert "#link" not in told(f"/hallazgos/{finding.public_id}/")


def test_quotes_follow_the_language_of_the_page(panama):
    place = made.division(panama)
    finding = made.finding(panama, "El agua llegó", divisions=[place])
    evidence.ensure_hazards(by=made.OFFICE)
    finding.hazard = hazard_by_code("flood")
    finding.save()
    publish(panama, finding.public_id)
    assert "«El agua llegó»" in told(f"/territorio/{place.code}/")
    english = told(f"/en/territorio/{place.code}/")
    assert "“<span lang=" in english or "“El agua llegó”" in english
    assert "«" not in english
