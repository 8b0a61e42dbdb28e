"""Bulk changes: a tag for 50,000 customers, against bare SQL and plain Odoo.

Bare SQL writes what must be there afterwards, in one transaction: who it was, for the
undo; the links; the events of the timeline and their queue. Plain Odoo writes the tag
through the ORM, page by page, and keeps neither.
"""

import time

from odoo.tools import SQL

from .databases import tidy
from .environment import BenchError, opened
from .importing import Ours as Manager
from .measure import Figure, at_least_as_fast, at_most_cost, in_turns

TAGGED = 50_000
ROUNDS = 3
PLAIN_PAGE = 1_000
PLAIN_PAGES = 3  # of plain Odoo; the rest is extrapolated
GOAL, PLAIN_GOAL = at_most_cost(2), at_least_as_fast(5)
TABLES = (
    "mini_crm_batch_line",
    "mini_crm_event",
    "mini_crm_queue",
    "res_partner_res_partner_category_rel",
)


def run(databases, count):
    """Measure a bulk change and its undo: list of Figure."""
    db = databases.seeded(count)
    with opened(db) as env:
        return Bulk(env, db, min(TAGGED, count)).figures()


class Bulk:
    """A tag on the first customers, put on and taken off again.

    :param env: environment of the superuser
    :param str db: its database
    :param int size: customers that are tagged
    """

    def __init__(self, env, db, size):
        self.env, self.cr, self.db, self.size = env, env.cr, db, size
        self.manager = Manager(env).as_manager
        self.tag = env["res.partner.category"].create({"name": "Bench bulk"}).id
        self.cr.execute(
            SQL("SELECT id FROM mini_crm_profile ORDER BY id LIMIT %s", size)
        )
        self.ids = [row[0] for row in self.cr.fetchall()]
        self.domain = [
            ("journey_stage", "!=", False),
            ("id", ">=", self.ids[0]),
            ("id", "<=", self.ids[-1]),
        ]
        self.cr.commit()
        self.batches = env["mini_crm.batch"]
        self.undone = []

    def figures(self):
        """List of Figure."""
        times = in_turns(
            {"ours": self.ours, "bare": self.bare}, ROUNDS, before=self.clean
        )
        self.clean()
        plain = self.plain() * self.size / (PLAIN_PAGE * PLAIN_PAGES)
        self.clean()
        undone = sorted(self.undone)[len(self.undone) // 2]
        seconds = times["ours"]
        note = (
            f"{self.size / seconds:,.0f} customers a second, snapshot included; its"
            f" undo takes {undone:.1f} s"
        )
        return [
            Figure(f"a tag for {self.size:,} customers", seconds, note=note)
            .against("bare SQL of the same rows", times["bare"], GOAL)
            .against("plain write(), extrapolated", plain, PLAIN_GOAL)
        ]

    def clean(self):
        """Take the tag off and everything with it."""
        self.cr.rollback()
        self.env.invalidate_all()
        self.cr.execute(
            SQL(
                """DELETE FROM mini_crm_queue;
                DELETE FROM res_partner_res_partner_category_rel
                    WHERE category_id = %s;
                DELETE FROM mini_crm_event WHERE type IN ('tag_added', 'tag_removed')
                    AND (data ->> 'tag_id')::int = %s;
                DELETE FROM mini_crm_batch WHERE kind = 'bulk'""",
                self.tag,
                self.tag,
            )
        )
        self.cr.commit()
        tidy(self.db, *TABLES)

    def ours(self, _number):
        """Preview apart: from the confirmation to the last customer: seconds."""
        bulk, values = self.manager["mini_crm.bulk"], {"tag_id": self.tag}
        shown = bulk.preview("tag_add", self.domain, values)
        self.cr.rollback()
        began = time.perf_counter()
        batch_id = bulk.apply(
            "tag_add", self.domain, values, shown["count"], shown["hash"]
        )
        self.cr.commit()
        self.batches._cron_process()
        seconds = time.perf_counter() - began
        batch = self.batches.browse(batch_id)
        self.env.invalidate_all()
        if (batch.state, batch.updated) != ("done", self.size):
            raise BenchError(f"{batch.state}, {batch.updated}: {batch.error}")
        began = time.perf_counter()
        batch.with_env(self.manager).undo()
        self.cr.commit()
        self.batches._cron_process()
        self.undone.append(time.perf_counter() - began)
        self.env.invalidate_all()
        if (batch.state, batch.restored) != ("undone", self.size):
            raise BenchError(f"{batch.state}, {batch.restored}: {batch.error}")
        return seconds

    def bare(self, _number):
        """The same rows by one statement each."""
        batch = self.batches.create(
            {"kind": "bulk", "name": "Bare", "settings": {"action": "tag_add"}}
        )
        self.env.flush_all()
        arguments = {
            "batch": batch.id,
            "tag": self.tag,
            "first": self.ids[0],
            "last": self.ids[-1],
            "company": self.env.company.id,
        }
        for statement in _BARE:
            self.cr.execute(statement, arguments)
        self.cr.commit()

    def plain(self):
        """Plain Odoo's way, some pages of it: seconds."""
        partners = self.env["res.partner"].with_context(
            tracking_disable=True, mini_crm_no_events=True
        )
        began = time.perf_counter()
        for page in range(PLAIN_PAGES):
            ids = self.ids[page * PLAIN_PAGE : (page + 1) * PLAIN_PAGE]
            partners.browse(ids).write({"category_id": [(4, self.tag)]})
            self.cr.commit()
        return time.perf_counter() - began


_BARE = (
    """INSERT INTO mini_crm_batch_line (batch_id, row, state, res_id)
    SELECT %(batch)s, row_number() OVER (ORDER BY id), 'updated', id
    FROM mini_crm_profile WHERE id BETWEEN %(first)s AND %(last)s""",
    """INSERT INTO res_partner_res_partner_category_rel (category_id, partner_id)
    SELECT %(tag)s, res_id FROM mini_crm_batch_line WHERE batch_id = %(batch)s
    ON CONFLICT DO NOTHING""",
    """WITH logged AS (
        INSERT INTO mini_crm_event (company_id, partner_id, type, date, author_id, data,
            through, depth, batch_id)
        SELECT %(company)s, res_id, 'tag_added', now() AT TIME ZONE 'utc', 1,
            jsonb_build_object('tag_id', %(tag)s::int, 'tag', 'Bench bulk'), 'bulk', 0,
            %(batch)s
        FROM mini_crm_batch_line WHERE batch_id = %(batch)s
        RETURNING id, partner_id, type)
    INSERT INTO mini_crm_queue (event_id, partner_id, type)
    SELECT id, partner_id, type FROM logged""",
)
