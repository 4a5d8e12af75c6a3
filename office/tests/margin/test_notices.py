"""Who is told of a comment, once, on the page and by mail if they chose so."""

import datetime as dt

import pytest
from django.conf import settings

from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.margin import selectors, services
from manglar.margin.choices import NoticeKind
from manglar.margin.models import Notification
from manglar.operations.models import OutboxMessage
from tests.margin.conftest import AT, RIVER, leave

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


def write(by, record, text, **more):
    return services.write_comment(by=by, record=record, text=text, at=AT, **more).comment


def test_a_mentioned_person_is_told_once_whatever_the_times_they_are_named(river, lectora, editora):
    comment = write(lectora, river, "@Editora Segunda, sí, @editora@example.org")
    inbox = selectors.notifications_of(editora.user)
    (notice,) = inbox.notices
    assert inbox.unread == 1
    assert (notice.kind, notice.who, notice.subject, notice.title) == (
        NoticeKind.MENTION, "Lectora Primera", RIVER, "Limpiar el río",
    )
    assert (notice.comment, notice.is_read) == (comment.public_id, False)
    assert selectors.notifications_of(lectora.user).notices == ()


def test_nobody_is_told_of_their_own_mention_or_reply(river, lectora):
    root = write(lectora, river, "@Lectora Primera, recuerda")
    write(lectora, river, "hecho", parent=root)
    assert not Notification.objects.exists()


def test_the_author_of_a_comment_is_told_of_a_reply_and_only_once_when_it_also_mentions_them(river, lectora, editora):
    root = write(lectora, river, "¿Quién lo tiene?")
    write(editora, river, "Yo, @Lectora Primera", parent=root)
    write(editora, river, "Y ya está", parent=root)
    kinds = [n.kind for n in selectors.notifications_of(lectora.user).notices]
    assert sorted(kinds) == [NoticeKind.MENTION, NoticeKind.REPLY]


def test_a_correction_tells_those_it_names_for_the_first_time(river, panama, lectora, editora, member):
    third = member(panama, "Tercera Persona")
    comment = write(lectora, river, "@Editora Segunda")
    for text in ("@Tercera Persona", "@Editora Segunda y @Tercera Persona"):
        services.change_comment(by=lectora, comment=comment, text=text, at=LATER, title="Limpiar el río")
    assert selectors.unread_count(editora.user) == selectors.unread_count(third.user) == 1


def test_a_mail_goes_to_who_asked_for_it_without_the_words_of_the_comment(river, panama, lectora, editora):
    write(lectora, river, "@Editora Segunda, secreto")
    assert not OutboxMessage.objects.exists()
    services.choose_mails(by=editora, government=panama, mails="mentions")
    write(lectora, river, "@Editora Segunda, secreto otra vez")
    mail = OutboxMessage.objects.get()
    assert mail.to == "editora@example.org"
    assert mail.subject == "Lectora Primera le mencionó: Limpiar el río"
    assert f"{settings.PUBLIC_URL}/desk/panama/hitos/{RIVER}/" in mail.body
    assert "secreto" not in mail.body
    services.choose_mails(by=editora, government=panama, mails="nothing")
    write(lectora, river, "@Editora Segunda, por última vez")
    assert OutboxMessage.objects.count() == 1


def test_a_mail_is_written_in_the_language_of_its_reader(river, panama, lectora, editora):
    editora.user.language = "en"
    editora.user.save()
    services.choose_mails(by=editora, government=panama, mails="everything")
    root = write(editora, river, "¿Quién?")
    write(lectora, river, "Yo", parent=root)
    mail = OutboxMessage.objects.get()
    assert mail.subject == "Lectora Primera replied to you: Limpiar el río"
    assert f"/en/desk/panama/hitos/{RIVER}/" in mail.body


def test_the_choice_of_mails_is_one_of_three_and_of_a_member(panama, lectora, vecina):
    with pytest.raises(InvalidInput, match="correo"):
        services.choose_mails(by=lectora, government=panama, mails="<b>")
    with pytest.raises(NotAllowed):
        services.choose_mails(by=vecina, government=panama, mails="everything")


def test_who_lost_their_role_reads_no_notification(river, lectora, editora):
    write(lectora, river, "@Editora Segunda")
    gone = leave(editora)
    inbox = selectors.notifications_of(gone.user)
    assert (inbox.unread, inbox.notices) == (0, ())
    assert selectors.notification_by_id(gone.user, Notification.objects.get().public_id) is None


def test_a_notification_is_read_once_by_the_person_it_is_for(river, panama, lectora, editora):
    write(lectora, river, "@Editora Segunda uno")
    write(lectora, river, "@Editora Segunda dos")
    newest = selectors.notifications_of(editora.user).notices[0]
    held = selectors.notification_by_id(editora.user, newest.public_id)
    assert selectors.notification_by_id(lectora.user, newest.public_id) is None
    with pytest.raises(NotAllowed):
        services.mark_read(by=lectora, notification=held, at=AT)
    assert services.mark_read(by=editora, notification=held, at=AT).read_at == AT
    assert services.mark_read(by=editora, notification=held, at=LATER).read_at == AT
    assert selectors.unread_count(editora.user) == 1
    assert services.mark_all_read(by=editora, government=panama, at=LATER) == 1
    assert services.mark_all_read(by=editora, government=panama, at=LATER) == 0
    assert selectors.unread_count(editora.user) == 0


def test_the_inbox_takes_three_queries_and_says_that_there_is_more(
    river, lectora, editora, django_assert_max_num_queries
):
    for n in range(4):
        write(lectora, river, f"@Editora Segunda {n}")
    with django_assert_max_num_queries(3):
        inbox = selectors.notifications_of(editora.user, limit=3)
    assert (len(inbox.notices), inbox.unread, inbox.has_more) == (3, 4, True)
