"""A workflow as a pure function: where a run stands, what happened, what to do next.

``step()`` looks at one node at a time. It gives back the new state and the commands
that belong to the move; whoever calls performs them, writes the log of the step and
stores the state in one transaction, and calls again with what came of it while the
state says ``running``. Nothing here reads a clock, a database or chance: ``now`` is an
argument, and a random split is drawn from the run's own seed.

A definition is plain JSON (``engine.workflow_kinds`` has the kinds of triggers and
nodes and what each needs; ``engine.workflow_check`` says what is wrong with one)::

    {"format": 1,
     "trigger": {"kind": "message_received", "words": ["price"]},
     "bulk": false,              also start for imported and bulk changes
     "entry": {"policy": "once" | "again" | "always", "days": 30},
     "audience": "[]",           condition that customers have to meet
     "leave": false,             true: who no longer meets it leaves at the next node
     "first": "n1",              id of the first node, or null
     "nodes": {"n1": {"kind": "ask", ...config, "next": {"answered": "n2"}}}}

An edge that leads nowhere ends the run well.

A node is entered by one step and left by another, also one that neither waits nor
wants anything done. So a state with an ``edge`` says: ``node`` (its ``visit``) has just
been left by ``edge`` for ``reason``, one row of the log; the next step enters what
follows. What changes nothing, a late answer or an early timer, gives back the very
state and no commands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from . import workflow_asking as asking
from .workflow_events import (
    Act,
    Answered,
    Ask,
    Asked,
    Check,
    CloseQuestion,
    Command,
    Event,
    Performed,
    ReadDate,
    Save,
    Say,
    Send,
    Started,
    Stopped,
    TakenOver,
    TimerDue,
    Unsent,
    WentOut,
)
from .workflow_kinds import NODES
from .workflow_nodes import ENTER, PERFORMED, Move, Place
from .workflow_nodes import due as delay_due
from .workflow_state import State, Surroundings

__all__ = [
    "FORMAT",
    "MAX_BURST",
    "MAX_NODES",
    "MAX_STEPS",
    "Act",
    "Answered",
    "Ask",
    "Asked",
    "Check",
    "CloseQuestion",
    "Command",
    "Event",
    "Performed",
    "ReadDate",
    "Save",
    "Say",
    "Send",
    "Started",
    "State",
    "Stopped",
    "Surroundings",
    "TakenOver",
    "TimerDue",
    "Unsent",
    "WentOut",
    "step",
]

FORMAT = 1
MAX_NODES = 200
MAX_STEPS = 500  # of one run, whatever its loops
MAX_BURST = 50  # steps without a wait between them


def step(
    definition: dict,
    state: State,
    event: Event,
    now: datetime,
    around: Surroundings,
) -> Move:
    """What becomes of a run when something happens, and what is to be done for it.

    :param definition: without problems (``engine.workflow_check``)
    :param now: UTC without a time zone
    :return: (state, commands to be performed in their order); only the answer to the
        last command matters, and only while the state is ``running``
    :raises KeyError: or ``ValueError``, for a time zone that is not known
    """
    if state.ended:
        return state, ()
    if isinstance(event, Stopped):
        return _stop(state, event.reason)
    place = Place(definition, state, now, around)
    if state.status == "running" and (not state.node or state.edge):
        return _move_on(place, event)
    if definition["nodes"].get(state.node, {}).get("kind") not in NODES:
        return _fail(state, "unknown_node", "")
    return _inside(place, event)


def _stop(state: State, reason: str) -> Move:
    """It ends wherever it stands; a node that it is in is left as stopped."""
    inside = bool(state.node) and not state.edge
    stopped = replace(
        state,
        status="stopped",
        outcome=reason,
        edge="stopped" if inside else "",
        reason=reason,
        due_at=None,
        waits_for_answer=False,
        asking={},
    )
    return stopped, (CloseQuestion(),) if _has_question(state) else ()


def _has_question(state: State) -> bool:
    return state.waits_for_answer or state.status == asking.QUEUED


def _move_on(place: Place, event: Event) -> Move:
    """From the start, or a node that was left, into the next one."""
    state = place.state
    if not state.node:
        if not isinstance(event, Started | TimerDue):
            return state, ()
        first = place.definition.get("first")
        text = event.text if isinstance(event, Started) else ""
        return _enter(place, first or "", text=text)
    if not isinstance(event, Performed | TimerDue):
        return state, ()
    return _enter(place, place.target(state.edge))


def _enter(place: Place, node: str, **changes) -> Move:
    """Into a node, unless the run has gone through too many."""
    state, nodes = place.state, place.definition["nodes"]
    if node not in nodes:
        done = replace(state, status="done", outcome="finished", due_at=None, edge="")
        return done, ()
    if state.steps >= MAX_STEPS or state.burst >= MAX_BURST:
        return _fail(state, "limit", "steps" if state.steps >= MAX_STEPS else "burst")
    visit = state.visits.get(node, 0) + 1
    entered = replace(
        state,
        node=node,
        visit=visit,
        visits={**state.visits, node: visit},
        steps=state.steps + 1,
        burst=state.burst + 1,
        edge="",
        reason="",
        due_at=None,
        **changes,
    )
    kind = nodes[node].get("kind")
    if kind not in NODES:
        return _fail(entered, "unknown_node", "")
    enter = asking.enter if kind == "ask" else ENTER[kind]
    return enter(replace(place, state=entered))


def _fail(state: State, outcome: str, reason: str) -> Move:
    """It cannot go on."""
    failed = replace(
        state,
        status="failed",
        outcome=outcome,
        edge="",
        reason=reason,
        due_at=None,
        waits_for_answer=False,
        asking={},
    )
    return failed, (CloseQuestion(),) if _has_question(state) else ()


def _inside(place: Place, event: Event) -> Move:
    """What happens while the run is in a node."""
    state = place.state
    asks = place.kind.name == "ask"
    if isinstance(event, Performed) and state.status == "running":
        if asks:
            return asking.performed(place, event)
        return PERFORMED[place.kind.name](place, event)
    if isinstance(event, TimerDue) and state.status == "waiting":
        if state.due_at is None or place.now < state.due_at:
            return state, ()
        return asking.due(place) if asks else delay_due(place)
    return _with_question(place, event) if asks else (state, ())


def _with_question(place: Place, event: Event) -> Move:
    """What happens to the question of a run: put, open or queued."""
    state = place.state
    opened = state.waits_for_answer and state.status == "waiting"
    if isinstance(event, Unsent) and opened:
        return asking.unsent(place)
    if isinstance(event, WentOut) and opened:
        return asking.went_out(place, event)
    if isinstance(event, Answered) and opened:
        return asking.answered(place, event)
    if isinstance(event, TakenOver) and (opened or state.status == asking.QUEUED):
        return asking.taken_over(place)
    if isinstance(event, Asked) and (not event.sent or not state.waits_for_answer):
        return asking.asked(place, event)
    return state, ()
