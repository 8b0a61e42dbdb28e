"""Definitions of workflows, and a room that performs their commands by a script."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.workflow import (
    MAX_STEPS,
    Performed,
    Started,
    State,
    Surroundings,
    step,
)

NOW = datetime.fromisoformat("2026-03-02 10:00")
HOURS = timedelta(hours=1)
AROUND = Surroundings(country="IR")


def moment(text):
    """UTC of "YYYY-MM-DD HH:MM"."""
    return datetime.fromisoformat(text)


def workflow(first, **nodes):
    """A definition of nodes, each (kind, {edge: node id}, settings)."""
    return {
        "format": 1,
        "trigger": {"kind": "by_hand"},
        "first": first,
        "nodes": {
            name: {"kind": kind, **settings, "next": following}
            for name, (kind, following, settings) in nodes.items()
        },
    }


SAMPLES = {
    "text": "Hi {name}",
    "number": 7,
    "flag": True,
    "words": ["price", "قیمت"],
    "names": ["phone"],
    "record": 3,
    "field": "phone",
    "domain": "[('city', '=', 'x')]",
    "duration": {"amount": 2, "unit": "hours"},
    "clock": "08:30",
    "weekdays": [0, 6],
    "choices": [{"label": "One", "value": "1"}, {"label": "Two"}],
    "url": "https://example.com/hook",
}


def full(kind):
    """A trigger or node with every setting."""
    settings = {
        each.name: each.options[0] if each.kind == "choice" else SAMPLES[each.kind]
        for each in kind.settings
    }
    return {"kind": kind.name, **settings}


@dataclass
class Room:
    """Calls ``step()`` as the rooms do, and keeps the log.

    :param answers: {class of command: what came of it}, or a function of the command
    """

    definition: dict
    around: Surroundings = AROUND
    now: datetime = NOW
    state: State = field(default_factory=State)
    answers: dict = field(default_factory=dict)
    commands: list = field(default_factory=list)
    log: list = field(default_factory=list)

    def start(self, text=""):
        return self.happens(Started(text))

    def happens(self, event, at=None):
        """One event, and all that follows until the run waits or ends.

        :return: commands of this event
        """
        self.now = at or self.now
        before = len(self.commands)
        for _turn in range(3 * MAX_STEPS):
            event = self._turn(event)
            if event is None:
                return self.commands[before:]
        raise AssertionError("the run does not come to rest")

    def _turn(self, event):
        old = self.state
        self.state, commands = step(self.definition, old, event, self.now, self.around)
        assert State.from_json(self.state.as_json()) == self.state
        self.commands += commands
        if self.state == old:
            assert self.state is old
            assert not commands
            return None
        if self.state.edge:
            state = self.state
            self.log.append((state.node, state.visit, state.edge, state.reason))
        if self.state.status != "running":
            return None
        return self._performed(commands[-1]) if commands else Performed()

    def _performed(self, command):
        found = self.answers.get(type(command), Performed())
        return found(command) if callable(found) else found

    @property
    def path(self):
        """[(node, edge)] as far as the run has come."""
        return [(node, edge) for node, _visit, edge, _reason in self.log]
