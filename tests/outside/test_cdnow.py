# ruff: noqa: T201 - what a test measures is printed
"""A real shop imported: 23,570 customers and 69,659 purchases, or its first 2,000."""

from datetime import datetime

import pytest
import segmenting
import shop

SAMPLE = 2_000
BRANCH = "CD:"


@pytest.fixture(scope="module")
def cdnow(product, full, tmp_path_factory):
    """The shop and its files, imported, everything that follows done."""
    folder = tmp_path_factory.mktemp("cdnow")
    rows = shop.read_shop(product, folder / "all", None if full else SAMPLE)
    imported = shop.Shop(*rows, BRANCH)
    imported.files = imported.write(folder / "import")
    for path, kind in zip(imported.files, ("customers", "purchases"), strict=True):
        ended = shop.import_and_wait(product, path, kind)
        assert (ended["created"], ended["failed"]) == (ended["total"], 0)
    print(f"queue empty after {product.drain():.1f} s more")
    return imported


def test_ledger_equals_the_file_customer_by_customer(product, cdnow):
    expected, found = cdnow.ledger(), shop.ledger(product, BRANCH)
    lines = sum(map(len, found.values()))
    total = sum(amount for rows in found.values() for _date, amount in rows)
    print(f"\nledger: {lines:,} lines, {total:,} USD, {len(found):,} buyers")
    assert lines == len(cdnow.purchases)
    assert found == expected


def test_every_score_part_and_stage_equals_the_oracle(product, cdnow):
    now = shop.recalculate(product)
    expected, found = shop.judged(product, BRANCH, now), shop.figures(product, BRANCH)
    assert (
        found.keys() == expected.keys() == {row["customer"] for row in cdnow.customers}
    )
    differing = [
        (key, found[key], truth)
        for key, truth in expected.items()
        if (
            *(found[key][name] for name in ("crm_score", "score_parts", "crm_health")),
            *(
                found[key][name]
                for name in ("journey_stage", "total_purchases", "events")
            ),
        )
        != (
            *(truth["score"], truth["parts"], truth["health"], truth["stage"]),
            *(truth["total_purchases"], truth["total_purchases"]),
        )
        or abs(found[key]["total_spent"] - float(truth["total_spent"])) > 1e-6
    ]
    print(
        f"{len(expected):,} customers judged, {len(differing)} differ from the oracle"
    )
    assert not differing, differing[:3]


def test_every_segment_and_tag_equals_the_oracle(product, cdnow):
    which = f"p.ref LIKE '{BRANCH}%'"
    rules = segmenting.Rules(product, which)
    rules.add(
        [("total_purchases", ">=", 3), ("total_spent", "<", 100)],
        lambda one: one["total_purchases"] >= 3 and one["total_spent"] < 100,
    )
    rules.add(
        ["|", ("crm_score", "<", 20), "!", ("last_purchase_at", "<", "1998-01-01")],
        lambda one: (
            one["score"] < 20
            or not one["last_purchase"]
            or one["last_purchase"] >= datetime.fromisoformat("1998-01-01")
        ),
    )
    print(f"\nbuilt after {product.drain():.1f} s")
    now = shop.recalculate(product)
    product.drain()
    truth = rules.truth(now)
    differing = rules.differing(truth, now)
    print(f"{len(truth):,} customers judged, {len(differing)} differ from the oracle")
    assert not differing, differing[:3]
    wrong = segmenting.told_once(product, which)
    assert not wrong, wrong[:3]


def test_importing_the_same_files_again_changes_nothing(product, cdnow):
    def state():
        return product.sql(
            """SELECT (SELECT count(*) FROM res_partner) AS contacts,
            (SELECT max(write_date) FROM res_partner WHERE ref LIKE 'CD:%') AS written,
            (SELECT count(*) FROM mini_crm_purchase) AS purchases,
            (SELECT max(write_date) FROM mini_crm_purchase) AS changed,
            (SELECT count(*) FROM mini_crm_event) AS events,
            (SELECT md5(string_agg(f::text, '' ORDER BY f.id)) FROM mini_crm_profile f)
                AS profiles"""
        )

    before = state()
    for path, kind in zip(cdnow.files, ("customers", "purchases"), strict=True):
        ended = shop.import_and_wait(product, path, kind)
        assert ended["unchanged"] == ended["total"]
    product.drain()
    assert state() == before


def test_broken_rows_are_named_and_the_others_imported(product, cdnow, tmp_path):
    keys = [row["customer"] for row in cdnow.customers]
    rows = [
        {
            "customer": keys[number % len(keys)],
            "date": f"2001-02-{number % 28 + 1:02d}",
            "amount": f"{number + 0.5:.2f}",
            "currency": "USD",
            "quantity": "1",
        }
        for number in range(1_000)
    ]
    breaks = [
        *[{"date": text} for text in ("2001-02-30", "soon", "")],
        *[{"amount": text} for text in ("a lot", "", "1e999")],
        *[{"customer": ""}, {"quantity": "many"}],
        *[{"currency": "DOUBLOON"}, {"date": "9999-99-99"}],
    ]
    broken = {}
    for place, change in enumerate(breaks):
        number = place * 97 + 5
        rows[number].update(change)
        broken[number + 2] = change  # the header is row 1
    path = tmp_path / "broken.csv"
    shop.write_csv(path, shop.PURCHASES, rows)
    ended = shop.import_and_wait(product, path, "purchases")
    named = product.sql(
        f"""SELECT row, message FROM mini_crm_batch_line
        WHERE batch_id = {ended["id"]} AND state = 'failed' ORDER BY row"""
    )
    for line in named:
        print(f"  row {line['row']}: {broken.get(line['row'])} -> {line['message']}")
    assert {line["row"] for line in named} == set(broken)
    assert all(line["message"] for line in named)
    assert (ended["failed"], ended["created"]) == (len(broken), len(rows) - len(broken))
    product.drain()
