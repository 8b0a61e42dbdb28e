# ruff: noqa: T201 - what a test measures is printed
"""The package in an Odoo that others have set up: how it comes in and how it leaves.

The tests follow one database from before the installation to after the uninstallation.
"""

import hashlib
import json
import os
import re
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from contract import RUN
from contract_rpc import Rpc
from plain_odoo import plain_odoo

APPS = ("sale_management", "point_of_sale", "account", "crm", "mass_mailing")
CONTACTS = 300
PASSWORD = "a password of the test"

# What was there before us, by table: it must be the same afterwards.
_TAGS = "SELECT * FROM res_partner_res_partner_category_rel"
_TAG_NAMES = """SELECT id, name, color, active FROM res_partner_category
    WHERE id <= {}"""
_STAFF = "id IN (SELECT partner_id FROM res_users)"
# the user of workflows, who goes with the add-on and leaves no contact behind
_OURS = """id IN (SELECT partner_id FROM res_users
    WHERE login = '__mini_crm_workflow__')"""
# Odoo notes the making of jobs and actions in their own chatter.
_MESSAGES = """SELECT id, model, res_id, body, author_id, date FROM mail_message
    WHERE model IS NULL OR model NOT IN ('ir.cron', 'ir.actions.server')"""
_JOB_MESSAGES = """SELECT id, model, res_id FROM mail_message
    WHERE model IN ('ir.cron', 'ir.actions.server') ORDER BY id"""
_WORLD = f"""
tags = [env["res.partner.category"].create({{"name": name}}) for name in "abc"]
partners = env["res.partner"].create([
    {{
        "name": f"Contact {{n}}", "email": f"c{{n}}@shop.example",
        "phone": f"+4930{{n:06d}}", "category_id": [(6, 0, [tags[n % 3].id])],
    }}
    for n in range({CONTACTS})
])
for partner in partners[:50]:
    partner.message_post(body="Asked for a blue one")
env["res.users"].browse(2).password = {PASSWORD!r}
"""
# What a shop does with the product, and what the runner does to a new database.
_LIFE = """
partners = env["res.partner"].search([("name", "=like", "Contact %")], order="id")
env["mini_crm.field"].create({
    "name": "Shoe size", "key": "shoe_size", "type": "number",
    "slot": "custom_number_1",
})
partners[:20].write({"custom_number_1": 43.0, "custom_text_1": 'said: "é" \\\\ آبی'})
old = env["mini_crm.field"].create({"name": "Old", "key": "old", "type": "text"})
partners[:3]._set_custom({"old": "kept"})
old.action_archive()
old.release_slot()
partners[0].action_log_call("answered", "hello")
env["mini_crm.purchase"].create({
    "partner_id": partners[1].id, "date": "2026-01-02 10:00:00", "amount": 99.5,
    "currency_id": env.company.currency_id.id, "origin": "till:1",
})
action = env.ref("mini_crm.mini_crm_customer_action")
env.ref("base.user_admin").action_id = action.id
env["ir.default"].set("res.users", "action_id", action.id)
env["ir.config_parameter"].set_param("mini_crm.customer_rule", "all")
env["ir.filters"].create({"name": "Mine", "model_id": "mini_crm.event", "domain": "[]"})
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The zip and the wheel of two runs: ((zip, wheel), (zip, wheel))."""
    made = []
    for name in ("one", "two"):
        folder = tmp_path_factory.mktemp("package") / name
        subprocess.run(
            [RUN, "package", "--home", os.environ["MINI_CRM_HOME"], folder], check=True
        )
        made.append((next(folder.glob("*.zip")), next(folder.glob("*.whl"))))
    return made


@pytest.fixture(scope="module")
def shop(tmp_path_factory, packages):
    """An Odoo with the usual apps and contacts, and the zip unpacked on its path."""
    home = Path(os.environ["MINI_CRM_HOME"])
    with plain_odoo(home, tmp_path_factory.mktemp("plain")) as odoo:
        began = time.monotonic()
        odoo.install(*APPS)
        odoo.shell(_WORLD)
        print(f"\n{', '.join(APPS)} in {time.monotonic() - began:.0f} s")
        with zipfile.ZipFile(packages[0][0]) as packed:
            packed.extractall(odoo.addons)
        columns = odoo.sql(
            """SELECT string_agg(quote_ident(column_name), ', ' ORDER BY column_name)
                AS names FROM information_schema.columns
            WHERE table_name = 'res_partner'"""
        )[0]["names"]
        # Whoever gets the administrators' role is written by Odoo, but for nothing new.
        staff = re.sub(r"write_(date|uid), ", "", f"{columns}, ").removesuffix(", ")
        odoo.queries = {
            "contacts": f"SELECT {columns} FROM res_partner WHERE NOT {_STAFF}",
            "staff": f"""SELECT {staff} FROM res_partner
                WHERE {_STAFF} AND NOT {_OURS}""",
            "tags": _TAGS,
            # smart tags bring five of their own
            "tag names": _TAG_NAMES.format(_last_tag(odoo)),
            "messages": _MESSAGES,
        }
        odoo.last_tag = _last_tag(odoo)
        odoo.schema = _schema(odoo)
        odoo.before = _fingerprints(odoo)
        odoo.job_messages = odoo.sql(_JOB_MESSAGES)
        yield odoo


def _last_tag(odoo):
    (row,) = odoo.sql("SELECT max(id) AS id FROM res_partner_category")
    return row["id"]


def _fingerprints(odoo):
    """{name: (number of rows, md5)} of what is not ours."""
    found = {}
    for name, query in odoo.queries.items():
        (row,) = odoo.sql(
            f"""SELECT count(*) AS n, md5(string_agg(t::text, '|' ORDER BY t::text))
            FROM ({query}) t"""
        )
        found[name] = (row["n"], row["md5"])
    return found


def _schema(odoo):
    """Every column and index of the database: set of str."""
    rows = odoo.sql(
        """SELECT table_name || '.' || column_name AS name
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION SELECT 'index ' || indexname FROM pg_indexes
        WHERE schemaname = 'public'
        UNION SELECT 'constraint ' || conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace"""
    )
    return {row["name"] for row in rows}


def test_the_same_commit_gives_the_same_bytes(packages):
    hashes = [
        [hashlib.sha256(path.read_bytes()).hexdigest() for path in made]
        for made in packages
    ]
    assert hashes[0] == hashes[1]
    version = re.search(r"-(19\.0(?:\.\d+){3})-", packages[0][1].name)[1]
    assert packages[0][1].name == f"odoo_addon_mini_crm-{version}-py3-none-any.whl"
    assert packages[0][0].name == f"mini_crm-{version}.zip"


def test_wheel_and_zip_hold_the_same_files(packages):
    archive, wheel = (_contents(path) for path in packages[0])
    inside = {
        name.removeprefix("odoo/addons/"): content
        for name, content in wheel.items()
        if ".dist-info/" not in name
    }
    print(f"{len(archive)} files")
    assert inside == archive
    assert "mini_crm/__manifest__.py" in archive
    assert not [
        name for name in archive if re.match("mini_crm/(run|bench|tests_)", name)
    ]


def _contents(path):
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_it_installs_beside_the_usual_apps_and_contacts_become_customers(shop):
    began = time.monotonic()
    log = shop.install("mini_crm")
    print(f"installed in {time.monotonic() - began:.0f} s")
    complaints = [line for line in log.splitlines() if re.search(_COMPLAINT, line)]
    assert "mini_crm" in log, log
    assert not complaints, complaints
    (row,) = shop.sql(
        """SELECT count(*) AS customers FROM mini_crm_profile f
        JOIN res_partner p USING (id) WHERE p.name LIKE 'Contact %'"""
    )
    assert row["customers"] == CONTACTS
    assert _fingerprints(shop) == shop.before, "installing wrote what is not ours"


# Any complaint at all while our module comes or goes.
_COMPLAINT = r" (WARNING|ERROR|CRITICAL) "


def test_uninstalling_leaves_everything_else_as_it_was(shop):
    shop.shell(_LIFE)
    lived = _fingerprints(shop)
    log = shop.uninstall("mini_crm")
    complaints = [line for line in log.splitlines() if re.search(_COMPLAINT, line)]
    assert not complaints, complaints
    after = _fingerprints(shop)
    # tags that rules have put on meanwhile go with them
    others = after.keys() - {"tags"}
    assert {name: after[name] for name in others} == {
        name: lived[name] for name in others
    }, "uninstalling wrote what is not ours"
    rows = {name: count for name, (count, _md5) in after.items()}
    assert rows == {name: count for name, (count, _md5) in shop.before.items()}
    assert _last_tag(shop) == shop.last_tag, "a smart tag is left"
    unused = ("tags", "tag names", "staff")
    assert [after[name] for name in unused] == [shop.before[name] for name in unused]
    assert shop.sql(_JOB_MESSAGES) == shop.job_messages
    left = _schema(shop) - shop.schema
    assert not left, f"left in the database: {sorted(left)[:10]}"
    assert not shop.schema - _schema(shop), "something else went, too"


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("record", "SELECT name FROM ir_model_data WHERE module ~ 'mini_crm'"),
        ("model", "SELECT model FROM ir_model WHERE model ~ '^mini_crm'"),
        ("field", "SELECT name FROM ir_model_fields WHERE name ~ '^custom_text_'"),
        ("parameter", "SELECT key FROM ir_config_parameter WHERE key ~ 'mini_crm'"),
        ("default", "SELECT d.id FROM ir_default d JOIN ir_model_fields f ON"
         " f.id = d.field_id WHERE f.name = 'action_id'"),
        ("job", "SELECT cron_name FROM ir_cron WHERE cron_name ~ 'Mini CRM'"),
        ("menu", "SELECT name FROM ir_ui_menu WHERE name::text ~ 'Mini CRM'"),
        ("filter", "SELECT name FROM ir_filters WHERE model_id ~ '^mini_crm'"),
        ("home page", "SELECT login FROM res_users WHERE action_id IS NOT NULL"
         " AND action_id NOT IN (SELECT id FROM ir_actions)"),
        ("file", "SELECT name FROM ir_attachment WHERE res_model ~ '^mini_crm'"),
        ("trigger", "SELECT tgname FROM pg_trigger WHERE tgname ~ '^mini_crm'"),
        ("function", "SELECT proname FROM pg_proc WHERE proname ~ '^mini_crm'"),
    ],
)  # fmt: skip
def test_nothing_of_ours_remains(shop, what, query):
    assert not shop.sql(query), what


def test_all_data_is_kept_in_one_attachment_for_administrators(shop):
    (kept,) = shop.sql(
        """SELECT name, store_fname, file_size, create_uid, res_model, res_id, public
        FROM ir_attachment WHERE name ~ '^mini_crm-.*zip$'"""
    )
    print(kept)
    assert not (kept["res_model"] or kept["res_id"] or kept["public"])
    assert kept["create_uid"] == 1
    path = shop.folder / "data" / "filestore" / shop.db / kept["store_fname"]
    assert path.stat().st_size == kept["file_size"]
    with zipfile.ZipFile(path) as packed:
        about = json.loads(packed.read("manifest.json"))
        rows = {
            table: [json.loads(line) for line in packed.open(f"{table}.jsonl")]
            for table in about["tables"]
        }
    assert {table: len(found) for table, found in rows.items()} == about["tables"]
    slots = [row for row in rows["res_partner"] if row.get("custom_text_1")]
    assert len(slots) == 20
    assert slots[0]["name"] == "Contact 0"
    assert slots[0]["custom_text_1"] == 'said: "é" \\ آبی'
    assert slots[0]["custom_number_1"] == 43
    assert [row["key"] for row in rows["mini_crm_field"][-2:]] == ["shoe_size", "old"]
    assert [row["value"] for row in rows["mini_crm_field_value"]] == ["kept"] * 3
    assert [row["amount"] for row in rows["mini_crm_purchase"]] == [99.5]
    assert [r["summary"] for r in rows["mini_crm_event"] if r["type"] == "call_logged"]
    assert len(rows["mini_crm_profile"]) >= CONTACTS


def test_people_can_still_log_in(shop):
    with shop.served() as url:
        rpc = Rpc(url, shop.db, lambda: PASSWORD)
        assert (
            rpc.call("superuser", "res.partner", "search_count", ([],), {}) > CONTACTS
        )
        rpc.call(
            "superuser",
            "res.users",
            "create",
            ([{"name": "New", "login": "new", "password": PASSWORD}],),
            {"context": {"no_reset_password": True}},
        )
        assert rpc.log_in("new", PASSWORD)
