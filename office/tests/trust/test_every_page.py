"""Every page that a person can reach by links, as each role of the example and as nobody, in both languages."""

import re
import tempfile
from collections import Counter, deque
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import resolve
from django.utils import translation

from manglar.accounts.selectors import example_users
from manglar.example.loading import load

#: The budget of a page (docs/architecture.md).
MOST_QUERIES = 30
#: How many pages of one route are looked at by one visitor: enough to meet records in several states.
OF_A_ROUTE = 3
LINK = re.compile(r"""<a\b[^>]*?\bhref="(/[^"#]*)""")
#: What leads out, or leaves no page to look at.
NOT_FOLLOWED = re.compile(r"^/(en/)?(static/|cuenta/|i18n/)")
#: What a browser would misread: a number with its thousands comma, a form that leads nowhere.
MALFORMED = re.compile(r'(?:maxlength|rows|min|max|step|size)="\d+,\d+"|action=""')
UNDEFINED = "¡variable-sin-definir!"


def language_of(address):
    return "en" if address.startswith("/en/") else "es"


def walk(client, start):
    """Yield (address, response, queries) for every page reached by links from one."""
    waiting, seen, of_route = deque([start]), {start}, Counter()
    while waiting:
        address = waiting.popleft()
        connection.queries_log.clear()  # it keeps 9,000 at most, and then counts nothing
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, follow=False)
            if response.streaming:
                b"".join(response.streaming_content)
        yield address, response, len(captured)
        if response.status_code in {301, 302}:
            found = [response.headers["Location"]]
        elif response.headers["Content-Type"].startswith("text/html"):
            found = LINK.findall(response.content.decode())
        else:
            continue
        for link in found:
            link = link.replace("&amp;", "&")  # noqa: PLW2901  # the same link, as a browser reads it
            if link in seen or NOT_FOLLOWED.match(link) or language_of(link) != language_of(start):
                continue
            seen.add(link)
            with translation.override(language_of(start)):
                route = resolve(link.split("?")[0]).view_name + ("?" if "?" in link else "")
            of_route[route] += 1
            if of_route[route] <= OF_A_ROUTE:
                waiting.append(link)


@pytest.mark.usefixtures("_undefined_variables_show")
class TestEveryPage(TestCase):
    """The example is loaded once for the class and thrown away."""

    @classmethod
    def setUpTestData(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(override_settings(DATA_DIR=Path(folder)))
        load(lambda *_: None)

    def look(self, client, start):
        """Walk from a page; return how many were seen, with what is wrong with any of them."""
        wrong, most, slowest, count = [], 0, "", 0
        for address, response, queries in walk(client, start):
            count += 1
            if queries > most:
                most, slowest = queries, address
            if response.status_code not in {200, 301, 302}:
                wrong.append(f"{address}: {response.status_code}")
            if queries > MOST_QUERIES:
                wrong.append(f"{address}: {queries} queries")
            if response.headers["Content-Type"].startswith("text/html") and response.status_code == 200:
                text = response.content.decode()
                if f'<html lang="{language_of(address)}"' not in text:
                    wrong.append(f"{address}: not in its language")
                wrong += [f"{address}: {fault}" for fault in MALFORMED.findall(text)]
                if UNDEFINED in text:
                    wrong.append(f"{address}: an undefined variable near {near(text)}")
        print(f"{start}: {count} pages, at most {most} queries ({slowest})")
        return count, wrong

    def test_every_public_page_answers_in_both_languages_within_the_budget(self):
        for start in ("/", "/en/"):
            count, wrong = self.look(Client(), start)
            assert count > 30
            assert not wrong, "\n".join(wrong)

    def test_every_page_of_the_desk_answers_each_role_within_the_budget(self):
        for place, user in enumerate(example_users()):
            for start in ("/desk/", "/en/desk/")[: 1 if place else 2]:
                client = Client()
                client.force_login(user)
                count, wrong = self.look(client, start)
                assert count > 40, user
                assert not wrong, f"{user}:\n" + "\n".join(wrong)


def near(text):
    """The words around an undefined variable."""
    place = text.index(UNDEFINED)
    return re.sub(r"\s+", " ", text[max(0, place - 120) : place + 60])


@pytest.fixture
def _undefined_variables_show(settings):
    for engine in settings.TEMPLATES:
        engine["OPTIONS"]["string_if_invalid"] = UNDEFINED
