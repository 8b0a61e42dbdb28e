"""Who may enter a workflow: entry policy and limits, judged on a few figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Starts of one customer within ``DAY``: of one workflow, and of all together.
MOST_OF_ONE = 20
MOST_OF_ALL = 50
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

# How many of the last runs decide whether a workflow is sound, and how many may fail.
LAST_RUNS = 20
MOST_FAILED = 10


@dataclass(frozen=True)
class History:
    """What a customer has had of workflows.

    :param active: whether he is in this one now
    :param last: when he has entered this one last, UTC, or ``None``
    :param of_one: starts of this one within ``DAY``
    :param of_all: starts of all within ``DAY``
    """

    active: bool = False
    last: datetime | None = None
    of_one: int = 0
    of_all: int = 0


def objection(entry: Mapping | None, history: History, now: datetime) -> str:
    """Why a customer may not enter now; empty: he may.

    :param entry: of the definition: {"policy": "once" | "again" | "always", "days"}
    :return: active (he is in it), entered (the policy says no), too_many
    """
    if history.active:
        return "active"
    if history.last and not _again(entry or {}, history.last, now):
        return "entered"
    if history.of_one >= MOST_OF_ONE or history.of_all >= MOST_OF_ALL:
        return "too_many"
    return ""


def turns(number: int, planned: list[datetime], most: int, now: datetime) -> list:
    """When customers whom time or a person has enter start, one after the other.

    Whoever comes waits behind those that are planned, and within any ``HOUR`` at most
    ``most`` of all of them start.

    :param number: how many come
    :param planned: when the last ``most`` of those before start or have started, UTC,
        oldest first; what is an hour ago need not be among them
    :param most: starts within an hour, at least 1
    :return: list of ``number`` datetimes, oldest first, none before ``now``
    """
    lately = deque(planned, maxlen=most)
    found = []
    for _one in range(number):
        moment = max(now, lately[-1]) if lately else now
        if len(lately) == most:
            moment = max(moment, lately[0] + HOUR)
        lately.append(moment)
        found.append(moment)
    return found


def _again(entry, last, now):
    """Whether the policy lets somebody in again who was in it before."""
    policy = entry.get("policy", "once")
    if policy == "again":
        return last <= now - timedelta(days=entry.get("days") or 0)
    return policy == "always"


def is_failing(states: list[str]) -> bool:
    """Whether too many of the last runs have failed.

    :param states: of the last ``LAST_RUNS`` runs that have ended; of fewer nothing is
        judged
    """
    return len(states) >= LAST_RUNS and states.count("failed") > MOST_FAILED
