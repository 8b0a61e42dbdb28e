# ruff: noqa: T201 - what a test measures is printed
"""Many people at once on one customer: no event is lost, none counted twice."""

import time
from concurrent.futures import ThreadPoolExecutor

EVENTS = 50
THREADS = 8


def test_parallel_calls_on_one_customer_are_all_counted(product):
    (customer,) = product.rpc("agent", "res.partner", "create", [{"name": "Busy"}])
    product.drain()

    def call(number):
        return product.rpc(
            "agent",
            "res.partner",
            "action_log_call",
            [customer],
            "answered",
            str(number),
        )

    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        events = list(threads.map(call, range(EVENTS)))
    seconds = time.monotonic() - began
    drained = product.drain()
    (logged,) = product.sql(
        f"""SELECT count(*) AS events, count(DISTINCT summary) AS calls
        FROM mini_crm_event WHERE partner_id = {customer} AND type = 'call_logged'"""
    )
    (figures,) = product.rpc(
        "agent",
        "res.partner",
        "read",
        [customer],
        ["total_interactions", "crm_score", "score_parts"],
    )
    print(
        f"\n{EVENTS} calls from {THREADS} threads in {seconds:.1f} s, queue empty"
        f" {drained:.1f} s later: {logged}, {figures}"
    )
    assert len(set(events)) == EVENTS
    assert logged == {"events": EVENTS, "calls": EVENTS}
    assert figures["total_interactions"] == EVENTS
