"""Any workflow, whatever happens: its log is the path of a model that knows no step."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from workflow_kit import Room, moment

from engine.workflow import (
    MAX_BURST,
    MAX_STEPS,
    Act,
    Answered,
    Ask,
    Asked,
    Check,
    Performed,
    ReadDate,
    Save,
    Send,
    Started,
    State,
    Stopped,
    Surroundings,
    TakenOver,
    TimerDue,
    Unsent,
    WentOut,
    step,
)
from engine.workflow_check import normalised, problems
from engine.workflow_kinds import NODES

AROUND = Surroundings("America/New_York", "gregorian", "US")
LATER = timedelta(seconds=1)
PHOTO = Answered(kind="photo", media=({"kind": "photo", "attachment_id": 1},))
SETTINGS = {
    "send": {"text": "Hi"},
    "ask": {"text": "Well?"},
    "condition": {"domain": "[('a', '=', 1)]"},
    "set_field": {"field": "note", "value": "x"},
    "add_tag": {"tag": 1},
    "remove_tag": {"tag": 1},
    "add_to_segment": {"segment": 1},
    "remove_from_segment": {"segment": 1},
    "create_task": {"summary": "Call"},
    "webhook": {"url": "https://example.com"},
}
LOOPS = ("loop_without_end",)
IDS = [f"n{n}" for n in range(8)]


@st.composite
def nodes(draw):
    kind = draw(st.sampled_from(list(NODES)))
    node = {"kind": kind, **SETTINGS.get(kind, {})}
    if kind == "delay":
        by = draw(st.sampled_from(["duration", "clock", "date"]))
        node |= {"by": by, "date": "due", "weekdays": [1, 4]}
    if kind == "ask":
        node |= {
            "answer": draw(st.sampled_from(["text", "phone"])),
            "save_to": draw(st.sampled_from([None, "note"])),
            "attempts": draw(st.integers(1, 3)),
            "remind_after": draw(
                st.sampled_from([None, {"amount": 1, "unit": "hours"}])
            ),
        }
    targets = st.sampled_from([*IDS, None])
    return {**node, "next": {edge: draw(targets) for edge in NODES[kind].edges}}


workflows = st.builds(
    lambda found: {
        "format": 1,
        "trigger": {"kind": "by_hand"},
        "first": "n0",
        "nodes": dict(zip(IDS, found, strict=True)),
    },
    st.lists(nodes(), min_size=len(IDS), max_size=len(IDS)),
)


class Fate:
    """What comes of a node at a visit: drawn once, the same for run and model."""

    def __init__(self, definition, seed):
        self.nodes = definition["nodes"]
        self.seed = seed

    def number(self, node, visit, most):
        """From 0, less than ``most``."""
        return (self.seed + 7919 * IDS.index(node) + 104_729 * visit) % 10_007 % most

    def edge(self, node, visit):
        kind = self.nodes[node]["kind"]
        if kind == "delay" and self.nodes[node]["by"] != "date":
            return "next"
        edges = NODES[kind].edges
        return edges[self.number(node, visit, len(edges))]

    def is_queued(self, node, visit):
        return self.number(node, visit, 3) == 0

    def waits(self, node, visit):
        """Whether the run comes to rest in it."""
        kind, edge = self.nodes[node]["kind"], self.edge(node, visit)
        if kind == "ask":
            at_once = edge in ("window_closed", "not_sent")
            return not at_once or self.is_queued(node, visit)
        return kind == "delay" and edge == "next"


def model(definition, fate, draws):
    """(path, outcome) of a workflow: a walk along its edges that counts.

    :param draws: edges of random splits, in their order
    """
    draws = iter(draws)
    path, visits, burst, node = [], {}, 0, definition["first"]
    while node:
        if len(path) == MAX_STEPS or burst == MAX_BURST:
            return path, "limit"
        visits[node] = visit = visits.get(node, 0) + 1
        one = definition["nodes"][node]
        edge = next(draws) if one["kind"] == "split" else fate.edge(node, visit)
        burst = 0 if fate.waits(node, visit) else burst + 1
        path.append((node, visit, edge))
        node = one["next"][edge]
    return path, "finished"


class Player:
    """Lets happen to a run what fate has for it, and much that must not matter."""

    def __init__(self, definition, fate, noise, seed):
        self.definition, self.fate, self.noise = definition, fate, noise
        answers = {
            Send: self._usual,
            Ask: self._put,
            Check: self._usual,
            Save: self._saved,
            Act: self._usual,
            ReadDate: self._date,
        }
        self.room = Room(definition, AROUND, answers=answers, state=State(seed=seed))

    @property
    def here(self):
        return self.room.state.node, self.room.state.visit

    def _usual(self, command):
        return Performed(self.fate.edge(*self.here))

    def _saved(self, command):
        edge = self.fate.edge(*self.here)
        return Performed("invalid" if edge == "invalid" else "")

    def _put(self, command):
        if self.fate.is_queued(*self.here):
            return Performed("queued")
        edge = self.fate.edge(*self.here)
        return Performed(edge if edge in ("window_closed", "not_sent") else "")

    def _date(self, command):
        missing = self.fate.edge(*self.here) == "missing"
        far = (self.room.now + timedelta(days=9)).date().isoformat()
        return Performed(value=None if missing else far)

    def play(self, turns):
        self.room.start()
        for _turn in range(turns):
            if self.room.state.ended:
                return
            assert self.room.state.status in ("waiting", "queued")
            self._disturb()
            self._go_on()

    def _disturb(self):
        waiting = self.room.state
        for event in self.noise:
            closes = isinstance(event, Answered | TakenOver) or event == NOT_SENT
            if closes and waiting.waits_for_answer:
                continue
            if waiting.status == "queued" and isinstance(event, TakenOver | Asked):
                continue
            assert self.room.happens(event) == []
            assert self.room.state is waiting

    def _go_on(self):
        room, state = self.room, self.room.state
        edge = self.fate.edge(*self.here)
        if self.definition["nodes"][state.node]["kind"] == "delay":
            room.happens(TimerDue(), state.due_at)
        elif state.status == "queued":
            sent = edge not in ("window_closed", "not_sent")
            room.happens(Asked(sent, "" if sent else edge), room.now + LATER)
        else:
            self._close(edge)

    def _close(self, edge):
        room, here = self.room, self.here
        saves = self.definition["nodes"][here[0]]["save_to"]
        event = {
            "answered": Answered("+1 212 555 0123"),
            "invalid": Answered("+1 212 555 0123") if saves else PHOTO,
            "skipped": Answered("skip"),
            "stopped": Answered("لغو"),
            "taken_over": TakenOver(),
            "timeout": TimerDue(),
        }[edge]
        while self.here == here and not (room.state.edge or room.state.ended):
            at = room.state.due_at if edge == "timeout" else room.now + LATER
            room.happens(event, at)


NOT_SENT = Asked(False, "blocked")
NOISE = st.lists(
    st.sampled_from(
        [
            Started("again"),
            Performed("next"),
            Performed("answered"),
            TimerDue(),
            Asked(True),
            NOT_SENT,
            Answered("hello"),
            Answered("لغو"),
            TakenOver(),
        ]
    ),
    max_size=4,
)
seeds = st.integers(0, 100_000)


@settings(deadline=None, max_examples=150)
@given(workflows, seeds, NOISE)
def test_log_is_the_path_of_the_model(definition, seed, noise):
    assert all(each.warning or each.code in LOOPS for each in problems(definition))
    fate = Fate(definition, seed)
    player = Player(definition, fate, noise, seed)
    player.play(turns=4 * MAX_STEPS)
    room = player.room
    assert room.state.ended
    kinds = {name: node["kind"] for name, node in definition["nodes"].items()}
    draws = [edge for node, edge in room.path if kinds[node] == "split"]
    path, outcome = model(definition, fate, draws)
    assert [(node, visit, edge) for node, visit, edge, _reason in room.log] == path
    assert room.state.outcome == outcome
    assert room.state.status == ("done" if outcome == "finished" else "failed")
    assert len({(node, visit) for node, visit, _edge, _reason in room.log}) == len(path)


@settings(deadline=None, max_examples=50)
@given(workflows, seeds, st.integers(0, 12), st.sampled_from(["left", "erased"]))
def test_stopped_run_has_the_path_so_far_and_no_more(definition, seed, turns, reason):
    fate = Fate(definition, seed)
    player = Player(definition, fate, [], seed)
    player.play(turns)
    room = player.room
    before, waiting = list(room.log), not room.state.ended
    room.happens(Stopped(reason))
    assert room.state.ended
    if waiting:
        node, visit = room.log[-1][:2]
        assert room.log == [*before, (node, visit, "stopped", reason)]
        assert room.state.outcome == reason
    else:
        assert room.log == before


EVENTS = st.sampled_from(
    [
        Started("hi"),
        Performed(),
        Performed("queued"),
        Performed("invalid", "refused"),
        Performed("yes", "2030-01-01"),
        Performed("not_sent", "blocked"),
        TimerDue(),
        Asked(True),
        Asked(False, "window_closed"),
        Unsent(),
        WentOut(moment("2027-01-01")),
        Answered("+1 212 555 0123"),
        Answered("skip"),
        Answered("?"),
        PHOTO,
        TakenOver(),
        Stopped("by_hand"),
    ]
)


@settings(deadline=None)
@given(
    workflows,
    st.lists(st.tuples(EVENTS, st.integers(0, 100_000)), max_size=40),
    st.datetimes(moment("2024-01-01"), moment("2030-01-01")),
)
def test_any_events_in_any_order_are_survived(definition, events, now):
    plain = normalised(definition)
    state, rows = State(), set()
    for event, seconds in events:
        now += timedelta(seconds=seconds)
        stored = state.as_json()
        new, commands = step(definition, state, event, now, AROUND)
        assert State.from_json(new.as_json()) == new
        # the same once more, from what was stored, and with all defaults written out
        assert step(plain, State.from_json(stored), event, now, AROUND) == (
            new,
            commands,
        )
        assert state.as_json() == stored
        if new == state:
            assert commands == ()
        elif new.edge:
            assert (new.node, new.visit) not in rows
            rows.add((new.node, new.visit))
        if new.status in ("waiting", "queued"):
            assert new.due_at or new.status == "queued"
            assert not new.edge
        if new.ended:
            assert new.due_at is None
            assert not new.waits_for_answer
            assert new.outcome
        state = new
