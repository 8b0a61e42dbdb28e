"""Texts with ``{field}`` for values of the customer.

One pass: a value is put in as it is, whatever braces it holds. ``{{`` and ``}}`` stand
for a brace; a brace that belongs to nothing stays.
"""

import re
from collections.abc import Mapping

_PARTS = re.compile(r"\{\{|\}\}|\{([^{}\n]{1,80})\}")


def variables(text: str) -> list[str]:
    """Names in a template, each once, in their order; also those that nobody knows."""
    names = (part[1].strip() for part in _PARTS.finditer(text) if part[1])
    return list(dict.fromkeys(filter(None, names)))


def fill(text: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """(the text with its values, names without a value).

    :param values: {name: text}; ``None`` and an empty text are no value. Only what is
        in here can be told: it is the allow-list
    """
    missing: dict[str, None] = {}

    def value_of(part: re.Match) -> str:
        if not part[1] or not part[1].strip():
            return part[0][0] if not part[1] else part[0]
        name = part[1].strip()
        value = values.get(name)
        if value is None or value == "":
            missing[name] = None
            return ""
        return str(value)

    return _PARTS.sub(value_of, text), list(missing)
