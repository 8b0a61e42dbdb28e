"""Names that programs use: keys of custom fields, codes of their choices."""

import re
import unicodedata
from collections.abc import Collection

MAX_KEY = 63  # characters
_KEY = re.compile(rf"[a-z][a-z0-9_]{{0,{MAX_KEY - 1}}}")

# Persian and Arabic letters as Latin ones; vowels that are not written stay unwritten.
_LATIN = {
    **dict(zip("آابپتثجحخدذرزژسشصضطظعغفقکكگلمنوهیيئىءؤأإة", (
        "a a b p t s j h kh d z r z zh s sh s z t z a gh f gh k k g l m n v h y y y y"
        " _ v a e h"
    ).split(), strict=True)),
    **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
    **{chr(0x660 + digit): str(digit) for digit in range(10)},
}  # fmt: skip


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
