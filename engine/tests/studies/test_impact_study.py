from __future__ import annotations

import made_impact as made
import numpy as np
import pytest

from manglar_engine import (
    Cancelled,
    HazardError,
    ImpactFunctionSet,
    ImpactSettings,
    MeasureError,
    SettingsError,
    VulnerabilityError,
    impact_study,
)
from manglar_engine.measures.measure import Measure
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
