"""Use cases of delivery: plan, report, ask, approve."""

from manglar.delivery.services.asking import (
    ask_for_update,
    give_address,
    link_url,
    person_to_ask,
    send_back,
    withdraw_request,
)
from manglar.delivery.services.reporting import (
    Report,
    approve_update,
    cancel_milestone,
    keep_evidence,
    note_obstacle,
    plan_milestone,
    report_by_link,
    report_milestone,
    revise_update,
    solve_obstacle,
    submit_update,
)

__all__ = [
    "Report", "approve_update", "ask_for_update", "cancel_milestone", "give_address", "keep_evidence", "link_url",
    "note_obstacle", "person_to_ask", "plan_milestone", "report_by_link", "report_milestone", "revise_update",
    "send_back", "solve_obstacle", "submit_update", "withdraw_request",
]
