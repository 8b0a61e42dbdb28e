"""Segments: rebuilds, differences, one change, live counts and pages.

Against plain Odoo's way to have segments, which is tags kept by a scheduled search, and
against the one statement that a difference needs.
"""

import statistics
import threading
import time
from unittest.mock import patch

from odoo.tools import SQL

from . import importing
from .databases import tidy
from .environment import BenchError, opened, say
from .measure import Figure, at_least_as_fast, at_most_cost, in_turns
from .pages import Screens

SEGMENTS = 50
ROUNDS = 3
CHANGES = 100
MOVED = 50  # customers that change between two rebuilds of one segment
REBUILD_LIMIT, SEEN_LIMIT, COUNT_LIMIT, PAGE_LIMIT = 60, 2, 0.300, 0.060
BARE_GOAL = at_most_cost(2)
TAGS_GOAL = at_least_as_fast(10)
STOCK_GOAL = at_most_cost(0.5)
TABLES = (
    "mini_crm_profile",
    "mini_crm_event",
    "mini_crm_segment_member",
    "mini_crm_rule_mark",
    "mini_crm_tag_origin",
    "res_partner_res_partner_category_rel",
)
# What shops ask for, by figures, contacts and what happened; numbers vary.
DOMAINS = (
    "[('total_purchases', '>=', {0})]",
    "[('crm_score', '>=', {1}), ('total_purchases', '>=', 1)]",
    "[('last_contacted_at', '<', 'today -{2}d')]",
    "[('customer_since', '>=', 'today -{2}d')]",
    "[('total_spent', '>=', {3}), ('journey_stage', '!=', 'advocacy')]",
    "['|', ('crm_health', '=', 'red'), ('total_interactions', '>=', {0})]",
    "[('city', 'in', ['Tehran', 'Shiraz']), ('crm_score', '<', {1})]",
    "[('purchase_ids', 'any', [('date', '>=', 'today -{2}d')])]",
    "[('event_ids', 'any', [('type', '=', 'call_logged'),"
    " ('date', '>=', 'today -{2}d')])]",
    "[('email', '=', False), ('total_purchases', '>=', {0})]",
)
FEW = "[('total_purchases', '>=', 2)]"


def domains():
    """Conditions of the segments that are measured: list of str."""
    return [
        DOMAINS[n % len(DOMAINS)].format(1 + n // 10, 30 + n, 20 + 7 * n, 40 * (n + 1))
        for n in range(SEGMENTS)
    ]


def run(databases, count):
    """Measure segments: list of Figure."""
    db = databases.seeded(count)
    with opened(db) as env:
        bench = Segments(env, db, count)
        return [
            *bench.rebuilt(),
            bench.few_changes(),
            bench.one_change(),
            bench.seen_during_import(),
            bench.counted_live(),
            bench.page(),
        ]


class Segments:
    """Figures of segments; they are made here and stay in the database.

    :param env: environment of the superuser
    :param str db: its database
    :param int count: customers in it
    """

    def __init__(self, env, db, count):
        self.env, self.cr = env, env.cr
        self.db, self.count = db, count
        self.rules = env["mini_crm.rule"]
        self._build("what ships")
        self.screens = Screens(env)

    def rebuilt(self):
        """Figures of many segments that are built for the first time, and again."""
        self.segments = self.env["mini_crm.segment"].create(
            [{"name": f"Bench {n}", "domain": d} for n, d in enumerate(domains())]
        )
        self.few = self.segments[0]
        self.few.domain = FEW
        self.cr.commit()
        first = self._build(f"{SEGMENTS} segments, the first time")
        tidy(self.db, *TABLES)
        self.segments._rebuild()
        self.cr.commit()
        again = self._build(f"{SEGMENTS} segments, nothing has changed")
        members = self.env["mini_crm.segment.member"].search_count([])
        plain = self._as_tags()
        name = f"{SEGMENTS} segments of {self.count:,} customers"
        other = "tags by search and write, one extrapolated"
        return (
            Figure(f"{name}, built first", sum(first), note=_note(members, first)),
            Figure(f"{name}, compared again", sum(again), REBUILD_LIMIT).against(
                other, plain, TAGS_GOAL
            ),
        )

    def few_changes(self):
        """Figure of a rebuild of one segment when few customers have changed."""

        def clean():
            self.cr.rollback()
            self.env.invalidate_all()
            # somebody has bought and somebody has not
            self.cr.execute(
                SQL(
                    """UPDATE mini_crm_profile SET total_purchases = 2 - total_purchases
                    WHERE id IN (SELECT id FROM mini_crm_profile
                        WHERE total_purchases IN (0, 2) ORDER BY id LIMIT %s)""",
                    MOVED,
                )
            )

        times = in_turns(
            {"ours": self._difference, "bare": self._bare_difference},
            ROUNDS,
            before=clean,
        )
        self.cr.rollback()
        figure = Figure(f"one segment again, {MOVED} customers changed", times["ours"])
        return figure.against("one statement by difference", times["bare"], BARE_GOAL)

    def one_change(self):
        """Figure of a message that arrives, to the commit, all rules followed."""
        customers = self._some_customers()
        with_rules = [self._change(one) for one in customers]
        queue = self.env["mini_crm.queue"]
        without = [e for e in queue._event_listeners() if e[1] != "mini_crm.rule"]
        with patch.object(type(queue), "_event_listeners", lambda _self: without):
            alone = [self._change(one) for one in customers]
        return Figure(
            f"one message, {SEGMENTS + 10} rules followed",
            statistics.median(with_rules),
            note=f"at the 95th percentile {_p95(with_rules) * 1000:.0f} ms",
        ).against("the same without rules", statistics.median(alone))

    def seen_during_import(self):
        """Figure of the time to a visible membership while a file is imported."""
        with Import(self.db) as imported:
            taken = [
                self._until_member(one, place)
                for place, one in enumerate(self._some_customers())
            ]
        if not imported.files:
            raise BenchError(f"Nothing was imported meanwhile: {imported.error}")
        return Figure(
            f"a purchase to its segment, p95 of {CHANGES}, during an import",
            _p95(taken),
            SEEN_LIMIT,
            note=f"{imported.files} files of {importing.ROWS:,} customers imported"
            f" meanwhile; median {statistics.median(taken) * 1000:.0f} ms",
        )

    def counted_live(self):
        """Figure of the slowest live count while somebody writes a condition."""
        manager = self.env(user=self.env.ref("base.user_admin").id)
        taken = {}
        for domain in [*domains()[: len(DOMAINS)], FEW]:
            for _each in range(ROUNDS):
                self.cr.rollback()
                self.env.invalidate_all()
                answer = manager["mini_crm.condition"].count(domain)
                if answer["count"] is None:
                    raise BenchError(f"Not counted: {domain}: {answer['problems']}")
                taken.setdefault(domain, []).append(answer["seconds"])
        medians = {domain: statistics.median(each) for domain, each in taken.items()}
        slowest = max(medians, key=medians.get)
        middle = statistics.median(medians.values())
        return Figure(
            "live count and sample, the slowest of 11",
            medians[slowest],
            COUNT_LIMIT,
            note=f"{slowest}; the median of all {middle * 1000:.0f} ms",
        )

    def page(self):
        """Figure of the first page of a segment, as the list asks for it."""
        s = self.screens
        domain = [*s.domain, ("segment_ids", "in", self.few.ids)]
        live = [*s.domain, ("total_purchases", ">=", 2)]
        times = in_turns(
            {
                "ours": lambda _n: s.page(s.ours, domain),
                "live": lambda _n: s.page(s.ours, live),
                "stock": lambda _n: s.page(s.stock, [("category_id", "=", self.tag)]),
            },
            15,
        )
        figure = Figure("page of 80 of a segment", times["ours"], PAGE_LIMIT)
        figure.against(
            "Contacts list of a tag of the same customers", times["stock"], STOCK_GOAL
        )
        return figure.against("the condition itself", times["live"])

    # Ours

    def _build(self, what):
        """Have the workers do what waits: seconds of the rules, and of what follows."""
        began = time.perf_counter()
        self.rules._cron_rules()
        built = time.perf_counter()
        self.env["mini_crm.queue"]._cron_process()
        self.cr.commit()
        seconds = built - began, time.perf_counter() - built
        broken = [
            (rule.name, rule.problem)
            for kind in self.rules._kinds()
            for rule in self.env[kind].search([("status", "!=", "ready")])
        ]
        if broken:
            raise BenchError(f"These are not built: {broken[:3]}")
        say(f"  {what}: {seconds[0]:.1f} s, and {seconds[1]:.1f} s for their events")
        return seconds

    def _difference(self, _round):
        began = time.perf_counter()
        self.few._step(10**9)
        self.env.flush_all()
        return time.perf_counter() - began

    def _some_customers(self):
        self.cr.rollback()
        return self.env["res.partner"].search(
            [("total_purchases", "=", 1), ("total_interactions", ">", 0)], limit=CHANGES
        )

    def _change(self, customer):
        began = time.perf_counter()
        customer._log("message_received")
        self.cr.commit()
        return time.perf_counter() - began

    def _until_member(self, customer, place):
        """Seconds from a purchase until somebody else sees the membership."""
        began = time.perf_counter()
        self.env["mini_crm.purchase"].create(
            {"partner_id": customer.id, "amount": 1, "reference": f"BENCH-{place}"}
        )
        self.cr.commit()
        seen = SQL(
            """SELECT FROM mini_crm_segment_member
            WHERE segment_id = %s AND partner_id = %s""",
            self.few.id,
            customer.id,
        )
        while True:
            self.cr.execute(seen)
            found = self.cr.fetchall()
            self.cr.rollback()
            seconds = time.perf_counter() - began
            if found:
                return seconds
            if seconds > 60:
                raise BenchError("A purchase was not followed within a minute.")
            # by the worker, as it was not done before the commit
            self.env["mini_crm.queue"]._cron_process()
            self.cr.commit()

    # The others

    def _bare_difference(self, _round):
        statement = SQL(
            """WITH wanted AS MATERIALIZED (
                SELECT pr.id FROM mini_crm_profile pr JOIN res_partner p USING (id)
                WHERE p.active AND pr.total_purchases >= 2),
            gone AS (DELETE FROM mini_crm_segment_member m WHERE segment_id = %(id)s
                AND NOT EXISTS (SELECT FROM wanted w WHERE w.id = m.partner_id)
                RETURNING 1),
            come AS (INSERT INTO mini_crm_segment_member
                    (segment_id, partner_id, since, reason)
                SELECT %(id)s, w.id, now(), 'condition' FROM wanted w
                WHERE NOT EXISTS (SELECT FROM mini_crm_segment_member m
                    WHERE m.segment_id = %(id)s AND m.partner_id = w.id)
                RETURNING 1)
            SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM come)""",
            id=self.few.id,
        )
        self.cr.execute("ALTER TABLE mini_crm_segment_member DISABLE TRIGGER USER")
        began = time.perf_counter()
        self.cr.execute("SET LOCAL jit = off")
        self.cr.execute(statement)
        return time.perf_counter() - began

    def _as_tags(self):
        """Plain Odoo: a search, and its result written to a tag; one, extrapolated."""
        tag = self.env["res.partner.category"].create({"name": "Bench of plain Odoo"})
        self.tag = tag.id
        self.cr.commit()
        self.env.invalidate_all()
        began = time.perf_counter()
        found = self.env["res.partner"].search([("total_purchases", ">=", 2)])
        tag.with_context(mini_crm_no_events=True).partner_ids = [(6, 0, found.ids)]
        self.env.flush_all()
        seconds = time.perf_counter() - began
        self.cr.commit()
        return seconds * SEGMENTS


class Import:
    """Files of customers imported by another thread until the block ends.

    As in a server without worker processes, where threads share one interpreter.
    """

    def __init__(self, db):
        self.db = db
        self.files = 0
        self.error = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

    def _work(self):
        try:
            with opened(self.db) as env:
                ours = importing.Ours(env)
                run = f"{time.time():.0f}"  # others than in the run before
                while not self._over.is_set():
                    rows = importing.rows(f"seen{run}_{self.files}", self.files)
                    ours.load(rows)
                    self.files += 1
        except Exception as error:  # told by whoever has started the thread
            self.error = error


def _note(members, seconds):
    return f"{members:,} members; of it {seconds[1]:.1f} s for the events of entering"


def _p95(seconds):
    return statistics.quantiles(seconds, n=20)[-1]
