"""Deliveries of providers: storing them, and making messages of them, at real commits.

Beside it stands what nobody can do without: the bare rows of the same, each in a
transaction of its own. The worker's part is beside what the ORM takes for the same
message and event of a customer who is there already, as an add-on would write it.
"""

import json
import time

from odoo import fields
from odoo.tools import SQL

from .environment import opened
from .measure import Figure, at_least_as_fast, at_most_cost, in_turns

DELIVERIES = 200  # of one measurement
CHATS = 20
ROUNDS = 3
# a savepoint, the check for the same bytes, the look whether the worker is awake
STORE_GOAL = at_most_cost(3)
# an ordinary message posted on a contact tells, tracks and notifies less than is
# counted, scored and sorted here
POST_GOAL = at_least_as_fast(0.5)


def run(databases, count):
    """Measure receiving: list of Figure."""
    with opened(databases.seeded(count)) as env:
        receiving = Receiving(env)
        try:
            return [receiving.storing(), receiving.working()]
        finally:
            receiving.remove()


class Receiving:
    """Contestants; what they commit is removed in the end.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env, self.cr = env, env.cr
        self.channel = env["mini_crm.channel"].create(
            {"name": "Benchmark", "type": "telegram", "state": "live"}
        )
        self.numbers = iter(range(1, 10**9))
        self.chats = [10**9 + n for n in range(CHATS)]
        self._store(self._bodies())
        env["mini_crm.inbox"]._cron_process()

    def storing(self):
        """Figure of what a request does: store, wake, commit."""
        bodies = [self._bodies() for _round in range(2 * ROUNDS)]
        times = in_turns(
            {
                "ours": lambda _n: self._store(bodies.pop()),
                "bare": lambda _n: self._store_bare(bodies.pop()),
            },
            ROUNDS,
        )
        self._forget()
        name = f"store {DELIVERIES} deliveries, each committed"
        figure = Figure(name, times["ours"], note=_each(times["ours"]))
        return figure.against("bare INSERTs", times["bare"], STORE_GOAL)

    def working(self):
        """Figure of the worker: messages of known customers, each committed."""
        times = in_turns(
            {
                "ours": lambda _n: self._work(),
                "bare": lambda _n: self._write_bare(),
                "post": lambda _n: self._post(),
            },
            ROUNDS,
        )
        name = f"make {DELIVERIES} messages of deliveries"
        return (
            Figure(name, times["ours"], note=_each(times["ours"]))
            .against("bare INSERTs", times["bare"])
            .against("message_post on the contact", times["post"], POST_GOAL)
        )

    def remove(self):
        """Remove the channel and the customers that it has made."""
        identities = self.env["mini_crm.identity"]
        found = identities.search([("channel_id", "=", self.channel.id)])
        partners = found.partner_id
        # by SQL: people may not delete a channel with conversations
        self.cr.execute(
            SQL("DELETE FROM mini_crm_channel WHERE id = %s", self.channel.id)
        )
        self.env.invalidate_all(flush=False)
        partners.unlink()
        self.cr.commit()

    # Contestants

    def _store(self, bodies):
        for body in bodies:
            self.env["mini_crm.inbox"]._store(self.channel, body)
            self.cr.commit()

    def _store_bare(self, bodies):
        for body in bodies:
            self.cr.execute(
                SQL(
                    """INSERT INTO mini_crm_inbox (channel_id, company_id, received_at,
                        kind, state, body) VALUES (%s, %s, %s, 'body', 'done', %s)""",
                    self.channel.id,
                    self.channel.company_id.id,
                    fields.Datetime.now(),
                    body,
                )
            )
            self.cr.commit()

    def _work(self):
        """Seconds that the worker takes."""
        self._store(self._bodies())
        began = time.perf_counter()
        self.env["mini_crm.inbox"]._cron_process()
        return time.perf_counter() - began

    def _write_bare(self):
        identity = self._identity()
        for number in range(DELIVERIES):
            self.cr.execute(
                SQL(
                    """WITH message AS (INSERT INTO mini_crm_message (channel_id,
                        company_id, identity_id, partner_id, direction, kind, state,
                        body, date) VALUES (%(channel)s, %(company)s, %(identity)s,
                        %(partner)s, 'in', 'text', 'received', %(body)s, %(date)s))
                    INSERT INTO mini_crm_event (company_id, partner_id, type, date)
                    VALUES (%(company)s, %(partner)s, 'note_added', %(date)s)""",
                    channel=self.channel.id,
                    company=self.channel.company_id.id,
                    identity=identity.id,
                    partner=identity.partner_id.id,
                    body=f"Message {number}",
                    date=fields.Datetime.now(),
                )
            )
            self.cr.commit()

    def _post(self):
        partner = self._identity().partner_id
        for number in range(DELIVERIES):
            partner.message_post(body=f"Message {number}")
            self.cr.commit()

    # Material

    def _identity(self):
        identities = self.env["mini_crm.identity"]
        return identities.search([("channel_id", "=", self.channel.id)], limit=1)

    def _bodies(self):
        """Deliveries of Telegram with new messages in turn of the chats."""
        now = int(time.time())
        return [
            json.dumps(
                self._update(self.chats[n % CHATS], next(self.numbers), now)
            ).encode()
            for n in range(DELIVERIES)
        ]

    def _update(self, chat, number, now):
        person = {"id": chat, "is_bot": False, "first_name": f"Benchmark {chat}"}
        message = {
            "message_id": number,
            "date": now,
            "chat": {"id": chat, "type": "private"},
            "from": person,
            "text": f"Message {number}",
        }
        return {"update_id": number, "message": message}

    def _forget(self):
        """Leave nothing for the worker of what was stored."""
        self.cr.execute(
            SQL("DELETE FROM mini_crm_inbox WHERE channel_id = %s", self.channel.id)
        )
        self.cr.commit()


def _each(seconds):
    return f"{DELIVERIES / seconds:,.0f} each second"
