from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate, JalaliDateTime

from engine.calendars import DateError, guess_order, parse_date

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_way_to_write_a_day_is_read_back(day):
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%d %B %Y", "%b %d, %Y"):
        assert parse_date(day.strftime(form)) == day
    assert parse_date(day.strftime("%d/%m/%Y"), "dmy") == day
    assert parse_date(day.strftime("%m/%d/%Y"), "mdy") == day
    assert parse_date(day.strftime("%Y-%m-%d").translate(PERSIAN)) == day


@given(st.dates(date(1925, 1, 1), date(2100, 12, 31)))
def test_jalali_days_are_read_back(day):
    jalali = JalaliDate(day)
    numbers = f"{jalali.year}/{jalali.month:02}/{jalali.day:02}"
    assert parse_date(numbers) == day
    assert parse_date(numbers.translate(PERSIAN)) == day
    words = JalaliDateTime.to_jalali(datetime(day.year, day.month, day.day))  # noqa: DTZ001
    assert parse_date(words.strftime("%d %B %Y", locale="fa")) == day


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_times_are_read_back(moment):
    moment = moment.replace(microsecond=0)
    assert parse_date(moment.isoformat()) == moment
    assert parse_date(moment.strftime("%d/%m/%Y %I:%M:%S %p")) == moment
    assert parse_date(moment.isoformat() + "Z") == moment.replace(tzinfo=timezone.utc)
    zone = timezone(timedelta(hours=3, minutes=30))
    assert parse_date(moment.isoformat() + "+03:30") == moment.replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date_unknown"),
        ("soon", "date_unknown"),
        ("12", "date_unknown"),
        ("1/2/26", "date_short_year"),
        ("99/01/01", "date_short_year"),
        ("30 Feb 2026", "date_impossible"),
        ("1402/12/30", "date_impossible"),
        ("13/13/2026", "date_impossible"),
        ("1404 January 1", "date_impossible"),
        ("2026-01-31 25:00", "date_impossible"),
        ("0001-01-01", "date_year"),
        ("1600-01-01", "date_year"),
    ],
)
def test_what_is_no_date_is_refused_with_a_code(text, code):
    with pytest.raises(DateError) as error:
        parse_date(text)
    assert error.value.code == code


def test_the_order_is_told_by_the_column():
    assert guess_order(["03/04/2026", "13/04/2026"]) == ("dmy", True)
    assert guess_order(["03/04/2026", "04/13/2026"]) == ("mdy", True)
    assert guess_order(["2026-04-03"]) == ("ymd", True)
    assert guess_order(["03/04/2026"]) == ("dmy", False)
    assert guess_order(["3 April 2026"]) == ("dmy", True)
