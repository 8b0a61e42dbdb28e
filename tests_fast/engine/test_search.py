"""Needles of the search box as patterns, and the fold that SQL does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search import (
    EVERYDAY,
    FOLD_FROM,
    FOLD_TO,
    MAX_WORDS,
    ORDER_FROM,
    ORDER_TO,
    like_terms,
    sort_key,
)
from engine.text import match_key


def translated(text, from_, to):
    """SQL's translate(): letters beyond the end of ``to`` drop out."""
    table = {ord(letter): to[n : n + 1] for n, letter in enumerate(from_)}
    return text.translate(table)


def lower_of_ascii(text):
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


@given(st.text(st.sampled_from(EVERYDAY)))
def test_everyday_letters_are_folded_one_by_one_as_in_a_whole_text(text):
    folded = translated(lower_of_ascii(text), FOLD_FROM, FOLD_TO)
    assert " ".join(folded.split(" ")).strip() == folded.strip()
    if "  " not in folded.strip():
        assert folded.strip() == match_key(text)


def test_everyday_letters_are_those_of_persian_and_english_names():
    names = "علی‌رضا گلستانی پور ژاله چمنی كريم ۰۱۲ O'Neil-Smith 3rd, Jr."
    assert not set(names) - set(EVERYDAY)
    assert not set("éßİﷺｱ\u0301\u0654\t\u00a0") & set(EVERYDAY)


def test_names_sort_by_the_persian_alphabet():
    names = [
        "آرش",
        "بهار",
        "پارسا",
        "تینا",
        "جواد",
        "چمن",
        "ژاله",
        "سارا",
        "کیان",
        "گلی",
    ]
    names += ["لاله", "مینا", "نادر", "وحید", "هما", "یاسر"]
    shuffled = names[::-1]
    assert sorted(shuffled, key=lambda n: sort_key(match_key(n))) == names
    assert sort_key("smith") == "smith"


@given(st.text(st.sampled_from(EVERYDAY)))
def test_the_order_in_sql_is_that_of_python(text):
    assert sort_key(text) == translated(text, ORDER_FROM, ORDER_TO)[:60]


@pytest.mark.parametrize(
    ("needle", "terms"),
    [
        ("", []),
        ("  ", []),
        ("Smith", [[["%smith%"]]]),
        ("sm", [[["% sm%"]]]),
        ("رضا", [[["%رضا%"]]]),
        ("ali rez", [[["%ali%"]], [["%rez%"]]]),
        ("50%_\\x", [[["%50\\%\\_\\\\x%"]]]),
        ("۰۹۱۲", [[["%0912%"]]]),
        ("0912 345", [[["%0912345%"], ["%0912%", "%345%"]]]),
        ("+98-912", [[["% 98912%"], ["%+98-912%"]]]),
        ("0098912", [[["% 98912%"], ["%0098912%"]]]),
        ("+98(0)912", [[["% 98912%"], ["%+98(0)912%"]]]),
        ("رضا 09 12", [[["%رضا%"]], [["%0912%"], ["% 09%", "% 12%"]]]),
    ],
)
def test_needles_become_patterns(needle, terms):
    assert like_terms(needle) == terms


@given(st.text())
def test_any_text_is_a_needle_with_bounded_patterns(needle):
    patterns = [p for term in like_terms(needle) for likes in term for p in likes]
    assert len(patterns) <= 2 * MAX_WORDS
    for pattern in patterns:
        plain = pattern.strip("%").replace("\\\\", "").replace("\\%", "")
        assert "%" not in plain.replace("\\_", "")
