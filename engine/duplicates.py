"""How likely two records are the same person, with a reason for each part.

Evidence is added up in bits, log2 of how much likelier an agreement is between two
records of one person than between strangers (Fellegi and Sunter, "A Theory for Record
Linkage", 1969). Against it stands how rare duplicates are: one pair of strangers in
``customers`` / ``EXPECTED`` is one. What only one household shares (phone, e-mail)
weighs as much as a shop is large, so it means the same in a small shop and a large one.

Two rules stand above the sum: a name alone never suffices, and people with one phone
but other names are a family, never a sure duplicate.
"""

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from . import duplicate_names
from .duplicate_names import NameEvidence, Weights
from .duplicate_traits import HEAD, KEYS, LONG_LOCAL, Traits, email_key, phone_key

EXPECTED = 0.1  # duplicates of a record that are expected
LEAST_CUSTOMERS = 1_000  # a smaller shop is judged as if it had so many
SOFTNESS = 2.0  # bits to double the odds that are shown; see ``score_of``
NAME_ALONE, FAMILY = -2.5, -1.5  # bits at most, by the two rules: scores 30 and 37
DEFAULT_THRESHOLD = 60  # score from which a pair is shown; docs/duplicates.md says why
LEAST_SCORE = 40  # pairs below are not kept

SAME_PHONE, NEAR_PHONE, OTHER_PHONE = 2.2, -1.0, -3.0  # the first two: beside log2(n)
SAME_EMAIL, NEAR_EMAIL, OTHER_EMAIL = 4.0, -1.0, -2.5
NAMESAKE_EMAIL = -6.0
SAME_HANDLE = 1.0
STREET_BITS, NUMBERLESS_STREET_BITS, OTHER_STREET = 9.0, 4.0, -1.0
OTHER_ZIP, OTHER_CITY = -1.5, -1.0
DATE_BITS = 9.0  # of a date slot about which nothing is known
OTHER_DATE, OTHER_CODE = -2.0, -2.0
TELLING_BITS = 8.0  # a code of so many bits nearly identifies a person
SLIPPED_CODE = 4.0
KNOWN, KNOWN_SHARE = 5, 0.0002  # a word that so many, and such a share, bear
CROWD = 40  # blocks with more records are no evidence and are not looked into


class Reason(NamedTuple):
    """One part of a judgement: code, bits, and the slot that it is about, if any."""

    code: str
    bits: float
    slot: str = ""


class Judgement(NamedTuple):
    """``bits``: odds that two are one person as log2; ``score``: 0 to 100."""

    bits: float
    score: int
    reasons: tuple[Reason, ...]


@dataclass
class Figures:
    """What is common in this shop.

    ``words``: kind (name, city, zip) -> {text: how many have it}; ``totals``: kind ->
    how many have any. ``slots``: slot -> bits when two agree there. ``crowds``: key of
    a block -> how many are in it, of crowded ones.
    """

    customers: int = 0
    words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    slots: Mapping[str, float] = field(default_factory=dict)
    crowds: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self):
        self.size = math.log2(max(LEAST_CUSTOMERS, self.customers))
        self.known_from = max(KNOWN, KNOWN_SHARE * self.totals.get("name", 0))
        self._bits = {}
        self.weights = Weights(lambda word: self.bits("name", word), self._is_known)

    def bits(self, kind: str, word: str) -> float:
        """Bits when two agree on a text: the rarer, the more."""
        bits = self._bits.get((kind, word))
        if bits is None:
            count = self.words.get(kind, {}).get(word, 0)
            # the two themselves are no chance; some strangers are always supposed
            share = (max(0, count - 2) + 1) / (self.totals.get(kind, 0) + 200)
            bits = self._bits[kind, word] = min(11.0, max(1.0, -math.log2(share)))
        return bits

    def shared_by_many(self, key: int) -> float:
        """Bits to take off when more than two have the same phone or e-mail."""
        return math.log2(max(2, self.crowds.get(key, 0)) / 2)

    def _is_known(self, word):
        return self.words.get("name", {}).get(word, 0) >= self.known_from


def slot_bits(pairs: int, filled: int) -> float:
    """Bits when two records agree in a slot.

    :param pairs: pairs of records that have the same value there
    :param filled: records that have a value
    """
    if filled < 2:
        return 0.0
    return -math.log2((pairs + 1) / (filled * (filled - 1) / 2 + 2))


def score_of(bits: float) -> int:
    """Odds as log2 on a scale of 0 to 100: 50 is as likely as not."""
    return round(100 / (1 + 2 ** (-max(-60.0, min(60.0, bits)) / SOFTNESS)))


def judge(one: Traits, other: Traits, figures: Figures) -> Judgement:
    """How likely two records are one person: ``Judgement``."""
    name = duplicate_names.compare(one.words, other.words, figures.weights)
    beside = [
        *_phones(one.phones, other.phones, figures),
        *_emails(one.emails, other.emails, figures),
        *_handles(one.handles, other.handles, figures),
        *_slots(one.slots, other.slots, figures),
    ]
    places, place_bits = _places(one, other, figures)
    bits = math.log2(EXPECTED) - figures.size + name.bits + place_bits
    bits += sum(reason.bits for reason in beside)
    bits = _ruled(bits, name, beside, places)
    reasons = [*beside, *places]
    if name.code:
        reasons.append(Reason(name.code, name.bits))
    reasons.sort(key=lambda reason: -reason.bits)
    return Judgement(bits, score_of(bits), tuple(reasons))


def _ruled(bits, name: NameEvidence, beside, places):
    """The sum under the two rules that stand above it."""
    if not any(reason.bits > 0 for reason in (*beside, *places)):
        return min(bits, NAME_ALONE)
    if name.conflicts:
        proven = any(r.code == "slot_same" and r.bits >= TELLING_BITS for r in beside)
        if not proven:
            return min(bits, FAMILY)
    return bits


# Ways to reach somebody


def _phones(one, other, figures):
    if not one or not other:
        return []
    for phone in one:
        if any(phone[-HEAD:] == x[-HEAD:] for x in other):
            crowd = figures.shared_by_many(phone_key(phone))
            return [Reason("phone_same", figures.size + SAME_PHONE - crowd)]
    if any(_one_digit(x, y) for x in one for y in other):
        return [Reason("phone_slip", figures.size + NEAR_PHONE)]
    return [Reason("phone_other", OTHER_PHONE)]


def _one_digit(one, other):
    one, other = one[-HEAD:], other[-HEAD:]
    return len(one) > 7 and OSA.distance(one, other, score_cutoff=1) <= 1


def _emails(one, other, figures):
    if not one or not other:
        return []
    for email in one:
        if email in other:
            crowd = figures.shared_by_many(email_key(email))
            return [Reason("email_same", figures.size + SAME_EMAIL - crowd)]
    for x in one:
        for y in other:
            code, bits = _near_email(x, y)
            if code:
                return [Reason(code, figures.size + bits)]
    return [Reason("email_other", OTHER_EMAIL)]


def _near_email(one, other):
    """(code, bits beside log2(n)) of two addresses that are nearly the same."""
    one, _at, host = one.partition("@")
    other, _at, other_host = other.partition("@")
    if one == other:
        return ("email_host", NEAR_EMAIL) if len(one) >= LONG_LOCAL else ("", 0.0)
    near = host == other_host and min(len(one), len(other)) > 4
    if not near or OSA.distance(one, other, score_cutoff=1) > 1:
        return "", 0.0
    letters = ["".join(filter(str.isalpha, x)) for x in (one, other)]
    if letters[0] != letters[1]:
        return "email_slip", NEAR_EMAIL
    # one more digit or another one is mostly a namesake: ali.ahmadi1, ali.ahmadi2
    return ("email_slip", NAMESAKE_EMAIL) if len(one) != len(other) else ("", 0.0)


def _handles(one, other, figures):
    if one and set(one).intersection(other):
        return [Reason("handle_same", figures.size + SAME_HANDLE)]
    return []


# Where somebody lives


def _places(one, other, figures):
    """Reasons, and their bits in all: what agrees goes together, so it adds up less."""
    reasons = []
    if one.street and other.street:
        reasons.append(_street(one.street, other.street, figures))
    if one.zip and other.zip:
        reasons.append(_zip(one.zip, other.zip, figures))
    if one.city and other.city:
        reasons.append(_city(one.city, other.city, figures))
    gains = sorted((r.bits for r in reasons if r.bits > 0), reverse=True)
    bits = sum(map(operator.mul, gains, (1, 0.5, 0.25)))
    return reasons, bits + sum(r.bits for r in reasons if r.bits < 0)


def _street(one, other, figures):
    numbered = any(map(str.isdigit, one))
    most = STREET_BITS if numbered else NUMBERLESS_STREET_BITS
    most = min(most, figures.size - 1)
    if one == other:
        return Reason("street_same", most)
    numbers, words = zip(*map(_street_parts, (one, other)), strict=True)
    alike = words[0] & words[1] or ratio(one, other) >= 75
    if alike and numbers[0] == numbers[1]:
        return Reason("street_slip", most - 2)
    if alike and not (numbers[0] and numbers[1]):
        return Reason("street_slip", 1.0)
    return Reason("street_other", OTHER_STREET)


def _street_parts(text):
    """Numbers of a street, and those of its words that say something."""
    words = text.split()
    numbers = {word for word in words if any(map(str.isdigit, word))}
    return numbers, {word for word in words if len(word) > 3} - numbers


def _zip(one, other, figures):
    if one == other:
        return Reason("zip_same", min(8.0, figures.bits("zip", one)))
    if len(one) == len(other) and OSA.distance(one, other, score_cutoff=1) <= 1:
        return Reason("zip_slip", 2.0)
    return Reason("zip_other", OTHER_ZIP)


def _city(one, other, figures):
    if one == other:
        return Reason("city_same", 0.7 * figures.bits("city", one))
    if max(len(one), len(other)) > 4 and OSA.distance(one, other, score_cutoff=2) <= 2:
        bits = min(figures.bits("city", one), figures.bits("city", other))
        return Reason("city_slip", min(5.0, bits) * 0.7)
    return Reason("city_other", OTHER_CITY)


# Dates and codes


def _slots(one, other, figures):
    if not one or not other:
        return []
    others = dict(other)
    reasons = []
    for slot, value in one:
        if slot in others:
            compare = _dates if slot.startswith("custom_date") else _codes
            reasons += compare(slot, value, others[slot], figures)
    return reasons


def _dates(slot, one, other, figures):
    bits = min(12.0, figures.slots.get(slot, DATE_BITS))
    if one == other:
        return [Reason("slot_same", bits, slot)]
    swapped = one[:4] == other[:4] and one[4:6] == other[6:8] and one[6:] == other[4:6]
    if swapped or OSA.distance(one, other, score_cutoff=1) <= 1:
        return [Reason("slot_slip", max(1.0, bits - 4.5), slot)]
    return [Reason("slot_other", OTHER_DATE, slot)]


def _codes(slot, one, other, figures):
    bits = min(figures.size, figures.slots.get(slot, 0.0))
    if one == other:
        return [Reason("slot_same", bits, slot)] if bits >= 1 else []
    if bits < TELLING_BITS or slot in KEYS:  # other programs number a person anew
        return []
    if len(one) > 5 and OSA.distance(one, other, score_cutoff=1) <= 1:
        # as likely the next number of a series as a slip
        return [Reason("slot_slip", SLIPPED_CODE, slot)]
    return [Reason("slot_other", OTHER_CODE, slot)]
