"""May this message go out now? One decision for everything that is sent.

The rules, in the order in which they are asked:

- whoever has blocked the shop, or is gone, gets nothing;
- after an opt-out only a person may answer, and only who has written since;
- a campaign needs an opt-in: who was never asked may be answered, no more;
- a channel that is not connected keeps its messages until it is;
- Instagram lets a shop answer for 24 hours after a message of the customer, and a
  person of the shop for 7 days, if Meta has approved that for the app;
- a provider that has asked for a pause gets it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

PURPOSES = ("answer", "automated", "campaign")
WINDOW = timedelta(hours=24)  # Instagram: after the last message that opens it
HUMAN_WINDOW = timedelta(days=7)  # Instagram: with the tag below
HUMAN_AGENT = "HUMAN_AGENT"


@dataclass(frozen=True)
class Verdict:
    """What the gate says.

    :param action: send, defer or drop
    :param reason: a code that rooms put into words; empty when it may be sent. Of
        drops: blocked, invalid, opted_out, no_consent; of deferred ones: channel_draft,
        channel_broken, channel_off, window_closed, paused
    :param until: UTC, when a deferred message is looked at again; ``None``: not before
        something happens (the customer writes, the channel is connected again)
    :param tag: what the provider must be told (Instagram: HUMAN_AGENT), or empty
    """

    action: str
    reason: str = ""
    until: datetime | None = None
    tag: str = ""


@dataclass(frozen=True)
class Facts:
    """What the gate judges by. Times are UTC without a time zone.

    :param purpose: answer, automated or campaign
    :param by_person: a person has written it and sends it now
    :param channel_type: telegram, instagram, email or phone
    :param channel_state: draft, live, broken or off
    :param identity_state: reachable, blocked or invalid
    :param consent: in, out or unknown
    :param opted_out_at: since when the consent is ``out``
    :param last_received_at: date of the customer's last message in this channel
    :param window_opened_at: date of his last message that lets the shop answer
    :param human_agent: Meta has approved Human Agent for this channel
    :param paused_until: the provider has asked not to be called before then
    """

    purpose: str
    by_person: bool
    channel_type: str
    channel_state: str
    identity_state: str = "reachable"
    consent: str = "unknown"
    opted_out_at: datetime | None = None
    last_received_at: datetime | None = None
    window_opened_at: datetime | None = None
    human_agent: bool = False
    paused_until: datetime | None = None


def decide(facts: Facts, now: datetime) -> Verdict:
    """Whether a message may go out.

    :param now: UTC without a time zone
    :raises ValueError: for a purpose that is not known
    """
    if facts.purpose not in PURPOSES:
        raise ValueError(f"unknown purpose: {facts.purpose}")
    if facts.identity_state != "reachable":
        return Verdict("drop", facts.identity_state)
    forbidden = _forbidden(facts)
    if forbidden:
        return Verdict("drop", forbidden)
    if facts.channel_state != "live":
        return Verdict("defer", f"channel_{facts.channel_state}")
    window, tag = _window(facts, now)
    if not window:
        return Verdict("defer", "window_closed")
    if facts.paused_until and now < facts.paused_until:
        return Verdict("defer", "paused", until=facts.paused_until)
    return Verdict("send", tag=tag)


def _forbidden(facts: Facts) -> str:
    """Why the customer's wishes forbid it, or empty."""
    if facts.consent == "out":
        answers = facts.purpose == "answer" and facts.by_person
        return "" if answers and _has_written_since(facts) else "opted_out"
    if facts.purpose == "campaign" and facts.consent != "in":
        return "no_consent"
    return ""


def _has_written_since(facts: Facts) -> bool:
    """Whether the customer has written after he has opted out."""
    if not facts.opted_out_at or not facts.last_received_at:
        return False
    return facts.last_received_at > facts.opted_out_at


def _window(facts: Facts, now: datetime) -> tuple[bool, str]:
    """(whether the provider lets the shop write now, the tag that it wants)."""
    if facts.channel_type != "instagram":
        return True, ""
    if not facts.window_opened_at:
        return False, ""
    age = now - facts.window_opened_at
    if age < WINDOW:
        return True, ""
    by_human = facts.by_person and facts.purpose == "answer" and facts.human_agent
    if by_human and age < HUMAN_WINDOW:
        return True, HUMAN_AGENT
    return False, ""
