"""Every type of answer against everything that customers do instead of answering."""

from datetime import timedelta

import pytest
from workflow_kit import NOW, Room, workflow

from engine.workflow import Answered, Stopped, Surroundings, TakenOver, TimerDue
from engine.workflow_kinds import ANSWER_TYPES

DAY = timedelta(days=1)
AROUND = Surroundings("Asia/Tehran", "jalali", "IR")
FILE = {"kind": "photo", "attachment_id": 7, "name": "bill.jpg", "mime": "image/jpeg"}
PHOTO = Answered(kind="photo", media=(FILE,))
CONTACT = Answered(kind="contact", phone="+989121234567")
FOREIGN = Answered(kind="contact")

RIGHT = {
    "text": (Answered("Sara"), "Sara"),
    "number": (Answered("12"), 12.0),
    "email": (Answered("sara@example.com"), "sara@example.com"),
    "phone": (Answered("09121234567"), "+989121234567"),
    "date": (Answered("2026-03-21"), "2026-03-21"),
    "datetime": (Answered("2026-03-21 10:30"), "2026-03-21T10:30:00+03:30"),
    "yes_no": (Answered("yes"), True),
    "choice": (Answered("Red"), "r"),
    "file": (PHOTO, [FILE]),
}
# what comes of each, by type: a value, or the code of what is said about it
ANSWERS = {
    "Persian digits": (
        Answered("۲"),
        {"text": "۲", "number": 2.0, "choice": "b"},
        {
            "email": "email_unknown",
            "phone": "phone_unknown",
            "date": "date_unknown",
            "datetime": "date_unknown",
            "yes_no": "boolean_unknown",
            "file": "answer_file",
        },
    ),
    "Jalali": (
        Answered("۱۴۰۵/۱/۱"),
        {"text": "۱۴۰۵/۱/۱", "date": "2026-03-21"},
        {
            "number": "number_unknown",
            "email": "email_unknown",
            "phone": "phone_invalid",
            "datetime": "datetime_time",
            "yes_no": "boolean_unknown",
            "choice": "choice_unknown",
            "file": "answer_file",
        },
    ),
    "emoji": (
        Answered("👍"),
        {"text": "👍", "yes_no": True},
        {
            "number": "number_unknown",
            "email": "email_unknown",
            "phone": "phone_unknown",
            "date": "date_unknown",
            "datetime": "date_unknown",
            "choice": "choice_unknown",
            "file": "answer_file",
        },
    ),
    "empty": (
        Answered(" "),
        {},
        {**dict.fromkeys(ANSWER_TYPES, "answer_empty"), "file": "answer_file"},
    ),
    "photo": (
        PHOTO,
        {"file": [FILE]},
        {kind: "answer_text" for kind in ANSWER_TYPES if kind != "file"},
    ),
    "own contact": (
        CONTACT,
        {"phone": "+989121234567"},
        {
            **{kind: "answer_text" for kind in ANSWER_TYPES if kind != "phone"},
            "file": "answer_file",
        },
    ),
    "contact of somebody else": (
        FOREIGN,
        {},
        {
            **dict.fromkeys(ANSWER_TYPES, "answer_text"),
            "phone": "contact_other",
            "file": "answer_file",
        },
    ),
}
EVENTS = {
    "stop": (Answered("STOP"), timedelta(), ("stopped", "opted_out")),
    "لغو": (Answered("لغو"), timedelta(), ("stopped", "opted_out")),
    "exit": (Answered("خروج"), timedelta(), ("stopped", "exit_word")),
    "skip": (Answered("Skip"), timedelta(), ("skipped", "skip_word")),
    "timeout": (TimerDue(), DAY, ("timeout", "")),
    "late photo": (PHOTO, DAY, ("timeout", "late_answer")),
    "human answers": (TakenOver(), timedelta(), ("taken_over", "")),
    "erased": (Stopped("erased"), timedelta(), ("stopped", "erased")),
}


def asking(kind, **settings):
    """A room in which a question of a type is open."""
    choices = [{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}]
    settings = {"text": "?", "answer": kind, "choices": choices, **settings}
    room = Room(workflow("q", q=("ask", {}, settings)), AROUND)
    room.start()
    return room


@pytest.mark.parametrize("kind", ANSWER_TYPES)
def test_right_answer_is_taken_and_a_second_one_is_not(kind):
    answer, value = RIGHT[kind]
    room = asking(kind)
    room.happens(answer)
    assert room.log == [("q", 1, "answered", "")]
    assert room.state.answers["q"]["value"] == value
    # two quick messages, or the same webhook twice
    ended = room.state
    assert room.happens(answer) == []
    assert room.state is ended


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("kind", ANSWER_TYPES)
def test_other_answer_is_taken_or_its_problem_said(kind, name):
    answer, values, codes = ANSWERS[name]
    assert {*values, *codes} == set(ANSWER_TYPES)
    room = asking(kind)
    commands = room.happens(answer)
    if kind in values:
        assert room.log == [("q", 1, "answered", "")]
        assert room.state.answers["q"]["value"] == values[kind]
        return
    assert [each.code for each in commands] == [codes[kind]]
    assert room.state.status == "waiting"
    assert room.state.answers == {}
    # and the right one is taken after it
    right, value = RIGHT[kind]
    room.happens(right)
    assert room.state.answers["q"]["value"] == value


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("kind", ANSWER_TYPES)
def test_question_ends_as_well_by_anything_else(kind, name):
    event, later, way = EVENTS[name]
    room = asking(kind)
    room.happens(event, NOW + later)
    assert room.log == [("q", 1, *way)]
    assert room.state.answers == {}
    assert room.state.ended
    assert not room.state.waits_for_answer


@pytest.mark.parametrize("kind", ANSWER_TYPES)
def test_three_wrong_answers_are_enough(kind):
    room = asking(kind)
    for _turn in range(3):
        room.happens(Answered(" "))
    assert [each[2] for each in room.log] == ["invalid"]
