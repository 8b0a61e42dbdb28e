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


@lru_cache(maxsize=4_000)  # one message is compared with the words of many workflows
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
    keys = [key for key in map(plain, words) if key]
    if match == "whole":
        return said[1:-1] in keys
    if match == "start":
        return any(said.startswith(f" {key} ") for key in keys)
    return any(f" {key} " in said or _is_mark(key, text) for key in keys)


def _is_mark(key: str, text: str) -> bool:
    """Whether a key of marks only, an emoji, is anywhere in the text."""
    return _is_only_marks(key) and key in match_key(text[:LONGEST])


@lru_cache(maxsize=4_000)
def _is_only_marks(key):
    return not _MARKS.sub("", key)
