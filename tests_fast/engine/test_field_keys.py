from hypothesis import given
from hypothesis import strategies as st

from engine.field_keys import MAX_KEY, code_of, is_key, key_of, slug


@given(st.text(max_size=80), st.sets(st.text(max_size=5)))
def test_every_label_gives_a_key_that_nobody_has(label, taken):
    key = key_of(label, taken)
    assert is_key(key)
    assert key not in taken
    assert is_key(key_of(label, taken | {key}))


@given(st.text(max_size=80), st.sets(st.text(max_size=5)))
def test_every_label_gives_a_code_that_nobody_has(label, taken):
    code = code_of(label, taken)
    assert code and len(code) <= MAX_KEY
    assert code not in taken


def test_persian_and_latin_labels_become_plain_letters():
    assert slug("Größe (EU)") == "grosse_eu"
    assert slug("تاریخ تولد") == "tarykh_tvld"
    assert slug("چای ۲") == "chay_2"
    assert slug("★") == ""


def test_long_label_stays_within_the_limit_with_a_number_behind_it():
    first = key_of("x" * 100, ())
    assert len(first) == MAX_KEY
    second = key_of("x" * 100, {first})
    assert len(second) == MAX_KEY
    assert second.endswith("_2")
