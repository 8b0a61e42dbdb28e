"""The waiting node: every way out of a question, and what is said on the way."""

from datetime import timedelta

import pytest
from workflow_kit import HOURS, NOW, Room, workflow

from engine.field_rules import FieldRule, Option
from engine.workflow import (
    Answered,
    Ask,
    Asked,
    CloseQuestion,
    Performed,
    Save,
    Say,
    Started,
    Stopped,
    Surroundings,
    TakenOver,
    TimerDue,
    step,
)

SECOND = timedelta(seconds=1)
DAY = 24 * HOURS
EDGES = (
    *("answered", "invalid", "timeout", "skipped", "stopped", "taken_over"),
    *("window_closed", "not_sent"),
)
COLOURS = [{"label": "Red", "value": "r"}, {"label": "Skip", "value": "s"}]
CONTACT = ({"label": "", "request_contact": True},)
RULES = {
    "phone": FieldRule("phone", "phone"),
    "age": FieldRule("age", "number", minimum=18),
    "shade": FieldRule(
        "shade",
        "select",
        options=(
            Option("r", ("Red", "قرمز")),
            Option("b", ("Blue",)),
            Option("old", ("Old",), active=False),
        ),
    ),
}
AROUND = Surroundings("Asia/Tehran", "jalali", "IR", RULES)


def asking(answers=None, /, **settings):
    """A room in which a question has been put; every edge goes to a node."""
    nodes = {edge: ("add_tag", {}, {"tag": 1}) for edge in EDGES}
    settings = {"text": "Well?", **settings}
    following = {edge: edge for edge in EDGES}
    definition = workflow("q", q=("ask", following, settings), **nodes)
    room = Room(definition, AROUND, answers=answers or {})
    room.start()
    return room


def left(room):
    """(edge, reason) by which the question was left, or ``None``."""
    found = [(edge, reason) for node, _v, edge, reason in room.log if node == "q"]
    assert len(found) <= 1
    return found[0] if found else None


def closes(room):
    return room.commands.count(CloseQuestion())


def test_question_is_put_and_waits():
    room = asking()
    assert room.commands == [Ask("Well?")]
    state = room.state
    assert (state.status, state.waits_for_answer) == ("waiting", True)
    assert state.due_at == NOW + DAY
    assert state.burst == 0
    assert state.asking == {
        "attempts": 0,
        "asked_at": "2026-03-02T10:00:00",
        "expires_at": "2026-03-03T10:00:00",
    }


@pytest.mark.parametrize(
    ("settings", "buttons"),
    [
        ({"answer": "phone"}, CONTACT),
        (
            {"answer": "yes_no"},
            ({"label": "", "payload": "yes"}, {"label": "", "payload": "no"}),
        ),
        (
            {"answer": "choice", "choices": [{"label": "A"}, *COLOURS]},
            (
                {"label": "A", "payload": "A"},
                {"label": "Red", "payload": "r"},
                {"label": "Skip", "payload": "s"},
            ),
        ),
        (
            {"answer": "choice", "save_to": "shade"},
            ({"label": "Red", "payload": "r"}, {"label": "Blue", "payload": "b"}),
        ),
        ({"answer": "text"}, ()),
    ],
)
def test_question_has_buttons(settings, buttons):
    assert asking(**settings).commands[0].buttons == buttons


def test_answer_is_kept_and_closes_the_question():
    room = asking()
    room.happens(Answered(" سارا "), NOW + HOURS)
    assert left(room) == ("answered", "")
    assert room.state.answers == {"q": {"value": "سارا", "text": "سارا"}}
    assert room.state.text == "سارا"
    assert closes(room) == 1
    assert room.state.asking == {}
    assert not room.state.waits_for_answer


def test_answer_is_saved_before_the_question_is_closed():
    room = asking(answer="phone", save_to="phone")
    commands = room.happens(Answered("۰۹۱۲۱۲۳۴۵۶۷"))
    assert commands[:2] == [Save("phone", "+989121234567"), CloseQuestion()]
    assert room.state.answers["q"]["value"] == "+989121234567"


def test_answer_that_the_field_refuses_is_asked_for_again():
    refused = {Save: Performed("invalid", "phone_taken")}
    room = asking(refused, answer="phone", save_to="phone", attempts=2)
    commands = room.happens(Answered("09121234567"))
    assert commands[1:] == [Say("", CONTACT, "phone_taken")]
    assert room.state.status == "waiting"
    assert room.state.answers == {}
    assert room.state.due_at == NOW + DAY
    room.happens(Answered("09121234567"))
    assert left(room) == ("invalid", "phone_taken")


def test_rules_of_the_field_say_why():
    room = asking(answer="number", save_to="age", invalid_text="Again, {name}")
    (said,) = room.happens(Answered("۱۷"))
    assert said == Say("Again, {name}", (), "number_below", {"minimum": 18})


def test_attempts_are_counted_and_do_not_prolong_the_time():
    room = asking(answer="number")
    for turn in (1, 2):
        (said,) = room.happens(Answered("x"), NOW + turn * HOURS)
        assert said.code == "number_unknown"
        assert room.state.asking["attempts"] == turn
        assert room.state.due_at == NOW + DAY
    commands = room.happens(Answered("x"), NOW + 3 * HOURS)
    assert not any(isinstance(each, Say) for each in commands)
    assert left(room) == ("invalid", "number_unknown")
    assert closes(room) == 1


@pytest.mark.parametrize("text", ["STOP", "لغو", "/stop", "« لغو »", "لغو ۱۱"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"answer": "phone", "save_to": "phone"},
        {"answer": "choice", "choices": [{"label": "Stop"}, {"label": "لغو"}]},
        {"skip_words": ["stop", "لغو"], "exit_words": []},
    ],
)
def test_opt_out_wins_over_everything(text, settings):
    room = asking(**settings)
    room.happens(Answered(text))
    assert left(room) == ("stopped", "opted_out")
    assert room.state.answers == {}
    assert closes(room) == 1


@pytest.mark.parametrize(
    ("text", "settings", "way"),
    [
        ("skip", {}, ("skipped", "skip_word")),
        ("Skip!", {}, ("skipped", "skip_word")),
        ("رد كن", {}, ("skipped", "skip_word")),
        ("cancel", {}, ("stopped", "exit_word")),
        ("خروج", {}, ("stopped", "exit_word")),
        ("انصراف.", {}, ("stopped", "exit_word")),
        ("انصراف", {"exit_words": ["خروج"]}, ("stopped", "opted_out")),
        ("انصراف از عضویت", {}, ("stopped", "opted_out")),
        ("لغو", {"exit_words": ["لغو"]}, ("stopped", "opted_out")),
        ("later", {"skip_words": ["later"]}, ("skipped", "skip_word")),
        ("skip", {"skip_words": ["later"]}, ("answered", "")),
        ("skip", {"skip_words": []}, ("answered", "")),
        ("cancel", {"exit_words": []}, ("answered", "")),
        ("please skip", {}, ("answered", "")),
        # what can be chosen is chosen
        ("skip", {"answer": "choice", "choices": COLOURS}, ("answered", "")),
        ("رد", {"answer": "choice", "choices": COLOURS}, ("skipped", "skip_word")),
    ],
)
def test_words_skip_and_exit(text, settings, way):
    room = asking(**settings)
    room.happens(Answered(text))
    assert left(room) == way
    assert closes(room) == 1


def test_time_limit_ends_the_question():
    room = asking(wait={"amount": 2, "unit": "hours"})
    waiting = room.state
    room.happens(TimerDue(), NOW + 2 * HOURS - SECOND)
    assert room.state is waiting
    room.happens(TimerDue(), NOW + 2 * HOURS)
    assert left(room) == ("timeout", "")
    assert closes(room) == 1


@pytest.mark.parametrize(
    ("written", "now", "way"),
    [
        # in time, however late it arrives
        (DAY - SECOND, DAY + HOURS, ("answered", "")),
        (None, DAY - SECOND, ("answered", "")),
        # too late, also when the timer was not worked off yet
        (DAY, DAY + HOURS, ("timeout", "late_answer")),
        (None, DAY, ("timeout", "late_answer")),
        # a clock that is ahead does not make it late
        (DAY + HOURS, DAY - SECOND, ("answered", "")),
    ],
)
def test_answer_counts_by_when_it_was_written(written, now, way):
    room = asking()
    at = None if written is None else NOW + written
    room.happens(Answered("Sara", at=at), NOW + now)
    assert left(room) == way
    assert bool(room.state.answers) == (way[0] == "answered")


@pytest.mark.parametrize("text", ["stop", "انصراف"])
def test_opt_out_that_is_late_is_one(text):
    room = asking()
    room.happens(Answered(text), NOW + 2 * DAY)
    assert left(room) == ("stopped", "opted_out")


def test_reminder_comes_once():
    room = asking(answer="phone", remind_after={"amount": 2, "unit": "hours"})
    assert room.state.due_at == NOW + 2 * HOURS
    commands = room.happens(TimerDue(), NOW + 2 * HOURS)
    assert commands == [Say("Well?", CONTACT, "reminder")]
    assert room.state.asking["reminded"] is True
    assert room.state.due_at == NOW + DAY
    assert room.happens(TimerDue(), NOW + 3 * HOURS) == []
    room.happens(Answered("09121234567"), NOW + 4 * HOURS)
    assert left(room) == ("answered", "")


def test_reminder_has_words_of_its_own():
    hour = {"amount": 1, "unit": "hours"}
    room = asking(remind_after=hour, remind_text="Still there?")
    (said,) = room.happens(TimerDue(), NOW + HOURS)
    assert said.text == "Still there?"


def test_attempt_does_not_put_off_the_reminder():
    room = asking(answer="number", remind_after={"amount": 1, "unit": "hours"})
    room.happens(Answered("x"), NOW + 0.5 * HOURS)
    assert room.state.due_at == NOW + HOURS


def test_time_that_is_over_needs_no_reminder():
    room = asking(remind_after={"amount": 1, "unit": "hours"})
    commands = room.happens(TimerDue(), NOW + 2 * DAY)
    assert not any(isinstance(each, Say) for each in commands)
    assert left(room) == ("timeout", "")


def test_reminder_later_than_the_limit_never_comes():
    limit = {"amount": 1, "unit": "hours"}
    room = asking(wait=limit, remind_after={"amount": 2, "unit": "hours"})
    room.happens(TimerDue(), NOW + HOURS)
    assert left(room) == ("timeout", "")


def test_person_takes_over():
    room = asking()
    room.happens(TakenOver())
    assert left(room) == ("taken_over", "")
    assert closes(room) == 1


@pytest.mark.parametrize("edge", ["window_closed", "not_sent"])
def test_question_that_cannot_be_put_has_a_way_of_its_own(edge):
    room = asking({Ask: Performed(edge, "blocked")})
    assert left(room) == (edge, "blocked")
    assert closes(room) == 0


def test_queued_question_has_its_time_from_when_it_goes_out():
    room = asking({Ask: Performed("queued")})
    state = room.state
    assert (state.status, state.due_at, state.waits_for_answer) == (
        "queued",
        None,
        False,
    )
    assert room.happens(Answered("early")) == []
    assert room.happens(TimerDue(), NOW + 9 * DAY) == []
    assert room.state is state
    room.happens(Asked(True), NOW + 10 * DAY)
    assert room.state.due_at == NOW + 11 * DAY
    room.happens(Answered("Sara"), NOW + 10.5 * DAY)
    assert left(room) == ("answered", "")


@pytest.mark.parametrize("put", ["queued", ""])
@pytest.mark.parametrize(
    ("event", "way"),
    [
        (Asked(False, "window_closed"), ("window_closed", "window_closed")),
        (Asked(False, "blocked"), ("not_sent", "blocked")),
        (TakenOver(), ("taken_over", "")),
    ],
)
def test_question_may_never_arrive(event, way, put):
    room = asking({Ask: Performed(put)})
    room.happens(event)
    assert left(room) == way
    assert closes(room) == 1


@pytest.mark.parametrize("queued", [True, False])
def test_stop_closes_the_question(queued):
    room = asking({Ask: Performed("queued" if queued else "")})
    assert room.happens(Stopped("opted_out")) == [CloseQuestion()]
    assert left(room) == ("stopped", "opted_out")
    assert (room.state.status, room.state.outcome) == ("stopped", "opted_out")
    assert room.state.asking == {}


@pytest.mark.parametrize("event", [Started(), Performed("answered"), Asked(True)])
def test_open_question_lets_other_events_pass(event):
    room = asking()
    waiting = room.state
    assert room.happens(event) == []
    assert room.state is waiting


def test_second_of_two_quick_messages_changes_nothing():
    room = asking()
    room.happens(Answered("Sara"))
    ended = room.state
    room.happens(Answered("Ahmadi"))
    assert room.state is ended
    assert room.state.answers["q"]["value"] == "Sara"


def test_question_in_a_loop_counts_its_attempts_anew():
    definition = workflow(
        "q", q=("ask", {"invalid": "q"}, {"text": "?", "answer": "number"})
    )
    room = Room(definition)
    room.start()
    for _turn in range(6):
        room.happens(Answered("x"))
    assert room.log == [
        ("q", 1, "invalid", "number_unknown"),
        ("q", 2, "invalid", "number_unknown"),
    ]
    assert (room.state.visit, room.state.asking["attempts"]) == (3, 0)


def test_time_limit_in_days_ends_at_the_same_local_hour():
    definition = workflow("q", q=("ask", {}, {"text": "?"}))
    room = Room(definition, Surroundings("Europe/Berlin"))
    room.happens(Started(), NOW.replace(day=28, hour=12))
    assert room.state.due_at == NOW.replace(day=29, hour=11)


def test_words_of_a_started_message_are_those_of_the_answer_later():
    definition = workflow(
        "c",
        c=("condition", {"yes": "q"}, {"words": ["price"]}),
        q=("ask", {"answered": "d"}, {"text": "?"}),
        d=("condition", {}, {"words": ["price"]}),
    )
    room = Room(definition)
    room.start("the price please")
    room.happens(Answered("Sara"))
    assert room.path == [("c", "yes"), ("q", "answered"), ("d", "no")]


@pytest.mark.parametrize("event", [TakenOver(), Answered("x"), Stopped("by_hand")])
def test_step_never_changes_what_it_was_given(event):
    room = asking(answer="number")
    before = room.state.as_json()
    step(room.definition, room.state, event, NOW, AROUND)
    assert room.state.as_json() == before
