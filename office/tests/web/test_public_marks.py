"""What a page marks «Interno» is in no public copy; what it marks «Público» is in it."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from manglar.accounts.choices import Role
from manglar.agreements import services as agreements
from manglar.design.templatetags.design import pab, partial_date
from manglar.desk.pages import marked_facts
from manglar.publication import services as publication
from manglar.publication.selectors import public_draft
from manglar.web.kinds import KINDS
from tests import chain_factories as make

pytestmark = pytest.mark.django_db
ISO = re.compile(r"\d{4}(-\d\d){0,2}")


def texts(value):
    """Every text of a payload, dates and amounts also as pages write them."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif value not in (None, ""):
        text = str(value)
        yield text
        if ISO.fullmatch(text[:10]):
            yield partial_date(text[:10])
        if re.fullmatch(r"\d+\.\d\d", text):
            yield pab(text)
        if isinstance(value, int):
            yield f"{value}%"


@pytest.fixture
def chain(panama):
    return make.WholeChain(panama)


def records(chain):
    """Each published kind with one of its records."""
    held = {
        "hallazgos": chain.finding, "iniciativas": chain.node, "notas": chain.note, "decisiones": chain.decision,
        "acuerdos": chain.agreement,
        "compromisos": chain.commitment, "hitos": chain.milestone, "reportes": chain.update,
    }  # fmt: skip
    assert held.keys() == {slug for slug, kind in KINDS.items() if kind.is_published}
    for slug, record in held.items():
        kind = KINDS[slug]
        yield kind, kind.find(chain.government, kind.key(record), make.ON)


def public_words(chain, kind, record):
    """All that a public copy says: its own texts, and the titles of the records that it links to."""
    draft = public_draft(kind.key(record), chain.government)
    linked = [public_draft(link.id, chain.government) for link in draft.links]
    titles = [each.content["title"] for each in linked if each]
    named = [f"{each.content['fields']['code']} {each.content['title']['es']}" for each in linked if each and "code" in each.content["fields"]]
    return set(texts([draft.content, titles, named, [each.content["fields"] for each in linked if each]]))


def test_every_fact_of_a_published_kind_says_whether_it_is_public_and_tells_the_truth(chain):
    agreements.report_commitment(
        by=make.OFFICE, commitment=chain.commitment, state="in_progress", reason="solo-para-la-oficina", on=make.ON
    )
    type(chain.note).objects.update(written_on=make.ON.replace(month=3))  # another day than the one it was submitted
    type(chain.update).objects.update(sent_at=make.AT.replace(month=3))  # and than the one of the report
    internal, public = 0, 0
    for kind, record in records(chain):
        words = public_words(chain, kind, record)
        everything = json.dumps(sorted(words), ensure_ascii=False)
        for fact in marked_facts(kind, record, "es"):
            assert fact.is_public is not None, (kind.slug, fact)
            value = re.sub(r"<[^>]+>", "", fact.value)
            if not fact.is_public:
                internal += 1
                own = public_draft(kind.key(record), chain.government).content
                assert value not in set(texts(own)), (kind.slug, fact)
                continue
            public += 1
            for piece in re.split(r"; | · |, ", value):
                said = piece.removeprefix("evita al año ").removeprefix("cuesta ").strip()
                known = {"—", "en marcha", str(record.get_reported_state_display())} if kind.slug == "reportes" else {"—"}
                assert said in known or said in everything, (kind.slug, fact, piece)
    assert internal >= 6
    assert public >= 20


def test_the_two_sides_say_what_changed_since_it_was_published(panama, someone_with):
    finding, actor = make.finding(panama), someone_with(panama, Role.EDITOR)
    client = Client()
    client.force_login(actor.user)
    address = f"/desk/panama/hallazgos/{finding.public_id}/lo-publico/"
    assert "no hay nada en el portal" in client.get(address).content.decode()
    publication.release_record(by=make.OFFICE, government=panama, public_id=finding.public_id, at=timezone.now())
    assert "Dice lo mismo" in client.get(address).content.decode()
    finding.title = {"es": "El río se desborda dos veces <b>"}
    finding.save()
    page = client.get(address).content.decode()
    assert "cambió desde entonces" in page
    assert "dos veces &lt;b&gt;" in page
    assert re.search(r"cambió\s*</", page)
