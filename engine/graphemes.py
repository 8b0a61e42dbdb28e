"""Where a text may be cut without breaking what people see as one letter.

After Unicode's extended grapheme clusters (UAX #29), from the properties that Python
knows. Where it knows too little, two letters count as one: a text is cut a little
earlier then, never within a letter.
"""

import unicodedata

_ZWJ = "\u200d"
_VIRAMA = 9  # canonical combining class: joins two letters of Indic scripts
_THAI_AM = "\u0e33\u0eb3"  # a vowel that stands behind its letter and belongs to it
# Signs of numbers and verses, which hold what follows.
_PREPENDED = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd"
    "\U000110cd"
)
_BREAKING = ("Cc", "Zl", "Zp")


def may_cut(text: str, at: int, since: int = 0) -> bool:
    """Whether a letter ends before ``text[at]``.

    :param since: a place before it where a letter begins; nothing before is looked at
    """
    if not 0 < at < len(text):
        return True
    left, right = text[at - 1], text[at]
    if left < "\u0300" and right < "\u0300":
        return not (left == "\r" and right == "\n")
    if _category(left) in _BREAKING or _category(right) in _BREAKING:
        return True
    if extends(right) or left in _PREPENDED:
        return False
    if left == _ZWJ:
        return right.isspace()
    if _is_flag(left) and _is_flag(right):
        return _flags_before(text, at, since) % 2 == 0
    return not (_joins_hangul(left, right) or _is_conjunct(text, at, since))


def extends(letter: str) -> bool:
    """Whether a character belongs to the one before it."""
    if letter < "\u0300":
        return False
    if _category(letter)[0] == "M":
        return True
    return (
        letter in "\u200c\u200d\uff9e\uff9f"
        or letter in _THAI_AM
        or "\U0001f3fb" <= letter <= "\U0001f3ff"  # colours of skin
        or "\U000e0020" <= letter <= "\U000e007f"  # flags of regions
    )


def _category(letter: str) -> str:
    return unicodedata.category(letter)


def _is_flag(letter: str) -> bool:
    """Half of a country's flag."""
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flags_before(text: str, at: int, since: int) -> int:
    first = at
    while first > since and _is_flag(text[first - 1]):
        first -= 1
    return at - first


def _joins_hangul(left: str, right: str) -> bool:
    """Whether two parts of Korean letters are of one syllable."""
    if "\u1100" <= left <= "\u115f" or "\ua960" <= left <= "\ua97c":
        return (
            "\u1100" <= right <= "\u11a7"
            or "\ua960" <= right <= "\ua97c"
            or "\uac00" <= right <= "\ud7c6"
        )
    follows = "\u1160" <= right <= "\u11ff" or "\ud7b0" <= right <= "\ud7ff"
    return follows and (
        "\u1160" <= left <= "\u11ff"
        or "\ud7b0" <= left <= "\ud7ff"
        or "\uac00" <= left <= "\ud7a3"
    )


def _is_conjunct(text: str, at: int, since: int) -> bool:
    """Whether a letter is joined to the one before by a virama."""
    if _category(text[at])[0] != "L":
        return False
    place = at - 1
    while place > since and extends(text[place]):
        if unicodedata.combining(text[place]) == _VIRAMA:
            return True
        place -= 1
    return False
