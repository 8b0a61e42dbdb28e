"""Words that stop messages, and nothing that only holds such a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.opt_out import may_cancel, read_word


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "STOP",
        " Stop! ",
        "/stop",
        "/stop@narges_shop_bot",
        "«stop»",
        "ＳＴＯＰ",
        "Stop all",
        "unsubscribe",
        "Opt-out",
        "opt out",
        "Don’t message me",
        "لغو",
        "لغو.",
        "لغو عضویت",
        "لغو‌عضویت",
        "لغوعضویت",
        "لغو  عضويت",
        "انصراف",
        "لغو ۱۱",
        "لغو 11",
        "لغو١١",
        "لطفاً پیام ندهید",
        "دیگه پیام نده!",
    ],
)
def test_a_word_alone_opts_out(text):
    assert read_word(text) == "out"


@pytest.mark.parametrize(
    "text",
    ["/start", "START", "start again", "subscribe", "عضویت", "عضو می‌شوم", "شروع"],
)
def test_a_word_alone_opts_in(text):
    assert read_word(text) == "in"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "stop?",
        "لغو؟",
        "لغو سفارش",
        "می‌خواهم سفارشم را لغو کنم",
        "stop by the shop",
        "don't stop",
        "non-stop",
        "/start insta_bio",
        "stop@example.com",
        "عضویت چطور است",
        "انصراف دادم از آبی، قرمز بفرستید",
        "s t o p p e d",
        "stop" * 100_000,
        "!" * 200,
    ],
)
def test_a_word_within_a_message_is_for_people(text):
    assert read_word(text) is None


@given(st.text())
def test_any_text_can_be_asked(text):
    assert read_word(text) in (None, "in", "out")


@pytest.mark.parametrize(
    ("text", "may"),
    [("«انصراف»", True), ("انصراف از عضویت", False), ("لغو", False), ("", False)],
)
def test_a_word_that_also_cancels_is_known(text, may):
    assert may_cancel(text) is may
