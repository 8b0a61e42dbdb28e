"""JSON from strangers: read strictly, and checked against a schema.

The schemas are those of the OpenAPI document (JSON Schema 2020-12); of its words only
those in ``_CHECKS`` are understood, and a schema with any other is refused.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

MAX_DEPTH = 16
MAX_DIGITS = 40  # of a whole number
MAX_VIOLATIONS = 100
_BAD_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


class JsonError(ValueError):
    """Bytes that are not JSON as it is wanted. ``code``: utf8, syntax, number,
    duplicate_key, depth, character; ``pointer``: where, if known."""

    def __init__(self, code: str, pointer: str = "", value: str = ""):
        super().__init__(code)
        self.code = code
        self.pointer = pointer
        self.value = value


@dataclass(frozen=True)
class Violation:
    """What a value has that its schema forbids, or lacks.

    :param pointer: JSON pointer to the value (RFC 6901)
    :param code: the word of the schema, e.g. ``required``
    :param details: what the sentence about it mentions
    """

    pointer: str
    code: str
    details: dict = field(default_factory=dict)


def parse_json(raw: bytes):
    """The value that JSON text stands for.

    :raises JsonError: for anything that cannot be stored or is ambiguous: no UTF-8,
        keys that occur twice, infinite numbers, NUL characters, half characters
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except UnicodeDecodeError as error:
        raise JsonError("utf8") from error
    except RecursionError as error:
        raise JsonError("depth") from error
    except json.JSONDecodeError as error:
        raise JsonError("syntax", value=f"{error.lineno}:{error.colno}") from error
    _check_texts(value, "", 0)
    return value


def _object(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonError("duplicate_key", value=twice[:80])
    return found


def _no_constant(text: str):
    raise JsonError("number", value=text)


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JsonError("number", value=text[:40])
    return value


def _int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise JsonError("number", value=text[:40])
    return int(text)


def _check_texts(value, pointer: str, depth: int) -> None:
    """Refuse texts that no database can store, and nesting without end."""
    if depth > MAX_DEPTH:
        raise JsonError("depth", pointer)
    if isinstance(value, str):
        if not is_storable(value):
            raise JsonError("character", pointer)
    elif isinstance(value, dict):
        for name, child in value.items():
            if not is_storable(name):
                raise JsonError("character", pointer)
            _check_texts(child, f"{pointer}/{escaped(name)}", depth + 1)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _check_texts(child, f"{pointer}/{index}", depth + 1)


def is_storable(text: str) -> bool:
    """Whether a text has no character that a database refuses."""
    return not _BAD_CHARACTERS.search(text)


def escaped(name: str) -> str:
    """A key as part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


# Schemas


def violations(
    value, schema: dict, pointer: str = "", limit: int | None = MAX_VIOLATIONS
) -> list[Violation]:
    """What in a value a schema does not allow; at most ``limit``, or all of it."""
    return list(islice(_violations(value, schema, pointer), limit))


def _violations(value, schema: dict, pointer: str) -> Iterator[Violation]:
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if kinds and not any(_TYPES[kind](value) for kind in kinds):
        yield Violation(pointer, "type", {"expected": ", ".join(kinds)})
        return
    for word, wanted in schema.items():
        if word in _NOTES or value is None:
            continue
        yield from _CHECKS[word](value, wanted, schema, pointer)


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": _is_number,
    "integer": lambda value: _is_number(value) and value == int(value),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}
# Words that only describe.
_NOTES = frozenset(
    ("type", "title", "description", "examples", "default", "format", "readOnly")
)


def _enum(value, wanted, _schema, pointer):
    if value not in wanted:
        expected = ", ".join(str(choice) for choice in wanted if choice is not None)
        yield Violation(pointer, "enum", {"expected": expected})


def _bounds(code, kind, measure, fits):
    """A check of a size against a bound."""

    def check(value, wanted, _schema, pointer):
        if kind(value) and not fits(measure(value), wanted):
            yield Violation(pointer, code, {"limit": wanted})

    return check


def _pattern(value, wanted, _schema, pointer):
    if isinstance(value, str) and not _compiled(wanted).search(value):
        yield Violation(pointer, "pattern", {"expected": wanted})


@lru_cache(maxsize=200)
def _compiled(pattern: str) -> re.Pattern:
    # "$" of schemas is the very end, that of Python also before a last line end
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def _required(value, wanted, _schema, pointer):
    if isinstance(value, dict):
        for name in wanted:
            if name not in value:
                place = f"{pointer}/{escaped(name)}"
                yield Violation(place, "required", {"name": name})


def _properties(value, wanted, schema, pointer):
    if not isinstance(value, dict):
        return
    others = schema.get("additionalProperties", True)
    for name, child in value.items():
        place = f"{pointer}/{escaped(name)}"
        if name in wanted:
            yield from _violations(child, wanted[name], place)
        elif others is False:
            yield Violation(place, "unknown", {"name": name[:80]})


def _additional(value, wanted, schema, pointer):
    if isinstance(value, dict) and isinstance(wanted, dict):
        for name, child in value.items():
            if name not in schema.get("properties", ()):
                place = f"{pointer}/{escaped(name)}"
                yield from _violations(child, wanted, place)


def _items(value, wanted, _schema, pointer):
    if isinstance(value, list):
        for index, child in enumerate(value):
            yield from _violations(child, wanted, f"{pointer}/{index}")


def _unique(value, wanted, _schema, pointer):
    if wanted and isinstance(value, list):
        shown = [json.dumps(child, sort_keys=True) for child in value]
        if len(set(shown)) < len(shown):
            yield Violation(pointer, "uniqueItems")


def _at_least(size, limit):
    return size >= limit


def _at_most(size, limit):
    return size <= limit


_CHECKS = {
    "enum": _enum,
    "minLength": _bounds("minLength", _TYPES["string"], len, _at_least),
    "maxLength": _bounds("maxLength", _TYPES["string"], len, _at_most),
    "pattern": _pattern,
    "minimum": _bounds("minimum", _is_number, lambda value: value, _at_least),
    "maximum": _bounds("maximum", _is_number, lambda value: value, _at_most),
    "minItems": _bounds("minItems", _TYPES["array"], len, _at_least),
    "maxItems": _bounds("maxItems", _TYPES["array"], len, _at_most),
    "minProperties": _bounds("minProperties", _TYPES["object"], len, _at_least),
    "maxProperties": _bounds("maxProperties", _TYPES["object"], len, _at_most),
    "uniqueItems": _unique,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
}
