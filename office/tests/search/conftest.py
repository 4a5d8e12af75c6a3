"""An index of a few papers, written by hand: what search does with them does not depend on any app."""

import datetime as dt

import pytest

from manglar.search.choices import Face
from manglar.search.models import Bookmark
from manglar.search.selectors import desk_audience
from manglar.search.services import Paper, write

ON = dt.date(2026, 11, 24)


def paper(government, name, title, text="", *, kind="hallazgos", desk=None, english="", common=False):
    titles = {"es": title, **({"en": english} if english else {})}
    desk = desk or government
    return Paper(Face.DESK, kind, f"registro-{name}", government.pk, titles, {"es": text}, desk.pk, is_common=common)


def index(*papers):
    Bookmark.objects.get_or_create(pk=1)
    return write(Face.DESK, {each.record_id for each in papers}, papers)


@pytest.fixture
def audience(panama):
    """Someone with a role in Panamá."""
    return desk_audience([(panama, ["hallazgos", "notas", "territorio"])], on=ON)
