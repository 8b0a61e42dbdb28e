"""Names that programs use: keys of custom fields, codes of their choices."""

import re
import unicodedata
from collections.abc import Collection

MAX_KEY = 63  # characters
_KEY = re.compile(rf"[a-z][a-z0-9_]{{0,{MAX_KEY - 1}}}")

# Persian and Arabic letters as Latin ones; vowels that are not written stay unwritten.
_LETTERS = {
    "a": "آاعأ",
    "b": "ب",
    "p": "پ",
    "t": "تط",
    "s": "ثسص",
    "j": "ج",
    "h": "حهة",
    "kh": "خ",
    "d": "د",
    "z": "ذزضظ",
    "r": "ر",
    "zh": "ژ",
    "sh": "ش",
    "ch": "چ",
    "gh": "غق",
    "f": "ف",
    "k": "کك",
    "g": "گ",
    "l": "ل",
    "m": "م",
    "n": "ن",
    "v": "وؤ",
    "y": "یيئى",
    "e": "إ",
}
_LATIN = {letter: latin for latin, letters in _LETTERS.items() for letter in letters}
_LATIN |= {
    chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)
}


def is_key(text: str) -> bool:
    """Whether a text may be the key of a custom field: ``[a-z][a-z0-9_]{0,62}``."""
    return bool(_KEY.fullmatch(text))


def slug(label: str) -> str:
    """A label in lower-case Latin letters, digits and single ``_``; may be empty.

    >>> slug("Größe (EU)"), slug("تاریخ تولد")
    ('grosse_eu', 'tarykh_tvld')
    """
    latin = "".join(_LATIN.get(letter, letter) for letter in label.casefold())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:MAX_KEY].rstrip("_")


def key_of(label: str, taken: Collection[str], word: str = "field") -> str:
    """A key for a label that nothing else has.

    :param taken: keys that others have
    :param word: what it is called when the label has no Latin or Persian letters
    """
    base = slug(label)
    if not base:
        return first_free(f"{word}_1", taken, base=word)
    if not base[0].isalpha():
        base = f"{word}_{base}"[:MAX_KEY]
    return first_free(base, taken)


def code_of(label: str, taken: Collection[str]) -> str:
    """A code for the label of a choice; unlike a key it may begin with a digit."""
    base = slug(label)
    if not base:
        return first_free("option_1", taken, base="option")
    return first_free(base, taken)


def first_free(name: str, taken: Collection[str], base: str | None = None) -> str:
    """The name, or with the smallest number behind it that nothing else has."""
    base = base or name
    number = 2
    candidate = name
    while candidate in taken:
        tail = f"_{number}"
        candidate = base[: MAX_KEY - len(tail)] + tail
        number += 1
    return candidate
