# ruff: noqa: T201 - what a test measures is printed
"""Three x_ fields, an Odoo property and a text column come into custom fields.

What the preview says is what comes of it, a kill in between or not; the undo brings
every table back.
"""

import random
import time

import pytest
from browser import new_colleague, until
from table_hash import TABLES, differences, hash_query

CUSTOMERS = 500
FULL_CUSTOMERS = 20_000
FIELDS = [
    {"name": "x_size", "field_description": "Size", "ttype": "char"},
    {"name": "x_visit", "field_description": "First visit", "ttype": "date"},
    {"name": "x_visits", "field_description": "Visits", "ttype": "integer"},
]
TASTE = {
    "name": "taste",
    "string": "Taste",
    "type": "selection",
    "selection": [["sweet", "Sweet things"], ["salty", "Salty things"]],
}
# its number never comes again, as browsers keep what they have read under it
VERSION = ["mini_crm_version"]
COUNTS = ("updated", "unchanged", "skipped", "failed")


@pytest.fixture(scope="module")
def number(product, full, tmp_path_factory):
    """How many customers have values in the fields of others."""
    number = FULL_CUSTOMERS if full else CUSTOMERS
    path = tmp_path_factory.mktemp("intake") / "customers.csv"
    fields = _make_sources(product, path, number)
    yield number
    product.rpc("superuser", "ir.model.fields", "unlink", fields)


def test_what_was_previewed_comes_in_and_goes_again(product, number, chance):
    for role in ("admin", "manager"):  # made at their first request
        product.rpc(role, "res.users", "context_get")
    before = _snapshot(product)
    sources = ("x_size", "x_visit", "x_visits", "property:taste", "function")
    choices = [{"source": name} for name in sources]
    choices[0] |= {"type": "number"}  # every hundredth says that it is large

    began = time.monotonic()
    batch, shown = product.migrate(choices)
    looked = time.monotonic() - began
    began = time.monotonic()
    time.sleep(random.Random(chance).uniform(0, looked))
    product.kill()
    product.wait_until_healthy()
    ended = product.wait(batch)
    assert ended["state"] == "done", ended
    ran = time.monotonic() - began
    print(f"{number:,} customers: looked at in {looked:.1f} s, brought in, killed once")
    print(f"and started again, in {ran:.1f} s: {ended}")
    product.drain()
    told = product.rpc("admin", "mini_crm.batch", "progress", [batch])["sources"]
    assert _counts(told) == _counts(shown)
    assert [one["failed"] for one in told] == [number // 100, 0, 0, 0, 0]
    (found,) = product.sql(
        f"""SELECT count(*) AS lines, count(DISTINCT res_id) AS customers
        FROM mini_crm_batch_line WHERE batch_id = {batch} AND state = 'updated'"""
    )
    assert found == {"lines": ended["updated"], "customers": number}

    began = time.monotonic()
    product.undo(batch)
    ended = product.wait(batch)
    print(f"taken back in {time.monotonic() - began:.1f} s")
    assert (ended["state"], ended["kept"]) == ("undone", 0), ended
    assert ended["restored"] == ended["updated"]
    product.drain()
    assert differences(before, _snapshot(product)) == VERSION


@pytest.mark.parametrize(
    ("device", "language"), [("phone", "fa_IR"), ("desktop", "en_US")]
)
def test_an_administrator_brings_fields_in_on_a_screen(
    product, number, chromium, pictures, device, language
):
    with chromium.screen(product.url, device, pictures) as screen:
        screen.log_in(*new_colleague(product, "admin", language))
        screen.open("/odoo/crm-fields")
        screen.wait("[data-tool='intake']")
        screen.shot(f"intake-1-fields-{language}")
        screen.press("[data-tool='intake']")
        screen.wait("[data-source='x_size']")
        screen.shot(f"intake-2-offer-{language}")
        for source in ("x_size", "property:taste"):
            screen.press(f"[data-source='{source}'] .o_mini_crm_intake_choose")
            screen.wait(f"[data-source='{source}'] .o_mini_crm_intake_name")
        chosen = "[data-source='x_size'] .o_mini_crm_intake_type"
        screen.page.select_option(chosen, "number")
        screen.shot(f"intake-3-chosen-{language}")
        screen.press(".o_mini_crm_intake_look")
        screen.wait("[data-state='ready']")
        screen.shot(f"intake-4-look-{language}")
        screen.press(".o_mini_crm_import_run")
        screen.wait("[data-state='done']")
        screen.shot(f"intake-5-done-{language}")
        until(lambda: _fields(product) == 2, "the new fields")
        screen.press(".o_mini_crm_import_undo")
        screen.wait("[data-state='undone']")
        screen.shot(f"intake-6-undone-{language}")
        until(lambda: _fields(product) == 0, "the new fields to be gone")
        assert not screen.complaints


def _fields(product):
    """How many custom fields there are of the sources."""
    query = """SELECT count(*) AS n FROM mini_crm_field
        WHERE name ->> 'en_US' IN ('Size', 'Taste')"""
    return product.sql(query)[0]["n"]


def _make_sources(product, path, number):
    """Make customers with values in fields that somebody has made in Odoo.

    :return: ids of the fields
    """
    model = ("superuser", "ir.model")
    (partner,) = product.rpc(*model, "search", [("model", "=", "res.partner")])
    fields = product.rpc(
        *("superuser", "ir.model.fields", "create"),
        [{**field, "model_id": partner, "state": "manual"} for field in FIELDS],
    )
    (properties,) = product.rpc(
        *("superuser", "ir.model.fields", "search"),
        [("model", "=", "res.partner"), ("name", "=", "properties")],
    )
    definition = ("superuser", "properties.base.definition")
    known = product.rpc(
        *definition, "search", [("properties_field_id", "=", properties)]
    ) or product.rpc(*definition, "create", [{"properties_field_id": properties}])
    product.rpc(*definition, "write", known, {"properties_definition": [TASTE]})
    lines = [f"IN{n},Customer {n}" for n in range(number)]
    path.write_text("\n".join(["id,name", *lines]))
    product.wait(product.import_file(path, "customers", key="id"))
    product.drain()
    product.run(
        "psql",
        "-c",
        """UPDATE res_partner SET
            x_size = CASE n % 100 WHEN 7 THEN 'large' ELSE (30 + n % 15)::text END,
            x_visit = DATE '2020-01-01' + n % 1000, x_visits = n % 9,
            function = 'Baker ' || n,
            properties = jsonb_build_object(
                'taste', CASE n % 3 WHEN 0 THEN 'sweet' WHEN 1 THEN 'salty' END)
        FROM (SELECT id, substr(ref, 3)::int AS n FROM res_partner
            WHERE ref LIKE 'IN%') c
        WHERE c.id = res_partner.id""",
    )
    return fields


def _counts(sources):
    return [{name: one[name] for name in COUNTS} for one in sources]


def _snapshot(product):
    tables = [row["table_name"] for row in product.sql(TABLES)]
    return {table: product.sql(hash_query(table))[0]["hash"] for table in tables}
