# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of Odoo while a file of customers is made: there is a whole file or none.

The worker makes the file anew after each kill. What is fetched at last is, byte by
byte, what an undisturbed export of the same customers gives; before that nothing is
offered.
"""

import csv
import io
import random
import time

from contract_rpc import ContractError

CUSTOMERS, KILLS = 25_000, 2
FULL_CUSTOMERS, FULL_KILLS = 200_000, 10
LOG = "mini_crm.export.log"


def test_a_killed_export_is_made_anew_and_no_half_file_is_offered(
    product, full, chance
):
    customers = FULL_CUSTOMERS if full else CUSTOMERS
    done = product.run("seed", str(customers))
    assert done.returncode == 0, done.stdout + done.stderr
    product.drain()
    began = time.monotonic()
    peace = product.export("csv")
    seconds = time.monotonic() - began
    print(f"undisturbed: {len(peace):,} bytes in {seconds:.1f} s")

    asked = product.rpc("manager", LOG, "start_export", "csv")
    assert asked["state"] == "running", asked
    _kill(product, asked["id"], random.Random(chance), full, seconds)
    ended = _wait(product, asked["id"])
    assert ended["state"] == "done", ended
    war = product.fetch(ended["url"])
    assert ended["count"] == len(_rows(war)) - 1
    assert war == peace
    assert _leftovers(product) == 0


def _kill(product, export, chance, full, seconds):
    """Kill Odoo at random instants; whenever the file is not whole, none is offered."""
    hits = 0
    for number in range(1, (FULL_KILLS if full else KILLS) + 1):
        # a good part of these seconds is waiting and fetching, not making
        time.sleep(chance.uniform(0, seconds / 4 / number))
        product.kill()
        (row,) = product.sql(
            f"""SELECT e.state, a.id AS file FROM mini_crm_export_log e
            LEFT JOIN ir_attachment a ON a.res_model = 'mini_crm.export.log'
                AND a.res_id = e.id
            WHERE e.id = {int(export)}"""
        )
        print(f"kill {number}: {row}")
        assert (row["state"], bool(row["file"])) in (("running", False), ("done", True))
        hits += row["state"] == "running"
        healthy = product.wait_until_healthy()
        print(f"  healthy after {healthy:.1f} s")
        product.forget_session("manager")
        if row["state"] == "running":
            try:
                product.fetch(f"/mini_crm/export/{export}")
            except ContractError as error:
                print(f"  refused: {error}")
            else:
                (again,) = product.sql(
                    f"SELECT state FROM mini_crm_export_log WHERE id = {int(export)}"
                )
                assert again["state"] == "done"
    assert hits, "Every kill came after the end: nothing was tried."


def _wait(product, export, patience=180):
    began = time.monotonic()
    while time.monotonic() - began < patience:
        progress = product.rpc("manager", LOG, "progress", [export])
        if progress["state"] != "running":
            return progress
        time.sleep(0.5)
    raise AssertionError(f"Not ended after {patience} s: {progress}")


def _rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _leftovers(product):
    """Files of exports that nothing knows of (int): the attachments without a file."""
    (row,) = product.sql(
        """SELECT count(*) AS n FROM ir_attachment a
        WHERE a.res_model = 'mini_crm.export.log' AND a.store_fname IS NULL"""
    )
    return row["n"]
