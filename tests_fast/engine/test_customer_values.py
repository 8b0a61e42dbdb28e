"""Standard values of a customer, as programs give them."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.customer_values import (
    FIELDS,
    Home,
    ValueRefused,
    normal_key,
    read_moment,
    read_values,
)

HOME = Home(
    region="IR",
    persian=True,
    zone=timezone(timedelta(hours=3, minutes=30)),
    countries={"us": (5, "US")},
    languages={"fa": "fa_IR"},
)
NOW = datetime.fromisoformat("2026-01-31T12:00")


def test_values_become_columns_and_null_empties():
    given_ = {"name": " علي  رضا", "phone": "۰۹۱۲۱۲۳۴۵۶۷", "city": None, "zip": "۱۲"}
    columns, problems = read_values(given_, HOME)
    assert problems == []
    assert columns == {
        "name": "علی رضا",
        "phone": "+98 912 123 4567",
        "phone_sanitized": "+989121234567",
        "city": None,
        "zip": "12",
    }
    empty, problems = read_values(dict.fromkeys(("email", "phone", "lang")), HOME)
    assert problems == []
    assert set(empty.values()) == {None}


def test_the_country_decides_what_a_national_number_means():
    columns, problems = read_values({"phone": "212 555 0123", "country": "US"}, HOME)
    assert problems == []
    assert columns["phone_sanitized"] == "+12125550123"
    assert columns["country_id"] == 5


def test_every_wrong_value_is_told():
    values = {"name": "", "email": "x", "phone": "y", "country": "z", "lang": "w"}
    _columns, problems = read_values(values, HOME)
    assert dict(problems) == {
        "name": "name_missing",
        "email": "email_unknown",
        "phone": "phone_unknown",
        "country": "country_unknown",
        "lang": "language_unknown",
    }


@given(st.dictionaries(st.sampled_from(FIELDS), st.none() | st.text()))
def test_any_text_is_read_or_refused_by_name(values):
    columns, problems = read_values(values, HOME)
    assert all(name in values and code for name, code in problems)
    assert "region" not in columns


def test_what_customers_are_recognised_by_has_one_form():
    assert normal_key("email", "Sara@Example.COM", HOME) == "sara@example.com"
    assert normal_key("phone", "0912 123 4567", HOME) == "+989121234567"
    assert normal_key("ref", " C-۱۷ ", HOME) == "C-17"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", datetime.fromisoformat("2026-01-30T20:30")),
        ("2026-01-31T10:00:00Z", datetime.fromisoformat("2026-01-31T10:00")),
        ("1404/11/11", datetime.fromisoformat("2026-01-30T20:30")),
    ],
)
def test_a_day_begins_in_the_zone_of_the_shop(text, moment):
    assert read_moment(text, HOME, NOW) == moment


@pytest.mark.parametrize(
    ("text", "code"), [("soon", "date_unknown"), ("2026-02-03", "date_future")]
)
def test_what_is_no_past_moment_is_refused(text, code):
    with pytest.raises(ValueRefused) as refused:
        read_moment(text, HOME, NOW)
    assert refused.value.code == code
