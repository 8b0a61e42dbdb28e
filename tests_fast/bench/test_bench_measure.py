"""Figures of the benchmarks: ratios, goals, verdicts."""

import sys
import types

import pytest


@pytest.fixture(scope="module")
def measure():
    """bench.measure without Odoo: it only prints through bench.environment."""
    said = types.ModuleType("bench.environment")
    said.say = lambda text="", end="\n": sys.stdout.write(text + end)
    known = sys.modules.get("bench.environment")
    sys.modules["bench.environment"] = said
    from bench import measure

    yield measure
    del sys.modules["bench.environment"]
    if known:
        sys.modules["bench.environment"] = known


def test_goal_of_speed_is_met_at_its_border_and_missed_below(measure):
    goal = measure.at_least_as_fast(10)
    assert goal.met(1, 10)
    assert not goal.met(1, 9.9)
    assert goal.ratio(2, 30) == 15


def test_goal_of_cost_is_met_at_its_border_and_missed_above(measure):
    goal = measure.at_most_cost(0.5)
    assert goal.met(1, 2)
    assert not goal.met(1.1, 2)


def test_only_ratios_count_as_missed_never_times(measure):
    slow = measure.Figure("list", 5.0, limit=0.1).against("bare SQL", 0.001)
    assert not slow.missed
    assert slow.against("stock", 9.0, measure.at_most_cost(0.5)).missed


def test_a_broken_promise_is_missed_and_told(measure, capsys):
    figure = measure.Figure("install", 5.0, broken="rows were written")
    assert figure.missed
    measure.print_figures([figure])
    assert "MISS: rows were written" in capsys.readouterr().out


def test_contestants_take_turns_and_medians_are_kept(measure):
    calls = []

    def contestant(name):
        def run(number):
            calls.append((name, number))
            return float(number)

        return run

    times = measure.in_turns({"a": contestant("a"), "b": contestant("b")}, 3)
    assert times == {"a": 1.0, "b": 1.0}
    assert calls == [("a", 0), ("b", 0), ("b", 1), ("a", 1), ("a", 2), ("b", 2)]


def test_table_says_pass_and_miss(measure, capsys):
    figure = measure.Figure("import", 1.0).against(
        "plain", 12, measure.at_least_as_fast(10)
    )
    figure.against("bare", 0.1, measure.at_most_cost(3))
    measure.print_figures([figure])
    shown = capsys.readouterr().out
    assert "12.00 times as fast" in shown
    assert "PASS" in shown
    assert "MISS" in shown
