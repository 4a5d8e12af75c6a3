"""The made-up city: the same each time, sound, said to be made up, and written the same way in bulk as by services."""

import dataclasses
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client, TestCase
from django.test.utils import override_settings
from manglar_engine.exposure.exposure import Exposure
from pyarrow import parquet

from manglar.accounts.models import SignedLink, User
from manglar.agreements.models import Agreement, Commitment
from manglar.audit.registry import audited_tables
from manglar.audit.verification import verify
from manglar.decisions.models import AdviceNote, Decision
from manglar.delivery.models import Milestone, MilestoneUpdate, UpdateRequest
from manglar.evidence.models import Finding, Source
from manglar.foundation.identifiers import identifiers_drawn_from
from manglar.governments.models import Government
from manglar.network.models import Institution, Person
from manglar.operations.models import Job
from manglar.publication.models import Release
from manglar.risk.models import Run
from manglar.seed import loading
from manglar.seed.loading import load
from manglar.seed.sizes import SIZES
from manglar.strategy.models import Edition, Node
from tests.trust.test_every_page import MOST_QUERIES, walk

#: As small as a city gets with something of everything.
TINY = dataclasses.replace(
    SIZES["small"], users=14, institutions=6, doers=4, actions=5, earlier_actions=3, findings=4, notes=2, agreements=2,
    commitments=3, milestones=2, reports=3, by_link=40, released=4, buildings=40,
)
#: What the clock or the system's own randomness writes: said in the app's README.
NOT_SEEDED = {
    "id", "password", "token_digest", "created_at", "finished_at", "date_joined", "last_login", "body",
    "heartbeat_at", "acts",  # numbers of the log's own acts
}


def quiet(*_):
    """Nobody watches."""


def rows():
    """Every audited row of every table of ours, by what it says; keys aside, for those are the database's."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in audited_tables() and model.__module__.startswith("manglar."):
            names = [f.name for f in model._meta.concrete_fields if not f.is_relation and f.name not in NOT_SEEDED]
            if model._meta.app_label != "audit":
                held = model._default_manager
                found[model._meta.label] = sorted(map(repr, held.values_list(*names))) if names else held.count()
    return found


class UndoneError(Exception):
    """Takes a load back."""


def loaded_and_undone(size, seed, look):
    """Load a city, look at it, and leave the database as empty as before."""
    kept = None
    with tempfile.TemporaryDirectory() as folder, override_settings(DATA_DIR=Path(folder), MEDIA_ROOT=Path(folder)):
        try:
            with transaction.atomic():
                made = load(size, seed=seed, report=quiet)
                kept = look(made)
                raise UndoneError
        except UndoneError:
            return kept


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_city_and_another_seed_another():
    one = loaded_and_undone(TINY, 7, lambda made: (rows(), made.buildings_file.read_bytes()))
    same = loaded_and_undone(TINY, 7, lambda made: (rows(), made.buildings_file.read_bytes()))
    other = loaded_and_undone(TINY, 8, lambda made: (rows(), made.buildings_file.read_bytes()))
    different = [label for label in one[0] if one[0][label] != same[0][label]]
    assert not different, [
        next((mine, theirs) for mine, theirs in zip(one[0][label], same[0][label], strict=False) if mine != theirs)
        for label in different
    ]
    assert one[1] == same[1]
    assert one[0]["strategy.Node"] != other[0]["strategy.Node"]
    assert one[1] != other[1]


def told(milestone):
    """What a milestone and everything said of it say, without identifiers of rows."""
    return (
        milestone.node.code, milestone.title["es"], milestone.due_on.iso, milestone.state, milestone.percent,
        milestone.created_on, milestone.last_approved_on, milestone.mark, milestone.source_text,
        [
            (
                u.state, u.reported_state, u.percent, u.text, u.reported_on, u.author_name, bool(u.author_ref),
                u.revise_reason, u.approved_by_name, u.approved_by and u.approved_by.email, u.approved_at,
                u.link and (u.link.purpose, u.link.person_name, u.link.email, u.link.expires_at, u.link.used_at),
            )
            for u in milestone.updates.order_by("reported_on", "pk")
        ],
        [(r.person.name, r.asked_at, r.link.subject_id == milestone.public_id) for r in milestone.requests.order_by("asked_at")],
    )


@pytest.mark.django_db
def test_the_story_told_in_bulk_leaves_the_rows_that_services_leave():
    def look(_made):
        held = Milestone.objects.order_by("node__code", "title", "created_on", "pk")
        assert MilestoneUpdate.objects.exclude(revise_reason="").exists()
        assert UpdateRequest.objects.exists()
        assert SignedLink.objects.filter(used_at__isnull=False).exists()
        assert verify().is_sound
        return [told(each) for each in held]

    size = dataclasses.replace(TINY, milestones=4, reports=6)
    by_services = loaded_and_undone(dataclasses.replace(size, in_bulk=False), 3, look)
    in_bulk = loaded_and_undone(dataclasses.replace(size, in_bulk=True), 3, look)
    assert len(by_services) == 20
    assert in_bulk == by_services


class TestTheSmallCity(TestCase):
    """The small city is made once for the class and thrown away."""

    @classmethod
    def setUpTestData(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(override_settings(DATA_DIR=Path(folder), MEDIA_ROOT=Path(folder) / "files"))
        cls.size = SIZES["small"]
        cls.made = load(cls.size, seed=1, report=quiet)

    def test_it_has_as_much_of_everything_as_its_size_says(self):
        size = self.size
        assert User.objects.count() == size.users
        assert Institution.objects.count() == size.institutions
        assert Source.objects.count() == size.sources + 1  # the run names its own
        assert Finding.objects.count() == size.findings + 1
        assert AdviceNote.objects.count() == size.notes
        assert Decision.objects.exists()
        assert Agreement.objects.count() == size.agreements
        assert Commitment.objects.count() == size.commitments
        assert Milestone.objects.count() == size.actions * size.milestones
        assert Edition.objects.filter(state="adopted").count() == 2
        present = Edition.objects.order_by("-pk")[0]
        assert present.nodes.count() == size.pillars + size.goals + size.initiatives + size.actions
        assert present.nodes.values("identity").count() > Edition.objects.order_by("pk")[0].nodes.count()
        assert Run.objects.get().state == "done"
        assert Release.objects.count() == self.made.released > 20
        assert Job.objects.exists()

    def test_its_log_is_sealed_and_sound_and_nothing_was_done_outside_the_acts(self):
        verdict = verify()
        assert verdict.faults == []
        assert (verdict.unsealed, verdict.outside) == (0, 0)
        assert verdict.entries == self.made.entries > 500

    def test_every_text_says_that_it_is_made_up_and_nobody_has_a_name(self):
        for model, name in ((Node, "title"), (Finding, "title"), (Agreement, "title"), (Commitment, "text"),
                            (Milestone, "title"), (AdviceNote, "question"), (Institution, "name")):
            texts = [getattr(each, name)["es"] for each in model.objects.all()]
            assert texts
            real = [text for text in texts if "ilustrativ" not in text.lower()]
            assert not real or model is Finding, real  # the engine's own finding says «estimación»
        roles = ("titular", "punto focal")
        assert not [p.name for p in Person.objects.all() if not p.name.lower().startswith(roles)]
        assert not User.objects.filter(is_example=False).exists()
        assert not User.objects.exclude(email__endswith="@ejemplo.invalid").exists()

    def test_every_public_page_answers_within_the_budget(self):
        seen, wrong = 0, []
        for address, response, queries in walk(Client(), "/"):
            seen += 1
            if response.status_code not in {200, 301, 302} or queries > MOST_QUERIES:
                wrong.append(f"{address}: {response.status_code}, {queries} queries")
        assert seen > 40
        assert not wrong, "\n".join(wrong)

    def test_its_buildings_are_an_exposure_that_the_engine_takes(self):
        table = parquet.read_table(self.made.buildings_file)
        assert table.num_rows == self.size.buildings == self.made.buildings
        assert b'"primary_column": "geometry"' in table.schema.metadata[b"geo"]
        assert "ilustrativo" in table.schema.metadata[b"manglar"].decode()
        columns = {name: table[name].to_pylist() for name in table.column_names}
        exposure = Exposure(
            ids=columns["id"], lon=np.array(columns["lon"]), lat=np.array(columns["lat"]),
            territory=columns["territory"], value_pab=np.array(columns["value_pab"]), people=np.array(columns["people"]),
            building_class=columns["building_class"], occupancy=columns["occupancy"], price_year=2026,
        )
        assert len(exposure) == self.size.buildings
        assert len(set(exposure.territory)) > 10


@pytest.mark.django_db
def test_stopped_in_the_middle_nothing_is_left(monkeypatch, tmp_path, settings):
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path

    def stop(_city):
        assert Milestone.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(loading.publishing, "publish", stop)
    with pytest.raises(KeyboardInterrupt):
        load(TINY, seed=1, report=quiet)
    assert not Government.objects.exists()
    assert not User.objects.exists()
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.mark.django_db
def test_identifiers_are_the_systems_again_after_a_load():
    with identifiers_drawn_from(random.Random(1)):
        one = Government(code="a").pk, Source().public_id
    with identifiers_drawn_from(random.Random(1)):
        two = Government(code="a").pk, Source().public_id
    assert one == two
    assert Source().public_id != Source().public_id
