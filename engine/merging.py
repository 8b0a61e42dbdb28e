"""Which value a merged customer gets, and why: pure functions of plain values.

A field's candidates are the values that the customers have; the suggestion is one of
them with the code of a reason. ``None`` and empty text are no value; 0 and ``False``
are values like any other: who is the survivor has said so.
"""

from collections.abc import Hashable
from typing import Any, NamedTuple

# Fields of which the longer text says more.
LONGEST = frozenset(
    {"name", "street", "street2", "function", "company_name", "comment"}
)
# Fields that make sense only together: one customer's address, not a bit of each.
ADDRESS = ("street", "street2", "city", "zip", "state_id", "country_id")
# Why a value was suggested.
REASONS = (
    *("same", "chosen", "filled", "verified", "longest", "survivor", "newest"),
    *("address", "sum"),
)


class Candidate(NamedTuple):
    """What one customer has in a field.

    :param int partner_id: whose value it is
    :param value: as stored; ``None`` or "" when there is none
    :param verified: somebody or a provider has confirmed it
    :param changed: when the field was last changed, as ISO 8601 UTC; "" when nobody
        knows
    """

    partner_id: int
    value: Any
    verified: bool = False
    changed: str = ""


class Suggestion(NamedTuple):
    """The value that a field gets: whose it is, and the code of why."""

    partner_id: int
    value: Any
    reason: str


def is_filled(value):
    """Whether this is a value; 0 and ``False`` are."""
    return value is not None and value != ""


def suggest(name, candidates, *, survivor_first=False):
    """The value that a field should have after the merge.

    :param str name: of the field
    :param list[Candidate] candidates: one of each customer, the survivor first, then by
        preference
    :param bool survivor_first: the survivor's own stands whenever there is one, as in
        Odoo's own merge of contacts
    :return: ``reason`` is same, filled (only one has a value), verified, longest,
        newest or survivor (nothing speaks for another one)
    :rtype: Suggestion
    """
    survivor = candidates[0]
    filled = [c for c in candidates if is_filled(c.value)]
    if not filled:
        return Suggestion(survivor.partner_id, survivor.value, "same")
    distinct = {_hashable(c.value) for c in filled}
    if len(distinct) == 1:
        best = filled[0]
        reason = "same" if len(filled) == len(candidates) else "filled"
        return Suggestion(best.partner_id, best.value, reason)
    if survivor_first or isinstance(survivor.value, bool):
        best = filled[0]
        own = best.partner_id == survivor.partner_id
        return Suggestion(best.partner_id, best.value, "survivor" if own else "filled")
    best, reason = _best(name, filled, survivor)
    return Suggestion(best.partner_id, best.value, reason)


def _best(name, filled, survivor):
    """The best of different values: (candidate, reason)."""
    verified = [c for c in filled if c.verified]
    if verified and len(verified) < len(filled):
        return verified[0], "verified"
    if any(c.changed for c in filled):
        # max() takes the first of equals: the survivor
        newest = max(filled, key=lambda c: c.changed)
        if sum(c.changed == newest.changed for c in filled) == 1:
            return newest, "newest"
    if name in LONGEST:
        longest = max(filled, key=lambda c: len(str(c.value)))
        if sum(len(str(c.value)) == len(str(longest.value)) for c in filled) == 1:
            return longest, "longest"
    own = [c for c in filled if c.partner_id == survivor.partner_id]
    return (own[0], "survivor") if own else (filled[0], "filled")


def fullest(candidates_by_name):
    """Whose fields are filled best, of fields that belong together.

    :param dict[str, list[Candidate]] candidates_by_name: see ``suggest``
    :return: id of the customer, the survivor's among equals; ``None`` when nobody has
        anything
    :rtype: int | None
    """
    counts = {}
    for candidates in candidates_by_name.values():
        for candidate in candidates:
            counts.setdefault(candidate.partner_id, 0)
            counts[candidate.partner_id] += is_filled(candidate.value)
    best = max(counts, key=counts.get, default=None)
    return best if counts.get(best) else None


def decide(name, candidates, chosen_id=None, *, survivor_first=False):
    """The value that a field gets: what a person has chosen, else the suggestion.

    :param str name: of the field
    :param list[Candidate] candidates: see ``suggest``
    :param int | None chosen_id: whose value a person wants, empty ones too
    :raises ValueError: nobody of them has this id
    """
    if chosen_id is None:
        return suggest(name, candidates, survivor_first=survivor_first)
    for candidate in candidates:
        if candidate.partner_id == chosen_id:
            return Suggestion(chosen_id, candidate.value, "chosen")
    raise ValueError(f"{name}: {chosen_id} is none of those who are merged")


def differs(candidates):
    """Whether the customers have different values in a field, empty ones included."""
    return len({_hashable(c.value) for c in candidates}) > 1


def merge_keys(survivor_first):
    """One JSON object out of several, key by key: the first that has a key wins.

    :param list[dict | None] survivor_first: the survivor's, then the others'
    :rtype: dict
    """
    merged = {}
    for one in survivor_first:
        for key, value in (one or {}).items():
            if key not in merged or (merged[key] is None and value is not None):
                merged[key] = value
    return merged


def _hashable(value):
    """A value to compare by: empty ones are the same, 0 is not ``False``."""
    if not is_filled(value):
        return None
    kind = "boolean" if isinstance(value, bool) else ""
    return (kind, value) if isinstance(value, Hashable) else (kind, repr(value))
