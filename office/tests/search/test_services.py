"""The index is written from papers, follows the log, and forgets what is gone."""

import pytest
from django.utils import timezone

from manglar.audit.models import Entry
from manglar.audit.services import erase_personal_data, seal
from manglar.evidence.models import Finding
from manglar.foundation.translated import translated
from manglar.publication import services as publication
from manglar.search.choices import Face
from manglar.search.models import Bookmark, Document, Posting, Spelling, Unread, Word
from manglar.search.selectors import desk_audience, find
from manglar.search.services import follow_log, read_waiting, rebuild, write
from manglar.strategy import services as strategy
from tests import chain_factories as make
from tests.search.conftest import ON, index, paper

pytestmark = pytest.mark.django_db


def catch_up():
    seal()
    while follow_log():
        pass
    while read_waiting(1_000):
        pass


def all_of_it():
    """Everything that the index says, without what depends on the order in which it was written."""
    postings = Posting.objects.values_list(
        "document__face", "document__desk_id", "document__record_id", "document__kind", "document__title", "document__text",
        "document__changed_at", "document__is_common", "word__text", "stem", "in_title",
    )  # fmt: skip
    return sorted(map(str, postings)), sorted(Spelling.objects.values_list("word__text", "key"))


def network_name(institution, name):
    type(institution).objects.filter(pk=institution.pk).update(name=translated(name))


def says(panama, word):
    return find(word, desk_audience([(panama, ["hallazgos", "iniciativas", "compromisos"])], on=ON)).total


def test_a_paper_that_says_the_same_writes_nothing_again(panama):
    assert index(paper(panama, "a", "Agua")) == 1
    before = list(Posting.objects.values_list("pk", flat=True))
    assert index(paper(panama, "a", "Agua")) == 0
    assert list(Posting.objects.values_list("pk", flat=True)) == before


def test_a_changed_paper_loses_the_words_that_it_no_longer_says(panama, audience):
    index(paper(panama, "a", "Villalobos"))
    index(paper(panama, "a", "Manglares"))
    assert find("villalobos", audience).total == 0
    assert find("manglar", audience).total == 1
    assert not Word.objects.filter(text="villalobos").exists()
    assert not Spelling.objects.filter(word__text="villalobos").exists()


def test_a_record_without_a_paper_is_forgotten_with_its_words(panama):
    index(paper(panama, "a", "Villalobos"), paper(panama, "b", "Agua"))
    assert write(Face.DESK, {"registro-a"}, []) == 1
    assert list(Document.objects.values_list("record_id", flat=True)) == ["registro-b"]
    assert not Word.objects.filter(text="villalobos").exists()
    assert Word.objects.filter(text="agua").exists()


def test_the_index_leaves_no_trace_in_the_log(panama):
    seal()
    before = Entry.objects.count()
    index(paper(panama, "a", "Agua"))
    seal()
    assert Entry.objects.count() == before


def test_the_first_time_everything_is_read(panama):
    make.finding(panama)
    seal()
    assert follow_log() == 0
    assert Unread.objects.exists()
    read_waiting(1_000)
    assert says(panama, "desborda") == 1


@pytest.fixture
def followed(panama):
    """A government whose index is up to date and empty."""
    catch_up()
    return panama


def test_what_a_service_writes_is_found_after_sealing(followed):
    make.finding(followed)
    assert says(followed, "desborda") == 0
    catch_up()
    assert says(followed, "desborda") == 1


def test_what_a_bulk_update_or_raw_sql_writes_is_found_too(followed):
    from django.db import connection

    finding = make.finding(followed)
    catch_up()
    Finding.objects.filter(pk=finding.pk).update(title=translated("Cocodrilos en la quebrada"))
    catch_up()
    assert says(followed, "cocodrilo") == 1
    assert says(followed, "desborda") == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_finding SET title = %s WHERE id = %s", ['{"es": "Mapaches"}', finding.pk])
    catch_up()
    assert says(followed, "mapache") == 1


def test_a_deleted_record_disappears(followed):
    finding = make.finding(followed, reviewed=False)
    catch_up()
    assert says(followed, "desborda") == 1
    Finding.objects.filter(pk=finding.pk).delete()
    catch_up()
    assert says(followed, "desborda") == 0
    assert not Document.objects.filter(record_id=finding.public_id).exists()


def test_when_a_name_changes_what_names_it_is_read_again(followed):
    obras = make.institution(followed)
    make.commitment(followed, obras)
    catch_up()
    assert says(followed, "obras") == 1
    network_name(obras, "Dirección de Acueductos")
    catch_up()
    assert says(followed, "acueductos") == 1


def test_after_an_erasure_of_personal_data_everything_is_read_again(followed, office):
    finding = make.finding(followed, "La casa de Villalobos")
    catch_up()
    Document.objects.filter(record_id=finding.public_id).update(fingerprint="", title={"es": "viejo"})
    erase_personal_data(
        by=office, table="evidence_finding", row_key=str(finding.pk), fields=["text"], reason="Ley 81", on=ON
    )
    catch_up()
    assert Document.objects.get(record_id=finding.public_id).title == {"es": "La casa de Villalobos"}


def test_following_the_log_gives_the_same_index_as_making_it_from_nothing(followed):
    whole = make.WholeChain(followed)
    catch_up()
    Finding.objects.filter(pk=whole.finding.pk).update(title=translated("Otra cosa"))
    strategy.set_node_state(by=make.OFFICE, node=whole.node, state="in_progress", reason="Faltan fondos")
    network_name(whole.agua, "Acueductos")
    publication.release_chain(by=make.OFFICE, government=followed, public_id=whole.commitment.public_id, at=make.AT)
    catch_up()
    followed_index = all_of_it()
    assert len(followed_index[0]) > 100
    made = rebuild(lambda *_: None)
    assert made["documents"] == Document.objects.count()
    assert all_of_it() == followed_index


def test_a_rebuild_tells_how_far_it_is(followed):
    make.WholeChain(followed)
    steps = []
    rebuild(lambda fraction, _: steps.append(fraction))
    assert steps[-1] == 1.0


def test_nothing_new_takes_no_lock(followed, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert follow_log() == 0
        assert read_waiting(100) == 0


def test_the_bookmark_is_one(followed):
    make.finding(followed)
    catch_up()
    assert Bookmark.objects.count() == 1
    assert Bookmark.objects.get().last_entry == Entry.objects.order_by("-pk").first().pk
    assert Document.objects.get(kind="hallazgos").changed_at <= timezone.now()
