"""Standard values of a customer as programs give them: read into columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo

from .calendars import DateError, as_utc, parse_date
from .people import ContactError, parse_email, parse_phone
from .text import ascii_digits, clean, match_key, persian_letters

TEXTS = ("name", "company_name", "function", "street", "street2", "city", "source")
CODES = ("ref", "zip")
FIELDS = (*TEXTS, *CODES, "email", "phone", "country", "lang")


@dataclass(frozen=True)
class Home:
    """What is meant where a value does not say it.

    :param region: ISO code of the country whose national phone numbers are meant
    :param persian: Arabic letters are typed for Persian ones
    :param zone: in which a day, or a time without a zone, is meant
    :param countries: match key of a name or code -> (id, ISO code)
    :param languages: match key of a name or code -> code
    """

    region: str | None = None
    persian: bool = False
    zone: tzinfo = timezone.utc
    countries: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


class ValueRefused(ValueError):
    """A value that cannot be used; ``code`` names why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def read_values(given: Mapping, home: Home) -> tuple[dict, list[tuple[str, str]]]:
    """Columns of a contact, and what is wrong: (field, code).

    :param given: field of ``FIELDS`` -> text or ``None``, which empties the column
    :return: columns that are given, empty ones as ``None``; ``source`` stays a name
    """
    columns: dict = {}
    problems: list[tuple[str, str]] = []
    # the country first: a phone number may be one of there
    for name in sorted(given, key=lambda name: name != "country"):
        text = clean(given[name] or "")
        try:
            columns |= _read(name, text, columns, home)
        except (ValueRefused, ContactError) as error:
            problems.append((name, error.code))
    columns.pop("region", None)
    return columns, problems


def _read(name: str, text: str, columns: dict, home: Home) -> dict:
    if name == "name" and not text:
        raise ValueRefused("name_missing")
    if name in TEXTS:
        return {name: (persian_letters(text) if home.persian else text) or None}
    if name in CODES:
        return {name: ascii_digits(text) or None}
    return _READERS[name](text, columns, home)


def _read_email(text: str, _columns: dict, _home: Home) -> dict:
    email, normal = parse_email(text) if text else (None, None)
    return {"email": email, "email_normalized": normal}


def _read_phone(text: str, columns: dict, home: Home) -> dict:
    if not text:
        return {"phone": None, "phone_sanitized": None}
    phone, sanitized = parse_phone(text, columns.get("region") or home.region)
    return {"phone": phone, "phone_sanitized": sanitized}


def _read_country(text: str, _columns: dict, home: Home) -> dict:
    if not text:
        return {"country_id": None}
    known = home.countries.get(match_key(text))
    if not known:
        raise ValueRefused("country_unknown")
    return {"country_id": known[0], "region": known[1]}


def _read_lang(text: str, _columns: dict, home: Home) -> dict:
    if not text:
        return {"lang": None}
    code = home.languages.get(match_key(text).replace("-", "_"))
    if not code:
        raise ValueRefused("language_unknown")
    return {"lang": code}


_READERS = {
    "email": _read_email,
    "phone": _read_phone,
    "country": _read_country,
    "lang": _read_lang,
}


def normal_key(kind: str, text: str, home: Home) -> str:
    """What a customer is recognised by, as it is stored: ``+989121234567``.

    :param kind: ``ref``, ``email`` or ``phone``
    :raises ContactError: when the text is no e-mail address or phone number
    """
    if kind == "email":
        return parse_email(text)[1]
    if kind == "phone":
        return parse_phone(text, home.region)[1]
    return ascii_digits(clean(text))


def read_moment(text: str, home: Home, now: datetime) -> datetime:
    """A past day or time as naive UTC; a day is its first moment in the zone.

    :param now: UTC, naive; a day of tolerance for clocks and zones
    :raises ValueRefused: ``date_unknown`` and others of ``DateError``, ``date_future``
    """
    try:
        moment = as_utc(parse_date(text, "ymd"), home.zone)
    except DateError as error:
        raise ValueRefused(error.code) from error
    except OverflowError as error:
        raise ValueRefused("date_year") from error
    if moment > now + timedelta(days=1):
        raise ValueRefused("date_future")
    return moment
