import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.field_values import FieldRule, Option
from engine.rows import Reading, row_reader

NOW = datetime(2026, 6, 1)  # noqa: DTZ001
SHOP = {
    "now": NOW,
    "region": "IR",
    "currency": "IRR",
    "currencies": frozenset({"EUR", "USD", "IRR"}),
    "countries": {"iran": (1, "IR"), "germany": (2, "DE")},
    "languages": {"fa_ir": "fa_IR", "persian": "fa_IR"},
}


def reader(kind, fields, key="ref", **rules):
    mapping = {i: field for i, field in enumerate(fields.split()) if field != "-"}
    reading = Reading(kind=kind, mapping=mapping, key=key, **{**SHOP, **rules})
    return row_reader(reading, len(fields.split()))


def read(kind, fields, cells, key="ref", **rules):
    return reader(kind, fields, key, **rules)(cells)


def codes(row):
    return [problem["code"] for problem in row.problems]


def test_a_customer_is_read_whole():
    row = read(
        "customers",
        "ref name email phone country tags since lang comment",
        [
            "۱۷",
            "علي",
            "A@x.IR",
            "۰۹۱۲۳۴۵۶۷۸۹",
            "Iran",
            "VIP، Shop, vip",
            "1403/01/01",
            "fa-IR",
            "x < y\nz",
        ],
        persian=True,
    )
    assert row.problems == ()
    assert row.key == "ref:17"
    assert row.values == {
        "ref": "17",
        "name": "علی",
        "email": "A@x.IR",
        "email_normalized": "a@x.ir",
        "phone": "+98 912 345 6789",
        "phone_sanitized": "+989123456789",
        "country_id": 1,
        "tags": ["VIP", "Shop"],
        "since": "2024-03-20 00:00:00",
        "lang": "fa_IR",
        "comment": "<p>x &lt; y<br>z</p>",
        "said": {"ref": "۱۷", "name": "علي", "comment": "x < y\nz"},
    }


def test_a_customer_without_a_name_is_called_by_what_is_known():
    row = read("customers", "ref phone", ["7", "09123456789"])
    assert row.values["shown_name"] == "+98 912 345 6789"
    assert "name" not in row.values
    row = read("customers", "ref first_name last_name", ["7", "Sara", "Ahmadi"])
    assert row.values["name"] == "Sara Ahmadi"


def test_an_empty_cell_says_nothing():
    row = read("customers", "ref name city", ["7", " ", ""])
    assert set(row.values) == {"ref", "shown_name"}


def test_a_row_reports_all_of_its_problems_with_column_and_cell():
    row = read("customers", "ref email phone country", ["7", "x", "123", "Atlantis"])
    assert sorted(codes(row)) == ["country_unknown", "email_unknown", "phone_short"]
    found = {problem["field"]: problem for problem in row.problems}
    assert found["email"]["column"] == 1
    assert found["email"]["value"] == "x"


def test_the_key_is_needed_and_may_be_whichever_the_row_has():
    assert codes(read("customers", "ref name", ["", "A"])) == ["key_missing"]
    assert read("customers", "ref phone", ["", "09123456789"], key="any").key == (
        "phone:+989123456789"
    )
    assert codes(read("customers", "ref phone", ["", ""], key="any")) == ["key_missing"]
    # a broken key is one problem, not two
    assert codes(read("customers", "email name", ["x", "A"], key="email")) == [
        "email_unknown"
    ]


def test_a_phone_number_is_read_by_the_rows_country_then_by_the_shops():
    fields = "ref phone country"
    row = read("customers", fields, ["7", "030 123456", "Germany"])
    assert row.values["phone_sanitized"] == "+4930123456"
    row = read("customers", fields, ["7", "02122334455", "Germany"], region="IR")
    assert row.values["phone_sanitized"].startswith("+")
    row = read("customers", fields, ["7", "09123456789", ""], region=None)
    assert codes(row) == ["phone_home"]
    row = read("customers", fields, ["7", "+989123456789", ""], region=None)
    assert row.values["phone_sanitized"] == "+989123456789"


def test_cells_beyond_the_header_are_a_problem():
    assert codes(read("customers", "ref name", ["7", "A", "B"])) == ["cells_beyond"]
    assert codes(read("customers", "ref name", ["7", "A", " "])) == []


def test_a_purchase_is_read_whole():
    row = read(
        "purchases",
        "ref date amount currency quantity reference",
        ["7", "2026-01-31", "(1,234.50)", "eur", "2", "A-1"],
    )
    assert row.key == "ref:A-1"
    assert row.values == {
        "customer": "ref:7",
        "ref": "7",
        "shown_name": "7",
        "date": "2026-01-31 00:00:00",
        "amount": "-1234.5",
        "currency": "EUR",
        "quantity": "2",
        "reference": "A-1",
    }


def test_a_day_begins_in_the_shops_time_zone():
    row = read(
        "purchases",
        "ref date amount",
        ["7", "1404/11/11", "1"],
        zone=ZoneInfo("Asia/Tehran"),
    )
    assert row.values["date"] == "2026-01-30 20:30:00"
    row = read(
        "purchases",
        "ref date amount",
        ["7", "2026-01-31T10:00:00Z", "1"],
        zone=ZoneInfo("Asia/Tehran"),
    )
    assert row.values["date"] == "2026-01-31 10:00:00"


@pytest.mark.parametrize(
    ("amount", "currency", "chosen"),
    [("12000", "", "IRT"), ("12,000 تومان", "", "IRR"), ("12000", "toman", "EUR")],
)
def test_toman_is_ten_rial_wherever_it_is_told(amount, currency, chosen):
    row = read(
        "purchases",
        "ref date amount currency",
        ["7", "2026-01-31", amount, currency],
        currency=chosen,
    )
    assert row.values["amount"] == "120000"
    assert row.values["currency"] == "IRR"


def test_currencies_that_are_unknown_or_differ_are_problems():
    fields = "ref date amount currency"
    assert codes(read("purchases", fields, ["7", "2026-01-31", "1", "XYZ"])) == [
        "currency_unknown"
    ]
    assert codes(read("purchases", fields, ["7", "2026-01-31", "$1", "EUR"])) == [
        "currency_conflict"
    ]
    assert codes(read("purchases", fields, ["7", "2026-01-31", "12 pieces", ""])) == [
        "currency_unknown"
    ]


def test_what_a_purchase_needs_is_asked_for():
    assert sorted(codes(read("purchases", "ref date amount", ["7", "", ""]))) == [
        "amount_missing",
        "date_missing",
    ]
    assert codes(read("purchases", "ref date amount", ["7", "2027-01-01", "1"])) == [
        "date_future"
    ]


def test_the_fingerprint_tells_purchases_apart_and_finds_equal_ones():
    def key(*cells, **rules):
        return read("purchases", "ref date amount quantity", list(cells), **rules).key

    base = key("7", "2026-01-31", "1.50", "1")
    assert (
        base
        == key("۷", "2026/01/31", "1.5", "")
        == key("7", "31/01/2026", "+1.50", "1")
    )
    # in whatever zone the shop is now
    assert base == key("7", "2026-01-31", "1.5", "1", zone=ZoneInfo("Asia/Tehran"))
    others = [
        key("8", "2026-01-31", "1.50", "1"),
        key("7", "2026-01-30", "1.50", "1"),
        key("7", "2026-01-31", "1.51", "1"),
        key("7", "2026-01-31", "1.50", "2"),
        key("7", "2026-01-31", "1.50", "1", currency="EUR"),
    ]
    assert len({base, *others}) == 6


@given(st.lists(st.text(max_size=30), min_size=12, max_size=12))
def test_any_cells_are_read_or_reported_never_worse(cells):
    fields = "ref name email phone country tags since lang comment zip street source"
    row = read("customers", fields, cells, key="any")
    assert row.problems or row.key
    fields = "ref date amount currency quantity reference - - - - - -"
    row = read("purchases", fields, cells)
    assert row.problems or row.key


CUSTOM = {
    "birth_date": FieldRule("birth_date", "date"),
    "size": FieldRule("size", "number", maximum=50),
    "work_phone": FieldRule("work_phone", "phone"),
    "level": FieldRule(
        "level",
        "select",
        options=(Option("g", ("Gold",)), Option("o", ("Old",), False)),
    ),
}


def test_custom_fields_are_read_as_the_file_is_meant():
    row = read(
        "customers",
        "ref custom:birth_date custom:size custom:work_phone custom:level country",
        ["7", "03/04/1990", "'-1,5", "030 123456", "GOLD", "Germany"],
        custom=CUSTOM,
        date_order="mdy",
        decimal=",",
    )
    assert not row.problems
    assert row.values["custom"] == {
        "birth_date": "1990-03-04",
        "size": -1.5,
        "work_phone": "+4930123456",
        "level": "g",
    }
    assert json.loads(json.dumps(row.values)) == row.values


def test_a_cell_that_was_read_before_is_read_by_the_country_of_its_own_row():
    read_row = reader(
        "customers", "ref custom:work_phone country", custom=CUSTOM, decimal=","
    )
    countries = ("Germany", "Iran", "Germany", "")
    rows = [read_row(["7", "030 123456", country]) for country in countries]
    phones = [row.values.get("custom", {}).get("work_phone") for row in rows]
    alone = [
        read(
            "customers",
            "ref custom:work_phone country",
            ["7", "030 123456", country],
            custom=CUSTOM,
            decimal=",",
        ).values.get("custom", {})
        for country in countries
    ]
    assert phones == [values.get("work_phone") for values in alone]
    assert phones[0] == phones[2] == "+4930123456"
    assert phones[1] != phones[0]


def test_a_wrong_custom_value_is_a_problem_of_its_cell_however_often_it_comes():
    read_row = reader("customers", "ref custom:size", custom=CUSTOM)
    rows = [read_row([str(n), size]) for n, size in enumerate(("51", "5", "51", "5"))]
    assert [codes(row) for row in rows] == [["number_above"], [], ["number_above"], []]


def test_a_wrong_custom_value_is_a_problem_of_its_cell():
    row = read(
        "customers",
        "ref custom:size custom:birth_date",
        ["7", "51", "soon"],
        custom=CUSTOM,
    )
    assert [(p["code"], p["field"], p["column"], p["value"]) for p in row.problems] == [
        ("number_above", "custom:size", 1, "51"),
        ("date_unknown", "custom:birth_date", 2, "soon"),
    ]
    assert row.problems[0]["details"] == {"maximum": 50}


def test_an_empty_custom_cell_says_nothing():
    row = read("customers", "ref custom:size", ["7", " "], custom=CUSTOM)
    assert "custom" not in row.values


def test_an_archived_choice_is_left_for_the_database_to_judge():
    row = read("customers", "ref custom:level", ["7", "Old"], custom=CUSTOM)
    assert row.values["custom"] == {"level": "o"}


@pytest.mark.parametrize("word", ["[clear]", "[Empty]", "[پاک]", " [خالی] "])
def test_a_word_in_brackets_empties_what_can_be_empty(word):
    row = read("customers", "ref email country", ["A1", word, word])
    assert sorted(row.values["clear"]) == ["country_id", "email"]
    assert not row.problems


def test_what_cannot_be_emptied_is_a_problem():
    row = read("customers", "ref name tags", ["[clear]", "[clear]", "[clear]"])
    assert codes(row) == ["clear_impossible"] * 3


def test_a_required_custom_field_cannot_be_emptied():
    rules = {"size": FieldRule(key="size", type="text", required=True)}
    row = read("customers", "ref custom:size", ["A1", "[clear]"], custom=rules)
    assert codes(row) == ["value_required"]


def test_a_custom_field_may_be_what_customers_are_told_apart_by():
    rules = {"card": FieldRule(key="card", type="number")}
    for cell in ("17", "17.0", "۱۷"):
        row = read(
            "customers", "name custom:card", ["A", cell], "custom:card", custom=rules
        )
        assert row.key == "custom:17"
    row = read("customers", "name custom:card", ["A", ""], "custom:card", custom=rules)
    assert codes(row) == ["key_missing"]


def test_each_column_of_dates_may_have_an_order_of_its_own():
    row = read("customers", "ref since", ["A1", "03/04/2020"], date_orders={1: "mdy"})
    assert row.values["since"] == "2020-03-04 00:00:00"


def test_an_owner_is_a_user_whose_name_only_one_has():
    owners = {"sara": 7, "ali": None}
    row = read("customers", "ref owner", ["A1", "SARA"], owners=owners)
    assert row.values["user_id"] == 7
    for name in ("Ali", "Nobody"):
        row = read("customers", "ref owner", ["A1", name], owners=owners)
        assert codes(row) == ["owner_unknown"]


def test_a_tag_with_a_comma_in_its_name_is_one_when_it_stands_in_quotes():
    cells = ["1", '"a, b", 5" pipe ,"say ""hi""", VIP']
    row = read("customers", "ref tags", cells)
    assert row.values["tags"] == ["a, b", '5" pipe', 'say "hi"', "VIP"]
