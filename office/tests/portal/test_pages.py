"""The pages of the portal in the small city: how much they weigh, how they are paged, and what a bad address gets."""

import gzip
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, TestCase
from django.test.utils import override_settings

from manglar.agreements.choices import DueStatus
from manglar.design.vendored import FOLDER
from manglar.foundation.translated import Reading
from manglar.portal import chain, commitments, division, strategy
from manglar.portal.strategy import Branch, folded
from manglar.publication.models import Release
from manglar.publication.selectors import chain_of
from manglar.seed.loading import load
from manglar.seed.sizes import SIZES
from tests.trust.test_every_page import walk

#: docs: experience.md, «Speed people feel»: a portal page without its map.
MOST_BYTES = 150 * 1024
#: What a page asks for by itself: sheets, scripts, fonts, pictures.
ASKED = re.compile(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/static/[^"]+)"')
FONT = re.compile(r'url\("?([^")]+\.woff2)"?\)')
#: Kind of record → its list in the page of a place, and how its pages begin.
LISTS = {"finding": ("hallazgos", "/hallazgos/"), "initiative": ("iniciativas", "/estrategia/iniciativa-")}
TOLD = re.compile(r"(\d[\d,]*) (?:de (\d[\d,]*) )?compromisos? publicados?")


def weight(address):
    """Bytes that one static file takes on the line: text compressed, fonts and pictures as they are."""
    path = address.removeprefix("/static/").split("#")[0]
    found = finders.find(path)
    assert found, address
    held = Path(found).read_bytes()
    return len(held) if path.endswith(".woff2") else len(gzip.compress(held, 6))


def fonts():
    """Every font of the theme, as if a page used them all."""
    return sum(len(each.read_bytes()) for each in FOLDER.rglob("*.woff2"))


class TestTheSmallCity(TestCase):
    """The small city is made once for the class and thrown away."""

    @classmethod
    def setUpTestData(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(override_settings(DATA_DIR=Path(folder), MEDIA_ROOT=Path(folder) / "files"))
        load(SIZES["small"], seed=1, report=lambda *_: None)

    def told(self, address):
        response = Client().get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    def test_every_public_page_weighs_at_most_150_kb_with_its_sheets_scripts_and_fonts(self):
        heaviest, files = (0, ""), {}
        for address, response, _queries in walk(Client(), "/"):
            if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
                continue
            asked = {each for each in ASKED.findall(response.content.decode()) if not each.endswith(".woff2")}
            total = len(gzip.compress(response.content, 6)) + fonts()
            for each in asked:
                total += files.setdefault(each, weight(each))
            heaviest = max(heaviest, (total, address))
        print(f"heaviest: {heaviest[1]} with {heaviest[0]:,} bytes on the line, without the map's library")
        assert heaviest[0] > 60_000
        assert heaviest[0] <= MOST_BYTES, heaviest

    def test_commitments_come_a_page_at_a_time_and_the_address_keeps_the_filters(self):
        self.monkey(commitments, "PAGE_SIZE", 2)
        total = Release.objects.filter(kind="commitment", is_current=True).count()
        assert total > 4
        text = self.told("/compromisos/")
        assert f"{total} compromisos publicados" in text
        assert text.count('href="/compromisos/compromiso-') == 2
        assert "pagina=2" in text
        late = self.told("/compromisos/?plazo=late&pagina=2")
        assert '<option value="late" selected>' in late
        shown = TOLD.search(late)
        expected = sum(each.status == DueStatus.LATE for each in commitments.released_promises(commitments.timezone.localdate()))
        assert shown
        assert int(shown[1]) == expected
        assert "plazo=late&amp;pagina=" in late

    def test_what_the_address_says_and_the_list_does_not_know_is_left_out(self):
        whole = TOLD.search(self.told("/compromisos/"))[0]
        assert whole == TOLD.search(self.told("/compromisos/?plazo=ayer&estado=nadie&pagina=mil"))[0]
        nobody = self.told("/compromisos/?institucion=nadie")
        assert TOLD.search(nobody)[1] == "0"
        assert "Ningún compromiso publicado coincide" in nobody
        assert "0 de" in self.told("/compromisos/?lugar=no-hay")

    def test_the_lists_of_a_place_are_cut_and_their_whole_is_one_click_away(self):
        self.monkey(division, "SHORT", 1)
        counted = Counter(
            (code, kind)
            for codes, kind in Release.objects.filter(
                kind__in=LISTS, is_current=True).values_list("division_codes", "kind")
            for code in codes.strip("|").split("|")
            if code
        )
        (code, kind), count = counted.most_common(1)[0]
        assert count > 1
        wanted, link = LISTS[kind]
        page = self.told(f"/territorio/{code}/")
        assert f"?ver={wanted}" in page
        assert page.count(f'href="{link}') == 1
        assert self.told(f"/territorio/{code}/?ver={wanted}").count(f'<a href="{link}') == count
        assert Client().get(f"/territorio/{code}/?ver=secretos").status_code == 404

    def test_a_long_chain_is_paged_and_its_short_form_says_how_much_is_left(self):
        start = max(
            Release.objects.filter(kind="finding", is_current=True).values_list("subject_id", flat=True),
            key=lambda each: len(chain_of(each, on=commitments.timezone.localdate()).downstream),
        )
        steps = len(chain_of(start, on=commitments.timezone.localdate()).downstream)
        assert steps > 2
        self.monkey(chain, "PAGE_SIZE", 2)
        self.monkey(chain, "SHORT", 2)
        assert "en total" in self.told(f"/cadena/{start}/")
        assert "?pagina=2" in self.told(f"/cadena/{start}/")
        last = self.told(f"/cadena/{start}/?pagina=999")
        assert last.count('class="m-chain__item') == len(chain_of(start, on=commitments.timezone.localdate()).upstream) + 1 + (steps % 2 or 2)
        assert f"Ver {steps - 2} paso" in self.told(f"/hallazgos/{start}/")

    def test_a_long_strategy_shows_its_last_level_as_counts_that_lead_to_where_all_of_it_is(self):
        whole = self.told("/estrategia/")
        self.monkey(strategy, "MOST_BRANCHES", 10)
        short = self.told("/estrategia/")
        assert "p-branch__held" not in whole
        assert short.count("p-branch__held") >= 1
        address = re.search(r'p-branch__held" href="(/estrategia/[^"]+)">(\d+) ', short)
        children = self.told(address[1])
        assert len(set(re.findall(r'<th scope="row"[^>]*><a href="(/estrategia/[^"]+)"', children))) == int(address[2])

    def monkey(self, module, name, value):
        patch = pytest.MonkeyPatch()
        patch.setattr(module, name, value)
        self.addCleanup(patch.undo)


def test_what_holds_leaves_without_a_page_of_its_own_keeps_them_in_sight(monkeypatch):
    monkeypatch.setattr(strategy, "MOST_BRANCHES", 1)
    leaf = Branch("b", "1.1", Reading("Hoja", "es"), level="acción", url="/estrategia/b/")
    hidden = Branch("c", "1.2", Reading("Nombrada", "es"))
    held = Branch("a", "1", Reading("Rama", "es"), url="/estrategia/a/", children=[leaf])
    loose = Branch("d", "2", Reading("Sin página", "es"), children=[leaf])
    mixed = Branch("e", "3", Reading("Mixta", "es"), url="/estrategia/e/", children=[leaf, hidden])
    roots = folded([held, loose, mixed], {"acción": "acciones"})
    assert (roots[0].held, roots[0].children) == ("1 acción", [])
    assert [each.id for each in roots[1].children] == ["b"]
    assert [each.id for each in roots[2].children] == ["b", "c"]
