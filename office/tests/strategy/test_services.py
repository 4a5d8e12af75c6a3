import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.audit.models import Entry
from manglar.foundation.dates import PartialDate
from manglar.foundation.refusals import Conflict, InvalidInput, NotAllowed
from manglar.foundation.translated import translated
from manglar.governments.choices import Scope
from manglar.strategy import selectors, services
from manglar.strategy.choices import NodeState
from manglar.strategy.models import Edition, Node
from tests import chain_factories as make
from tests.chain_factories import OFFICE, ON

pytestmark = pytest.mark.django_db


def test_a_strategy_has_its_own_words(panama):
    made = services.create_strategy(
        by=OFFICE,
        government=panama,
        title=translated("Ciudad"),
        levels=[(translated("pilar"), translated("pilares")), (translated("acción"), translated("acciones"))],
    )
    assert [str(level) for level in made.levels.all()] == ["pilar", "acción"]
    services.name_levels(by=OFFICE, strategy=made, levels=[(translated("eje"), translated("ejes"))])
    assert [str(level) for level in made.levels.all()] == ["eje"]


def test_a_reader_writes_nothing(panama, someone_with):
    reader = someone_with(panama, Role.READER)
    with pytest.raises(NotAllowed):
        services.create_strategy(by=reader, government=panama, title=translated("Ciudad"))
    with pytest.raises(NotAllowed):
        services.import_strategy(by=reader, government=panama, name="a.csv", content=make.PLAN.encode())


def test_an_editor_of_another_government_writes_nothing_here(panama, san_miguelito, someone_with):
    made = make.edition(panama)
    with pytest.raises(NotAllowed):
        services.change_node(
            by=someone_with(san_miguelito, Role.EDITOR), node=make.node(made), title=translated("Otro")
        )


def test_adopting_freezes_an_edition_with_its_digest(panama):
    made = make.adopted(panama)
    assert len(made.sha256) == 64
    assert selectors.edition_digest(made) == made.sha256
    assert not selectors.altered_editions(panama)
    first = make.node(made)
    for refused in (
        lambda: services.change_node(by=OFFICE, node=first, title=translated("Otro")),
        lambda: services.add_node(by=OFFICE, edition=made, parent=None, code="9", title=translated("Más")),
        lambda: services.remove_node(by=OFFICE, node=first),
        lambda: services.place_node(by=OFFICE, node=first, divisions=[]),
        lambda: services.assign_responsibles(by=OFFICE, node=first, institutions=[]),
        lambda: services.adopt_edition(by=OFFICE, edition=made, adopted_on=PartialDate(2026), act_text="Otra vez"),
        lambda: services.say_edition_is_partial(by=OFFICE, edition=made, missing="algo"),
        lambda: make.edition(panama),
    ):
        with pytest.raises(Conflict, match="adoptada"):
            refused()


def test_what_changes_behind_the_services_is_found(panama):
    made = make.adopted(panama)
    Node.objects.filter(edition=made, code="1").update(title=translated("Otra cosa"))
    assert selectors.altered_editions() == [made]


def test_how_a_node_stands_may_change_after_adoption_and_says_why(panama):
    made = make.adopted(panama)
    with pytest.raises(InvalidInput, match="motivo"):
        services.set_node_state(by=OFFICE, node=make.node(made), state=NodeState.DONE, reason=" ")
    services.set_node_state(by=OFFICE, node=make.node(made), state=NodeState.DONE, reason="Obra recibida")
    services.link_findings(by=OFFICE, node=make.node(made), findings=[make.finding(panama)])
    assert make.node(made).state == NodeState.DONE
    assert not selectors.altered_editions()


def test_an_edition_is_adopted_by_an_approver_with_act_and_date(panama, someone_with):
    made = make.edition(panama)
    with pytest.raises(NotAllowed):
        services.adopt_edition(
            by=someone_with(panama, Role.EDITOR), edition=made, adopted_on=PartialDate(2026), act_text="A"
        )
    with pytest.raises(Conflict, match="acto"):
        services.adopt_edition(by=OFFICE, edition=made, adopted_on=PartialDate(2026), act_text="")
    with pytest.raises(Conflict, match="fecha"):
        services.adopt_edition(by=OFFICE, edition=made, adopted_on=None, act_text="A")


def test_an_adopted_edition_without_digest_is_refused_by_the_database(panama):
    made = make.adopted(panama)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=made.pk).update(sha256="")


def test_identities_go_from_one_edition_to_the_next(panama):
    old = make.adopted(panama)
    new = services.start_edition(by=OFFICE, strategy=old.strategy, label="2030", copy_of=old)
    assert [n.identity for n in selectors.nodes_of(new)] == [n.identity for n in selectors.nodes_of(old)]
    changed = services.change_node(by=OFFICE, node=make.node(new), title=translated("Limpiar mejor"))
    assert [n.edition.label for n in selectors.history_of(panama, changed.identity)] == ["2026", "2030"]
    assert selectors.node_by_identity(panama, changed.identity).edition == old
    with pytest.raises(Conflict, match="Ya hay una edición"):
        services.start_edition(by=OFFICE, strategy=old.strategy, label="2030")


def test_two_people_see_each_others_change(panama):
    one = make.node(make.edition(panama))
    services.change_node(by=OFFICE, node=one, seen_version=one.version, title=translated("Primero"))
    with pytest.raises(Conflict, match="Otra persona"):
        services.change_node(by=OFFICE, node=one, seen_version=one.version, title=translated("Segundo"))


def test_nodes_are_put_in_order_and_codes_are_not_repeated(panama):
    made = make.edition(panama)
    above = make.node(made, "1.1")
    tenth = services.add_node(by=OFFICE, edition=made, parent=above, code="1.1.10", title=translated("Diez"))
    services.add_node(by=OFFICE, edition=made, parent=above, code="1.1.2", title=translated("Dos"))
    assert [n.code for n in selectors.nodes_of(made)] == ["1", "1.1", "1.1.1", "1.1.2", "1.1.10"]
    assert tenth.path == f"{above.path}/{tenth.identity}"
    with pytest.raises(Conflict, match=r"1\.1\.2 ya está"):
        services.change_node(by=OFFICE, node=tenth, code="1.1.2")
    with pytest.raises(Conflict, match="dependen"):
        services.remove_node(by=OFFICE, node=above)


def test_a_cost_carries_its_mark(panama):
    made = make.edition(panama)
    with pytest.raises(InvalidInput, match="procedencia"):
        services.change_node(by=OFFICE, node=make.node(made), cost_pab=Decimal("5"))
    services.change_node(by=OFFICE, node=make.node(made), cost_pab=Decimal("5"), cost_mark="estimacion")
    with pytest.raises(IntegrityError), transaction.atomic():
        Node.objects.filter(pk=make.node(made).pk).update(cost_mark="")


def test_the_tree_takes_few_queries(panama, django_assert_max_num_queries):
    rows = "".join(f"{a},A\n" + "".join(f"{a}.{b},B\n" for b in range(1, 11)) for a in range(1, 11))
    made = make.edition(panama, content="código,título\n" + rows)
    with django_assert_max_num_queries(6):
        tree = selectors.tree_of(made)
    assert len(tree) == 10
    assert [len(branch.children) for branch in tree] == [10] * 10


def grant(panama, san_miguelito, node, scope=Scope.CONTRIBUTE, until_on=None):
    return accounts.share_record(
        by=OFFICE,
        government=panama,
        to=san_miguelito,
        record_id=node.identity,
        scope=scope,
        reason="Cuenca común",
        from_on=ON,
        until_on=until_on,
    )


def contribute(san_miguelito, node, by=OFFICE, on=ON):
    return services.record_contribution(
        by=by, government=san_miguelito, node=node, text=translated("Aportamos dos cuadrillas"), on=on
    )


def test_another_government_contributes_only_with_a_grant_in_force(panama, san_miguelito, someone_with):
    one = make.node(make.adopted(panama))
    with pytest.raises(NotAllowed, match="permiso"):
        contribute(san_miguelito, one)
    grant(panama, san_miguelito, one, scope=Scope.READ)
    with pytest.raises(NotAllowed, match="permiso"):
        contribute(san_miguelito, one)
    given = grant(panama, san_miguelito, one, until_on=ON + dt.timedelta(days=10))
    made = contribute(san_miguelito, one, by=someone_with(san_miguelito, Role.EDITOR))
    assert made.government == san_miguelito
    assert made.grant == given
    assert list(selectors.contributions_to(one.identity)) == [made]
    with pytest.raises(NotAllowed, match="permiso"):
        contribute(san_miguelito, one, on=ON - dt.timedelta(days=1))
    with pytest.raises(NotAllowed, match="permiso"):
        contribute(san_miguelito, one, on=ON + dt.timedelta(days=11))
    accounts.revoke_grant(by=OFFICE, grant=given, on=ON + dt.timedelta(days=2), reason="Terminó el programa")
    contribute(san_miguelito, one, on=ON + dt.timedelta(days=1))
    with pytest.raises(NotAllowed, match="permiso"):
        contribute(san_miguelito, one, on=ON + dt.timedelta(days=2))


def test_a_reader_there_and_anyone_here_do_not_contribute(panama, san_miguelito, someone_with):
    one = make.node(make.adopted(panama))
    grant(panama, san_miguelito, one)
    with pytest.raises(NotAllowed, match="papel"):
        contribute(san_miguelito, one, by=someone_with(san_miguelito, Role.READER))
    with pytest.raises(InvalidInput, match="propio gobierno"):
        contribute(panama, one)
    with pytest.raises(NotAllowed, match="papel"):
        contribute(san_miguelito, one, by=someone_with(panama, Role.EDITOR))


def test_a_shared_node_is_seen_while_the_grant_lasts_and_in_what_was_adopted(panama, san_miguelito):
    old = make.adopted(panama)
    draft = services.start_edition(by=OFFICE, strategy=old.strategy, label="2030", copy_of=old)
    one = make.node(old)
    assert not selectors.visible_nodes(san_miguelito, ON).exists()
    given = grant(panama, san_miguelito, one, scope=Scope.READ, until_on=ON + dt.timedelta(days=10))
    assert list(selectors.shared_nodes(san_miguelito, ON)) == [one]
    assert make.node(draft) not in selectors.visible_nodes(san_miguelito, ON)
    assert selectors.visible_nodes(panama, ON).count() == 6
    assert not selectors.visible_nodes(san_miguelito, ON + dt.timedelta(days=11)).exists()
    accounts.revoke_grant(by=OFFICE, grant=given, on=ON, reason="Se compartió por error")
    assert not selectors.visible_nodes(san_miguelito, ON).exists()


def test_every_act_is_in_the_log(panama, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make.adopted(panama)
    events = set(Entry.objects.values_list("event", flat=True))
    assert {"strategy.imported", "edition.adopted"} <= events
    assert not Entry.objects.filter(event="outside.changed", table_name__startswith="strategy_").exists()
