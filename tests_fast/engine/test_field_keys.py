import re

from hypothesis import given
from hypothesis import strategies as st

from engine.field_keys import MAX_KEY, field_key


def test_key_is_the_label_in_small_latin_letters():
    assert field_key("Shoe size (EU)", set(), "number") == "shoe_size_eu"
    assert field_key("Größe", set(), "number") == "groe"


def test_persian_label_is_spelled_in_latin_letters():
    assert field_key("رنگ دلخواه", set(), "text") == "rng_dlkhvah"


def test_label_without_letters_takes_the_fallback():
    assert field_key("☎", set(), "phone") == "phone"
    assert field_key("2nd phone", set(), "phone") == "phone_2nd_phone"


def test_taken_key_is_numbered():
    assert field_key("Size", {"size", "size_2"}, "text") == "size_3"


@given(st.text(), st.sets(st.sampled_from(["text", "text_2", "a"])))
def test_every_label_gives_a_free_key_of_plain_characters(label, taken):
    key = field_key(label, taken, "text")
    assert key not in taken
    assert re.fullmatch(r"[a-z][a-z0-9_]*", key)
    assert len(key) <= MAX_KEY + 4
