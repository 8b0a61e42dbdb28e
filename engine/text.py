"""Text from people, normalised once for everybody who stores or compares it.

``clean`` is for storing, ``match_key`` for comparing: "علي  رضا" and "علی‌رضا" are the
same name, "۰۹۱۲" and "0912" the same digits.
"""

import re
import unicodedata
from functools import lru_cache

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_TO_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
# Arabic letters that a Persian keyboard, or Windows-1256, writes for Persian ones.
_PERSIAN = str.maketrans("يىكۀ", "ییکه")
_MATCH = str.maketrans(
    {
        **{
            ord(arabic): persian
            for arabic, persian in zip("يىكۀةأإٱآؤئ", "ییکههااااوی", strict=True)
        },
        **dict.fromkeys(map(ord, "\u0640\u200c\u200d\u200b\u200e\u200f\ufeff\u00ad")),
        **dict.fromkeys(range(0x064B, 0x0653)),
    }
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
# What spreadsheets calculate: one pattern for Python and for PostgreSQL.
LIVE = (
    r"'*(?:[\t\n\r]|[\u0001-\u0020\u007f-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u3000\ufeff]*[=+@\uff0b\uff0d\uff1d\uff20-])"
)
PHONE = r"\+[0-9][0-9 ]*"
_LIVE = re.compile(LIVE)
_PHONE = re.compile(PHONE)
_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")


def ascii_digits(text: str) -> str:
    """``text`` with Persian and Arabic digits as 0-9."""
    return text if text.isascii() else text.translate(_DIGITS)


def persian_digits(text: str) -> str:
    """``text`` with 0-9 as Persian digits."""
    return text.translate(_TO_PERSIAN)


def persian_letters(text: str) -> str:
    """``text`` with the Arabic forms of yeh and kaf as the Persian ones."""
    return text if text.isascii() else text.translate(_PERSIAN)


def clean(text: str) -> str:
    """One line of text as it is stored: no control or direction marks, single spaces.

    The half-space of Persian stays: it is spelling.
    """
    if text.isprintable():  # then it has neither marks nor any space but the usual one
        text = text if text.isascii() else unicodedata.normalize("NFC", text)
        return _SPACES.sub(" ", text).strip() if "  " in text else text.strip()
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", text))
    return _SPACES.sub(" ", text).strip()


def clean_lines(text: str) -> str:
    """Like ``clean`` for text of several lines: line ends and indents are kept."""
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def hidden_mark(text: str) -> int | None:
    """Where the first character stands that ``clean_lines`` would take out.

    Such a control or direction mark cannot be seen, and makes a text another than it
    looks.
    """
    found = None if text.isprintable() else _CONTROLS.search(text)
    return found.start() if found else None


@lru_cache(maxsize=4_000)
def match_key(text: str) -> str:
    """What two texts have in common when people would call them the same.

    Case, accents of Arabic script, the half-space, digits' script and the Arabic or
    Persian form of letters make no difference. Not for display.
    """
    text = unicodedata.normalize("NFKC", text).translate(_MATCH).translate(_DIGITS)
    return _SPACES.sub(" ", text.casefold()).strip()


def guard(text: str) -> str:
    """``text`` with a quote before it where a spreadsheet would calculate it.

    That is where a formula sign, also a full-width one, is the first thing that can be
    seen, or where it begins with a tab or a new line (OWASP, CSV injection). A text
    that begins with quotes before such a sign gets one more, so that ``unguard`` gives
    back each text as it was.
    """
    return f"'{text}" if _LIVE.match(text) else text


def guard_phone(text: str) -> str:
    """Like ``guard``, but ``+98 912 ...`` stays: plus and digits calculate nothing."""
    return text if _PHONE.fullmatch(text) else guard(text)


def unguard(text: str) -> str:
    """``text`` without the quote that ``guard`` puts before it.

    ``'+98912...`` was written for ``+98912...``; any other leading quote stays.
    """
    return text[1:] if text[:1] == "'" and _LIVE.match(text, 1) else text
