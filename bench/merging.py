"""Merging contacts: against Odoo's own merge, which deletes and cannot be undone.

Odoo's runs in a database of plain Odoo, whose contacts have the same notes; ours have
chat messages, events, purchases and scores besides. Odoo merges three at a time.
"""

import time
from itertools import count

from .environment import opened
from .measure import Figure, at_least_as_fast, in_turns

NOTES = 100  # of each contact
MANY = 50  # contacts that are one
ODOO_MOST = 3
ROUNDS = 15  # the machine is not the same from one moment to the next
MANY_ROUNDS = 5
LIMIT = 1.0  # of two
_numbers = count(1)


def run(databases, _customers):
    """Measure merges: list of Figure."""
    with opened(databases.product) as ours, opened(databases.stock) as stock:
        shop, plain = Merges(ours), Merges(stock)
        two = in_turns(
            {
                "ours": lambda _n: shop.timed(2, shop.merge),
                "odoo": lambda _n: plain.timed(2, plain.odoo),
            },
            ROUNDS,
        )
        many = in_turns(
            {
                "ours": lambda _n: shop.timed(MANY, shop.merge),
                "odoo": lambda _n: plain.timed(MANY, plain.odoo),
            },
            MANY_ROUNDS,
        )
        return [
            Figure(
                f"2 contacts with {NOTES} messages each", two["ours"], limit=LIMIT
            ).against("Odoo's own merge", two["odoo"], at_least_as_fast(1)),
            Figure(f"{MANY} contacts with {NOTES} messages each", many["ours"]).against(
                "Odoo's own merge", many["odoo"], at_least_as_fast(5)
            ),
        ]


class Merges:
    """Contacts with messages in one database, merged one way or the other.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env = env
        self.ours = "mini_crm.merge" in env
        if self.ours:
            env["mini_crm.rule"]._cron_rules()  # as in a shop that has begun
            env.cr.commit()

    def timed(self, number, merge):
        """Seconds that a merge of new contacts takes, with its commit."""
        people = self._people(number)
        self.env.cr.commit()
        self.env.invalidate_all()
        began = time.perf_counter()
        merge(people)
        self.env.cr.commit()
        return time.perf_counter() - began

    def merge(self, people):
        """Merge by our way."""
        self.env["mini_crm.merge"].merge(people[0].id, people[1:].ids)

    def odoo(self, people):
        """Merge by Odoo's wizard, as many at a time as it takes."""
        wizard = self.env["base.partner.merge.automatic.wizard"]
        survivor, others = people[0], people[1:].ids
        step = ODOO_MOST - 1
        for first in range(0, len(others), step):
            ids = [survivor.id, *others[first : first + step]]
            wizard._merge(ids, survivor)

    def _people(self, number):
        people = self.env["res.partner"].create(
            [
                {
                    "name": f"Merge {n}",
                    "email": f"merge{n}@example.com",
                    "phone": f"+98912{n:07}",
                }
                for n in (next(_numbers) for _one in range(number))
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO mail_message (model, res_id, body, date, message_type,
                author_id, subtype_id, is_internal)
            SELECT 'res.partner', p.id, '<p>Some words</p>', now(), 'comment', p.id,
                NULL, FALSE
            FROM unnest(%s::int[]) p (id), generate_series(1, %s)""",
            [people.ids, NOTES],
        )
        if self.ours:
            self._talk(people)
        self.env.cr.commit()
        return people

    def _talk(self, people):
        """Chat messages with their events, and a purchase each."""
        channel = self.env["mini_crm.channel"].search([("name", "=", "Bench")], limit=1)
        if not channel:
            channel = channel.create({"name": "Bench", "type": "telegram"})
        identities = self.env["mini_crm.identity"].create(
            [
                {
                    "channel_id": channel.id,
                    "company_id": channel.company_id.id,
                    "partner_id": partner.id,
                    "external_id": str(partner.id),
                }
                for partner in people
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            """WITH said AS (
                INSERT INTO mini_crm_message (channel_id, company_id, identity_id,
                    partner_id, direction, kind, body, date, sequence, state)
                SELECT i.channel_id, i.company_id, i.id, i.partner_id, 'in', 'text',
                    'Some words', now(), n, 'received'
                FROM mini_crm_identity i, generate_series(1, %s) n
                WHERE i.id = ANY(%s) RETURNING id, company_id, partner_id, date)
            INSERT INTO mini_crm_event (company_id, partner_id, type, interaction,
                date, depth, res_model, res_id)
            SELECT company_id, partner_id, 'message_received', 'in', date, 0,
                'mini_crm.message', id FROM said""",
            [NOTES, identities.ids],
        )
        self.env["mini_crm.purchase"].create(
            [{"partner_id": partner.id, "amount": 10} for partner in people]
        )
