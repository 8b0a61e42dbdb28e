"""JSON of providers, read so that one odd value harms nothing but itself.

``engine.json_input`` refuses a whole request that is not clean. Here that would lose
messages: a provider sends what it has once, and up to a thousand items in one body. So
what can be read is read, and what is wrong with an item is an ``Odd`` of that item.
"""

import json
import math
import re
from datetime import datetime, timedelta

from .text import clean

MAX_DIGITS = 40  # of a whole number
MAX_DEPTH = 32  # of a value that is kept for the dead letters
_NESTING = 200  # of a body that Python's own reader gives up on
MAX_ID = 512  # characters; an index of PostgreSQL takes about 2,700 bytes
MAX_NAME = 256  # characters
# What no text of PostgreSQL can hold.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ID = re.compile(rf"[!-~]{{1,{MAX_ID}}}")
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
EPOCH = datetime.fromisoformat("1970-01-01")
# Neither service is older; what claims to be from later than that would stay on top.
_FIRST = datetime.fromisoformat("2010-01-01")
_LAST = datetime.fromisoformat("2100-01-01")


class Odd(ValueError):
    """What is wrong with an item, in English, without the item's own words."""


class Unreadable(str):
    """A number that Python or the database cannot hold, as it was written."""


def read_json(body: bytes):
    """The value of a body.

    Bytes that are no UTF-8 become U+FFFD, numbers without end ``Unreadable``; what is
    nested deeper than 200 when Python gives up becomes ``None``.

    :raises Odd: for what is not JSON
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        return _loads(text)
    except RecursionError:
        text = _without_depths(text)
    try:
        return _loads(text)
    except RecursionError as error:
        raise Odd("nested too deeply") from error


def _loads(text: str):
    try:
        return json.loads(
            text, parse_int=_int, parse_float=_float, parse_constant=Unreadable
        )
    except json.JSONDecodeError as error:
        raise Odd(f"not JSON at character {error.pos}") from error


def _int(text: str):
    return int(text) if len(text) <= MAX_DIGITS else Unreadable(text)


def _float(text: str):
    value = float(text)
    return value if math.isfinite(value) else Unreadable(text)


def _without_depths(text: str) -> str:
    """JSON text with ``null`` for what is nested deeper than ``_NESTING``."""
    kept, depth, since = [], 0, 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == _NESTING + 1:
                kept.append(text[since : token.start()])
        elif token[0] in "]}":
            depth -= 1
            if depth == _NESTING:
                kept.append("null")
                since = token.end()
    if depth <= _NESTING:
        kept.append(text[since:])
    return "".join(kept)


def shallow(value, depth: int = MAX_DEPTH):
    """A value as it is kept for people to look at: cut off where it is very deep."""
    if isinstance(value, dict):
        if not depth:
            return {}
        return {name: shallow(child, depth - 1) for name, child in value.items()}
    if isinstance(value, list):
        return [shallow(child, depth - 1) for child in value] if depth else []
    return value


def storable(text: str) -> str:
    """``text`` without what a database cannot hold: NUL and halves of characters."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub("", text)


# Parts of an object


def section(of: dict, key: str) -> dict:
    """The object under a key.

    :raises Odd: when there is none
    """
    value = of.get(key)
    if not isinstance(value, dict):
        raise Odd(f"{key}: an object is expected")
    return value


def section_or_none(of: dict, key: str) -> dict | None:
    """The object under a key, or ``None`` without it.

    :raises Odd: for anything else
    """
    return None if of.get(key) is None else section(of, key)


def items(of: dict, key: str) -> list:
    """The list under a key; empty without it.

    :raises Odd: for anything else
    """
    value = of.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Odd(f"{key}: a list is expected")
    return value


def words(of: dict, key: str) -> str:
    """The text under a key, as a database can hold it; empty without it.

    :raises Odd: for anything else
    """
    value = of.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or isinstance(value, Unreadable):
        raise Odd(f"{key}: a text is expected")
    return storable(value)


def note(of: dict, key: str, limit: int = MAX_NAME) -> str:
    """One line of text that is nice to have: empty for whatever is none."""
    value = of.get(key)
    if not isinstance(value, str) or isinstance(value, Unreadable):
        return ""
    return clean(storable(value[: 4 * limit]))[:limit].strip()


def flag(of: dict, key: str) -> bool:
    """Whether a key says true.

    :raises Odd: for what is neither true nor false
    """
    value = of.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Odd(f"{key}: true or false is expected")
    return value


def whole(of: dict, key: str, low: int, high: int) -> int:
    """The whole number under a key.

    :raises Odd: without one, or out of bounds
    """
    value = of.get(key)
    if type(value) is not int:
        raise Odd(f"{key}: a whole number is expected")
    if not low <= value <= high:
        raise Odd(f"{key}: out of range")
    return value


def size(of: dict, key: str) -> int:
    """A number of bytes that is nice to have: 0 for whatever is none."""
    value = of.get(key)
    return value if type(value) is int and 0 <= value < 2**50 else 0


def name_of(of: dict, key: str) -> str:
    """An id under a key, a text or a number, as text.

    :raises Odd: without one, and for what is too long for one or not printable ASCII
    """
    value = of.get(key)
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str) or isinstance(value, Unreadable):
        raise Odd(f"{key}: an id is expected")
    if not _ID.fullmatch(value):
        raise Odd(f"{key}: no id")
    return value


def moment(of: dict, key: str, per_second: int = 1) -> tuple[datetime, int]:
    """(UTC, rounded down to a second; what was left, in parts of a second).

    :param per_second: 1 for seconds since 1970, 1,000 for milliseconds
    :raises Odd: without one, and for what no service can have sent
    """
    value = whole(of, key, 0, 2**63 - 1)
    seconds, rest = divmod(value, per_second)
    if not timestamp(_FIRST) <= seconds < timestamp(_LAST):
        raise Odd(f"{key}: out of range")
    return EPOCH + timedelta(seconds=seconds), rest


def timestamp(date: datetime) -> int:
    """Whole seconds since 1970 of a time in UTC."""
    return int((date - EPOCH).total_seconds())
