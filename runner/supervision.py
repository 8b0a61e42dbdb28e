"""When Odoo must be started anew, as pure functions: nothing here looks or waits.

HTTP alone proves little: after an outage of PostgreSQL Odoo's threads for scheduled
jobs stay dead while pages are served. So a look also asks for the heartbeat that a
scheduled job leaves in the database (`/mini_crm/health`).
"""

from dataclasses import dataclass, replace

LOOK_SECONDS = 5  # between two looks
START_SECONDS = 180  # until the first answer
SILENT_SECONDS = 60  # without any further answer: Odoo hangs
CRIPPLED_SECONDS = 10  # heartbeat fresh, but this Odoo's own threads are dead
STALE_SECONDS = 150  # age of a heartbeat that is late; the add-on's GAP_SECONDS
STALE_PATIENCE = 75  # seconds that it must stay late; a suspended machine wakes up so
LONGEST_PATIENCE = 3600
WAKE_SECONDS = 60  # after a start, as long as jobs are woken again and again
STABLE_SECONDS = 60  # so long well: earlier failures are forgotten
_MILD = 3  # failures at most while each start comes to work: people are waiting


@dataclass(frozen=True)
class Look:
    """What one look at Odoo found.

    `at`: seconds of a monotonic clock; `answered`: whether there was an answer at all;
    `well`: whether it said "ok"; `database`: whether Odoo reached its database;
    `beat_age`: seconds since the last heartbeat, None when unknown.
    """

    at: float
    answered: bool = False
    well: bool = False
    database: bool = False
    beat_age: float | None = None


@dataclass(frozen=True)
class Watch:
    """What is remembered of one start of Odoo, all in seconds of the same clock.

    `fruitless` counts the starts in a row after which no heartbeat came.
    """

    started: float
    answered: float | None = None
    well_since: float | None = None
    stale_since: float | None = None
    crippled_since: float | None = None
    beaten: bool = False
    fruitless: int = 0


def remember(watch, look):
    """The watch after one more look.

    :rtype: Watch
    """
    age = look.beat_age
    stale = look.database and (age is None or age > STALE_SECONDS)
    crippled = look.database and not look.well and not stale
    beaten = watch.beaten or (age is not None and age < look.at - watch.started)

    def since(known, holds):
        return (known if known is not None else look.at) if holds else None

    return replace(
        watch,
        answered=look.at if look.answered else watch.answered,
        well_since=since(watch.well_since, look.well),
        stale_since=since(watch.stale_since, stale),
        crippled_since=since(watch.crippled_since, crippled),
        beaten=beaten,
    )


def reason_to_restart(watch, now):
    """Why Odoo must be started anew, for people; None when it need not.

    :param Watch watch: after the last look
    :param float now: seconds of the same clock
    :rtype: str or None
    """
    fresh = watch.answered is None
    silent = now - (watch.started if fresh else watch.answered)
    if silent >= (START_SECONDS if fresh else SILENT_SECONDS):
        return f"Odoo has not answered for {silent:.0f} s"
    if _lasted(watch.crippled_since, now, CRIPPLED_SECONDS):
        return "Odoo's threads for scheduled jobs are dead"
    patience = min(STALE_PATIENCE * 2 ** min(watch.fruitless, 10), LONGEST_PATIENCE)
    up = now - watch.started
    if up > STALE_SECONDS and _lasted(watch.stale_since, now, patience):
        return "No scheduled job has run for minutes"
    return None


def needs_waking(watch, now):
    """Whether jobs of a fresh start are to be woken (bool).

    By itself Odoo looks for due jobs up to a minute after its start.
    """
    return not watch.beaten and now - watch.started < WAKE_SECONDS


def look_pause(watch, now):
    """Seconds until the next look: short until a fresh start has proved itself."""
    return 1 if needs_waking(watch, now) else LOOK_SECONDS


def next_watch(watch, now):
    """The watch of the next start.

    :param Watch watch: of the start that has ended
    :param float now: when the next one begins
    """
    return Watch(started=now, fruitless=0 if watch.beaten else watch.fruitless + 1)


def failures_after(failures, watch, now):
    """How often in a row Odoo failed, counting the failure that has just happened.

    A start after which jobs ran was a good one, however short: it counts mildly, so
    that pauses stay short.

    :param int failures: before
    """
    if _lasted(watch.well_since, now, STABLE_SECONDS):
        return 1
    return min(failures + 1, _MILD) if watch.beaten else failures + 1


def _lasted(since, now, seconds):
    return since is not None and now - since >= seconds
