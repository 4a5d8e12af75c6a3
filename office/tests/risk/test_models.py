"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from manglar.risk.models import AssetRisk, Run, TerritoryRisk


@pytest.mark.parametrize(
    ("model", "wrong", "constraint"),
    [
        (
            TerritoryRisk,
            {"ead_p95_pab": 0, "ead_mean_pab": 5, "ead_p05_pab": 0},
            "the_interval_of_damage_holds_its_mean",
        ),
        (TerritoryRisk, {"affected_p05": 9e9}, "the_interval_of_people_holds_its_mean"),
        (TerritoryRisk, {"avoided_p05_pab": None}, "the_interval_of_what_is_avoided_holds_its_mean"),
        (TerritoryRisk, {"share": 1.5}, "a_share_of_risk_is_a_fraction"),
        (TerritoryRisk, {"people": -1}, "risk_is_not_negative"),
        (AssetRisk, {"intensity_rare": 0.0001, "intensity_often": 0.1}, "a_rarer_intensity_is_not_weaker"),
        (AssetRisk, {"ead_pab": -1}, "risk_of_an_asset_is_not_negative"),
        (Run, {"result": None}, "a_run_that_is_done_has_a_result"),
        (Run, {"state": "failed"}, "a_run_that_failed_says_why"),
        (Run, {"finished_at": "2000-01-01T00:00:00Z"}, "a_run_ends_after_it_is_asked"),
    ],
)
def test_the_database_refuses_what_cannot_be(run, model, wrong, constraint):
    first = model.objects.order_by("pk").values_list("pk", flat=True)[0]
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(pk=first).update(**wrong)
