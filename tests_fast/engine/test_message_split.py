"""A long text as several messages: nothing lost, no word and no letter broken."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.graphemes import may_cut
from engine.message_split import measure, split_text

FAMILY = "👨‍👩‍👧‍👦"
IRAN = "🇮🇷"
UNITS = ["bytes", "utf16"]
# What people see as one letter, each.
LETTERS = [
    *"aZ9.!؟،لمرک",
    "e\u0301",
    "س\u0651\u064e",
    "ی\u200c",
    FAMILY,
    IRAN,
    "👍🏽",
    "❤️",
    "1️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "क्षि",
    "กำ",
    "\ud55c",
    "\u1112\u1161\u11ab",
]


def rest(text):
    """A text without white space."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        (" \n ", 10, []),
        ("سلام", 10, ["سلام"]),
        ("  سلام  ", 10, ["سلام"]),
        ("one two three", 8, ["one two", "three"]),
        ("one two", 7, ["one two"]),
        ("one two ", 7, ["one two"]),
        ("aaaa bb\n\ncc dd", 11, ["aaaa bb", "cc dd"]),
        ("aaaa bb\ncc. dd ee", 14, ["aaaa bb", "cc. dd ee"]),
        ("Yes. No no no no", 10, ["Yes.", "No no no", "no"]),
        ("خوب است؟ بله بله", 12, ["خوب است؟", "بله بله"]),
        ("He said “yes.” and went", 18, ["He said “yes.”", "and went"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("a bcdefghij", 4, ["a", "bcde", "fghi", "j"]),
        ("1000\u00a0rials and", 12, ["1000\u00a0rials", "and"]),
        ("می‌خواهم بروم", 9, ["می‌خواهم", "بروم"]),
    ],
)
def test_a_text_is_cut_where_it_hurts_least(text, limit, parts):
    assert split_text(text, limit, "utf16") == parts


def test_a_paragraph_of_a_few_words_is_not_sent_alone():
    text = "Hi.\n\n" + "word " * 30
    assert len(split_text(text, 100, "utf16")[0]) > 50


def test_a_persian_letter_is_two_bytes_and_an_emoji_two_units():
    assert split_text("س" * 600, 1_000, "bytes") == ["س" * 500, "س" * 100]
    assert split_text("🌸" * 3, 4, "utf16") == ["🌸🌸", "🌸"]
    assert split_text("🌸" * 3, 4, "bytes") == ["🌸"] * 3


@pytest.mark.parametrize("letter", [*LETTERS, IRAN], ids=ascii)
def test_a_letter_is_never_broken(letter):
    size = measure(letter, "bytes")
    for extra in range(4):
        limit = max(4, size + extra)
        parts = split_text(letter * 5, limit, "bytes")
        assert "".join(parts) == letter * 5
        assert all(set(part.split(letter)) == {""} for part in parts)


def test_a_letter_longer_than_a_message_is_cut_where_it_must_be():
    text = "a" + "\u0301" * 50
    parts = split_text(text, 10, "bytes")
    assert "".join(parts) == text
    assert max(len(part.encode()) for part in parts) <= 10


def test_an_accent_on_a_space_stays_with_it():
    parts = split_text("abcd \u0301efgh", 6, "utf16")
    assert not any(part.startswith("\u0301") for part in parts)


@pytest.mark.parametrize("limit", [0, 3])
def test_a_limit_that_no_character_fits_in_is_an_error(limit):
    with pytest.raises(ValueError, match="limit"):
        split_text("x", limit)


def test_an_unknown_unit_is_an_error():
    with pytest.raises(ValueError, match="unit"):
        split_text("x", 10, "letters")


@settings(deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=300)
    | st.lists(st.sampled_from([*LETTERS, " ", "\n", "\n\n"])).map("".join),
    st.integers(4, 60),
    st.sampled_from(UNITS),
)
@example("a \u0301b" * 10, 5, "utf16")
@example("\u00a0" * 20, 4, "bytes")
@example("a\u2028b c", 4, "bytes")
def test_parts_are_within_the_limit_and_only_white_space_is_lost(text, limit, unit):
    parts = split_text(text, limit, unit)
    assert all(0 < measure(part, unit) <= limit for part in parts)
    assert rest("".join(parts)) == rest(text)
    place = 0
    for part in parts:
        found = text.index(part, place)
        assert not text[place:found].strip()
        place = found + len(part)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(LETTERS), max_size=80),
    st.integers(30, 60),
    st.sampled_from(UNITS),
)
def test_parts_are_made_of_whole_letters(letters, limit, unit):
    borders, place = {0}, 0
    for letter in letters:
        place += len(letter)
        borders.add(place)
    place = 0
    for part in split_text("".join(letters), limit, unit):
        place += len(part)
        assert place in borders


@settings(deadline=None)
@given(
    st.lists(st.text("abcسلام\u200c", min_size=1, max_size=9), max_size=60),
    st.integers(27, 60),
)
def test_words_that_fit_are_never_broken(words, limit):
    text = " ".join(word.strip("\u200c") for word in words)
    parts = split_text(text, limit, "bytes")
    assert " ".join(parts).split() == text.split()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("a", "b"),
        ("س", "ل"),
        ("\u200c", "خ"),
        (IRAN, IRAN),
        (FAMILY, "a"),
        ("\n", "\u0301"),
    ],
)
def test_two_letters_may_be_cut_apart(left, right):
    assert may_cut(left + right, len(left))


def test_a_long_text_is_split_in_time():
    text = "\u0301" * 50_000 + IRAN * 50_000 + "x" * 50_000
    assert sum(map(len, split_text(text, 1_000, "bytes"))) == len(text)
