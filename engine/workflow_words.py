"""Words in what customers write, as workflows look for them, in both scripts."""

import re
from collections.abc import Iterable
from functools import lru_cache

from .text import match_key

MATCHES = ("word", "whole", "start")
SKIP_WORDS = ("skip", "pass", "next", "رد", "رد کن", "رد شو", "بعدی")
EXIT_WORDS = ("cancel", "exit", "quit", "خروج", "انصراف", "بی‌خیال")
LONGEST = 4_096  # characters of a text that are looked at
_MARKS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4_000)
def plain(text: str) -> str:
    """A text as words with single spaces: case, marks, forms of letters, script of
    digits and the half-space make no difference.

    A text of nothing but marks, or emoji, stays as it is.
    """
    key = match_key(text[:LONGEST])
    return _MARKS.sub(" ", key).strip() or key


def has_word(text: str, words: Iterable[str], match: str = "word") -> bool:
    """Whether one of the words is in a text.

    :param match: of ``MATCHES``: anywhere as words of its own, the whole text, or its
        beginning
    """
    said = f" {plain(text)} "
    keys = _keys(tuple(words))
    if match == "whole":
        return any(said == key for key, _mark in keys)
    if match == "start":
        return any(said.startswith(key) for key, _mark in keys)
    for key, mark in keys:
        if key in said or (mark and mark in match_key(text[:LONGEST])):
            return True
    return False


@lru_cache(maxsize=4_000)  # a message is compared with those of many workflows
def _keys(words):
    """Words as they are looked for: (between spaces, itself if it is marks only).

    Marks, as emoji are, count anywhere in a text.
    """
    keys = [key for key in map(plain, words) if key]
    return [(f" {key} ", "" if _MARKS.sub("", key) else key) for key in keys]
