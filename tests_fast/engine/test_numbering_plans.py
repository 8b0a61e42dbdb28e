import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat

from engine.numbering_plans import plan_of, split

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def _require_same(code, national):
    number = PhoneNumber(code, int(national))
    plan, rest = split(f"+{code}{national}")
    assert (plan, rest) == (plan_of(code), national)
    assert plan.is_valid(national) == phonenumbers.is_valid_number(number), number
    if plan.is_valid(national):
        shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        assert plan.written(national) == shown


@given(st.sampled_from(CODES), st.from_regex(r"[1-9][0-9]{2,14}", fullmatch=True))
def test_any_digits_are_judged_and_written_as_the_library_does(code, national):
    _require_same(code, national)


@pytest.mark.parametrize("code", CODES)
def test_numbers_near_the_examples_are_judged_and_written_as_the_library_does(code):
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        for kind in range(11):
            example = phonenumbers.example_number_for_type(region, kind)
            if not example or example.italian_leading_zero:
                continue
            first = str(example.national_number)
            for last in range(0, 1000, 111):
                _require_same(code, f"{first[:-3]}{last:03}"[-15:].lstrip("0") or "1")


def test_what_has_no_calling_code_has_no_plan():
    assert split("+999123") is None
    assert split("+0123") is None
