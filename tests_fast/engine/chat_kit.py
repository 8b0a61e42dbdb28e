"""Recorded webhooks, one file for each kind, with the items that they become.

A file of ``fixtures/<provider>/`` is ``{"body": JSON}`` or ``{"raw": text}`` of a
request, and ``"items"`` as ``plain`` writes them; Instagram's have the ``account_id``.
"""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


def fixture_files(provider):
    """Files of a provider, by name."""
    return sorted(FIXTURES.joinpath(provider).glob("*.json"))


def body_of(fixture):
    """The bytes of the recorded request."""
    if "raw" in fixture:
        return fixture["raw"].encode()
    return json.dumps(fixture["body"], ensure_ascii=False).encode()


def plain(item):
    """An item as JSON: its type and what is not the default."""
    return {"type": type(item).__name__, **_values(item)}


def _values(item):
    return {
        each.name: _value(getattr(item, each.name))
        for each in fields(item)
        if getattr(item, each.name) != _default(each)
    }


def _default(each):
    return each.default if each.default_factory is MISSING else each.default_factory()


def _value(value):
    if is_dataclass(value):
        return _values(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    return value
