"""Questions that wait to be sent: their time begins when they have gone out."""

from datetime import timedelta

import pytest
from test_workflow_asking import asking, closes, left
from workflow_kit import HOURS, NOW

from engine.workflow import Answered, Ask, Performed, TimerDue, Unsent, WentOut
from engine.workflow_asking import MOST_UNSENT

SECOND = timedelta(seconds=1)
DAY = 24 * HOURS
ONE_HOUR = {"amount": 1, "unit": "hours"}


def test_question_that_is_deferred_has_its_time_from_then():
    morning = NOW + 8 * HOURS
    room = asking({Ask: Performed(value=morning)}, remind_after=ONE_HOUR)
    assert room.state.due_at == morning + HOURS
    room.happens(TimerDue(), morning + HOURS)
    assert room.state.due_at == morning + DAY


def test_question_that_waits_to_be_sent_is_not_over_but_held():
    room = asking()
    assert room.happens(Unsent(), NOW + DAY) == []
    assert room.state.due_at == NOW + DAY + MOST_UNSENT
    assert room.state.waits_for_answer
    assert room.happens(WentOut(NOW + 2 * DAY), NOW + 2 * DAY + HOURS) == []
    assert room.state.due_at == NOW + 3 * DAY
    room.happens(TimerDue(), NOW + 3 * DAY)
    assert left(room) == ("timeout", "")


def test_question_that_is_answered_as_it_goes_out_is_answered():
    room = asking()
    room.happens(Unsent(), NOW + DAY)
    room.happens(Answered("Sara"), NOW + 2 * DAY)
    assert left(room) == ("answered", "")


@pytest.mark.parametrize("event", [Unsent(), TimerDue()])
def test_question_that_is_not_sent_for_a_week_is_given_up(event):
    room = asking()
    room.happens(Unsent(), NOW + DAY)
    room.happens(Unsent(), NOW + 2 * DAY)
    assert room.state.due_at == NOW + DAY + MOST_UNSENT
    room.happens(event, room.state.due_at)
    assert left(room) == ("not_sent", "too_late")
    assert closes(room) == 1


def test_question_that_has_gone_out_at_once_keeps_its_time():
    room = asking()
    waiting = room.state
    room.happens(WentOut(NOW + 30 * SECOND), NOW + HOURS)
    assert room.state is waiting
