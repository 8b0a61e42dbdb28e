# ruff: noqa: T201 - what a test measures is printed
"""kill -9 of Odoo while many customers are changed, and while that is taken back.

At the end every customer is changed once, and after the undo every table that it must
bring back is as before.
"""

import random
import time

import pytest
from contract import RpcError

CUSTOMERS, KILLS = 8_000, 1
FULL_CUSTOMERS, FULL_KILLS = 50_000, 4
DOMAIN = [["city", "=", "Bulkville"]]
TABLES = (
    "SELECT md5(string_agg(t, '' ORDER BY t)) AS h FROM (SELECT (to_jsonb(p)"
    " - 'write_date' - 'write_uid')::text AS t FROM res_partner p) r",
    "SELECT md5(string_agg(t, '' ORDER BY t)) AS h FROM (SELECT partner_id || '-' ||"
    " category_id AS t FROM res_partner_res_partner_category_rel) r",
)


def test_a_killed_bulk_change_ends_and_its_killed_undo_brings_everything_back(
    product, full, chance, tmp_path
):
    count = FULL_CUSTOMERS if full else CUSTOMERS
    file = tmp_path / "customers.csv"
    lines = ["id,name,city", *(f"BULK{n},Bulk {n},Bulkville" for n in range(count))]
    file.write_text("\n".join(lines))
    imported = product.wait(product.import_file(file, "customers", key="id"))
    assert imported["created"] == count, imported
    product.drain()
    before = _state(product)

    randomly, kills = random.Random(chance), FULL_KILLS if full else KILLS
    batch = product.bulk("tag_add", DOMAIN, {"tag": "Bulk kill"})
    _kill(product, batch, "running", randomly, kills)
    ended = product.wait(batch)
    assert (ended["state"], ended["updated"]) == ("done", count), ended
    (told,) = product.sql(
        f"""SELECT count(*) AS events, count(DISTINCT partner_id) AS customers
        FROM mini_crm_event WHERE batch_id = {batch} AND type = 'tag_added'"""
    )
    assert told == {"events": count, "customers": count}
    product.drain()

    product.undo(batch)
    _kill(product, batch, "undoing", randomly, kills)
    ended = product.wait(batch)
    assert (ended["state"], ended["restored"]) == ("undone", count), ended
    product.drain()
    # the tag that was made with it stays
    assert _state(product) == before


def test_a_snapshot_that_is_not_the_one_shown_any_more_is_refused(product, tmp_path):
    file = tmp_path / "two.csv"
    file.write_text("id,name,city\nSNAP1,One,Snapville\nSNAP2,Two,Snapville\n")
    product.wait(product.import_file(file, "customers", key="id"))
    domain, values = [["city", "=", "Snapville"]], {"tag": "Snap"}
    shown = product.rpc(
        "manager", "mini_crm.bulk", "preview", "tag_add", domain, values
    )
    product.rpc(
        "manager", "res.partner", "create", [{"name": "Three", "city": "Snapville"}]
    )
    arguments = ("tag_add", domain, values, shown["count"], shown["hash"])
    with pytest.raises(RpcError, match="have changed"):
        product.rpc("manager", "mini_crm.bulk", "apply", *arguments)


def _state(product):
    return [product.sql(query)[0]["h"] for query in TABLES]


def _kill(product, batch, state, randomly, kills):
    """Kill Odoo while the batch is in a state; what has ended already is not tried.

    The first kill comes as soon as it is at work, the others at random.
    """
    hits = 0
    for number in range(kills):
        if number:
            time.sleep(randomly.uniform(0, 0.8))
        elif not _at_work(product, batch, state):
            break
        product.kill()
        at = product.batch(batch)  # nobody is left to write it
        hits += at["state"] == state
        print(f"kill {number + 1}: {at['state']}, {_moved(at)} of {at['total']:,} rows")
        product.wait_until_healthy()
    assert hits, "no kill came while the batch was at work"


def _at_work(product, batch, state):
    """Wait until a portion is done and others are left: whether that came to be."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        at = product.batch(batch)
        if at["state"] != state:
            return False
        if _moved(at):
            return True
    return False


def _moved(at):
    """Rows that the change, or its undo, has dealt with."""
    undo = at["state"] in ("undoing", "undone")
    return at["restored"] + at["kept"] if undo else at["done"]
