"""Phone numbers and e-mail addresses in what a customer writes: hints, no proof."""

import re

from .people import ContactError, parse_email, parse_phone
from .text import ascii_digits

MOST = 5  # hints of each kind that are looked at
LONGEST = 4_096  # characters of a text that are looked at
_EMAIL = re.compile(r"[^\s<>()\[\],;:]{1,64}@[\w.-]{3,190}")
_PHONE = re.compile(r"(?<![\w+])\+?\d(?:[ \-./()]{0,2}\d){7,14}(?!\w)")


def phones_in(text: str, region: str | None) -> list[str]:
    """Phone numbers in a text as E.164, each once, at most ``MOST``.

    :param region: ISO code of the country whose national numbers are meant
    """
    found = _PHONE.findall(ascii_digits(text[:LONGEST]))[:MOST]
    return _read(found, lambda phone: parse_phone(phone, region)[1])


def emails_in(text: str) -> list[str]:
    """E-mail addresses in a text in their normal form, each once, at most ``MOST``."""
    found = _EMAIL.findall(text[:LONGEST])[:MOST]
    return _read(found, lambda email: parse_email(email)[1])


def shared_phone(text: str, region: str | None) -> tuple[str, str] | None:
    """A number that somebody hands over: in international form, and as E.164.

    :param region: ISO code of the country whose national numbers are meant
    :return: ``None`` when it is no valid number
    """
    try:
        return parse_phone(text, region)
    except ContactError:
        return None


def _read(found, read) -> list[str]:
    values = []
    for text in found:
        try:
            values.append(read(text))
        except ContactError:
            continue
    return list(dict.fromkeys(values))
