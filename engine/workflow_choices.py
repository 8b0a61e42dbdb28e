"""Which of some choices a customer means: by button, label, number or nearly so."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from .workflow_words import plain

MAX_LABELS = 8  # of those that were asked back
_NEAR = 0.8  # share of letters in common, from which a label is meant
_CLEAR = 0.1  # by which the nearest has to be ahead of the next
_LONGEST = 100  # characters; a longer text is no label
_NUMBER = re.compile(
    r"(?:(?:number|no|option|شماره|گزینه|مورد|ش)\s*)?(\d{1,3})(?:\s*(?:[snrt][tdh]|م|ام))?"
)
# With such a word a sentence says another thing than the label that is in it.
_OTHER = frozenset(
    word
    for words in (
        "no not don dont never without except but or and either neither",
        "نه هیچ بدون غیر جز بجز یا و ولی اما",
    )
    for word in words.split()
)
_REFUSALS = ("نمی", "نخواه", "نخوا", "نکن", "نباش")  # how verbs of refusal begin
_MOST_WORDS = 5  # of a sentence in which a label is looked for
_ORDINALS = {
    word: number
    for words in (
        "first second third fourth fifth",
        "اول دوم سوم چهارم پنجم",
        "اولی دومی سومی چهارمی پنجمی",
    )
    for number, word in enumerate(words.split(), 1)
}


def choice_of(
    text: str, payload: str, choices: Iterable[Mapping]
) -> tuple[dict | None, list[str]]:
    """The choice that is meant, or the labels that may be.

    The button counts before the words; in words the whole label, then the number in
    the list, then what is near to one label and to no other.

    :param choices: {label, value} in their order; without a value it is the label
    :return: (choice or ``None``, labels between which it cannot be told)
    """
    listed = [
        {"label": each["label"], "value": each.get("value") or each["label"]}
        for each in choices
    ]
    if payload:
        for each in listed:
            if each["value"] == payload:
                return each, []
    said = plain(text) if len(text) <= _LONGEST else ""
    if not said:
        return None, []
    return _named(said, listed) or _numbered(said, listed) or _near(said, listed)


def _named(said: str, listed: list[dict]):
    for name in ("label", "value"):
        found = [each for each in listed if plain(each[name]) == said]
        if found:
            return found[0], []
    return None


def _numbered(said: str, listed: list[dict]):
    match = _NUMBER.fullmatch(said)
    number = int(match[1]) if match else _ORDINALS.get(said, 0)
    return (listed[number - 1], []) if 1 <= number <= len(listed) else None


def _near(said: str, listed: list[dict]):
    """A label that was written in part or with a slip, if it can be no other."""
    parts = [each for each in listed if _shares_words(said, plain(each["label"]))]
    if len(parts) == 1:
        return parts[0], []
    if parts:
        return None, [each["label"] for each in parts[:MAX_LABELS]]
    scores = sorted(
        ((_likeness(said, plain(each["label"])), n) for n, each in enumerate(listed)),
        reverse=True,
    )
    close = [n for score, n in scores if score >= max(_NEAR, scores[0][0] - _CLEAR)]
    if len(close) == 1:
        return listed[close[0]], []
    return None, [listed[n]["label"] for n in sorted(close)[:MAX_LABELS]]


def _shares_words(said: str, label: str) -> bool:
    """Whether one is in the other, as whole words and not only a digit or letter."""
    inner, outer = sorted((said, label), key=len)
    if len(inner) < 3 or f" {inner} " not in f" {outer} ":
        return False
    rest = f" {outer} ".replace(f" {inner} ", " ", 1).split() if outer == said else []
    refused = any(word in _OTHER or word.startswith(_REFUSALS) for word in rest)
    return len(rest) < _MOST_WORDS and not refused


def _likeness(said: str, label: str) -> float:
    """From 0 to 1; a word of three letters has no slips: it is another word."""
    if min(len(said), len(label)) <= 3:
        return 0.0
    if any(part.isdigit() for part in (said, label)):
        return 0.0
    return SequenceMatcher(None, said, label, autojunk=False).ratio()
