"""English is one click away: every page that a person may reach says its own words in English."""

import datetime as dt
import json
import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.utils.translation.trans_real import translation

from manglar.accounts import services as accounts
from manglar.accounts.choices import Purpose, Role
from manglar.audit import verification
from manglar.audit.services import seal
from manglar.delivery import services as delivery
from manglar.publication import services as publication
from tests import chain_factories as make

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SAID_ALOUD = {"aria-label", "title", "alt", "placeholder", "label", "data-label"}
#: How Spanish writes a day and a large amount.
SPANISH_WAYS = re.compile(r"\b\d{1,2} de [a-zA-Z]+ de \d{4}\b|\bmill(ón|ones)\b")
SAID = {k: v for k, v in translation("en")._catalog.items() if isinstance(k, str) and isinstance(v, str) and k}
#: «Decide» is Spanish for one message and English for another.
SPANISH = {message for message, said in SAID.items() if message != said} - set(SAID.values())


class Page(HTMLParser):
    """The words of a page that are not marked as of another language, and its links."""

    def __init__(self, address, response):
        super().__init__(convert_charrefs=True)
        self.address, self.open, self.words, self.links = address, [], [], []
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        language = told.get("lang") or (self.open[-1][1] if self.open else "")
        if tag == "a" and "href" in told:
            self.links.append(urljoin(self.address, told["href"]).partition("#")[0])
        if language == "en":
            self.words += [value for name, value in attrs if value and name in SAID_ALOUD]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, language = self.open[-1] if self.open else ("", "")
        if language == "en" and tag not in {"script", "style"} and data.strip():
            self.words.append(" ".join(data.split()))

    def leftovers(self):
        """What is still said in Spanish."""
        return [
            f"{self.address}: {each}"
            for each in self.words
            if each.strip(" :.") in SPANISH or each in SPANISH or SPANISH_WAYS.search(each)
        ]


def walk(client, *first):
    """Every page of the site that the links of the first ones lead to."""
    waiting, seen = list(first), {}
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith("/en/") or "logout" in address:
            continue
        response = client.get(address, follow=True)
        assert response.status_code < 500, address
        if response.get("Content-Type", "").startswith("text/html"):
            seen[address] = Page(address, response)
            waiting += seen[address].links
        else:
            seen[address] = None
    return [page for page in seen.values() if page]


@pytest.fixture
def city(panama):
    """A chain of one record of each kind, all published."""
    made = make.WholeChain(panama)
    for public_id in made.ids:
        publication.release_record(by=make.OFFICE, government=panama, public_id=public_id, at=make.AT)
    return made


def test_the_portal_is_in_english(city):
    pages = walk(Client(), "/en/")
    assert len(pages) > 20
    assert [line for page in pages for line in page.leftovers()] == []
    told = " ".join(word for page in pages for word in page.words)
    for word in ("Strategy", "Commitments", "Transparency", "Why it is done", "4 May 2026", "in force"):
        assert word in told


def test_a_spanish_word_of_the_interface_would_be_found(city):
    page = walk(Client(), "/en/compromisos/")[0]
    page.words += ["Compromisos", "4 de mayo de 2026", "B/. 2 millones"]
    assert len(page.leftovers()) == 3


def signed_in(government, by, *roles):
    user = accounts.create_user(
        by=by,
        government=government,
        email=f"{'-'.join(roles)}@example.org",
        display_name="Person",
        roles=list(roles),
    )
    client = Client()
    client.force_login(user)
    return client


def test_the_desk_is_in_english_for_whoever_sees_all_of_it(city, office, panama):
    pages = walk(signed_in(panama, office, *Role), f"/en/desk/{panama.code}/")
    assert len(pages) > 50
    assert [line for page in pages for line in page.leftovers()] == []


@pytest.mark.parametrize("role", Role)
def test_my_desk_is_in_english_for_each_role(city, office, panama, role):
    address = f"/en/desk/{panama.code}/"
    page = Page(address, signed_in(panama, office, role).get(address))
    assert "My desk" in page.words
    assert page.leftovers() == []


def test_the_doors_are_in_english(client, city, office, panama):
    link, token = accounts.issue_link(
        by=office,
        government=panama,
        purpose=Purpose.MILESTONE_UPDATE,
        person_name="Obras",
        email="obras@example.org",
        at=timezone.now(),
        valid_for=dt.timedelta(days=1),
        subject_id=city.milestone.public_id,
    )
    addresses = ["/en/cuenta/login/", "/en/no-existe/", "/en/enlace/no-existe/", "/en/enlace/invitacion/no-existe/"]
    with override("en"):
        addresses.append(reverse("link:report", args=[token]))
    for address in addresses:
        page = Page(address, client.get(address))
        assert page.words and page.leftovers() == [], address
    accounts.revoke_link(by=office, link=link, at=timezone.now(), reason="prueba")
    assert "This link was cancelled" in client.get(addresses[-1]).content.decode()


def test_a_refusal_follows_the_page(city, panama, someone_with, office):
    reader = accounts.create_user(
        by=office, government=panama, email="lee@example.org", display_name="Lee", roles=[Role.READER]
    )
    client = Client()
    client.force_login(reader)
    place = f"desk/{panama.code}/usuarios/"
    assert "Your role does not allow you to see this page" in client.get(f"/en/{place}").content.decode()
    assert "Su papel no permite ver esta página" in client.get(f"/{place}").content.decode()


def test_the_api_answers_in_the_language_that_the_caller_accepts(city, panama, office):
    editor = accounts.create_user(
        by=office, government=panama, email="edita@example.org", display_name="Edita", roles=[Role.EDITOR]
    )
    token = accounts.issue_api_token(by=office, government=panama, user=editor, at=timezone.now())
    place = f"/api/v1/desk/{panama.code}/hallazgos/nuevo"
    said = {}
    for accepted in ("en", "es", "fr"):
        client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": accepted})
        response = client.post(place, data="[", content_type="application/json")
        said[accepted] = json.loads(response.content)["detail"]
        assert "Accept-Language" in response.headers["Vary"]
    assert said == {"en": "The body is not JSON.", "es": "El cuerpo no es JSON.", "fr": "El cuerpo no es JSON."}


def test_what_a_reader_publishes_in_english_is_the_same_copy(panama):
    made = make.WholeChain(panama)
    with override("en"):
        english = publication.release_record(
            by=make.OFFICE, government=panama, public_id=made.commitment.public_id, at=make.AT
        )
    again = publication.release_record(
        by=make.OFFICE, government=panama, public_id=made.commitment.public_id, at=make.AT
    )
    assert (again.pk, again.sha256) == (english.pk, english.sha256)


def test_a_late_word_of_a_service_is_in_english(city):
    with override("en"), pytest.raises(Exception, match="The milestone needs a title"):
        delivery.plan_milestone(
            by=make.OFFICE, government=city.government, title={}, on=make.ON, commitment=city.commitment
        )


def test_what_an_altered_log_lacks_is_said_in_the_language_of_the_page(client, city):
    seal()
    entries = [entry for entry in verification.exported() if (entry["chain"], entry["seq"]) != (city.government.pk, 2)]
    lines = "\n".join(json.dumps(entry) for entry in entries).encode()
    said = {}
    for prefix in ("", "/en"):
        upload = SimpleUploadedFile("log.jsonl", lines)
        said[prefix] = client.post(f"{prefix}/transparencia/", {"log": upload}).content.decode()
    assert "Entry 2 is missing: entry 3 comes next." in said["/en"]
    assert "Falta el asiento 2: después viene el 3." in said[""]


def test_a_plan_with_faults_is_refused_in_english(city, panama, office):
    client = signed_in(panama, office, Role.EDITOR, Role.APPROVER)
    place = f"/en/desk/{panama.code}/importar/estrategia/"
    told = {"strategy_title": "Ciudad resiliente", "edition_label": "2027", "language": "es"}
    content = "código,nivel,título\n1,pilar,Agua\n1,pilar,Tierra\n"
    page = client.post(place, {**told, "file": SimpleUploadedFile("plan.csv", content.encode())}).content.decode()
    assert "Row 3" in page and "is already in row 2" in page
    content = "código,nivel,título\n1,pilar,Agua\n2,pilar,Tierra\n"
    page = client.post(place, {**told, "file": SimpleUploadedFile("plan.csv", content.encode())}).content.decode()
    assert re.search(r">2</strong>\s*new", page)
