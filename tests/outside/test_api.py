# ruff: noqa: T201 - what a test measures is printed
"""The API from outside: whatever is sent, whatever is killed, and by two at once."""

import contextlib
import http.client
import os
import random
import re
import subprocess
import sys
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ITEMS = 1_000
KILLS, FULL_KILLS = 2, 8
EXAMPLES, FULL_EXAMPLES = 6, 120  # of each operation and kind of data
PHASES, FULL_PHASES = "examples,fuzzing", "examples,coverage,fuzzing"
SECONDS, FULL_SECONDS = 300, 3_600
# What is sent in CI: among it labels with which the customers' list would not open.
SEED = 302_260
# One by one, an item that breaks its schema is told in the answer to the others.
BY_ITEM = "^/(customers/upsert|purchases|events)$"
REFUSING = ("--exclude-path-regex", BY_ITEM)
TELLING = ("--include-path-regex", BY_ITEM)
RATE = ("mini_crm.api_requests_per_minute", "1000000")
LOST = (OSError, urllib.error.URLError, http.client.HTTPException, ValueError)


def test_nothing_that_is_sent_breaks_a_promise_of_the_document(
    product, full, chance, tmp_path
):
    product.rpc("superuser", "ir.config_parameter", "set_param", *RATE)
    before = product.rpc("superuser", "mini_crm.field", "search", [])
    for kind, key in (("text", "tea"), ("date", "day"), ("number", "points")):
        body = {"key": f"st_{key}", "type": kind, "label": key}
        assert product.api("admin", "POST", "/fields", body)[0] == 201
    for operations, unlike in (
        (REFUSING, "positive_data_acceptance"),
        (TELLING, "positive_data_acceptance,negative_data_rejection"),
    ):
        began = time.monotonic()
        options = (*operations, "--exclude-checks", unlike)
        done = _ask_everything(product, tmp_path, chance, full, options)
        seconds = time.monotonic() - began
        cases = re.search(r"(\d+) generated", done.stdout)
        print(f"\n{cases and cases[1]} cases in {seconds:.0f} s")
        assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]
        assert cases, done.stdout[-2_000:]
    _put_away(product, before)


def _put_away(product, kept):
    """Archive the fields that were made up; a required one would stop other tests."""
    found = product.rpc("superuser", "mini_crm.field", "search", [])
    made_up = [field for field in found if field not in kept]
    product.rpc("superuser", "mini_crm.field", "write", found, {"required": False})
    product.rpc("superuser", "mini_crm.field", "action_archive", made_up)


def _ask_everything(product, folder, chance, full, words):
    """Run Schemathesis against the API as an administrator: CompletedProcess.

    What a schema allows may be a key that nobody has, so it may be refused.
    """
    options = {
        "--header": f"Authorization: Bearer {product.api_key('admin')}",
        "--checks": "all",
        "--mode": "all",
        "--max-examples": str(FULL_EXAMPLES if full else EXAMPLES),
        "--seed": str(chance if full else SEED),
        "--phases": FULL_PHASES if full else PHASES,
    }
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{product.url}/mini_crm/api/v1/openapi.json",
            *(word for option in options.items() for word in option),
            *words,
            *("--no-color", "--continue-on-failure"),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=FULL_SECONDS if full else SECONDS,
        env={**os.environ, "COLUMNS": "100"},
        cwd=folder,
        check=False,
    )


def test_a_killed_upsert_is_repeated_and_nothing_is_double(product, full, chance):
    product.rpc("superuser", "ir.config_parameter", "set_param", *RATE)
    product.api_key("agent")
    dice = random.Random(chance)
    interrupted = 0
    seconds = _seconds_of_an_upsert(product)
    for kill in range(FULL_KILLS if full else KILLS):
        body = _items(f"K{kill}")
        key = {"Idempotency-Key": f"kill-{chance}-{kill}"}
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(_lossy, product, body, key)
            # the first in the middle of the work, so that one answer at least is lost
            time.sleep(seconds * (dice.uniform(0.05, 1.1) if kill else 0.4))
            product.kill()
            lost = asked.result() is None
        interrupted += lost
        product.wait_until_healthy()
        before = _count(product, f"K{kill}")
        assert before in (0, ITEMS), "half of a request is in the database"
        status, answer = product.api(
            "agent", "POST", "/customers/upsert", body, headers=key
        )
        assert (status, answer["created"]) == (200, ITEMS), (status, answer)
        assert _count(product, f"K{kill}") == ITEMS
        print(f"kill {kill + 1}: answer lost: {lost}, committed before: {before}")
    product.drain()
    (events,) = product.sql(
        """SELECT count(*) AS n FROM mini_crm_event e
        JOIN res_partner p ON p.id = e.partner_id
        WHERE p.ref LIKE 'K%' AND e.type = 'customer_created'"""
    )
    assert events["n"] == ITEMS * (FULL_KILLS if full else KILLS)
    assert interrupted, "Every kill came after the answer: nothing was tried."


def _seconds_of_an_upsert(product):
    """How long this machine takes for one at its best: seconds."""
    times = []
    for number in range(3):
        began = time.monotonic()
        status, _answer = product.api(
            "agent", "POST", "/customers/upsert", _items(f"W{number}")
        )
        times.append(time.monotonic() - began)
        assert status == 200
    return min(times)


def test_several_at_once_make_each_customer_once(product, chance):
    product.rpc("superuser", "ir.config_parameter", "set_param", *RATE)
    body = {
        "match": "phone",
        "items": [
            {"phone": f"+98912{number:07}", "name": f"Racer {number}"}
            for number in range(50)
        ],
    }
    product.api_key("agent")
    same = {"Idempotency-Key": f"race-{chance}"}

    def ask(number):
        headers = same if number % 2 else None
        return product.api("agent", "POST", "/customers/upsert", body, headers=headers)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, range(4)))
    statuses = [status for status, _answer in answers]
    assert set(statuses) <= {200, 409}, statuses
    assert 200 in statuses
    (found,) = product.sql(
        """SELECT count(*) AS n, count(DISTINCT phone_sanitized) AS phones
        FROM res_partner WHERE name LIKE 'Racer %'"""
    )
    print(f"\nstatuses {statuses}: {found}")
    assert found == {"n": 50, "phones": 50}


def _items(prefix):
    return {
        "match": "ref",
        "items": [
            {"ref": f"{prefix}-{number}", "name": f"Killed {number}"}
            for number in range(ITEMS)
        ],
    }


def _lossy(product, body, headers):
    """The answer, or ``None`` where the server has died before it was whole."""
    with contextlib.suppress(*LOST):
        return product.api("agent", "POST", "/customers/upsert", body, headers=headers)
    return None


def _count(product, prefix):
    (row,) = product.sql(
        f"""SELECT count(*) AS n FROM res_partner
        WHERE ref >= '{prefix}-' AND ref < '{prefix}.'"""
    )
    return row["n"]
