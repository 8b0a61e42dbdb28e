"""How much two names speak for one person, in bits.

A name that many bear says little when it agrees: each word weighs by how rare it is.
Slips of the pen are told from other names by the same: a word that many bear is no slip
of another one, so "Hassan" is not "Hossein" mistyped.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

MOST_BITS = 15.0
SLIP_BITS = 2.5  # taken off for each wrong letter
INITIAL_BITS = 2.5
OTHER_WORD = -9.0  # each has a word that the other lacks: a brother, a wife
OTHER_NAME = -11.0  # no word in common
MISSING_WORD = -1.0
OTHER_SCRIPT_BITS = 4.0  # taken off: sounds alike only

_PERSIAN = re.compile("[\u0600-\u06ff]")
_SOUNDS = str.maketrans(
    {
        **dict(zip("بپتطثسصجدذزضظرفکگلمن", "bpttsssjdzzzzrfkglmn", strict=True)),
        "چ": "C",
        "خ": "K",
        "ش": "S",
        "ژ": "Z",
        "غ": "G",
        "ق": "G",
        **dict.fromkeys("اعوهحیآءئؤ"),
    }
)
_DIGRAPHS = (("ch", "C"), ("kh", "K"), ("sh", "S"), ("zh", "Z"), ("gh", "G"))
_LATIN = str.maketrans({"q": "G", "c": "k", "x": "K", **dict.fromkeys("aeiouyvwh")})
_DOUBLE = re.compile(r"(.)\1+")


class NameEvidence(NamedTuple):
    """What two names say: bits, and in which way they agree or differ.

    ``code``: name_same, name_order, name_spacing, name_slip, name_initial, name_part,
    name_script; name_family (a word in common, others differ), name_other; empty when
    one has no name.
    """

    bits: float = 0.0
    code: str = ""

    @property
    def conflicts(self) -> bool:
        """Whether these are rather two people."""
        return self.code in ("name_family", "name_other")


class Weights(NamedTuple):
    """``bits`` of a word when it agrees; whether it is ``known``: borne by many."""

    bits: Callable[[str], float]
    known: Callable[[str], bool]


def compare(one: tuple[str, ...], other: tuple[str, ...], weights: Weights):
    """Evidence of two names, as words: ``NameEvidence``."""
    if not one or not other:
        return NameEvidence()
    whole = _whole(one, other)
    if whole:
        bits = min(MOST_BITS, sum(map(weights.bits, one)))
        return NameEvidence(bits, whole)
    if _is_persian(one) != _is_persian(other):
        return _by_sound(one, other, weights)
    return _by_words(one, other, weights)


def _whole(one, other):
    """In which way two names are the same as a whole; empty if they are not."""
    if one == other:
        return "name_same"
    if sorted(one) == sorted(other):
        return "name_order"
    return "name_spacing" if "".join(one) == "".join(other) else ""


def _by_words(one, other, weights):
    rest = list(other)
    bits, missed, code = 0.0, [], "name_part"
    for word in one:
        if word in rest:
            rest.remove(word)
            bits += weights.bits(word)
        else:
            missed.append(word)
    agreed = bits > 0
    left = []
    for word in missed:
        near, gained, how = _nearest(word, rest, weights)
        if near is None:
            left.append(word)
            continue
        rest.remove(near)
        bits, code, agreed = bits + gained, how, True
    if left and rest:
        joined = "".join(left), "".join(rest)
        slips = _slips(*joined)
        if len(left) == len(rest) == 1 or slips is None:
            if not agreed and _runs_together(one, other):
                return NameEvidence(weights.bits(one[0]) + 2, "name_slip")
            return NameEvidence(OTHER_WORD, "name_family") if agreed else _OTHER
        gained = sum(map(weights.bits, left)) - SLIP_BITS * max(1, slips)
        bits, code, agreed = bits + max(1.0, gained), "name_slip", True
        left, rest = [], []
    if not agreed:
        return _OTHER
    lacking = len(left) + len(rest)
    return NameEvidence(min(MOST_BITS, bits) + MISSING_WORD * min(1, lacking), code)


_OTHER = NameEvidence(OTHER_NAME, "name_other")


def _runs_together(one, other):
    """Whether two names are one but for a space that has moved by a letter or two."""
    return _slips("".join(one), "".join(other)) is not None


def _nearest(word, others, weights):
    """The word of others that may be this one: (word or None, bits, code)."""
    best = None, 0.0, ""
    for other in others:
        if len(word) == 1 or len(other) == 1:
            if word[0] == other[0] and best[0] is None:
                best = other, INITIAL_BITS, "name_initial"
            continue
        slips = _slips(word, other)
        if slips is None or (weights.known(word) and weights.known(other)):
            continue
        # the rarer one is the slip: what it was meant to be weighs
        meant = min(weights.bits(word), weights.bits(other))
        gained = max(1.0, meant - SLIP_BITS * (slips - 1) - 1)
        if best[2] != "name_slip" or gained > best[1]:
            best = other, gained, "name_slip"
    return best


@lru_cache(maxsize=20_000)
def _slips(one: str, other: str) -> int | None:
    """Wrong letters between two words; ``None``: more than a slip of the pen."""
    longest = max(len(one), len(other))
    allowed = 0 if longest < 3 else 1 if longest < 6 else 2 if longest < 14 else 3
    found = OSA.distance(one, other, score_cutoff=allowed)
    return found if found <= allowed else None


# Persian and Latin letters


def _is_persian(words) -> bool:
    return any(map(_PERSIAN.match, words))


def _by_sound(one, other, weights):
    """Names in two scripts: they agree, or nobody can tell.

    :return: never a conflict: transcriptions differ too much for that
    """
    heard, rest = [], [_sound(word) for word in other]
    for word in one:
        sound = _sound(word)
        if len(sound) > 1 and sound in rest:
            rest.remove(sound)
            heard.append(word)
    if not heard:
        return NameEvidence(0.0, "")
    bits = sum(weights.bits(word) for word in heard) - OTHER_SCRIPT_BITS
    return NameEvidence(max(1.0, min(MOST_BITS, bits)), "name_script")


@lru_cache(maxsize=4_000)
def _sound(word: str) -> str:
    """Consonants of a word, the same for its Persian and its Latin spelling."""
    if _PERSIAN.match(word):
        heard = word.translate(_SOUNDS)
    else:
        for letters, sound in _DIGRAPHS:
            word = word.replace(letters, sound)
        heard = word.translate(_LATIN)
    return _DOUBLE.sub(r"\1", heard)
