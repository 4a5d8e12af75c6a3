"""Fields of which several are chosen: boxes in a group with its name, kept when the form comes back."""

import re

from django import forms
from django.template import Context, Template

from manglar.web.kinds.forms import DeedForm


class Places(DeedForm):
    """Two groups, one of them demanded."""

    places = forms.MultipleChoiceField(label="Lugares", choices=[(str(n), f"Lugar {n}") for n in range(20)])
    kinds = forms.MultipleChoiceField(label="Clases", required=False)

    def prepare(self):
        self.offer("kinds", [("a", "<Clase> A")])


def drawn(form):
    return Template("{{ form }}").render(Context({"form": form}))


def test_several_are_chosen_by_boxes_under_the_name_of_the_field():
    page = drawn(Places(deed=None))
    assert len(re.findall(r'type="checkbox" name="places"', page)) == 20
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Lugares", page)
    assert "&lt;Clase&gt; A" in page
    assert "<select" not in page


def test_what_was_chosen_comes_back_with_what_was_wrong():
    form = Places({"places": ["3", "99"], "kinds": ["a"]}, deed=None)
    assert not form.is_valid()
    page = drawn(form)
    assert re.search(r'name="places" value="3"[^>]*checked', page)
    assert re.search(r'name="kinds" value="a"[^>]*checked', page)


def test_the_summary_of_what_is_wrong_leads_to_the_first_box():
    page = drawn(Places({}, deed=None))
    assert 'href="#id_places_0"' in page
    assert 'id="id_places_0"' in page


def test_where_there_is_nothing_to_choose_the_page_says_so():
    class Empty(DeedForm):
        kinds = forms.MultipleChoiceField(label="Clases", required=False)

    page = drawn(Empty(deed=None))
    assert "Todavía no hay qué elegir." in page
    assert "manglar-pick" not in page
