"""What the search box finds: needles as LIKE patterns, and the fold that SQL can do.

A customer's *haystack* is one text: a space, then name, e-mail, phone digits and
reference, folded by ``match_key`` and parted by spaces. A needle is folded likewise.

- Every word of it must be found, in any order; from three letters on anywhere, shorter
  ones only at the beginning of a word.
- What looks like a phone number is also found by its digits alone, however they are
  grouped, in national or international form: "0912 345", "+98-912-345".
- Nothing has a special meaning: ``%``, ``_`` and ``\\`` are letters like any other.
"""

import re
import unicodedata

from .text import match_key

MAX_WORDS = 12  # further words of a needle are not looked at
SHORT = 3  # letters from which a word is found anywhere
# Calling codes of one and two digits (ITU-T E.164 D); all others have three.
ONE_DIGIT_CODES = ("1", "7")
TWO_DIGIT_CODES = tuple(
    str(code)
    for code in (
        *(20, 27, *range(30, 35), 36, 39, 40, 41, *range(43, 50), *range(51, 59)),
        *(*range(60, 67), 81, 82, 84, 86, *range(90, 96), 98),
    )
)

_NUMBER = re.compile(r"[+(]*[0-9][0-9+()\-./]*")
_TRUNK_IN_BRACKETS = re.compile(r"^((?:\+|00)[0-9]{1,3})\(0\)")
_NO_DIGITS = re.compile(r"[^0-9]+")
_SPECIAL = re.compile(r"[\\%_]")
_ORDER = str.maketrans(
    dict(
        zip(
            "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
            map(chr, range(0x0620, 0x0640)),
            strict=True,
        )
    )
)
SORT_LENGTH = 60


def sort_key(folded: str) -> str:
    """Key by which folded names sort: Persian letters in the order of the alphabet.

    By code points پ, چ, ژ, گ and ی would come after all others. Not for display.
    """
    return folded.translate(_ORDER)[:SORT_LENGTH]


def like_terms(needle: str) -> list[list[list[str]]]:
    """What a needle asks for, as patterns of LIKE over the haystack.

    :return: all of these terms must hold; a term holds when all patterns of one of its
        alternatives do. An empty needle has no terms.
    """
    words = match_key(needle).split()[:MAX_WORDS]
    terms, run = [], []
    for word in [*words, ""]:
        if _NUMBER.fullmatch(word):
            run.append(word)
            continue
        if run:
            terms.append(_number_term(run))
            run = []
        if word:
            terms.append([[_pattern(word)]])
    return terms


def _number_term(run: list[str]) -> list[list[str]]:
    """Words that look like one number: its digits, or each word as it stands."""
    joined = _TRUNK_IN_BRACKETS.sub(r"\1", "".join(run))
    digits = _NO_DIGITS.sub("", joined)
    if joined.startswith("+"):
        by_digits = f"% {digits}%"
    elif digits.startswith("00") and len(digits) > SHORT:
        by_digits = f"% {digits[2:]}%"
    else:
        by_digits = _pattern(digits)
    as_typed = [_pattern(word) for word in run]
    return [as_typed] if as_typed == [by_digits] else [[by_digits], as_typed]


def like_escaped(text: str) -> str:
    """A text for LIKE in which no letter has a special meaning."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _pattern(word: str) -> str:
    escaped = like_escaped(word)
    return f"%{escaped}%" if len(word) >= SHORT else f"% {escaped}%"


# The fold in SQL


def _everyday() -> str:
    """Letters of which each is folded by itself, whatever stands beside it.

    Printable ASCII and Arabic script without what composes with its neighbour; the
    half-space and its like. A text of these alone is folded by ``lower`` of ASCII and
    one ``translate``.
    """
    letters = [chr(code) for code in (*range(0x20, 0x7F), *range(0x200C, 0x2010))]
    for code in range(0x0600, 0x0700):
        letter = chr(code)
        plain = unicodedata.normalize("NFKC", letter) == letter
        assigned = unicodedata.category(letter) not in ("Cn", "Cf")
        drops_out = not match_key(letter)
        if plain and assigned and (drops_out or not unicodedata.combining(letter)):
            letters.append(letter)
    return "".join(letters)


EVERYDAY = _everyday()
_BEYOND_ASCII = [letter for letter in EVERYDAY if not letter.isascii()]
_CHANGED = [x for x in _BEYOND_ASCII if match_key(x) not in (x, "")]
# Arguments of SQL's translate(): letters, and what becomes of them; the rest drops out.
FOLD_FROM = "".join([*_CHANGED, *(x for x in _BEYOND_ASCII if not match_key(x))])
FOLD_TO = "".join(map(match_key, _CHANGED))
ORDER_FROM = "".join(map(chr, _ORDER))
ORDER_TO = "".join(_ORDER.values())
# Regular expression of PostgreSQL: a text that SQL can fold. Spaces that end up side by
# side are left to ``match_key``.
EVERYDAY_TEXT = f"^[ -~{''.join(_BEYOND_ASCII)}]*$"
