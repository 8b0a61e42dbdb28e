import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.mail_text import EXCERPT, first_words, own_words


@pytest.mark.parametrize(
    "below",
    [
        "On Mon, 3 Mar 2026 at 10:00, The Shop <shop@shop.example> wrote:\n> Which one?",
        "On Mon, 3 Mar 2026 at 10:00, The Shop <shop@shop.example>\nwrote:\n> Which?",
        "-- \nSara Ahmadi\n+98 912",
        "-----Original Message-----\nFrom: shop@shop.example",
        "From: The Shop\nSent: Monday\nTo: Sara\nSubject: Scarf\n\nWhich one?",
        "در تاریخ دوشنبه ۱۲ اسفند، فروشگاه نوشت:\n> کدام رنگ؟",
        "________________________________\nFrom: The Shop",
        "Sent from my iPhone",
        "> Which one would you like?",
    ],
)
def test_quotes_and_signatures_are_left_out(below):
    assert own_words(f"Yes please.\nThe blue one.\n\n{below}") == (
        "Yes please.\nThe blue one."
    )


def test_answers_between_quotes_are_kept():
    assert own_words("> Which one?\nThe blue one.\n> When?\nMonday.") == (
        "The blue one.\nMonday."
    )


@pytest.mark.parametrize(
    "text",
    [
        "I wrote: the blue one, and not the red",
        "From: here to there is far.",
        "He wrote\nto me yesterday.",
    ],
)
def test_words_that_look_like_a_quote_stay(text):
    assert own_words(text) == text


def test_nothing_but_quotes_is_better_than_nothing():
    assert own_words("> Which one?") == "> Which one?"


@given(st.text(max_size=600))
def test_own_words_are_lines_of_the_text(text):
    kept = own_words(text)
    lines = {line.strip() for line in text.splitlines()}
    assert {line.strip() for line in kept.splitlines()} <= lines
    assert bool(kept) == bool(text.strip())


@given(st.text(max_size=600))
def test_first_words_are_one_short_line(text):
    words = first_words(text)
    assert len(words) <= EXCERPT
    assert len(words.splitlines()) <= 1
    assert " ".join(text.split()).startswith(words.removesuffix("…"))


def test_first_words_end_with_a_word():
    assert first_words("blue scarf and hat", 15) == "blue scarf and…"
    assert first_words("x" * 300) == "x" * (EXCERPT - 1) + "…"
