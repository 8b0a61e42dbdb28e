"""May this message go out now? One decision for everything that is sent."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Verdict:
    """What the gate says.

    :param action: send, defer or drop
    :param reason: a code that rooms put into words; empty when it may be sent
    :param until: UTC, when a deferred message is looked at again; ``None``: not before
        something happens (the customer writes, the channel is connected again)
    :param tag: what the provider must be told (Instagram: HUMAN_AGENT), or empty
    """

    action: str
    reason: str = ""
    until: datetime | None = None
    tag: str = ""
