"""What somebody has written himself in an e-mail: without what he quotes, unsigned."""

import re

EXCERPT = 240  # characters of the first words

# Below such a line there is what was written before, or a signature.
_QUOTE_STARTS = re.compile(
    r"""^\s*(
        --\s*$                                          # a signature
        | [_-]{5,}\s*$                                  # a ruler of a mail program
        | -+\s*(original|forwarded)\s+message\s*-+\s*$
        | -+\s*پیام\s+(اصلی|هدایت\s*شده|بازارسال.*)\s*-+\s*$
        | (on|am|le|el)\s.{5,200}\s(wrote|schrieb|a\sécrit|escribió)\s?:\s*$
        | (در\s+)?.{0,200}(نوشت|نوشته\s+است|نوشته‌است)\s?[:،]\s*$
        | sent\s+from\s+my\s+\w+.{0,40}$
        | ارسال\s?شده\s+از\s.{1,40}$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Outlook has no such line, it repeats the headers of the message before.
_HEADER = re.compile(r"^\s*\*?(from|sent|to|subject|از|ارسال|به|موضوع)\*?\s*:\*?", re.I)
_LONGEST = 20_000  # characters that are looked at


def own_words(text: str) -> str:
    """The part of a plain text that its author has written now.

    A text of nothing but quotes is given back as it is: better too much than nothing.
    """
    lines = text[:_LONGEST].splitlines()
    kept = []
    for place, line in enumerate(lines):
        if _QUOTE_STARTS.match(line) or _repeats_headers(lines, place):
            break
        # Mail programs break "On Monday Sara wrote:" into two lines.
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if line.strip() and _QUOTE_STARTS.match(f"{line.strip()} {following.strip()}"):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    own = "\n".join(kept).strip()
    return own or text[:_LONGEST].strip()


def first_words(text: str, limit: int = EXCERPT) -> str:
    """The beginning of a text on one line, cut between words where that is possible.

    :param limit: characters at most, the ellipsis included
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    word_end = line[:limit].rfind(" ")
    return line[: word_end if word_end > limit // 2 else limit - 1] + "…"


def _repeats_headers(lines: list[str], place: int) -> bool:
    """Whether three headers of a message stand from this line on."""
    block = [line for line in lines[place : place + 6] if line.strip()][:3]
    return len(block) == 3 and all(_HEADER.match(line) for line in block)
