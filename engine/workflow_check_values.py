"""Whether a setting of a workflow may have a value, by how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import webhook_target
from .opt_out import read_word
from .workflow_kinds import Setting
from .workflow_schedule import UNITS
from .workflow_words import plain

MAX_TEXT = 4_000  # characters of a message's template
MAX_WORD = 100  # characters of a word, a label, a key, a reference
MAX_LIST = 100  # words, names
MAX_CHOICES = 30
MAX_DOMAIN = 20_000  # characters of a condition
MAX_URL = 2_000  # characters
MAX_DURATION = 3_650  # days
_MINUTES = {"minutes": 1, "hours": 60, "days": 1_440, "weeks": 10_080}
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_BROKEN = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL has no place for these

Found = Iterator[tuple[str, dict]]


def value_problems(setting: Setting, value) -> Found:
    """What is wrong with a value: (code, details).

    Codes: setting_missing, setting_type, text_long, text_broken, number_low,
    number_high, option_unknown, list_long, clock_broken, weekday_broken, weekdays_none,
    duration_broken, duration_long, choice_empty, choice_twice, choice_opt_out, and of
    an address url_ with a code of ``engine.webhook_target.TargetError``.

    :param value: any JSON; ``None`` and what is empty are only missing where required
    """
    if is_empty(setting, value):
        if setting.required:
            yield "setting_missing", {}
        return
    yield from _CHECKS[setting.kind](setting, value)


def is_empty(setting: Setting, value) -> bool:
    """Whether a value says nothing: the setting's default counts.

    A list may be empty to say "none": it is missing only where it is required.
    """
    listed = setting.kind in ("words", "names", "choices")
    return value is None or value == "" or (listed and value == [])


def text_problems(value, limit: int) -> Found:
    """What is wrong with a text: setting_type, text_long, text_broken."""
    if not isinstance(value, str):
        yield "setting_type", {}
    elif len(value) > limit:
        yield "text_long", {"limit": limit, "length": len(value)}
    elif _BROKEN.search(value):
        yield "text_broken", {}


def is_whole(value) -> bool:
    """Whether JSON has a whole number here; yes and no are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _text(setting: Setting, value) -> Found:
    yield from text_problems(value, MAX_TEXT)
    if setting.required and isinstance(value, str) and not value.strip():
        yield "setting_missing", {}


def _number(setting: Setting, value) -> Found:
    if not is_whole(value):
        yield "setting_type", {}
    elif value < setting.least:
        yield "number_low", {"least": setting.least}
    elif value > setting.most:
        yield "number_high", {"most": setting.most}


def _choice(setting: Setting, value) -> Found:
    if not isinstance(value, str) or value not in setting.options:
        yield "option_unknown", {"options": list(setting.options)}


def _flag(setting: Setting, value) -> Found:
    if not isinstance(value, bool):
        yield "setting_type", {}


def _listed(value, limit: int) -> Found:
    if not isinstance(value, list | tuple):
        yield "setting_type", {}
    elif len(value) > limit:
        yield "list_long", {"limit": limit, "length": len(value)}


def _words(setting: Setting, value) -> Found:
    problems = list(_listed(value, MAX_LIST))
    yield from problems
    for word in () if problems else value:
        yield from text_problems(word, MAX_WORD)
        if isinstance(word, str) and not word.strip():
            yield "setting_type", {}


def _record(setting: Setting, value) -> Found:
    if not is_whole(value) or not 0 < value < 1 << 31:
        yield "setting_type", {}


def _names(setting: Setting, value) -> Found:
    problems = list(_listed(value, MAX_LIST))
    yield from problems
    for name in () if problems else value:
        yield from text_problems(name, MAX_WORD)


def _key(setting: Setting, value) -> Found:
    yield from text_problems(value, MAX_WORD)


def _domain(setting: Setting, value) -> Found:
    yield from text_problems(value, MAX_DOMAIN)


def _clock(setting: Setting, value) -> Found:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        yield "clock_broken", {}


def _weekdays(setting: Setting, value) -> Found:
    problems = list(_listed(value, 7))
    yield from problems
    if problems:
        return
    if not value:
        yield "weekdays_none", {}
    if not all(is_whole(day) and 0 <= day <= 6 for day in value):
        yield "weekday_broken", {}


def _duration(setting: Setting, value) -> Found:
    known = isinstance(value, dict) and set(value) == {"amount", "unit"}
    if not known or value["unit"] not in UNITS or not is_whole(value["amount"]):
        yield "duration_broken", {}
    elif value["amount"] < 1:
        yield "number_low", {"least": 1}
    elif minutes(value) > MAX_DURATION * _MINUTES["days"]:
        yield "duration_long", {"days": MAX_DURATION}


def minutes(duration: dict) -> int:
    """Length of a duration that is none the worse for clocks that change."""
    return duration["amount"] * _MINUTES[duration["unit"]]


def _choices(setting: Setting, value) -> Found:
    problems = list(_listed(value, MAX_CHOICES))
    yield from problems
    labels: set[str] = set()
    values: set[str] = set()
    for each in () if problems else value:
        problems = list(_one_choice(each))
        yield from problems
        if problems:
            continue
        if setting.name == "choices":
            yield from _told_apart(each, labels, values)


def _one_choice(each) -> Found:
    if not isinstance(each, dict) or set(each) - {"label", "value"}:
        yield "setting_type", {}
        return
    for part in ("label", "value"):
        yield from text_problems(each.get(part) or "", MAX_WORD)
    label = each.get("label")
    if not label or (isinstance(label, str) and not label.strip()):
        yield "choice_empty", {}


def _told_apart(each: dict, labels: set[str], values: set[str]) -> Found:
    """Whether an answer can mean this choice, and no other one."""
    label = each["label"]
    value = each.get("value") or label
    if plain(label) in labels or value in values:
        yield "choice_twice", {"label": label}
    labels.add(plain(label))
    values.add(value)
    if read_word(label) == "out":
        yield "choice_opt_out", {"label": label}


def _url(setting: Setting, value) -> Found:
    problems = list(text_problems(value, MAX_URL))
    yield from problems
    if problems:
        return
    try:
        webhook_target.read(value, webhook_target.ANY_PORT)
    except webhook_target.TargetError as error:
        yield f"url_{error.code}", {}


_CHECKS = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "flag": _flag,
    "words": _words,
    "names": _names,
    "record": _record,
    "field": _key,
    "domain": _domain,
    "duration": _duration,
    "clock": _clock,
    "weekdays": _weekdays,
    "choices": _choices,
    "url": _url,
}
