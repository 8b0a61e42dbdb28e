"""What two records of a person are compared by, and the keys under which they meet.

``read`` makes a record's traits from what a shop typed; ``keys`` names the blocks it
belongs to. Only records that share a block are ever compared, so each kind of slip must
leave at least one key whole: of a phone number with a wrong digit one half is right, of
a name with a wrong letter the other word.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from .text import match_key

MOST_WORDS = 5  # of a name; further ones are not looked at
KEYED_WORDS = 3  # words of a name that make keys together with something else
TAIL, HEAD = 5, 10  # digits of a phone number: its end, and what is dialled at home
LONGEST_CODE = 40
SHORTEST_CODE = 4
KEYS = frozenset({"ref", "vat"})  # codes that are equal or say little
LONG_LOCAL = 7  # letters from which the part before the @ is one person's

_NO_LETTER = re.compile(r"[^\w]+|_+")
_NO_HANDLE = re.compile(r"[^\w.]+")
_NO_DIGIT = re.compile(r"\D+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# Said or left out as people like; never the whole of a name.
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "eng",
        "sir",
        "mme",
        "herr",
        "frau",
        "آقای",
        "اقای",
        "آقا",
        "اقا",
        "خانم",
        "دکتر",
        "مهندس",
        "جناب",
        "سرکار",
        "استاد",
        "حاج",
        "حاجی",
        "سید",
        "سیده",
    ]
)
_ADDRESS_WORDS = frozenset(
    [
        "street",
        "st",
        "road",
        "rd",
        "avenue",
        "ave",
        "lane",
        "ln",
        "drive",
        "dr",
        "place",
        "pl",
        "court",
        "crt",
        "close",
        "row",
        "str",
        "strasse",
        "rue",
        "boulevard",
        "blvd",
        "no",
        "number",
        "unit",
        "flat",
        "خیابان",
        "خ",
        "بلوار",
        "کوچه",
        "ک",
        "پلاک",
        "پ",
        "واحد",
        "میدان",
    ]
)


class Traits(NamedTuple):
    """A record as it is compared; texts are folded, absent ones empty.

    ``slots`` are (name, value) of dates (ISO) and of codes, such as a card's number.
    """

    words: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()  # digits, international where known
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()  # user names in channels
    street: str = ""
    zip: str = ""
    city: str = ""
    slots: tuple[tuple[str, str], ...] = ()


def read(
    name="", phones=(), emails=(), handles=(), street="", zip="", city="", slots=()
) -> Traits:
    """Traits out of texts as people wrote them; ``None`` is as good as empty.

    :param phones: E.164 where it is known, else as typed
    :param emails: normalised addresses
    :param slots: (name, value) of dates (ISO text) and codes
    """
    return Traits(
        words=name_words(name or ""),
        phones=_each(phones, _phone),
        emails=_each(emails, lambda text: _CONTROL.sub("", text.lower())),
        handles=_each(handles, lambda text: _NO_HANDLE.sub("", match_key(text))),
        street=_street(street or ""),
        zip="".join(_words(zip or "")),
        city=" ".join(_words(city or "")),
        slots=tuple((slot, code) for slot, value in slots if (code := _code(value))),
    )


@lru_cache(maxsize=4_000)
def name_words(name: str) -> tuple[str, ...]:
    """Words of a name in their order, folded, without titles.

    A title stays where nothing else would be left.
    """
    words = _words(name)
    named = [word for word in words if word not in _TITLES]
    return tuple((named or words)[:MOST_WORDS])


def _words(text: str) -> list[str]:
    folded = match_key(text)
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(x for x in parts if not unicodedata.combining(x))
    return _NO_LETTER.sub(" ", folded).split()


def _street(text: str) -> str:
    words = [word for word in _words(text) if word not in _ADDRESS_WORDS]
    return " ".join(sorted(words))


def _phone(text: str) -> str:
    digits = _NO_DIGIT.sub("", match_key(text))
    return digits if len(digits) >= TAIL else ""


def _code(value: str) -> str:
    code = "".join(_words(str(value)))
    return code if SHORTEST_CODE <= len(code) <= LONGEST_CODE else ""


def _each(texts, fold) -> tuple[str, ...]:
    return tuple(dict.fromkeys(x for text in texts if text and (x := fold(text))))


# Storing

_FIELD, _ITEM = "\x1f", "\x1e"


def packed(traits: Traits) -> str:
    """Traits as one text, from which ``unpacked`` makes them again.

    Neither separator can be in folded text.
    """
    *texts, slots = traits
    parts = [text if isinstance(text, str) else _ITEM.join(text) for text in texts]
    return _FIELD.join([*parts, _ITEM.join(f"{slot}={code}" for slot, code in slots)])


def unpacked(text: str) -> Traits:
    """Traits out of the text that ``packed`` made."""
    words, phones, emails, handles, street, zip_, city, slots = text.split(_FIELD)
    return Traits(
        *(tuple(x.split(_ITEM)) if x else () for x in (words, phones, emails, handles)),
        street,
        zip_,
        city,
        tuple(
            (slot, code)
            for slot, _is, code in (x.partition("=") for x in slots.split(_ITEM) if x)
        ),
    )


# Keys


def keys(traits: Traits, telling: frozenset[str] = frozenset()) -> list[int]:
    """Blocks of a record: signed 32 bit numbers, each once, in order.

    :param telling: slots whose values nearly identify a person: they make keys
    """
    named = traits.words[:KEYED_WORDS]
    found = [
        *_phone_keys(traits.phones, named),
        *_email_keys(traits.emails, named),
        *(f"n|{handle}" for handle in traits.handles),
        *_slot_keys(traits, named, telling),
    ]
    if len(traits.words) > 1:
        found.append(f"f|{''.join(sorted(traits.words))}")
    for place in filter(None, (traits.street, traits.zip)):
        found += [f"s|{place}|{word}" for word in named]
    return sorted({_number(key) for key in found})


def phone_key(phone: str) -> int:
    """The block of all who have this very number."""
    return _number(f"p|{phone[-HEAD:]}")


def email_key(email: str) -> int:
    """The block of all who have this very address."""
    return _number(f"e|{email}")


def _number(key: str) -> int:
    return crc32(key.encode("utf-8", "replace")) - 2**31


def _phone_keys(phones, named):
    for phone in phones:
        yield f"p|{phone[-HEAD:]}"
        yield f"t|{phone[-TAIL:]}"
        yield f"g|{phone[-HEAD:-1]}"
        for word in named:
            yield f"h|{phone[-HEAD : -TAIL + 1]}|{word}"


def _email_keys(emails, named):
    for email in emails:
        local, _at, host = email.partition("@")
        digits = "".join(filter(str.isdigit, local))
        yield f"e|{email}"
        if len(digits) > 1:
            yield f"q|{local[:3]}|{digits}|{host}"
        if len(local) >= LONG_LOCAL:
            yield f"o|{local}"
        for word in named:
            yield f"l|{local[:7]}|{word}"
            yield f"m|{local[-4:]}|{word}"


def _slot_keys(traits, named, telling):
    dates = [code for slot, code in traits.slots if slot.startswith("custom_date")]
    for slot, code in traits.slots:
        if slot not in telling:
            continue
        if slot.startswith("custom_date"):
            beside = (*named, traits.zip) if traits.zip else named
        else:
            yield f"k|{slot}|{code}"
            if slot in KEYS:
                continue
            beside = ()
            half = len(code) // 2
            for piece in (code[:half], code[-half:]):
                yield from (f"a|{slot}|{piece}|{x}" for x in (*named, *dates))
        yield from (f"d|{slot}|{code}|{x}" for x in beside)
