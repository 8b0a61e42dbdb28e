"""When the shop writes by itself: not at night, and not too often on one day.

For messages that nobody sends by hand. Days and nights are the customer's. What he is
answered at once, while he is writing himself, is neither held back nor waits.
Moments are UTC without a time zone, as everywhere.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .send_gate import Verdict

TALKING = timedelta(minutes=15)  # after his last message he is in the conversation
TOO_LATE = timedelta(hours=24)  # what has waited longer for a free day is dropped
DAY_MINUTES = 24 * 60


def quiet(now: datetime, zone: str, begin: int, end: int) -> Verdict | None:
    """Wait for the morning; ``None``: it is no quiet hour.

    :param zone: IANA name of the customer's time zone
    :param begin: minute of the local day at which the quiet hours begin, 0 to 1439
    :param end: minute at which they end; the same as ``begin``: there are none
    """
    until = quiet_until(now, zone, begin, end)
    return Verdict("defer", "quiet_hours", until=until) if until else None


def frequency(
    sent: int,
    most: int,
    waits_since: datetime | None,
    now: datetime,
    zone: str,
    begin: int,
    end: int,
) -> Verdict | None:
    """Wait for the next day that is free; ``None``: there is room today.

    :param sent: messages of this local day so far
    :param most: allowed on a day; 0: any number
    :param waits_since: when the message was written; ``None``: just now
    :param begin: of the quiet hours, as for ``quiet``: the next day begins after them
    """
    if not most or sent < most:
        return None
    if waits_since and now - waits_since >= TOO_LATE:
        return Verdict("drop", "too_late")
    morning = day_begin(now, zone, days=1)
    until = quiet_until(morning, zone, begin, end) or morning
    return Verdict("defer", "frequency_cap", until=until)


def quiet_until(now: datetime, zone: str, begin: int, end: int) -> datetime | None:
    """When the quiet hours end in which a moment lies, or ``None``."""
    local = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if begin == end:
        return None
    if begin < end:
        if not begin <= minute < end:
            return None
        day = local.date()
    elif minute >= begin:
        day = local.date() + timedelta(days=1)
    elif minute < end:
        day = local.date()
    else:
        return None
    return _moment(day, end, zone)


def day_begin(now: datetime, zone: str, days: int = 0) -> datetime:
    """When the local day of a moment began, or one some days later begins."""
    local = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return _moment(local.date() + timedelta(days=days), 0, zone)


def _moment(day, minute, zone):
    """A local minute of a day as UTC. One that the clocks skip is the one after it."""
    at = time(minute // 60, minute % 60)
    local = datetime.combine(day, at, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    # in a gap the offset before it holds, which leads behind it
    return moment.replace(tzinfo=None)
