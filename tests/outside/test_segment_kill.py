# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of Odoo while everybody is scored anew and segments are rebuilt.

Each round gives segments another condition and starts a recalculation of everybody,
then kills. In the end all equals the oracle, and nobody was told twice.
"""

import random
import time

import pytest
import segmenting
import shop

CUSTOMERS, KILLS = 10_000, 3
FULL_CUSTOMERS, FULL_KILLS = 200_000, 10
MORE_KILLS = 5  # when none of the others came in the middle
WHICH = "p.ref LIKE 'SEED-%'"  # not what other tests have left in the shop
LEFT = """SELECT rules_waiting AS rules, (SELECT count(*) FROM mini_crm_batch
    WHERE state = 'running') AS batches FROM mini_crm_health"""


@pytest.fixture(scope="module")
def rules(product, full):
    """A shop large enough to be killed in the middle, with its rules."""
    count = FULL_CUSTOMERS if full else CUSTOMERS
    done = product.run("seed", str(count), seconds=3600)
    assert done.returncode == 0, done.stdout + done.stderr
    product.drain(1800)
    return segmenting.Rules(product, WHICH)


def test_kills_in_the_middle_of_a_rebuild_end_as_the_oracle_says(
    product, rules, full, chance
):
    rng = random.Random(chance)
    limits = {
        rules.add([(name, ">=", 0)], None): name
        for name in ("total_purchases", "total_interactions")
    }
    whole = _time_a_round(product, rules, limits, rng)
    hits = number = 0
    kills = FULL_KILLS if full else KILLS
    while number < kills or (not hits and number < kills + MORE_KILLS):
        number += 1
        _begin_a_round(product, rules, limits, rng)
        if hits:
            time.sleep(rng.uniform(0, whole))
        else:  # until one has hit, as soon as work is seen: rounds differ in length
            _wait_for_work(product, whole)
        hits += _kill(product, number)
    assert hits, "Every kill came after the end: nothing was tried."
    print(f"all done {product.drain(1800):.1f} s after the last kill")
    now = shop.recalculate(product)
    product.drain(1800)
    truth = rules.truth(now)
    differing = rules.differing(truth, now)
    print(f"{len(truth):,} customers judged, {len(differing)} differ from the oracle")
    assert not differing, rules.told_of(differing)
    wrong = segmenting.told_once(product, WHICH)
    assert not wrong, wrong[:3]


def _begin_a_round(product, rules, limits, rng):
    """Change the conditions and ask for everybody to be scored anew."""
    for segment, name in limits.items():
        _ask_for(product, rules, segment, name, rng.randrange(1, 6))
    product.recalculate()


def _time_a_round(product, rules, limits, rng):
    """A round that is left in peace: how many seconds it takes."""
    _begin_a_round(product, rules, limits, rng)
    began = time.monotonic()
    while any(product.sql(LEFT)[0].values()):
        time.sleep(0.05)
    seconds = time.monotonic() - began
    print(f"a round takes {seconds:.1f} s")
    return seconds


def _wait_for_work(product, seconds):
    """Until a rebuild or a recalculation is seen under way, at most so many seconds."""
    until = time.monotonic() + seconds
    while not any(product.sql(LEFT)[0].values()) and time.monotonic() < until:
        time.sleep(0.005)


def _ask_for(product, rules, segment, name, least):
    """Give a segment another condition, and the oracle the same."""
    domain = str([(name, ">=", least)])
    product.rpc("manager", "mini_crm.segment", "write", [segment], {"domain": domain})
    rules.own[segment] = lambda one: one[name] >= least


def _kill(product, number):
    """Kill Odoo and wait until it is healthy again: whether anything was left to do."""
    product.kill()
    (left,) = product.sql(LEFT)
    healthy = product.wait_until_healthy()
    print(f"kill {number}: {left} left; healthy after {healthy:.1f} s")
    return any(left.values())
