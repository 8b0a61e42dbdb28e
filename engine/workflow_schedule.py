"""When a workflow goes on: delays, schedules, birthdays and quiet hours.

Moments are UTC without a time zone, zones IANA names (``ValueError`` or ``KeyError`` of
``zoneinfo`` for others). A local time that clocks jump over is as much later as they
jump; of one that comes twice it is the first.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from .birthdays import birthdays_between, birthdays_on, nearest_day, parts_of

__all__ = [
    "UNITS",
    "after",
    "birthdays_between",
    "birthdays_on",
    "local_day",
    "next_allowed",
    "next_schedule",
    "read_clock",
    "until_clock",
    "until_date",
]

UNITS = ("minutes", "hours", "days", "weeks")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEKS_SEARCHED = 3  # some zones have lost a whole day once


def local_day(now: datetime, zone: str) -> date:
    """The day that it is in a zone, e.g. for caps per day."""
    return _local(now, zone).date()


def read_clock(text: str) -> time:
    """A local time as definitions have it.

    :param text: "HH:MM"
    :raises ValueError: for anything else
    """
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007


def after(now: datetime, duration: dict, zone: str) -> datetime:
    """The end of a duration.

    Days and weeks end at the same local time, also when clocks change in between.

    :param duration: {"amount": 2, "unit": of ``UNITS``}
    """
    step = timedelta(**{duration["unit"]: duration["amount"]})
    if duration["unit"] in ("minutes", "hours"):
        return now + step
    return _utc(_local(now, zone) + step)


def until_clock(
    now: datetime, zone: str, at: time, weekdays: Iterable[int] = ()
) -> datetime:
    """The next time that a local clock shows a time, later than now.

    :param weekdays: days on which it may be, 0 (Monday) to 6; none: any
    """
    allowed = set(weekdays) or set(range(7))
    today = local_day(now, zone)
    days = (today + n * _DAY for n in range(7 * _WEEKS_SEARCHED))
    moments = _moments((day for day in days if day.weekday() in allowed), at, zone)
    return next(moment for moment in moments if moment > now)


def until_date(
    said: date,
    now: datetime,
    zone: str,
    at: time,
    days: int = 0,
    yearly: bool = False,
    calendar: str = "gregorian",
    today_counts: bool = True,
) -> datetime | None:
    """A local time on a date plus or minus days, or on its next anniversary.

    An anniversary that a year lacks, 29 February or 30 Esfand, is on the day before;
    the days are counted from there.

    :param yearly: whether the date comes back every year from then on
    :param calendar: of anniversaries: gregorian or jalali
    :param today_counts: when the day is today and the time is over, it is now; else the
        day has passed
    :return: not before now; ``None`` when it has passed, or is beyond the calendar
    """
    today = local_day(now, zone)
    try:
        for base in _anniversaries(said, today, calendar) if yearly else (said,):
            day = base + days * _DAY
            moment = _utc(datetime.combine(day, at, ZoneInfo(zone)))
            if moment > now:
                return moment
            if today_counts and day == today:
                return now
    except (OverflowError, ValueError):  # year 10000, or none that Jalali has
        return None
    return None


def _anniversaries(said: date, today: date, calendar: str) -> Iterator[date]:
    """Those around today, the earliest first: days added or taken off are a year."""
    first, month, day = parts_of(said, calendar)
    year = parts_of(today, calendar)[0]
    start = max(first, year - 2)
    for each in range(start, max(start, year + 3) + 1):
        yield nearest_day(each, month, day, calendar)


def next_schedule(
    now: datetime,
    zone: str,
    every: str,
    at: time,
    weekdays: Iterable[int] = (),
    day: int = 1,
    calendar: str = "gregorian",
) -> datetime:
    """When a schedule comes next, later than now.

    :param every: day, week (on ``weekdays``) or month (on ``day``, or its last day
        where the month is shorter)
    :param calendar: of months: gregorian or jalali
    """
    if every != "month":
        return until_clock(now, zone, at, weekdays if every == "week" else ())
    year, month, _day = parts_of(local_day(now, zone), calendar)
    months = [(year + (month + n) // 12, (month + n) % 12 + 1) for n in range(-1, 2)]
    days = (nearest_day(*each, day, calendar) for each in months)
    return next(moment for moment in _moments(days, at, zone) if moment > now)


def next_allowed(
    now: datetime, zone: str, quiet_from: time, quiet_to: time
) -> datetime:
    """The first moment from now on that is not in quiet hours.

    Clocks that go back to before they began do not end them.

    :param quiet_from: local time, included; later than ``quiet_to``: over midnight;
        the same: there are no quiet hours
    :param quiet_to: local time, not included
    :return: ``now`` itself, when it is not
    """
    local = _local(now, zone)
    if not _is_quiet(local.time(), quiet_from, quiet_to):
        return now
    day = local.date() if local.time() < quiet_to else local.date() + _DAY
    end = datetime.combine(day, quiet_to, ZoneInfo(zone))
    first, second = sorted((_utc(end), _utc(end.replace(fold=1))))
    if first == second:
        return first
    # clocks change at that very time: quiet may end with the jump, or only the second
    # time that they show it
    moment = max(first, now)
    while _is_quiet(_local(moment, zone).time(), quiet_from, quiet_to):
        moment = moment.replace(second=0, microsecond=0) + _MINUTE
    return moment


def _is_quiet(clock: time, quiet_from: time, quiet_to: time) -> bool:
    if quiet_from <= quiet_to:
        return quiet_from <= clock < quiet_to
    return clock >= quiet_from or clock < quiet_to


def _moments(days: Iterable[date], at: time, zone: str) -> Iterator[datetime]:
    """A local time of days as UTC, but for days that the zone has never had."""
    for day in days:
        moment = _utc(datetime.combine(day, at, ZoneInfo(zone)))
        if local_day(moment, zone) == day:
            yield moment


def _local(now: datetime, zone: str) -> datetime:
    return now.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))


def _utc(local: datetime) -> datetime:
    return local.astimezone(timezone.utc).replace(tzinfo=None)
