from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import (
    AmountError,
    currency_code,
    guess_decimal,
    parse_amount,
    plain_number,
)

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
AMOUNTS = st.decimals(-(10**12), 10**12, places=2)


def grouped(amount, group, mark):
    text = f"{amount:,.2f}"
    return text.replace(",", "G").replace(".", mark).replace("G", group)


@given(AMOUNTS)
def test_every_way_to_write_an_amount_is_read_back(amount):
    for group, mark in ((",", "."), (".", ","), (" ", ","), ("'", "."), ("٬", "٫")):
        text = grouped(amount, group, mark)
        assert parse_amount(text, mark if mark in ",." else ".") == (amount, "")
        assert parse_amount(text.translate(PERSIAN), mark) == (amount, "")
    assert parse_amount(f"{abs(amount)}-")[0] == -abs(amount)
    assert parse_amount(f"({abs(amount)})")[0] == -abs(amount)
    assert parse_amount(f"{amount} €") == (amount, "€")
    assert parse_amount(f"$ {amount}") == (amount, "$")


@given(AMOUNTS)
def test_plain_numbers_are_read_back(amount):
    assert Decimal(plain_number(amount)) == amount
    assert parse_amount(plain_number(amount))[0] == amount


def test_a_single_mark_is_read_as_the_column_says():
    assert parse_amount("1,234", ".")[0] == 1234
    assert parse_amount("1,234", ",")[0] == Decimal("1.234")
    assert parse_amount("1.234", ",")[0] == 1234
    assert parse_amount("12,5", ".")[0] == Decimal("12.5")
    assert parse_amount("1,23,456.5")[0] == Decimal("123456.5")


def test_the_decimal_mark_is_told_by_the_column():
    assert guess_decimal(["1,234", "1,234.50"]) == (".", True)
    assert guess_decimal(["1.234", "1.234,50"]) == (",", True)
    assert guess_decimal(["12,5"]) == (",", True)
    assert guess_decimal(["1,234,567"]) == (".", True)
    assert guess_decimal(["1,234"]) == (".", False)
    assert guess_decimal(["12", ""]) == (".", True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount_unknown"),
        ("free", "amount_unknown"),
        ("1.2.3", "amount_unknown"),
        ("5..6", "amount_unknown"),
        ("--5", "amount_unknown"),
        ("12 34", "amount_unknown"),
        ("1,23,4", "amount_unknown"),
        ("1.23E+12", "amount_scientific"),
        ("1e5", "amount_scientific"),
        ("1" * 16, "amount_too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_code(text, code):
    with pytest.raises(AmountError) as error:
        parse_amount(text)
    assert error.value.code == code


def test_a_toman_is_never_a_rial():
    assert (
        currency_code("تومان")
        == currency_code("Toman")
        == currency_code("IRT")
        == "IRT"
    )
    assert (
        currency_code("ریال") == currency_code("ريال") == currency_code("irr") == "IRR"
    )
    assert currency_code("€") == currency_code("Euro") == "EUR"
    assert currency_code("pieces") == ""
