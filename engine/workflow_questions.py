"""How a question of a workflow stands in a chat: its buttons, and what they carry.

A button carries which question it belongs to and its number, nothing else: a payload of
Telegram has 64 bytes, and an old button must not answer a new question.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

PRESSED = "wf:"  # how payloads of workflows begin
_KEY = re.compile(r"wf:(\d{1,18}):(.+?):(\d{1,9})(?::\d+r?)?(?:/\d+)?")
_PAYLOAD = re.compile(r"wf:(\d{1,18}):([0-9a-f]{8}):(\d{1,3})")


@dataclass(frozen=True)
class Place:
    """A question: a run at a node, entered for the n-th time."""

    run: int
    node: str
    visit: int

    @property
    def key(self) -> str:
        """Idempotency key of its message."""
        return f"wf:{self.run}:{self.node}:{self.visit}"

    def payload(self, number: int) -> str:
        """What its n-th button carries, from 1."""
        return f"{PRESSED}{self.run}:{self._mark}:{number}"

    @property
    def _mark(self) -> str:
        return f"{zlib.crc32(f'{self.node}:{self.visit}'.encode()):08x}"

    def pressed(self, payload: str) -> int:
        """Number of the button of this question that carries this; 0: none does."""
        match = _PAYLOAD.fullmatch(payload)
        ours = match and (int(match[1]), match[2]) == (self.run, self._mark)
        return int(match[3]) if ours else 0

    @classmethod
    def of_key(cls, key: str) -> "Place | None":
        """The question of which a message with this key is a part, or ``None``."""
        match = _KEY.fullmatch(key or "")
        return cls(int(match[1]), match[2], int(match[3])) if match else None


def run_of(payload: str) -> int:
    """Id of the run whose button carries this payload; 0: it is none of a workflow."""
    match = _PAYLOAD.fullmatch(payload or "")
    return int(match[1]) if match else 0


def laid_out(
    text: str, buttons: Sequence[dict], *, most: int, label: int, contact: bool
) -> tuple[str, list[dict]]:
    """A question as a channel can show it: (text, buttons).

    Choices that do not fit on buttons are numbered below the text.

    :param buttons: of {label, payload}, or with ``request_contact``
    :param most: buttons that the channel shows; 0: it has none
    :param label: characters of a button
    :param contact: whether the channel can ask for the customer's own number
    """
    choices = [one for one in buttons if not one.get("request_contact")]
    asked_for = [one for one in buttons if one.get("request_contact") and contact]
    fits = len(buttons) <= most and all(len(one["label"]) <= label for one in choices)
    if fits or not choices:
        return text, [*asked_for, *choices][:most]
    lines = [f"{number}. {one['label']}" for number, one in enumerate(choices, 1)]
    return "\n".join((text, *lines)), asked_for[:most]
