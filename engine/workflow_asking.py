"""The waiting node: it asks, waits, reads the answer, asks again and saves.

A question is closed by the first of: a valid answer, a word that skips or exits, the
last attempt, the time limit, an opt-out, a person who takes over. Opt-out words win
over everything, also over a choice of that name; a choice wins over words that skip.
A word by which one may also cancel cancels, where it is a word that exits.
The time limit runs from when the question went out and is not prolonged by attempts.
What the gate defers goes out later than it was put: nobody waits for an answer before,
for a week at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from . import workflow_schedule as schedule
from .opt_out import may_cancel, read_word
from .workflow_answers import AnswerProblem, read
from .workflow_choices import choice_of
from .workflow_events import (
    Answered,
    Ask,
    Asked,
    CloseQuestion,
    Performed,
    Save,
    Say,
    WentOut,
)
from .workflow_nodes import Move, Place
from .workflow_words import has_word

QUEUED = "queued"
MOST_UNSENT = timedelta(days=7)  # for so long a question may wait to be sent
AT_ONCE = timedelta(minutes=1)  # what goes out within it was not deferred
YES_NO = ({"label": "", "payload": "yes"}, {"label": "", "payload": "no"})
CONTACT = ({"label": "", "request_contact": True},)


def enter(place: Place) -> Move:
    """The question is put."""
    config = place.config
    question = Ask(config["text"], config["channel"], buttons=_buttons(place))
    return place.stay(question, asking={"attempts": 0})


def performed(place: Place, event: Performed) -> Move:
    """What came of putting the question, or of saving the answer."""
    pending = place.state.asking.get("pending")
    if pending is not None:
        if event.edge == "invalid":
            code = event.value if isinstance(event.value, str) else ""
            return _invalid(place, code or "refused", {})
        return _answered(place, pending)
    if event.edge == QUEUED:
        return place.wait(None, status=QUEUED)
    if event.edge and event.edge in place.kind.edges:
        return place.leave(event.edge, _code(event.value))
    return _open(place, event.value if isinstance(event.value, datetime) else None)


def asked(place: Place, event: Asked) -> Move:
    """A question that was queued has gone out, or will not."""
    if event.sent:
        return _open(place)
    edge = "window_closed" if event.reason == "window_closed" else "not_sent"
    return place.leave(edge, event.reason, CloseQuestion())


def unsent(place: Place) -> Move:
    """It is time, but the question still waits to be sent: its time has not begun."""
    asking = place.state.asking
    if given := asking.get("give_up_at"):
        if place.now < _moment(given):
            return place.state, ()
        return place.leave("not_sent", "too_late", CloseQuestion())
    give_up_at = place.now + MOST_UNSENT
    attempts = asking.get("attempts", 0)
    asking = {"attempts": attempts, "give_up_at": give_up_at.isoformat()}
    return place.wait(give_up_at, waits_for_answer=True, asking=asking)


def went_out(place: Place, event: WentOut) -> Move:
    """The question that was put is sent: its time runs from then."""
    at = min(event.at, place.now)
    begun = place.state.asking.get("asked_at")
    if begun and abs(at - _moment(begun)) <= AT_ONCE:
        return place.state, ()
    return _open(place, at)


def taken_over(place: Place) -> Move:
    """A person goes on with the conversation."""
    return place.leave("taken_over", "", CloseQuestion())


def due(place: Place) -> Move:
    """It is time for the reminder, or over."""
    asking, config = place.state.asking, place.config
    if "expires_at" not in asking:
        return unsent(place)
    expires_at = _moment(asking["expires_at"])
    if place.now >= expires_at:
        return place.leave("timeout", "", CloseQuestion())
    reminder = Say(config["remind_text"] or config["text"], _buttons(place), "reminder")
    return place.wait(expires_at, reminder, asking={**asking, "reminded": True})


def answered(place: Place, event: Answered) -> Move:
    """The customer has written while the question was open."""
    at = min(event.at or place.now, place.now)
    if read_word(event.text) == "out" and not cancels(place, event.text, at):
        return place.leave("stopped", "opted_out", CloseQuestion())
    expires_at = place.state.asking.get("expires_at")
    if expires_at and at >= _moment(expires_at):
        return place.leave("timeout", "late_answer", CloseQuestion())
    config = place.config
    if not _is_choice(place, event):
        for words, edge, reason in (
            (config["exit_words"], "stopped", "exit_word"),
            (config["skip_words"], "skipped", "skip_word"),
        ):
            if has_word(event.text, words, "whole"):
                return place.leave(edge, reason, CloseQuestion(), text=event.text)
    try:
        value, text = read(
            config["answer"],
            event,
            _rule(place),
            _choices(place),
            place.around,
            at,
        )
    except AnswerProblem as problem:
        return _invalid(place, problem.code, problem.details)
    answer = {"value": value, "text": text}
    if not config["save_to"]:
        return _answered(place, answer)
    asking = {**place.state.asking, "pending": answer}
    save = Save(config["save_to"], value)
    return place.stay(save, status="running", asking=asking)


def cancels(place: Place, text: str, at: datetime) -> bool:
    """Whether a text that could opt out only ends the question at which a run waits.

    :param at: when it was written, UTC without a time zone
    """
    expires_at = place.state.asking.get("expires_at")
    return (
        bool(expires_at)
        and at < _moment(expires_at)
        and may_cancel(text)
        and has_word(text, place.config["exit_words"], "whole")
    )


def _open(place: Place, since: datetime | None = None) -> Move:
    """The question is out, or will be then: the time runs."""
    config, zone = place.config, place.around.zone
    since = since or place.now
    expires_at = schedule.after(since, config["wait"], zone)
    asking = {
        "attempts": place.state.asking.get("attempts", 0),
        "asked_at": since.isoformat(),
        "expires_at": expires_at.isoformat(),
    }
    due_at = expires_at
    if config["remind_after"]:
        remind_at = schedule.after(since, config["remind_after"], zone)
        due_at = min(remind_at, expires_at)
        asking["reminded"] = False
    return place.wait(due_at, waits_for_answer=True, asking=asking)


def _answered(place: Place, answer: dict) -> Move:
    answers = {**place.state.answers, place.state.node: answer}
    return place.leave(
        "answered", "", CloseQuestion(), answers=answers, text=answer["text"]
    )


def _invalid(place: Place, code: str, details: dict) -> Move:
    """Says why and waits on, or gives up after the last attempt."""
    asking = {k: v for k, v in place.state.asking.items() if k != "pending"}
    asking["attempts"] += 1
    if asking["attempts"] >= place.config["attempts"]:
        return place.leave("invalid", code, CloseQuestion())
    text = place.config["invalid_text"] or ""
    said = Say(text, _buttons(place), code, details)
    return place.wait(place.state.due_at, said, asking=asking)


def _is_choice(place: Place, event: Answered) -> bool:
    """Whether a choice is called just so."""
    if place.config["answer"] != "choice":
        return False
    labels = [each["label"] for each in _choices(place)]
    found, _labels = choice_of(event.text, event.payload, _choices(place))
    return found is not None and (
        bool(event.payload) or has_word(event.text, labels, "whole")
    )


def _choices(place: Place) -> list[dict]:
    """What can be chosen: of the question, else of the field that it is saved to."""
    listed = [dict(each) for each in place.config["choices"]]
    rule = _rule(place)
    if listed or rule is None:
        return listed
    return [
        {"label": next(iter(option.names), option.code), "value": option.code}
        for option in rule.options
        if option.active
    ]


def _buttons(place: Place) -> tuple[dict, ...]:
    kind = place.config["answer"]
    if kind == "choice":
        return tuple(
            {"label": each["label"], "payload": each.get("value") or each["label"]}
            for each in _choices(place)
        )
    return {"yes_no": YES_NO, "phone": CONTACT}.get(kind, ())


def _rule(place: Place):
    return place.around.rules.get(place.config["save_to"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _code(value) -> str:
    return value if isinstance(value, str) else ""
