from __future__ import annotations

import made_impact as made
import numpy as np
import pytest

from manglar_engine import (
    Cancelled,
    Doubt,
    HazardError,
    Horizon,
    ImpactFunctionSet,
    ImpactSettings,
    LogNormal,
    MeasureError,
    SettingsError,
    VulnerabilityError,
    impact_study,
)
from manglar_engine.measures.measure import Cost, Measure
from manglar_engine.measures.operations import ChangeClass, ScaleDamage
from manglar_engine.uncertainty.impact_sweep import Z95

BOUNDED = ImpactFunctionSet(
    [
        made.function(low=[0, 0.2, 0.8], high=[0, 0.6, 1.0], mark="fuente"),
        made.function(id="g", asset_class="school", ratio=[0, 0.1, 0.3]),
    ]
)
RUN = ImpactSettings(max_distance_m=50, return_periods=[10, 1000], samples=4000)


def run(functions=BOUNDED, settings=RUN, **more):
    return impact_study(
        [made.hazard([[1.0, 1.0]], frequency=0.1)], made.assets(2), {"value": functions}, settings, **more
    )


def test_the_interval_is_that_of_the_bounds_of_the_functions():
    part = run().amounts[0]
    # only the house has bounds, and at its node of 1 m: 0.1 * 1000 * (0.2 .. 0.6); the school adds 0.1*2000*0.1
    assert part.expected == pytest.approx(40 + 20)
    assert part.interval.p05 == pytest.approx(20 + 20, abs=1.5)
    assert part.interval.p95 == pytest.approx(60 + 20, abs=1.5)
    assert part.interval.mean == pytest.approx(60, abs=1.0)
    assert part.unbounded_share == pytest.approx(20 / 60)
    assert part.estimate_share == pytest.approx(20 / 60)


def test_samples_come_from_the_seed_alone():
    other = ImpactSettings(max_distance_m=50, return_periods=[10, 1000], samples=4000, seed=7)
    assert run().to_json() == run().to_json()
    assert run(settings=other).amounts[0].interval != run().amounts[0].interval
    assert run(settings=other).manifest_digest != run().manifest_digest


def test_functions_without_bounds_have_no_interval_and_say_so():
    part = run(made.functions()).amounts[0]
    assert part.interval is None
    assert part.unbounded_share == pytest.approx(1)


def test_hazards_that_hit_together_have_no_interval_yet():
    one = made.hazard([[1.0, 1.0]])
    part = impact_study([one, made.hazard([[0.5, 1.0]])], made.assets(2), {"value": BOUNDED}, RUN).amounts[0]
    assert part.combined == "sum"
    assert part.interval is None


def test_intervals_of_hazards_apart_add_their_independent_draws():
    two = [made.hazard([[1.0, 0]], frequency=0.1), made.hazard([[1.0, 1e-9]], frequency=0.1, ids=["other"])]
    part = impact_study(two, made.assets(2), {"value": BOUNDED}, RUN).amounts[0]
    assert part.expected == pytest.approx(80)
    half = np.sqrt(2) * Z95 * 20 / Z95
    assert part.interval.p95 - part.interval.p05 == pytest.approx(2 * half, rel=0.08)


def test_a_run_without_functions_or_with_few_samples_is_refused_and_may_be_cancelled():
    with pytest.raises(VulnerabilityError, match="no functions"):
        impact_study([made.hazard([[1.0]])], made.assets(1), {}, RUN)
    with pytest.raises(SettingsError, match="samples is 5"):
        ImpactSettings(max_distance_m=1, samples=5)
    with pytest.raises(SettingsError, match="together"):
        ImpactSettings(max_distance_m=1, together="mean")
    with pytest.raises(Cancelled):
        run(cancel=lambda: True)


def test_progress_goes_from_nothing_to_one_over_all_amounts():
    seen = []
    impact_study(
        [made.hazard([[1.0, 1.0]])],
        made.assets(2),
        {"people": BOUNDED, "value": BOUNDED},
        RUN,
        progress=lambda share, _: seen.append(share),
    )
    assert seen == [0.5, 1.0]


def asked(hazard, *measures):
    return impact_study([hazard], made.assets(2), {"value": BOUNDED}, RUN, measures=measures)


def test_the_same_hazard_twice_is_refused():
    pair = made.hazard([[1.0, 1.0]]), made.hazard([[1.0, 1.0]], ids=["other"])
    with pytest.raises(HazardError, match="hazards 1 and 2 are the same"):
        impact_study(pair, made.assets(2), {"value": BOUNDED}, RUN)


def test_what_looks_wrong_is_said_in_words():
    def rows(answer):
        return {(note.row, note.field) for note in answer.notes if note.row}

    assert rows(asked(made.hazard([[1.0, 1.0]]))) == set()
    assert rows(asked(made.hazard([[1.0, 1.0]], frequency=50.5))) == {("value", "expected")}
    assert rows(asked(made.hazard([[150.0, 30.0]]))) == {("flood", "intensity")}
    idle, works = (Measure(f"m{f}", "m", "m", (ScaleDamage(f),)) for f in (1.0, 0.5))
    assert rows(asked(made.hazard([[1.0, 1.0]]), idle, works)) == {("m1.0", "measures")}


@pytest.mark.parametrize(
    ("operation", "said"),
    [(ScaleDamage(0.5, peril="flod"), "'flod'.*There are: flood"), (ChangeClass({"tower": "house"}), "rows: tower")],
)
def test_a_measure_that_reaches_nothing_is_refused(operation, said):
    with pytest.raises(MeasureError, match=said):
        asked(made.hazard([[1.0, 1.0]]), Measure("m", "m", "m", (operation,)))


PRICED = Measure("m", "m", "m", (ScaleDamage(0.5),), cost=Cost("PAB", 2024, "prueba", "estimación", fixed=100.0))
DOUBT = Doubt("value", LogNormal(1.0, 0.3), "prueba", "estimación")


def test_zones_are_flags_by_name_and_another_set_of_assets_is_another_run():
    zoned = Measure("z", "z", "z", (ScaleDamage(0.5),), zone="river")
    # 0.1 a year at 1 m: the house loses 40, the school 20
    one, other = (run(measures=[zoned], zones={"river": flags}) for flags in ([True, False], [False, True]))
    for found, after in ((one, 40), (other, 50)):
        assert (found.measures[0].assets, found.measures[0].expected_after) == (1, pytest.approx(after))
    assert one.manifest_digest != other.manifest_digest
    with pytest.raises(MeasureError, match=r"unknown zone 'river'\. There are: none"):
        run(measures=[zoned])
    with pytest.raises(MeasureError, match=r"not one flag per asset \(rows: river\)"):
        run(measures=[zoned], zones={"river": [True]})


def test_doubts_give_the_worth_its_intervals_and_leave_the_impact_as_it_was():
    horizon = Horizon(2026, 10, 0.05)
    plain, known = (run(measures=[PRICED], horizon=horizon, doubts=doubts) for doubts in (None, [DOUBT]))
    assert plain.measures[0].uncertain is None
    assert known.amounts == plain.amounts
    assert known.measures[0].worth == plain.measures[0].worth == known.measures[0].uncertain.plain
    held = known.measures[0].uncertain
    assert held.avoided.p05 < 30 < held.avoided.p95
    assert held.manifest["samples"] == RUN.samples
    assert known.manifest_digest != plain.manifest_digest


def test_nothing_is_said_of_doubts_that_the_caller_weighs():
    horizon = Horizon(2026, 10, 0.05)
    told = {
        kept: [note.field for note in run(measures=[PRICED], horizon=horizon, doubts=kept).notes]
        for kept in (None, (), (DOUBT,))
    }
    assert {kept: "worth" in found for kept, found in told.items()} == {None: False, (): True, (DOUBT,): False}
    assert {kept: "doubts" in found for kept, found in told.items()} == {None: False, (): False, (DOUBT,): True}


def test_doubts_are_refused_before_anything_is_computed():
    seen = []
    more = {"progress": lambda share, _: seen.append(share), "measures": [PRICED]}
    with pytest.raises(SettingsError, match="there is no horizon"):
        run(doubts=[DOUBT], **more)
    with pytest.raises(SettingsError, match="unknown doubts"):
        run(doubts=[Doubt("colour", LogNormal(1.0, 0.3), "s", "fuente")], horizon=Horizon(2026, 10, 0.05), **more)
    assert seen == []


def test_progress_counts_the_doubts_too_and_they_can_be_stopped():
    seen = []
    asked = {"measures": [PRICED], "horizon": Horizon(2026, 10, 0.05), "doubts": [DOUBT]}
    run(progress=lambda share, _: seen.append(share), **asked)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.5, 1.0)
    with pytest.raises(Cancelled):
        run(progress=lambda share, _: seen.append(share), cancel=lambda: len(seen) > 4, **asked)
