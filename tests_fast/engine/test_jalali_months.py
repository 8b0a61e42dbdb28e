from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from engine.jalali_months import YEARS, month_alternatives

CHECKS = {
    "=": lambda have, want: have == want,
    ">=": lambda have, want: have >= want,
    "<=": lambda have, want: have <= want,
    "in": lambda have, want: have in want,
    "not in": lambda have, want: have not in want,
}


def months_of(day):
    """Jalali months whose conditions a date fulfils."""
    parts = {
        "year_number": day.year,
        "month_number": day.month,
        "day_of_month": day.day,
    }
    return [
        month
        for month in range(1, 13)
        if any(
            all(CHECKS[operator](parts[part], value) for part, operator, value in each)
            for each in month_alternatives(month)
        )
    ]


@given(st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)))
def test_every_date_is_in_its_jalali_month_and_no_other(day):
    assert months_of(day) == [JalaliDate(day).month]


@pytest.mark.parametrize("month", range(1, 13))
def test_both_ends_of_every_jalali_month_are_exact(month):
    for year in range(YEARS[0] - 620, YEARS[-1] - 621):
        first = JalaliDate(year, month, 1).to_gregorian()
        assert months_of(first) == [month]
        assert months_of(first - timedelta(days=1)) == [(month - 2) % 12 + 1]
