"""Workflows: what they cost a message that concerns none of them.

Against the same message without any workflow.
"""

import statistics
import time
from itertools import count

from odoo.tools import SQL

from .environment import opened
from .measure import Figure, at_most_cost, in_turns

WORKFLOWS = 100
MESSAGES = 50  # of one measurement
CLAIM = 5_000  # events that the worker takes at once
ROUNDS = 3
LIMIT = 0.002  # of one message
# scores, segments and tags of a message are there anyway
MESSAGE_GOAL = at_most_cost(1.25)


def run(databases, customers):
    """Measure workflows: list of Figure."""
    with opened(databases.seeded(customers)) as env:
        bench = Workflows(env)
        try:
            return [bench.message(), bench.look(), bench.claim()]
        finally:
            bench.remove()


class Workflows:
    """A hundred running workflows that wait for words nobody writes.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env, self.cr = env, env.cr
        self.numbers = count()
        self.partners = env["res.partner"].search(
            [("journey_stage", "!=", False)], order="id", limit=CLAIM
        )
        self.workflows = env["mini_crm.workflow"].create(
            [{"name": f"Bench {n}"} for n in range(WORKFLOWS)]
        )
        for n, workflow in enumerate(self.workflows):
            self._publish(workflow, [f"benchword{n}", "قیمت", "how much is it"])
        self._run(True)

    def remove(self):
        """Remove the workflows."""
        self.workflows.unlink()
        self.cr.commit()

    def message(self):
        """Figure of a message from the log to its commit, with all its consequences."""
        times = in_turns(
            {
                "with": lambda _n: self._messages(True),
                "without": lambda _n: self._messages(False),
            },
            ROUNDS,
        )
        more = 1000 * (times["with"] - times["without"])
        return Figure(
            f"a message that concerns none of {WORKFLOWS} workflows",
            times["with"],
            note=f"{more:.2f} ms more than without",
        ).against("the same without workflows", times["without"], MESSAGE_GOAL)

    def look(self):
        """Figure of the listener alone, for one such message."""
        self._run(True)
        return Figure(
            f"look whether a message concerns one of {WORKFLOWS} workflows",
            statistics.median(self._look(1) for _n in range(MESSAGES)),
            LIMIT,
        )

    def claim(self):
        """Figure of the listener alone, for as many messages as a worker takes."""
        self._run(True)
        seconds = statistics.median(self._look(CLAIM) for _n in range(ROUNDS))
        note = f"{1000 * seconds / CLAIM:.3f} ms each"
        name = f"the same for {CLAIM:,} messages at once"
        return Figure(name, seconds, note=note)

    # Material

    def _publish(self, workflow, words):
        definition = {
            "format": 1,
            "trigger": {"kind": "message_received", "words": words},
            "nodes": {},
        }
        version = self.env["mini_crm.workflow.version"].create(
            {"workflow_id": workflow.id, "number": 1, "definition": definition}
        )
        workflow.write(
            {
                "definition": definition,
                "version_id": version.id,
                "trigger": "message_received",
            }
        )

    def _run(self, live):
        self.workflows.write({"state": "live" if live else "paused"})
        self.cr.commit()

    def _messages(self, live):
        """Seconds of one message, the mean of some."""
        self._run(live)
        self._message()
        began = time.perf_counter()
        for _n in range(MESSAGES):
            self._message()
        return (time.perf_counter() - began) / MESSAGES

    def _message(self):
        partner = self.partners[next(self.numbers) % len(self.partners)]
        self._log(partner)
        self.cr.commit()

    def _log(self, partner):
        return partner._log(
            "message_received",
            data={"channel": "telegram"},
            summary="Hello, are you open tomorrow? I would like to come by.",
        )

    def _look(self, number):
        """Seconds that the listener takes for some messages; they are not kept."""
        partners = self.partners[:number]
        ids = [self._log(partner) for partner in partners]
        claimed = SQL(
            "(SELECT * FROM unnest(%s::int[], %s::int[], %s::varchar[])"
            " AS c(event_id, partner_id, type))",
            ids,
            partners.ids,
            ["message_received"] * len(ids),
        )
        self.env.flush_all()
        began = time.perf_counter()
        self.env["mini_crm.workflow"]._on_events(claimed)
        seconds = time.perf_counter() - began
        self.cr.rollback()
        return seconds
