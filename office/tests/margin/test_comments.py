"""Comments: written by members, corrected and withdrawn by their author, kept in the log."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from manglar.accounts.actors import actor_for_link, actor_for_user
from manglar.accounts.choices import Purpose
from manglar.accounts.services import issue_link
from manglar.audit.models import Entry
from manglar.audit.selectors import history_of
from manglar.audit.services import seal
from manglar.audit.verification import verify
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.margin import selectors, services
from manglar.margin.models import Comment, Mention, Notification, Record
from tests.margin.conftest import AT, OFFICE, RIVER, leave

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


def write(by, record, text="Falta el plano.", **more):
    return services.write_comment(by=by, record=record, text=text, at=AT, **more)


def test_a_comment_keeps_its_author_as_text_and_stands_in_the_history_of_the_record(river, lectora):
    written = write(lectora, river)
    assert (written.comment.author_name, written.remarks, written.is_new) == ("Lectora Primera", (), True)
    lectora.user.display_name = "Otro Nombre"
    lectora.user.save()
    (line,) = selectors.comments_of(river).comments
    assert line.author == "Lectora Primera"
    seal()
    (told,) = history_of(RIVER)
    assert (told.event, told.who, told.subject) == ("comment.written", "Lectora Primera", RIVER)
    assert verify().is_sound


@pytest.mark.parametrize(("text", "word"), [("", "vacío"), (" \n\t\x00\u202e ", "vacío"), ("x" * 5_001, "5,001")])
def test_an_empty_or_endless_comment_is_refused_in_words(river, lectora, text, word):
    with pytest.raises(InvalidInput, match=word):
        write(lectora, river, text)
    assert not Comment.objects.exists()


def test_a_comment_may_have_five_thousand_characters_whatever_they_are(river, lectora):
    assert len(write(lectora, river, "ñ🌊" * 2_500).comment.text) == 5_000


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7|add:7 }} {% now %}", "'; DROP TABLE x; --", "{who}"])
def test_hostile_text_is_kept_as_text(river, lectora, text):
    write(lectora, river, f"a\x00{text}")
    (line,) = selectors.comments_of(river).comments
    assert "".join(piece.text for piece in line.pieces) == f"a{text}"


@pytest.mark.parametrize(
    ("public_id", "kind"),
    [("", "hitos"), ("hito-1", "hitos"), ("../../etc", "hitos"), (RIVER, ""), (RIVER, "<b>"), (f"{RIVER}\n", "hitos")],
)
def test_what_is_not_named_as_a_record_is_refused(panama, lectora, public_id, kind):
    with pytest.raises(InvalidInput):
        write(lectora, Record(panama, public_id, kind))


def test_nobody_comments_in_another_government_nor_without_a_role_nor_without_an_account(
    river, san_miguelito, panama, lectora, vecina
):
    with pytest.raises(NotAllowed):
        write(vecina, river)
    with pytest.raises(NotAllowed):
        write(lectora, Record(san_miguelito, RIVER, "hitos"))
    with pytest.raises(NotAllowed):
        write(leave(lectora), river)
    link, _ = issue_link(
        by=OFFICE, government=panama, purpose=Purpose.MILESTONE_UPDATE, person_name="X", email="x@example.org",
        at=AT, valid_for=dt.timedelta(days=1),
    )
    with pytest.raises(NotAllowed):
        write(actor_for_link(link), river)
    with pytest.raises(NotAllowed, match="cuenta"):
        write(OFFICE, river)
    assert not Comment.objects.exists()


def test_what_one_government_says_of_a_record_is_not_read_in_another(river, san_miguelito, lectora, vecina):
    comment = write(lectora, river).comment
    other = Record(san_miguelito, RIVER, "hitos")
    assert selectors.comments_of(other).count == 0
    assert selectors.comment_by_id(san_miguelito, comment.public_id) is None
    with pytest.raises(InvalidInput, match="otro registro"):
        write(vecina, other, parent=comment)


def test_a_reply_stands_under_its_comment_and_is_not_replied_to(river, lectora, editora):
    root = write(lectora, river).comment
    reply = write(editora, river, "Ya lo subo.", parent=root).comment
    with pytest.raises(InvalidInput, match="no se responde"):
        write(lectora, river, "Gracias", parent=reply)
    with pytest.raises(InvalidInput, match="otro registro"):
        write(lectora, Record(river.government, "hito-0000000000", "hitos"), parent=root)
    (line,) = selectors.comments_of(river, lectora.user).comments
    assert [r.author for r in line.replies] == ["Editora Segunda"]
    assert (line.is_own, line.replies[0].is_own) == (True, False)
    assert selectors.comments_of(river).count == 2


def test_a_form_sent_twice_writes_once_and_tells_once(river, lectora, editora):
    first = write(lectora, river, "@Editora Segunda, mire", form_key="abc")
    again = write(lectora, river, "@Editora Segunda, mire", form_key="abc")
    assert again.comment == first.comment
    assert again.is_new is False
    assert Comment.objects.count() == Notification.objects.count() == 1
    assert write(editora, river, "otra persona", form_key="abc").is_new


def test_going_back_and_writing_more_loses_nothing(river, lectora):
    write(lectora, river, "Primera idea", form_key="abc")
    assert write(lectora, river, "Primera idea, y otra", form_key="abc").is_new
    assert Comment.objects.count() == 2


def test_two_sendings_at_once_write_one_comment_and_one_act(river, lectora, monkeypatch):
    """The second looks before the first has written: the database says no, and what it began is undone."""
    first = write(lectora, river, form_key="abc")
    seal()
    real = Comment.objects.filter
    monkeypatch.setattr(
        Comment.objects, "filter", lambda *a, **k: real(pk=0) if set(k) == {"author", "form_key"} else real(*a, **k)
    )
    second = write(lectora, river, form_key="abc")
    seal()
    assert (second.comment, second.is_new) == (first.comment, False)
    assert Entry.objects.filter(event="comment.written", operation="event").count() == 1


def test_only_its_author_corrects_a_comment_and_the_log_keeps_both(river, lectora, editora):
    comment = write(lectora, river).comment
    with pytest.raises(NotAllowed, match="quien lo escribió"):
        services.change_comment(by=editora, comment=comment, text="Otra cosa", at=LATER)
    changed = services.change_comment(by=lectora, comment=comment, text="Falta el plano 3.", at=LATER).comment
    assert (changed.text, changed.edited_at) == ("Falta el plano 3.", LATER)
    seal()
    change = Entry.objects.get(subject=comment.public_id, operation="U")
    assert change.payload.values["text"]["value"] == ["Falta el plano.", "Falta el plano 3."]
    services.change_comment(by=lectora, comment=changed, text="Falta el plano 3. ", at=LATER)
    seal()
    assert Entry.objects.filter(event="comment.changed", operation="event").count() == 1


def test_a_withdrawn_comment_keeps_its_place_and_its_replies_but_not_its_words(river, lectora, editora):
    comment = write(lectora, river, "@Editora Segunda, mire").comment
    write(editora, river, "Visto", parent=comment)
    with pytest.raises(NotAllowed):
        services.withdraw_comment(by=editora, comment=comment, at=LATER)
    services.withdraw_comment(by=lectora, comment=comment, at=LATER)
    (line,) = selectors.comments_of(river, lectora.user).comments
    assert (line.is_withdrawn, line.text, line.pieces, len(line.replies)) == (True, "", (), 1)
    assert selectors.comments_of(river).count == 1
    assert selectors.notifications_of(editora.user).notices[0].excerpt == ""
    for again in (
        lambda: services.withdraw_comment(by=lectora, comment=comment, at=LATER),
        lambda: services.change_comment(by=lectora, comment=comment, text="x", at=LATER),
        lambda: write(editora, river, "tarde", parent=comment),
    ):
        with pytest.raises(Conflict, match="retiró"):
            again()


def test_who_lost_their_role_corrects_and_withdraws_nothing(river, lectora):
    comment = write(lectora, river).comment
    gone = leave(lectora)
    with pytest.raises(NotAllowed):
        services.withdraw_comment(by=gone, comment=comment, at=LATER)
    with pytest.raises(NotAllowed):
        services.change_comment(by=gone, comment=comment, text="x", at=LATER)


def test_the_database_refuses_a_comment_without_words(river, lectora):
    comment = write(lectora, river).comment
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(text="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(text="x" * 5_001)


def test_a_mention_of_somebody_without_a_role_is_left_as_text_and_said(river, lectora, vecina, editora):
    gone = leave(editora)
    written = write(lectora, river, f"@Vecina Tercera y @{gone.user.email} y @nadie")
    (remark,) = written.remarks
    assert "@Vecina" in remark
    assert "@editora@example.org" in remark
    assert "quedaron como texto" in remark
    assert not Mention.objects.exists()
    assert not Notification.objects.exists()


def test_a_name_that_two_people_have_is_said_and_nobody_is_told(river, panama, lectora, member):
    member(panama, "Gemela Igual")
    other = member(panama, "gemelo igual")
    other.user.display_name = "GEMELA IGUAL"
    other.user.save()
    written = write(lectora, river, "@Gemela Igual")
    assert "más de una persona" in written.remarks[0]
    assert not Notification.objects.exists()


def test_a_comment_that_mentions_everybody_is_refused(river, panama, lectora, member):
    names = [f"P{n} Muchas" for n in range(21)]
    for name in names:
        member(panama, name)
    with pytest.raises(InvalidInput, match="20"):
        write(lectora, river, " ".join(f"@{name}" for name in names))
    assert not Comment.objects.exists()


def test_the_comments_of_a_record_take_three_queries_however_many_there_are(
    river, lectora, editora, django_assert_max_num_queries
):
    for n in range(5):
        root = write(lectora, river, f"@Editora Segunda {n}").comment
        write(editora, river, "sí", parent=root)
    with django_assert_max_num_queries(3):
        shown = selectors.comments_of(river, lectora.user)
    assert (shown.count, shown.has_earlier) == (10, False)
    assert shown.comments[0].pieces[0].is_mention
    newest = selectors.comments_of(river, limit=2)
    assert [c.text for c in newest.comments] == ["@Editora Segunda 3", "@Editora Segunda 4"]
    assert newest.has_earlier


def test_an_erased_author_leaves_words_without_a_name_and_the_log_verifies(river, lectora, editora, office):
    write(lectora, river, "Lo mío")
    write(editora, river, "Que @Lectora Primera y @lectora@example.org respondan")
    own = write(lectora, river, "Yo, @Lectora Primera").comment
    services.change_comment(by=lectora, comment=own, text="Yo misma", at=LATER)
    services.follow(by=lectora, record=river, at=AT)
    services.save_view(by=lectora, government=river.government, kind="hitos", name="Mía", query="q=1")
    services.save_view(by=lectora, government=river.government, kind="hitos", name="De todas", query="", is_shared=True)
    with pytest.raises(NotAllowed):
        services.erase_author(by=editora, government=river.government, user=lectora.user, on=AT.date(), reason="p")
    with pytest.raises(InvalidInput, match="motivo"):
        services.erase_author(by=office, government=river.government, user=lectora.user, on=AT.date(), reason=" ")
    services.erase_author(
        by=office, government=river.government, user=lectora.user, on=timezone.localdate(), reason="petición 7"
    )
    shown = selectors.comments_of(river, lectora.user).comments
    assert [c.author for c in shown] == ["Persona borrada a petición", "Editora Segunda", "Persona borrada a petición"]
    assert shown[1].text == "Que @(persona borrada) y @(persona borrada) respondan"
    assert not any(c.is_own for c in shown)
    assert selectors.is_following(lectora.user, river) is False
    assert [v.name for v in selectors.saved_views_of(editora.user, river.government, "hitos")] == ["De todas"]
    seal()
    told = [e.payload.values for e in Entry.objects.filter(table_name__startswith="margin_").select_related("payload")]
    assert told
    assert "Lectora Primera" not in str(told)
    assert "lectora@example.org" not in str(told)
    assert verify().is_sound


def test_an_erased_author_is_not_told_of_a_reply(river, lectora, editora, office):
    comment = write(lectora, river).comment
    services.erase_author(by=office, government=river.government, user=lectora.user, on=AT.date(), reason="petición 7")
    comment.refresh_from_db()
    write(editora, river, "¿Y el plano?", parent=comment)
    assert not Notification.objects.exists()
    with pytest.raises(NotAllowed):
        services.withdraw_comment(by=actor_for_user(lectora.user), comment=comment, at=LATER)
