"""What customers write in answer to a question: read, or refused with a reason."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.field_rules import FieldRule, Option
from engine.workflow import Answered, Surroundings
from engine.workflow_answers import AnswerProblem, read
from engine.workflow_kinds import ANSWER_TYPES
from engine.workflow_words import has_word

NOW = datetime.fromisoformat("2026-03-02 21:00")  # 00:30 of 3 March in Tehran
TEHRAN = Surroundings(zone="Asia/Tehran", calendar="jalali", country="IR")
COLOURS = (
    {"label": "Red", "value": "r"},
    {"label": "Dark blue", "value": "db"},
    {"label": "Light blue", "value": "lb"},
    {"label": "سبز روشن", "value": "g"},
)
STICKER = {"kind": "sticker"}
PHOTO = {"kind": "photo", "attachment_id": 7, "name": "", "mime": "image/jpeg"}


def said(kind, answer, rule=None, choices=COLOURS, around=TEHRAN):
    """The value of an answer, a text or ``Answered``, or the code of its problem."""
    if isinstance(answer, str):
        answer = Answered(answer)
    try:
        value, text = read(kind, answer, rule, choices, around, NOW)
    except AnswerProblem as problem:
        json.dumps(problem.details, default=str)
        return f"! {problem.code}"
    assert json.loads(json.dumps(value)) == value
    assert isinstance(text, str)
    assert text
    return value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "  Sara  ", "Sara"),
        ("text", "سارا\u200f", "سارا"),
        ("text", "👍", "👍"),
        ("text", "", "! answer_empty"),
        ("text", " \u200e ", "! answer_empty"),
        ("text", "x" * 4001, "! text_long"),
        ("number", "12", 12.0),
        ("number", "۱۲٫۵", 12.5),
        ("number", "١٢", 12.0),
        ("number", "1,200", 1200.0),
        ("number", "-3", -3.0),
        ("number", "twelve", "! number_unknown"),
        ("number", "👍", "! number_unknown"),
        ("email", "Sara@Example.com", "Sara@Example.com"),
        ("email", "my address is sara@example.com!", "sara@example.com"),
        ("email", "a@example.com or b@example.com", "! email_several"),
        ("email", "sara", "! email_unknown"),
        ("phone", "09121234567", "+989121234567"),
        ("phone", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+989121234567"),
        ("phone", "+49 30 901820", "+4930901820"),
        ("phone", "شماره من ۰۹۱۲۱۲۳۴۵۶۷ است", "+989121234567"),
        ("phone", "0912", "! phone_invalid"),
        ("phone", "no", "! phone_unknown"),
        ("date", "2026-03-21", "2026-03-21"),
        ("date", "1405/1/1", "2026-03-21"),
        ("date", "۱۴۰۵/۰۱/۰۱", "2026-03-21"),
        ("date", "۱ فروردین ۱۴۰۵", "2026-03-21"),
        ("date", "21 March 2026", "2026-03-21"),
        ("date", "۶۸/۵/۱۲", "1989-08-03"),
        ("date", "03/05/12", "! date_short_year"),
        ("date", "31.4.2026", "! date_impossible"),
        ("date", "فردا", "2026-03-04"),
        ("date", "today", "2026-03-03"),
        ("date", "پس‌فردا", "2026-03-05"),
        ("date", "some day", "! date_unknown"),
        ("date", "2026-03-21 10:00", "! date_time"),
        ("datetime", "2026-03-21 10:30", "2026-03-21T10:30:00+03:30"),
        ("datetime", "1405/1/1 10:30", "2026-03-21T10:30:00+03:30"),
        ("datetime", "۱۴۰۵/۱/۱ ساعت ۱۰:۳۰", "2026-03-21T10:30:00+03:30"),
        ("datetime", "۱۴۰۵/۱/۱، ۱۰:۳۰", "2026-03-21T10:30:00+03:30"),
        ("datetime", "فردا ساعت ۹", "2026-03-04T09:00:00+03:30"),
        ("datetime", "tomorrow at 4:15 pm", "2026-03-04T16:15:00+03:30"),
        ("datetime", "2026-03-21T10:30:00Z", "2026-03-21T14:00:00+03:30"),
        ("datetime", "1405/1/1", "! datetime_time"),
        ("datetime", "1405/1/1 25:00", "! date_impossible"),
        ("datetime", "soon", "! date_unknown"),
        ("yes_no", "yes", True),
        ("yes_no", "Yes!", True),
        ("yes_no", "بله", True),
        ("yes_no", "آره", True),
        ("yes_no", "باشه", True),
        ("yes_no", "👍🏽", True),
        ("yes_no", "✅", True),
        ("yes_no", "نه", False),
        ("yes_no", "خیر.", False),
        ("yes_no", "no", False),
        ("yes_no", "نمی‌خواهم", False),
        ("yes_no", "👎", False),
        ("yes_no", "perhaps", "! boolean_unknown"),
        ("choice", "Red", "r"),
        ("choice", " red ", "r"),
        ("choice", "r", "r"),
        ("choice", "1", "r"),
        ("choice", "۲", "db"),
        ("choice", "3.", "lb"),
        ("choice", "گزینه ۴", "g"),
        ("choice", "دومی", "db"),
        ("choice", "5", "! choice_unknown"),
        ("choice", "0", "! choice_unknown"),
        ("choice", "the red one please", "r"),
        ("choice", "dark", "db"),
        ("choice", "drak blue", "db"),
        ("choice", "سبز روشن لطفا", "g"),
        ("choice", "blue", "! choice_unclear"),
        ("choice", "not red", "! choice_unknown"),
        ("choice", "red or dark blue", "! choice_unknown"),
        ("choice", "قرمز نمی‌خواهم", "! choice_unknown"),
        ("choice", "سبز روشن نمی‌خواهم", "! choice_unknown"),
        ("choice", "rot", "! choice_unknown"),
        ("choice", "🙂", "! choice_unknown"),
        ("choice", "", "! answer_empty"),
        ("file", "here it is", "! answer_file"),
        ("file", "", "! answer_file"),
    ],
)
def test_what_is_written_is_read(kind, text, value):
    assert said(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        ("phone", Answered(kind="contact", phone="+989121234567"), "+989121234567"),
        ("phone", Answered(kind="contact"), "! contact_other"),
        ("phone", Answered("0912 1234567", kind="contact"), "! contact_other"),
        ("text", Answered(kind="contact", phone="+989121234567"), "! answer_text"),
        ("text", Answered(kind="photo", media=(PHOTO,)), "! answer_text"),
        ("text", Answered("Sara", kind="photo", media=(PHOTO,)), "Sara"),
        ("number", Answered(kind="sticker"), "! answer_text"),
        ("choice", Answered(kind="photo", media=(PHOTO,)), "! answer_text"),
        ("choice", Answered("Anything", payload="lb"), "lb"),
        ("choice", Answered("Red", payload="of another question"), "r"),
        ("choice", Answered("", payload="of another question"), "! choice_unknown"),
        ("yes_no", Answered("بفرمایید", payload="yes"), True),
        ("yes_no", Answered("", payload="no"), False),
        ("yes_no", Answered("", payload="other"), "! answer_empty"),
        ("file", Answered(kind="photo", media=(PHOTO,)), [PHOTO]),
        ("file", Answered("my bill", kind="photo", media=(PHOTO,)), [PHOTO]),
        (
            "file",
            Answered(kind="sticker", media=({"kind": "sticker"},)),
            "! answer_file",
        ),
        ("file", Answered(kind="location"), "! answer_file"),
    ],
)
def test_buttons_contacts_and_files_are_read(kind, answer, value):
    assert said(kind, answer) == value


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "audio"])
def test_file_question_takes_any_file(kind):
    media = {"kind": kind, "attachment_id": 1, "name": "a", "mime": "x/y"}
    assert said("file", Answered(kind=kind, media=(media,))) == [media]


RULES = {
    "digits": FieldRule("digits", "text", pattern=r"\d{4}"),
    "age": FieldRule("age", "number", minimum=18, maximum=120),
    "born": FieldRule("born", "date", latest=date(2010, 1, 1)),
    "day": FieldRule("day", "date"),
    "note": FieldRule("note", "text"),
    "short": FieldRule("short", "text", max_length=5),
    "fan": FieldRule("fan", "boolean"),
    "shade": FieldRule(
        "shade", "select", options=(Option("r", ("Red",)), Option("x", ("X",)))
    ),
}


@pytest.mark.parametrize(
    ("kind", "text", "rule", "value"),
    [
        ("text", "۱۲۳۴", "digits", "۱۲۳۴"),
        ("text", "12345", "digits", "! text_pattern"),
        ("number", "۱۷", "age", "! number_below"),
        ("number", "121", "age", "! number_above"),
        ("number", "44", "age", 44.0),
        ("date", "1399/1/1", "born", "! date_after"),
        ("date", "1368/5/12", "born", "1989-08-03"),
        ("datetime", "1405/1/1 10:30", "day", "2026-03-21"),
        ("datetime", "1405/1/1 10:30", "note", "2026-03-21T10:30:00+03:30"),
        # an answer of one type in a field of another
        ("number", "۵", "note", "5"),
        ("text", "۴۴", "age", 44.0),
        ("text", "forty", "age", "! number_unknown"),
        ("date", "1405/1/1", "note", "2026-03-21"),
        ("phone", "09121234567", "note", "+989121234567"),
        ("phone", "09121234567", "short", "! text_long"),
        ("yes_no", "آره", "fan", True),
        ("yes_no", "👎", "fan", False),
        ("yes_no", "آره", "note", "yes"),
        ("choice", "1", "shade", "r"),
        ("choice", "2", "shade", "! option_unknown"),
        ("choice", "2", "note", "db"),
    ],
)
def test_rules_of_the_field_count(kind, text, rule, value):
    assert said(kind, text, RULES[rule]) == value


def test_problem_names_the_labels_that_may_be_meant():
    with pytest.raises(AnswerProblem) as caught:
        read("choice", Answered("blue"), None, COLOURS, TEHRAN, NOW)
    assert caught.value.details == {"labels": ["Dark blue", "Light blue"]}
    with pytest.raises(AnswerProblem) as caught:
        read("choice", Answered("?"), None, COLOURS, TEHRAN, NOW)
    assert len(caught.value.details["labels"]) == len(COLOURS)


def test_order_of_day_and_month_is_that_of_the_country():
    american = Surroundings(zone="America/New_York", country="US")
    assert said("date", "03/04/2026", around=american) == "2026-03-04"
    assert said("date", "03/04/2026") == "2026-04-03"


def test_local_time_that_is_none_is_later_by_the_jump():
    berlin = Surroundings(zone="Europe/Berlin")
    text = "29.3.2026 02:30"
    assert said("datetime", text, around=berlin) == "2026-03-29T03:30:00+02:00"


def test_words_of_days_say_nothing_without_a_clock():
    with pytest.raises(AnswerProblem, match="date_unknown"):
        read("date", Answered("tomorrow"), None, (), TEHRAN)


def test_words_of_an_answer_are_kept_beside_its_value():
    assert read("date", Answered("۱ فروردین ۱۴۰۵"), None, (), TEHRAN) == (
        "2026-03-21",
        "۱ فروردین ۱۴۰۵",
    )
    assert read("choice", Answered("2"), None, COLOURS, TEHRAN) == ("db", "Dark blue")
    own = Answered(kind="contact", phone="+989121234567")
    assert read("phone", own, None, (), TEHRAN) == ("+989121234567", "+989121234567")


@given(
    st.sampled_from(ANSWER_TYPES),
    st.builds(
        Answered,
        text=st.text() | st.sampled_from(["۱۴۰۵/۱/۱ ساعت ۹", "9" * 5000, "at 99"]),
        payload=st.text(max_size=5),
        kind=st.sampled_from(["text", "photo", "contact", "", "sticker"]),
        phone=st.sampled_from(["", "+989121234567"]),
        media=st.sampled_from([(), (PHOTO,), ({"kind": "sticker"},)]),
    ),
    st.sampled_from([None, *RULES.values()]),
    st.lists(
        st.fixed_dictionaries(
            {"label": st.text(min_size=1, max_size=9)},
            optional={"value": st.text(max_size=3)},
        ),
        max_size=5,
    ),
)
def test_any_answer_is_read_or_refused(kind, answer, rule, choices):
    said(kind, answer, rule, choices)


@pytest.mark.parametrize(
    ("text", "words", "match", "found"),
    [
        ("What is the PRICE?", ["price"], "word", True),
        ("priceless", ["price"], "word", False),
        ("قيمت كالا؟", ["قیمت"], "word", True),
        ("می‌خواهم بخرم", ["میخواهم"], "word", True),
        ("code ۱۲", ["12"], "word", True),
        ("a big thank you", ["thank you"], "word", True),
        ("nice 👍👍", ["👍"], "word", True),
        ("price", ["price"], "whole", True),
        ("Price!", ["price"], "whole", True),
        ("the price", ["price"], "whole", False),
        ("price of it", ["price"], "start", True),
        ("prices", ["price"], "start", False),
        ("", ["price"], "word", False),
        ("anything", [], "word", False),
        ("anything", [""], "word", False),
        ("!", ["?"], "word", False),
    ],
)
def test_words_are_found_as_people_mean_them(text, words, match, found):
    assert has_word(text, words, match) is found
