"""Use cases of the strategy: strategies and editions, nodes, plan files, contributions of other governments."""

from manglar.strategy.rules.previews import PlanPreview, RowChange
from manglar.strategy.services.imports import PlanOptions, import_strategy, look_at_plan, preview_plan
from manglar.strategy.services.nodes import (
    add_node,
    assign_responsibles,
    change_node,
    link_findings,
    place_node,
    record_contribution,
    remove_node,
    set_node_state,
)
from manglar.strategy.services.strategies import (
    adopt_edition,
    create_strategy,
    name_levels,
    say_edition_is_partial,
    set_days,
    start_edition,
)

__all__ = [
    "PlanOptions",
    "PlanPreview",
    "RowChange",
    "add_node",
    "adopt_edition",
    "assign_responsibles",
    "change_node",
    "create_strategy",
    "import_strategy",
    "link_findings",
    "look_at_plan",
    "name_levels",
    "place_node",
    "preview_plan",
    "record_contribution",
    "remove_node",
    "say_edition_is_partial",
    "set_days",
    "set_node_state",
    "start_edition",
]
