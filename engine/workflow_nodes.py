"""The nodes of a workflow: what each does when a run enters it, and how it goes on.

Every function takes the place where a run stands and gives back (state, commands).
``ENTER`` is by the node's kind; ``PERFORMED`` what comes after its last command. The
waiting node has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256

from . import workflow_schedule as schedule
from .workflow_events import Act, Check, Command, Performed, ReadDate, Save, Send
from .workflow_kinds import NODES, Kind, filled
from .workflow_state import State, Surroundings
from .workflow_words import has_word, plain

Move = tuple[State, tuple[Command, ...]]


@dataclass(frozen=True)
class Place:
    """Where a run stands, with all that its node may look at."""

    definition: dict
    state: State
    now: datetime
    around: Surroundings

    @cached_property
    def kind(self) -> Kind:
        """Of the node."""
        return NODES[self.definition["nodes"][self.state.node]["kind"]]

    @cached_property
    def config(self) -> dict:
        """What the node is told, with defaults: {setting: value}, as JSON has them."""
        return filled(self.definition["nodes"][self.state.node], self.kind)

    def target(self, edge: str) -> str:
        """Node to which an edge leads, or empty: the end."""
        following = self.definition["nodes"][self.state.node].get("next") or {}
        found = following.get(edge)
        return found if found in self.definition["nodes"] else ""

    def stay(self, *commands: Command, **changes) -> Move:
        """The run stays in its node."""
        return replace(self.state, **changes), commands

    def wait(self, due_at: datetime | None, *commands: Command, **changes) -> Move:
        """The run stays in its node until something happens, or it is time."""
        changes = {"status": "waiting", "burst": 0, "due_at": due_at, **changes}
        return replace(self.state, **changes), commands

    def leave(self, edge: str, reason: str = "", *commands: Command, **changes) -> Move:
        """The run leaves its node by an edge, to the next or to its good end."""
        goes_on = self.target(edge)
        return (
            replace(
                self.state,
                status="running" if goes_on else "done",
                outcome="" if goes_on else "finished",
                edge=edge,
                reason=reason,
                due_at=None,
                waits_for_answer=False,
                asking={},
                **changes,
            ),
            commands,
        )


# Entered


def _send(place: Place) -> Move:
    config = place.config
    message = Send(config["text"], config["channel"], config["subject"] or "")
    return place.stay(message)


def _delay(place: Place) -> Move:
    config, zone = place.config, place.around.zone
    if config["by"] == "date":
        return place.stay(ReadDate(config["date"]))
    if config["by"] == "clock":
        clock = schedule.read_clock(config["at"])
        due_at = schedule.until_clock(place.now, zone, clock, config["weekdays"])
    else:
        due_at = schedule.after(place.now, config["duration"], zone)
    return place.wait(due_at)


def _condition(place: Place) -> Move:
    """Asks the room only for what it cannot tell itself."""
    config = place.config
    if config["domain"] and _settled(place) is None:
        return place.stay(Check(config["domain"]))
    return place.stay()


def _set_field(place: Place) -> Move:
    config = place.config
    return place.stay(Save(config["field"], config["value"] or "", fill=True))


def _act(place: Place) -> Move:
    return place.stay(Act(place.kind.name, place.config))


def _nothing(place: Place) -> Move:
    return place.stay()


# Performed


def _usual(place: Place, event: Performed) -> Move:
    """Leaves by the edge that was told, else by the usual one."""
    edges = place.kind.edges
    edge = event.edge if event.edge in edges else edges[0]
    return place.leave(edge, event.value if isinstance(event.value, str) else "")


def _date_read(place: Place, event: Performed) -> Move:
    config = place.config
    said = _day(event.value)
    if said is None:
        return place.leave("missing", "no_date")
    due_at = schedule.until_date(
        said,
        place.now,
        place.around.zone,
        schedule.read_clock(config["at"]),
        config["days"],
        config["yearly"],
        place.around.calendar,
        # the second time round a loop, "today" would be again and again
        today_counts=place.state.visit == 1,
    )
    return place.leave("missing", "passed") if due_at is None else place.wait(due_at)


def _day(value) -> date | None:
    """The day of an ISO 8601 date, or date and time."""
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        return None


def _decided(place: Place, event: Performed) -> Move:
    met = _settled(place)
    if met is None:
        met = event.edge == "yes"
    return place.leave("yes" if met else "no")


def _settled(place: Place) -> bool | None:
    """What a condition comes to by words and answers; ``None``: the rest decides."""
    config = place.config
    parts = [_is_answer(place, each) for each in config["answers"]]
    if config["words"]:
        parts.append(has_word(place.state.text, config["words"]))
    if config["match"] == "any":
        if any(parts):
            return True
        return None if config["domain"] else not parts
    if not all(parts):
        return False
    return None if config["domain"] else True


def _is_answer(place: Place, wanted: dict) -> bool:
    """Whether an earlier answer was this: {label: id of the question, value}."""
    answer = place.state.answers.get(wanted["label"])
    if answer is None:
        return False
    said = answer["value"]
    if isinstance(said, bool):
        said = "yes" if said else "no"
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    return plain(str(wanted["value"])) in (plain(str(said)), plain(answer["text"]))


def _drawn(place: Place, event: Performed) -> Move:
    state = place.state
    draw = sha256(f"{state.seed}:{state.node}:{state.visit}".encode()).digest()
    number = int.from_bytes(draw[:8], "big") % 100
    return place.leave("a" if number < place.config["share"] else "b")


def due(place: Place) -> Move:
    """The time that a delay waited for has come."""
    return place.leave(place.kind.edges[0])


ENTER: dict[str, Callable[[Place], Move]] = {
    **dict.fromkeys(NODES, _act),
    "send": _send,
    "delay": _delay,
    "condition": _condition,
    "split": _nothing,
    "set_field": _set_field,
}
PERFORMED: dict[str, Callable[[Place, Performed], Move]] = {
    **dict.fromkeys(NODES, _usual),
    "delay": _date_read,
    "condition": _decided,
    "split": _drawn,
}
