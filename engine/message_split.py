"""A long text as several messages, none longer than a provider takes."""

import re

from .graphemes import extends, may_cut

SMALLEST_LIMIT = 4  # bytes: one character may need them
# A cut between paragraphs, lines or sentences is taken if the message is then at least
# so much of what it could be; else a long text would come in crumbs.
_FULL_ENOUGH = 0.25
# White space at which a text may be cut; a space that must not break is none.
_GAP = re.compile(r"[^\S\u00a0\u2007\u202f]+")
_SENTENCE_ENDS = frozenset(".!?…؟۔。！？")
_CLOSING = "\"'»”’)]}"


def measure(text: str, unit: str) -> int:
    """Length of a text as a provider counts it.

    :param unit: bytes (of UTF-8) or utf16 (units of two bytes)
    :raises ValueError: for any other unit
    """
    if unit == "bytes":
        return len(text.encode("utf-8", "surrogatepass"))
    if unit == "utf16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    raise ValueError(f"unknown unit: {unit}")


def split_text(text: str, limit: int, unit: str = "bytes") -> list[str]:
    """A text in parts that are each within a limit.

    Cut between paragraphs if that will do, else between lines, sentences, words; a word
    only if it alone is longer than a message, and then between two letters. White space
    at a cut and around the text is dropped, all else is kept in its order.

    :param limit: of a part, in ``unit``
    :param unit: bytes (of UTF-8) or utf16 (units of two bytes)
    :returns: parts without white space around them; none for a text without any letter
    :raises ValueError: for a limit below 4 or an unknown unit
    """
    if limit < SMALLEST_LIMIT:
        raise ValueError(f"limit below {SMALLEST_LIMIT}")
    text = text.strip()
    parts, start = [], 0
    while start < len(text):
        end = _reach(text, start, limit, unit)
        if end == len(text):
            parts.append(text[start:])
            break
        end, following = _cut(text, start, end)
        parts.append(text[start:end])
        start = following
    return parts


def _reach(text: str, start: int, limit: int, unit: str) -> int:
    """The furthest place up to which a part is within the limit."""
    # no character is less than one unit
    window = text[start : start + limit]
    if measure(window, unit) <= limit:
        return start + len(window)
    low, high = 0, len(window)  # within the limit, beyond it
    while high - low > 1:
        middle = (low + high) // 2
        if measure(window[:middle], unit) <= limit:
            low = middle
        else:
            high = middle
    return start + low


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    """(end of the part, beginning of the next), at the best place up to ``end``."""
    best = (-1, start, start)
    enough = start + (end - start) * _FULL_ENOUGH
    # the gap at the end may begin within reach and go on beyond it
    for gap in _GAP.finditer(text, start, end + 1):
        before, after = gap.start(), _end_of_gap(text, gap.end())
        if before == start or after == len(text) or extends(text[after]):
            continue
        rank = _rank(text, before, after) if before >= enough else 0
        if rank >= best[0]:
            best = (rank, before, after)
    if best[0] >= 0:
        return best[1:]
    place = end
    while place > start and not may_cut(text, place, start):
        place -= 1
    # a "letter" of endless combining marks is cut where it must be
    place = place if place > start else end
    return place, place


def _end_of_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _rank(text: str, before: int, after: int) -> int:
    """How good a gap is for a cut: 3 paragraph, 2 line, 1 sentence, 0 word."""
    lines = text.count("\n", before, after)
    if lines:
        return 3 if lines > 1 else 2
    last = text[before - 1]
    if last in _CLOSING and before > 1:
        last = text[before - 2]
    return 1 if last in _SENTENCE_ENDS else 0
