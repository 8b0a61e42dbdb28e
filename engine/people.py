"""Ways to reach a person: e-mail addresses and phone numbers, in one form each."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)

from .numbering_plans import split
from .text import ascii_digits, clean

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\\\"']+@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)
_NAMED = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>")
_PHONE_MARKS = re.compile(r"[\s\-\u2010-\u2015./()\u00a0]+")
_PLAIN = re.compile(r"\+[0-9]{3,25}")
_EXTENSION = re.compile(r"(?:ext\.?|x|داخلی|#)\s*\d{1,7}$", re.IGNORECASE)


class ContactError(ValueError):
    """An address or number that cannot be used. ``code``: email_unknown,
    email_several, phone_unknown, phone_several, phone_scientific, phone_short,
    phone_long, phone_country, phone_invalid; phone_home: a national number, and
    no region given."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def parse_email(text: str) -> tuple[str, str]:
    """An e-mail address as written (without a name around it) and its normal form.

    The normal form is what Odoo stores as ``email_normalized``: lower case, but for a
    local part that is not ASCII.

    :raises ContactError: see there
    """
    text = clean(text)
    if named := _NAMED.fullmatch(text):
        text = named[1]
    text = text.removeprefix("mailto:").strip(" .,;'\"")
    if not _ADDRESS.fullmatch(text) or len(text) > 254 or ".." in text:
        several = len(re.findall(r"\S@\S", text)) > 1
        raise ContactError("email_several" if several else "email_unknown")
    local, _at, domain = text.rpartition("@")
    return text, f"{local.lower() if local.isascii() else local}@{domain.lower()}"


def parse_phone(text: str, region: str | None) -> tuple[str, str]:
    """A phone number in international form, and as E.164 (``+989121234567``).

    :param region: ISO code of the country whose national numbers are meant
    :raises ContactError: see there
    """
    try:
        return _international(text) or _parse_digits(_digits(text), region)
    except ContactError as error:
        if region or not _is_national(text):
            raise
        raise ContactError("phone_home") from error


def _is_national(text: str) -> bool:
    """Whether a number lacks its calling code."""
    abroad = ascii_digits(text).lstrip(" (").startswith(("+", "00"))
    return not abroad and any(map(str.isdigit, text))


def _digits(text: str) -> str:
    return _PHONE_MARKS.sub("", _EXTENSION.sub("", ascii_digits(clean(text))))


@lru_cache(maxsize=1_000)
def _parse_digits(digits: str, region: str | None) -> tuple[str, str]:
    if not re.fullmatch(r"\+?\d{3,25}", digits):
        raise ContactError(_disorder(digits))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if found := _international(digits):
        return found
    number = _valid(digits, region)
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return shown, "+" + re.sub(r"\D", "", shown)


def _disorder(digits: str) -> str:
    """Code of why something is no single number."""
    if re.search(r"\d[eE]\+?\d", digits):
        return "phone_scientific"
    if re.search(r"\d[,;&|]\+?\d", digits) or digits.count("+") > 1:
        return "phone_several"
    return "phone_unknown"


def _valid(digits: str, region: str | None) -> PhoneNumber:
    """A number in any writing, if it is valid.

    :raises ContactError: see there
    """
    number = _parse(digits, region)
    if phonenumbers.is_valid_number(number):
        return number
    # people write 98912... for +98912...
    longer = None if digits.startswith("+") else _parse_or_none(f"+{digits}")
    if not longer or not phonenumbers.is_valid_number(longer):
        raise ContactError(_reason(number))
    return longer


@lru_cache(maxsize=1_000)
def _international(digits: str) -> tuple[str, str] | None:
    """``parse_phone`` of a number with + and calling code that is valid as it stands.

    Imports read millions of these; the general parser takes several times as long.
    """
    found = split(digits) if _PLAIN.fullmatch(digits) else None
    if not found:
        return None
    plan, national = found
    if national.startswith("0") or not plan.is_valid(national):
        return None
    return plan.written(national), digits


def _parse(digits: str, region: str | None) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(digits, region)
    except NumberParseException as error:
        country = error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        raise ContactError("phone_country" if country else "phone_unknown") from error


def _parse_or_none(digits: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, None)
    except NumberParseException:
        return None


def _reason(number: phonenumbers.PhoneNumber) -> str:
    """Code of what makes a number invalid."""
    return {
        ValidationResult.TOO_SHORT: "phone_short",
        ValidationResult.TOO_LONG: "phone_long",
        ValidationResult.INVALID_COUNTRY_CODE: "phone_country",
    }.get(phonenumbers.is_possible_number_with_reason(number), "phone_invalid")


def looks_like_email(text: str) -> bool:
    """Whether a text is one e-mail address."""
    try:
        parse_email(text)
    except ContactError:
        return False
    return True


def looks_like_phone(text: str, region: str | None) -> bool:
    """Whether a text is one phone number."""
    try:
        parse_phone(text, region)
    except ContactError:
        return False
    return True
