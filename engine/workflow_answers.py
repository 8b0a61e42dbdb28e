"""What a customer has answered to a question, normalised and checked.

Values as JSON has them: text, e-mail, phone (E.164) and the value of a choice as str,
number as float, yes or no as bool, date as "YYYY-MM-DD", date and time as ISO 8601 with
the customer's offset, files as a list of {kind, attachment_id, name, mime}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from .calendars import DateError, parse_date
from .contact_hints import emails_in, phones_in
from .field_rules import FieldRule, ValueContext, ValueProblem
from .field_values import read_value, show_value
from .text import ascii_digits, clean_lines, match_key
from .workflow_choices import choice_of
from .workflow_events import Answered
from .workflow_state import Surroundings
from .workflow_words import plain

FILES = ("photo", "document", "video", "voice", "audio", "animation", "video_note")
_TYPES = {  # of fields that read an answer
    "text": "text",
    "number": "number",
    "email": "email",
    "phone": "phone",
    "date": "date",
    "yes_no": "boolean",
}
_YES = (
    "yep yeah yup ok okay sure correct 👍 👌 باشه باشد حتما اوکی اوهوم موافقم میخواهم"
)
_NO = "nope nah never 👎 نمیخواهم نمیخوام مخالفم هرگز"
_YES_NO = {
    **dict.fromkeys(map(match_key, _YES.split()), True),
    **dict.fromkeys(map(match_key, _NO.split()), False),
}
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_DAY_WORDS = {
    "today": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "امروز": 0,
    "فردا": 1,
    "پسفردا": 2,
    "پس فردا": 2,
    "دیروز": -1,
}
_SHORT_JALALI = re.compile(r"\s*([3-9]\d)\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\b")
_FULL_HOUR = re.compile(r"\b((?:at|ساعت)\s+\d{1,2})$", re.IGNORECASE)
_AT = re.compile(r"[\s,،]+(?:(?:at|ساعت)\s+)?(?=\d{1,2}:\d\d)", re.IGNORECASE)


class AnswerProblem(ValueError):
    """An answer that cannot be taken.

    :param code: why: answer_empty, answer_text (a file where words are wanted),
        answer_file (words where a file is wanted), contact_other (the contact of
        somebody else), datetime_time (a day without a time), choice_unknown,
        choice_unclear, or a code of ``engine.field_values.ValueProblem``
    :param details: what the sentence of this code mentions
    """

    def __init__(self, code: str, details: Mapping | None = None):
        super().__init__(code)
        self.code = code
        self.details = dict(details or {})


def read(
    kind: str,
    answer: Answered,
    rule: FieldRule | None,
    choices: Iterable[Mapping],
    around: Surroundings,
    now: datetime | None = None,
) -> tuple[object, str]:
    """What an answer says: (value, the same in words).

    :param kind: of ``engine.workflow_kinds.ANSWER_TYPES``
    :param rule: of the field that it is saved to; its own rules count
    :param choices: {label, value} in their order, of a choice
    :param now: UTC, for "tomorrow"; without it such words say nothing
    :raises AnswerProblem: see there
    """
    if kind == "file":
        return _file(answer)
    if kind == "choice":
        value, label = _choice(answer, choices)
        return _as_json(_for_field(rule, value, around)), label
    text = _words(kind, answer)
    if kind == "datetime":
        moment = _moment(text, around, now)
        value = moment.isoformat()
        if rule is not None:
            given = moment.date() if rule.type == "date" else value
            value = _as_json(_for_field(rule, given, around))
        return value, text
    if kind == "date":
        text = _day_text(text, around, now)
    if kind == "yes_no":
        text = _yes_no_text(text, answer.payload)
    value = _plain(kind, text, rule, around)
    return value, clean_lines(answer.text) or text


def _words(kind: str, answer: Answered) -> str:
    """The text of an answer, which may stand below a photo."""
    if answer.kind == "contact":
        if kind == "phone" and not answer.phone:
            raise AnswerProblem("contact_other")
        if kind == "phone":
            return answer.phone
    text = clean_lines(answer.text)
    if text or answer.payload:
        return text
    wordless = bool(answer.media) or answer.kind not in ("", "text")
    raise AnswerProblem("answer_text" if wordless else "answer_empty")


def _file(answer: Answered) -> tuple[list, str]:
    media = [dict(each) for each in answer.media if each.get("kind") in FILES]
    if not media:
        raise AnswerProblem("answer_file")
    text = clean_lines(answer.text)
    names = [str(each.get("name") or each["kind"]) for each in media]
    return media, text or ", ".join(names)


def _choice(answer: Answered, choices: Iterable[Mapping]) -> tuple[str, str]:
    if not answer.payload:
        _words("choice", answer)
    found, labels = choice_of(answer.text, answer.payload, choices)
    if found is not None:
        return found["value"], found["label"]
    raise AnswerProblem(
        "choice_unclear" if labels else "choice_unknown",
        {"labels": labels or [each["label"] for each in choices]},
    )


# Values that fields read


def _plain(kind: str, text: str, rule: FieldRule | None, around: Surroundings):
    own = FieldRule(key="", type=_TYPES[kind])
    if rule is not None and rule.type == own.type:
        own = rule
    try:
        value = read_value(own, text, _context(around))
    except ValueProblem as problem:
        hint = _hint(kind, text, around)
        if hint is None:
            raise AnswerProblem(problem.code, problem.details) from problem
        value = _for_field(own, hint, around)
    if value is None:
        raise AnswerProblem("answer_empty")
    if own is not rule and rule is not None:
        value = _for_field(rule, _between(own, value, rule), around)
    return _as_json(value)


def _between(own: FieldRule, value, rule: FieldRule):
    """A value of one type as the input of a field of another."""
    return value if rule.type == "date" else show_value(own, value)


def _for_field(rule: FieldRule | None, value, around: Surroundings):
    if rule is None:
        return value
    try:
        return read_value(rule, value, _context(around))
    except ValueProblem as problem:
        raise AnswerProblem(problem.code, problem.details) from problem


def _hint(kind: str, text: str, around: Surroundings) -> str | None:
    """The one address or number in a sentence."""
    found = []
    if kind == "email":
        found = emails_in(text)
    if kind == "phone":
        found = phones_in(text, around.country or None)
    return found[0] if len(found) == 1 else None


def _context(around: Surroundings) -> ValueContext:
    order = "mdy" if around.country == "US" else "dmy"
    return ValueContext(region=around.country or None, date_order=order)


def _as_json(value):
    return value.isoformat() if isinstance(value, date) else value


def _yes_no_text(text: str, payload: str) -> str:
    """The answer as a word that a field of yes or no reads."""
    if payload in ("yes", "no"):
        return payload
    for word in (_SKIN.sub("", match_key(text)), plain(text)):
        if word in _YES_NO:
            return "yes" if _YES_NO[word] else "no"
    return text


# Days and times


def _day_text(text: str, around: Surroundings, now: datetime | None) -> str:
    """A day in words, or in the short form of the Jalali calendar, as one to read."""
    away = _DAY_WORDS.get(plain(text))
    if away is not None and now is not None:
        zone = ZoneInfo(around.zone)
        today = now.replace(tzinfo=timezone.utc).astimezone(zone).date()
        return (today + timedelta(days=away)).isoformat()
    short = _SHORT_JALALI.match(ascii_digits(text))
    if around.calendar == "jalali" and short:
        # no month has such a day, so it is the year, and of the last century
        return f"13{short[1]}/{short[2]}/{short[3]}{ascii_digits(text)[short.end() :]}"
    return text


def _moment(text: str, around: Surroundings, now: datetime | None) -> datetime:
    """A day and time with the customer's offset."""
    if len(text) > 100:
        raise AnswerProblem("date_unknown")
    text = ascii_digits(text.replace("\u200c", " ")).strip()
    text = _FULL_HOUR.sub(r"\1:00", text)
    day, *clock = _AT.split(text, maxsplit=1)
    order = _context(around).date_order
    try:
        said = parse_date(" ".join([_day_text(day, around, now), *clock]), order)
        if not isinstance(said, datetime):
            raise AnswerProblem("datetime_time")
        zone = ZoneInfo(around.zone)
        if said.tzinfo is None:
            said = said.replace(tzinfo=zone)
        # by way of UTC: a time that clocks jump over becomes one that there is
        return said.astimezone(timezone.utc).astimezone(zone)
    except DateError as error:
        raise AnswerProblem(error.code) from error
    except OverflowError as error:
        raise AnswerProblem("date_year") from error
