"""The components of the margin: what people wrote is text, what is not offered is not drawn, ids are unique."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from manglar.design.margin_shapes import (
    CommentItem,
    CommentPiece,
    Comments,
    FollowState,
    MailChoice,
    NotificationItem,
    Notifications,
    SavedViewItem,
    SavedViews,
)

AT = dt.datetime(2026, 5, 4, 20, 0, tzinfo=dt.UTC)
HOSTILE = '<script>alert("1")</script>'


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def comment(anchor, **more):
    shape = {
        "anchor": anchor, "author": f"Ana {HOSTILE}", "at": AT,
        "pieces": [CommentPiece("Que "), CommentPiece("@Luis", is_mention=True), CommentPiece(HOSTILE)],
        "text": f"Que @Luis{HOSTILE}",
    }
    return CommentItem(**{**shape, **more})


OFFERED = {"reply_url": "/r/", "reply_key": "k", "change_url": "/c/", "withdraw_url": "/w/"}
SHOWN = {
    "comments": {
        "comments": Comments(
            [
                comment("comentario-1", replies=[comment("comentario-2", change_url="/c2/")], **OFFERED),
                comment("comentario-3", withdrawn=True, **OFFERED),
            ],
            count=2, write_url="/nuevo/", form_key="abc", draft=HOSTILE, error=HOSTILE,
        )
    },
    "follow": {"follow": FollowState(following=True, url="/seguir/", count=3)},
    "saved_views": {
        "views": SavedViews(
            [
                SavedViewItem(HOSTILE, "?q=1", current=True, shared=True, rename_url="/n/", share_url="/s/",
                              delete_url="/d/", key="vista-1"),
                SavedViewItem("Otra", "?q=2"),
            ],
            save_url="/guardar/", query='q="><b>', name=HOSTILE, error=HOSTILE,
        )
    },
    "notifications": {
        "notifications": Notifications(
            [
                NotificationItem(HOSTILE, "le mencionó", HOSTILE, "/x/", AT, HOSTILE, unread=True, read_url="/leer/"),
                NotificationItem("", "cambió", "Hito", "/y/", AT),
            ],
            unread=1, read_all_url="/todos/", has_more=True, mails_url="/correo/",
            mails=[MailChoice("nothing", "ninguno"), MailChoice("everything", "todos", chosen=True)],
        )
    },
}


def draw(name, shown=None):
    html = render_to_string(f"design/components/{name}.html", shown or SHOWN[name])
    return html, Page(html)


@pytest.mark.parametrize("name", SHOWN)
def test_hostile_text_shows_as_text_and_nothing_runs(name):
    html, page = draw(name)
    assert not page.of("script")
    assert "<b>" not in html
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", html)
    if name != "follow":
        assert HOSTILE in page.text or any(HOSTILE in str(a) for _t, a in page.tags)


@pytest.mark.parametrize("name", SHOWN)
def test_every_control_has_its_label_and_every_form_posts(name):
    _html, page = draw(name)
    ids = [attrs["id"] for _tag, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    labelled = {attrs["for"] for attrs in page.of("label")}
    controls = [a for tag in ("input", "textarea", "select") for a in page.of(tag) if a.get("type") != "hidden"]
    assert {attrs["id"] for attrs in controls} == labelled
    assert all(attrs["method"] == "post" for attrs in page.of("form"))
    named = {i for _t, a in page.tags for key in ("aria-labelledby", "aria-describedby") for i in a.get(key, "").split()}
    assert named <= set(ids)


def test_a_mention_stands_out_and_a_withdrawn_comment_offers_nothing():
    html, page = draw("comments")
    assert html.count('class="m-comment__mention">@Luis<') == 2
    assert page.text.count("retiró este comentario") == 1
    assert {attrs["action"] for attrs in page.of("form")} == {"/r/", "/c/", "/w/", "/c2/", "/nuevo/"}
    assert [a["value"] for a in page.of("input") if a["name"] == "form_key"] == ["k", "abc"]


def test_an_empty_margin_says_what_to_do_and_offers_only_what_one_may():
    _html, page = draw("comments", {"comments": Comments([])})
    assert "Nadie ha comentado" in page.text
    assert not page.of("form")
    _html, page = draw("saved_views", {"views": SavedViews([])})
    assert "Todavía no hay vistas" in page.text
    assert not page.of("form")
    _html, page = draw("notifications", {"notifications": Notifications([])})
    assert "No tiene avisos sin leer" in page.text
    assert not page.of("form")


def test_the_button_says_what_it_will_do():
    for following, value, words in ((True, "no", "Dejar de seguir"), (False, "yes", "Seguir")):
        _html, page = draw("follow", {"follow": FollowState(following=following, url="/s/")})
        assert [a["value"] for a in page.of("button")] == [value]
        assert words in page.text
