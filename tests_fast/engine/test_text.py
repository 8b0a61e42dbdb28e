import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text import ascii_digits, clean, clean_lines, guard, match_key, unguard


def test_names_that_people_call_the_same_have_one_key():
    same = ["علی‌رضا", "عليرضا", "علی\u200cرضا", "  عَلی‌رضا "]
    assert {match_key(name) for name in same} == {"علیرضا"}
    assert match_key("کتاب") == match_key("كتاب")
    assert match_key("STRASSE") == match_key("straße")


def test_digits_of_every_script_are_the_same():
    assert ascii_digits("۰۹۱۲ ٣٤٥") == "0912 345"
    assert match_key("۱۲") == match_key("١٢") == match_key("12")


def test_cleaning_keeps_the_half_space_and_drops_marks():
    assert clean(" می\u200cخواهم \u202e\u0007 ") == "می\u200cخواهم"
    assert clean("a\tb\n c") == "a b c"
    assert clean_lines("a\r\nb\rc ") == "a\nb\nc"


def test_the_guard_of_spreadsheets_is_taken_off_and_other_quotes_stay():
    assert unguard("'+98912") == "+98912"
    assert unguard("'=1+1") == "=1+1"
    assert unguard("'tis") == "'tis"


LIVE = ("=1+1", "+98", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1")
LIVE += (
    "\ufeff@x",
    "\u00a0+1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "'=1",
    "'' =1",
)


@pytest.mark.parametrize("text", LIVE)
def test_what_a_spreadsheet_would_calculate_is_guarded(text):
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["", "a=1", "'tis", "0912", "سلام", '"=1', "e-mail"])
def test_what_is_no_formula_is_left_alone(text):
    assert guard(text) == text
    assert unguard(text) == text


@given(st.text(st.sampled_from("'=+-@ \t\n\ra1\u200b\uff1d\u0627")) | st.text())
def test_guarding_is_taken_back_exactly(text):
    assert unguard(guard(text)) == text


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@given(st.text())
def test_clean_text_fits_into_one_line_of_a_database(text):
    cleaned = clean(text)
    assert "\0" not in cleaned
    assert "\n" not in cleaned
    cleaned.encode("utf-8")
