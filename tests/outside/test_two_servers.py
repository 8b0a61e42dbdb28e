# ruff: noqa: T201 - what a test measures is printed
"""Two servers, each with a home of its own, on one external database."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import segmenting
import shop
from contract import Product
from external import external_postgres
from load import Load
from segment_stream import Stream

BACK_SECONDS = 90
DB = "shared_shop"
BRANCH = "TWO:"
STREAM_SECONDS, FULL_STREAM_SECONDS = 20, 300


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Two products, started at the same moment on a server without our database."""
    home = Path(os.environ["MINI_CRM_HOME"])
    source = next(home.glob("venv/lib/*/site-packages/odoo-source.pth"))
    shared = tmp_path_factory.mktemp("shared") / "data"
    second_home = tmp_path_factory.mktemp("second") / "home"
    with external_postgres(home) as options:
        options = [*options, "--data", shared]
        second_options = [*options, "--odoo", source.read_text().strip()]
        pair = (
            Product(home, DB, options=options),
            Product(second_home, DB, options=second_options),
        )
        try:
            with ThreadPoolExecutor() as threads:
                list(threads.map(Product.start, pair))
            _share_password(pair)
            pair[1].share_users(pair[0])
            yield pair
        finally:
            for product in pair:
                product.stop()
                (product.home / f"admin-password-{DB}").unlink(missing_ok=True)
                product.log.unlink(missing_ok=True)


def _share_password(pair):
    """Only who made the database was told the administrator's password."""
    files = [product.home / f"admin-password-{DB}" for product in pair]
    made = [file for file in files if file.exists()]
    assert len(made) == 1, "The database was not made exactly once."
    for file in files:
        file.write_text(made[0].read_text())
        file.chmod(0o600)


def test_a_session_and_a_file_of_one_server_are_good_on_the_other(servers):
    first, second = servers
    values = {"name": "note.txt", "raw": "hello", "res_model": "res.users"}
    note = first.rpc("agent", "ir.attachment", "create", [values])
    session = first.log_in("admin", _password(first))
    (found,) = second.call_with(session, "ir.attachment", "read", note, ["raw"])
    assert found["raw"] == "hello"


def _password(product):
    return (product.home / f"admin-password-{DB}").read_text().strip()


def test_killing_one_server_loses_nothing(servers, tmp_path):
    first, second = servers
    rows = shop.read_shop(second, tmp_path / "all", 2_000)
    imported = shop.Shop(*rows, BRANCH)
    customers, purchases = imported.write(tmp_path / "two")
    with Load([first, second], f"LOAD{BRANCH}", programs=4) as load:
        shop.import_and_wait(first, customers, "customers")
        batch = first.import_file(purchases, "purchases", key="customer")
        time.sleep(1)
        first.kill_all()
        load.products = [second]  # as a proxy would
        began = time.monotonic()
        healthy = second.wait_until_healthy(BACK_SECONDS, beat_within=0)
        ended = second.wait(batch, BACK_SECONDS)
        seconds = time.monotonic() - began
    assert (ended["state"], ended["failed"]) == ("done", 0), ended
    print(
        f"heartbeat {healthy:.1f} s, import done {seconds:.1f} s after one of two was"
        f" killed; {load.check():,} customers acknowledged, none lost,"
        f" {load.refused} tries refused"
    )
    second.drain()
    assert shop.ledger(second, BRANCH) == imported.ledger()
    first.start()
    print(f"the killed one is back after {first.started_in:.1f} s")
    assert first.health()["status"] == "ok"


def test_a_stream_through_both_servers_tells_each_change_of_a_segment_once(
    servers, full, chance
):
    first, _second = servers
    done = first.run("seed", "200")
    assert done.returncode == 0, done.stdout + done.stderr
    which = "p.ref LIKE 'SEED-%'"
    rules = segmenting.Rules(first, which)
    mine = "['|', ('total_purchases', '>', 5), ('city', '=', 'Yazd')]"
    other = "[('city', '=', 'Shiraz')]"
    segment = rules.add(
        mine, lambda one: one["total_purchases"] > 5 or one["city"] == "Yazd"
    )
    first.drain()
    people = first.sql(f"SELECT id FROM res_partner p WHERE {which} ORDER BY id")
    # so few that they meet
    chosen = [row["id"] for row in people[:25]]
    with Stream(servers, chosen, people=6, seed=chance) as stream:
        ends = time.monotonic() + (FULL_STREAM_SECONDS if full else STREAM_SECONDS)
        while time.monotonic() < ends:
            # rebuilds meanwhile, by the workers of either server
            first.rpc(
                "manager", "mini_crm.segment", "write", [segment], {"domain": other}
            )
            time.sleep(1)
            first.rpc(
                "manager", "mini_crm.segment", "write", [segment], {"domain": mine}
            )
            time.sleep(1)
    print(f"{stream.steps:,} changes by 6 people, {len(stream.errors)} refused")
    assert not stream.errors, stream.errors[:3]
    assert stream.steps > 50
    first.drain()
    now = shop.recalculate(first)
    first.drain()
    differing = rules.differing(rules.truth(now), now)
    assert not differing, rules.told_of(differing)
    wrong = segmenting.told_once(first, which)
    assert not wrong, wrong[:3]


def test_doctor_judges_an_external_database(servers):
    first, _second = servers
    done = first.run("doctor")
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    assert "heartbeat" in done.stdout
    assert "at 127.0.0.1" in done.stdout


def test_seed_fills_an_external_database(servers):
    first, _second = servers
    (before,) = first.sql("SELECT count(*) AS n FROM res_partner")
    done = first.run("seed", "50")
    assert done.returncode == 0, done.stdout + done.stderr
    (after,) = first.sql("SELECT count(*) AS n FROM res_partner")
    assert after["n"] >= before["n"] + 50


def test_a_wrong_password_is_told_with_what_to_do(servers, monkeypatch):
    first, _second = servers
    monkeypatch.setenv("PGPASSWORD", "wrong")
    done = first.run("seed", "1")
    assert done.returncode == 1
    assert "password authentication failed" in done.stderr
    assert "PGPASSWORD" in done.stderr
    assert "Traceback" not in done.stderr
