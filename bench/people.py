"""Invented customers: pure Python, reproducible, no Odoo and no clock.

The same seed, number and day give the same person, whatever was made before.
"""

import random
from datetime import datetime, timedelta
from typing import NamedTuple

from . import names

PERSIAN_SHARE = 0.6
DUPLICATE_SHARE = 0.05
YEARS = 4

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


class Person(NamedTuple):
    """One customer as the shop would have typed him.

    ``duplicate_of`` is the number of the person this one is a second record of, or
    ``None``. ``liveliness`` (0 to about 10, mostly below 1) drives his history.
    """

    number: int
    duplicate_of: int | None
    name: str
    phone: str | None
    phone_sanitized: str | None
    email: str | None
    country: str
    city: str | None
    street: str | None
    source: str | None
    tags: tuple
    created: datetime
    liveliness: float


def people(seed, first, count, today):
    """Make ``count`` persons, numbered from ``first``.

    :param int seed: another seed gives other people
    :param int first: number of the first one, >= 1
    :param datetime today: midnight UTC; nobody is created after it
    :return: iterator of Person
    """
    for number in range(first, first + count):
        yield person(seed, number, today)


def person(seed, number, today):
    """The person of a number; one in twenty is a duplicate of an earlier one."""
    if not _is_duplicate(seed, number):
        return _original(seed, number, today)
    rng = random.Random(f"{seed}/{number}")
    original = rng.randrange(1, number)
    while _is_duplicate(seed, original):
        original -= 1
    return _duplicate(rng, _original(seed, original, today), number, today)


def made_up_name(seed, number):
    """A name for somebody whose real one is not known (str); always the same one."""
    rng = random.Random(f"{seed}/{number}/name")
    return _name(rng, rng.random() < PERSIAN_SHARE)[0]


def _is_duplicate(seed, number):
    # the first ones are all originals, so that there is somebody to duplicate
    return (
        number > 20 and random.Random(f"{seed}/{number}/?").random() < DUPLICATE_SHARE
    )


def _original(seed, number, today):
    rng = random.Random(f"{seed}/{number}/person")
    persian = rng.random() < PERSIAN_SHARE
    name, latin = _name(rng, persian)
    place = _persian_place if persian else _english_place
    country, city, street, phone = place(rng)
    if rng.random() < 0.07:  # many a chat gives away a first name only
        name = name.partition(" ")[0]
    liveliness = rng.lognormvariate(-0.7, 1.0)
    has_phone = rng.random() < 0.85
    # people who do not buy or write stay in the book for longer
    age = YEARS * 365 * rng.random() ** 1.3
    return Person(
        number=number,
        duplicate_of=None,
        name=name,
        phone=_typed(rng, country, phone) if has_phone else None,
        phone_sanitized=_e164(country, phone) if has_phone else None,
        email=_email(rng, latin) if rng.random() < 0.7 else None,
        country=country,
        city=city if rng.random() < 0.8 else None,
        street=street if rng.random() < 0.35 else None,
        source=_source(rng),
        tags=tuple(
            tag for tag, share in names.TAGS.items() if rng.random() * 100 < share
        ),
        created=today - timedelta(seconds=int(age * 86400)),
        liveliness=liveliness,
    )


def _name(rng, persian):
    """A full name, and the same in Latin letters."""
    if not persian:
        name = f"{rng.choice(names.ENGLISH_FIRST)} {rng.choice(names.ENGLISH_LAST)}"
        return name, name
    first, first_latin = rng.choice(names.PERSIAN_FIRST)
    last, last_latin = rng.choice(names.PERSIAN_LAST)
    return f"{first} {last}", f"{first_latin} {last_latin}"


def _persian_place(rng):
    # the first cities of the list are the large ones
    index = min(int(rng.expovariate(0.25)), len(names.PERSIAN_CITIES) - 1)
    city, _latin, area = names.PERSIAN_CITIES[index]
    if rng.random() < 0.9:
        phone = rng.choice(names.IRANIAN_MOBILES) + f"{rng.randrange(10**7):07d}"
    else:
        phone = f"{area}{rng.randrange(3, 6)}{rng.randrange(10**7):07d}"
    street = f"{rng.choice(names.PERSIAN_STREETS)}، پلاک {rng.randrange(1, 300)}"
    return "IR", city, street.translate(_PERSIAN_DIGITS), phone


def _english_place(rng):
    city, country, prefixes, digits = rng.choice(names.ENGLISH_CITIES)
    rest = f"{rng.randrange(2, 10)}{rng.randrange(10 ** (digits - 1)):0{digits - 1}d}"
    street = f"{rng.randrange(1, 400)} {rng.choice(names.ENGLISH_STREETS)}"
    return country, city, street, rng.choice(prefixes) + rest


def _e164(country, national):
    return f"+{names.CALLING[country][0]}{national}"


def _typed(rng, country, national):
    """A phone number as one of many people would type it."""
    calling, trunk = names.CALLING[country]
    style = rng.random()
    if style < 0.35:
        return f"+{calling}{national}"
    if style < 0.6:
        return f"+{calling} {national[:3]} {national[3:6]} {national[6:]}"
    if style < 0.9:
        return f"{trunk}{national}"
    return f"{trunk}{national[:3]} {national[3:6]} {national[6:]}"


def _email(rng, latin):
    first, _space, last = latin.lower().replace("'", "").partition(" ")
    left = rng.choice(
        (f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}.{first}")
    )
    return f"{left}{rng.randrange(1000)}@{rng.choice(names.MAIL_HOSTS)}"


def _source(rng):
    roll = rng.random() * 100
    for source, share in names.SOURCES.items():
        roll -= share
        if roll < 0:
            return source
    return None


# Duplicates


def _duplicate(rng, original, number, today):
    """A second record of somebody: some of his data, typed by a tired person."""
    keep_phone = original.phone and (rng.random() < 0.8 or not original.email)
    keep_email = original.email and (rng.random() < 0.6 or not keep_phone)
    phone, sanitized = original.phone, original.phone_sanitized
    if not keep_phone:
        phone = sanitized = None
    elif rng.random() < 0.15:
        phone = sanitized = _slip_digit(rng, sanitized)
    else:
        calling = names.CALLING[original.country][0]
        phone = _typed(rng, original.country, sanitized[len(calling) + 1 :])
    email = _slip_email(rng, original.email) if keep_email else None
    return original._replace(
        number=number,
        duplicate_of=original.number,
        name=_slip_name(rng, original.name),
        phone=phone,
        phone_sanitized=sanitized,
        email=email,
        city=original.city if rng.random() < 0.7 else None,
        street=original.street if rng.random() < 0.5 else None,
        source=_source(rng),
        tags=(),
        created=_between(rng, original.created, today),
        liveliness=original.liveliness / 3,
    )


def _slip_digit(rng, sanitized):
    """Another last digit, so that the number stays a valid one."""
    return sanitized[:-1] + str((int(sanitized[-1]) + rng.randrange(1, 10)) % 10)


def _slip_email(rng, email):
    roll = rng.random()
    if roll < 0.6:
        return email
    if roll < 0.8:
        return email.capitalize()
    left, _at, host = email.partition("@")
    spot = rng.randrange(1, len(left) - 1)
    return f"{left[:spot]}{left[spot + 1 :]}@{host}"


def _slip_name(rng, name):
    roll = rng.random()
    spot = rng.randrange(1, len(name) - 1)
    if roll < 0.25:
        return name
    if roll < 0.45:  # two letters the wrong way round
        return name[:spot] + name[spot + 1] + name[spot] + name[spot + 2 :]
    if roll < 0.6:  # a letter missing
        return name[:spot] + name[spot + 1 :]
    if roll < 0.75:  # Arabic letters from another keyboard, or all in capitals
        arabic = name.replace("ی", "ي").replace("ک", "ك")
        return arabic if arabic != name else name.upper()
    first, _space, last = name.partition(" ")
    if roll < 0.85 and last:
        return f"{last} {first}"
    return f"{first[0]}. {last}" if last else name.lower()


def _between(rng, start, end):
    return start + timedelta(seconds=int((end - start).total_seconds() * rng.random()))
