"""Custom fields: filters, sorting, columns of the list, and what they cost others."""

import time

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import SQL
from odoo.tools.misc import unique

from engine.slot_indexes import PREFIX

from . import custom_values
from .databases import tidy
from .environment import BenchError, opened, say
from .installing import fill_contacts
from .measure import Figure, at_most_cost, in_turns
from .pages import Screens

ROUNDS = 9
FEW_ROUNDS = 3  # of each of some hundred conditions
LIMIT = 0.100  # seconds at 200,000 customers
SAME = at_most_cost(1)
READ_GOAL = at_most_cost(1.1)
COLUMNS = 8
READ = 80
CREATED = 100
# A column of plain Odoo without an index, as a custom field would be one there.
PLAIN = "function"
DEFAULT = "crm_score DESC, id DESC"
# What is asked of a slot by its type: the value stands for one that is there.
FILTERS = {
    "text": {"equality": "=", "contains": "ilike"},
    "email": {"equality": "=", "contains": "ilike"},
    "phone": {"equality": "=", "contains": "ilike"},
    "url": {"equality": "=", "contains": "ilike"},
    "select": {"equality": "="},
    "boolean": {"equality": "="},
    "number": {"equality": "=", "range": ">="},
    "date": {"equality": "=", "range": ">=", "month": "month"},
}
EMPTY = {"number": 7.0, "date": "1990-05-17", "boolean": True}


def run(databases, customers):
    """Measure custom fields: list of Figure."""
    db, stock = databases.seeded(customers), databases.plain()
    _prepare(db)
    with opened(stock) as env:
        fill_contacts(env, customers)
    tidy(db, "res_partner", "mini_crm_profile")
    with opened(db) as env:
        lists = Lists(Screens(env), customers)
        figures = [lists.columns()]
        for kind in unique(kind for kinds in FILTERS.values() for kind in kinds):
            figures.append(lists.slowest_filter(kind))
        figures += [
            lists.slowest_sort("sort, filled", filled=True),
            lists.slowest_sort("sort, everybody", filled=False),
        ]
    return [*figures, *Elsewhere(db, stock, customers).figures()]


def _prepare(db):
    """Define all slots, fill thirty of them, and make their indexes.

    A database that has all of them, by ``./run seed N --custom-fields``, stays.
    """
    with opened(db) as env:
        made = custom_values.define(env)
        say(f"  {len(made)} custom fields defined")
        if made:
            began = time.perf_counter()
            custom_values.fill(env, SQL("p.id IN (SELECT id FROM mini_crm_profile)"))
            say(f"  values filled in {time.perf_counter() - began:.1f} s")
    if made:
        _vacuum_full(db)  # the old versions of all rows are no part of a shop's life
    began = time.perf_counter()
    with opened(db) as env:
        if not env["mini_crm.field"]._build_indexes():
            raise BenchError("The indexes of custom fields could not be made.")
        env.cr.execute(
            SQL(
                """SELECT count(*), pg_size_pretty(sum(pg_relation_size(indexrelid)))
                FROM pg_stat_user_indexes WHERE starts_with(indexrelname, %s)""",
                PREFIX,
            )
        )
        count, size = env.cr.fetchone()
    say(f"  {count} indexes, {size}, made in {time.perf_counter() - began:.1f} s")


def _vacuum_full(db):
    with odoo.sql_db.db_connect(db).cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute("VACUUM FULL res_partner")
        cr._cnx.autocommit = False


class Lists:
    """Figures of the customer list with custom fields.

    :param Screens screens: what is measured
    :param int customers: how many there are
    """

    def __init__(self, screens, customers):
        self.screens = screens
        self.customers = customers
        self.values = self._values()

    def _values(self):
        """A value that is there of each slot, or one that could be: {slot: value}."""
        values = {}
        for slot in custom_values.SLOTS:
            self.screens.env.cr.execute(
                SQL(
                    "SELECT %(c)s FROM res_partner WHERE %(c)s IS NOT NULL"
                    " ORDER BY id DESC LIMIT 1",
                    c=SQL.identifier(slot),
                )
            )
            row = self.screens.env.cr.fetchone()
            empty = EMPTY.get(custom_values.slot_type(slot), "gold")
            values[slot] = row[0] if row else empty
        return values

    def columns(self):
        """First page with eight custom columns."""
        s = self.screens
        slots = [slot for slot, _share in custom_values.filled_slots()][::4][:COLUMNS]
        request = {
            **s.ours,
            "specification": {**s.ours["specification"], **{n: {} for n in slots}},
        }
        times = in_turns(
            {
                "ours": lambda _n: s.page(request, s.domain),
                "stock": lambda _n: s.page(s.stock, []),
            },
            ROUNDS,
        )
        name = f"list with {COLUMNS} custom columns, {self.customers:,} customers"
        return Figure(name, times["ours"], limit=LIMIT).against(
            "Contacts list", times["stock"]
        )

    def slowest_filter(self, kind):
        """First page of the slowest slot filtered so, of all ninety."""
        conditions = {
            slot: self._condition(slot, kind)
            for slot in custom_values.SLOTS
            if kind in FILTERS[custom_values.slot_type(slot)]
        }
        slot, others = self._slowest(conditions, DEFAULT)
        plain = "ilike" if kind == "contains" else "="
        return self._figure(
            f"filter: {kind}",
            slot,
            others,
            lambda: self._page(conditions[slot], DEFAULT),
            lambda: self._stock([(PLAIN, plain, "silk")]),
        )

    def slowest_sort(self, name, *, filled):
        """First page of the slowest slot sorted by, downwards."""
        conditions = {
            slot: self._filled(slot) if filled else [] for slot in custom_values.SLOTS
        }
        slot, others = self._slowest(conditions, None)
        return self._figure(
            name,
            slot,
            others,
            lambda: self._page(conditions[slot], f"{slot} DESC, {DEFAULT}"),
            lambda: self._stock([], f"{PLAIN} DESC, id DESC"),
            SAME,
        )

    def _slowest(self, conditions, order):
        """(slot, number of slots above the limit) by a few rounds of each."""
        times = {}
        for slot, condition in conditions.items():
            ordered = order or f"{slot} DESC, {DEFAULT}"
            times[slot] = in_turns(
                {"ours": lambda _n, c=condition, o=ordered: self._page(c, o)},
                FEW_ROUNDS,
            )["ours"]
        above = sum(seconds > LIMIT for seconds in times.values())
        return max(times, key=times.get), f"{above} of {len(times)} above the limit"

    def _figure(self, name, slot, note, ours, stock, goal=None):
        times = in_turns(
            {"ours": lambda _n: ours(), "stock": lambda _n: stock()}, ROUNDS
        )
        return Figure(
            f"{name}, {self.customers:,} customers",
            times["ours"],
            limit=LIMIT,
            note=f"slowest: {slot}; {note}",
        ).against(f"Contacts list, its {PLAIN}", times["stock"], goal)

    def _condition(self, slot, kind):
        value = self.values[slot]
        if kind == "month":
            return [(f"{slot}.month_number", "=", 5)]
        if kind == "contains":
            # a part of a value, of whose kind there are few or many
            return [(slot, "ilike", value[-4:])]
        if kind == "range" and custom_values.slot_type(slot) == "number":
            return [(slot, ">=", 100.0), (slot, "<=", 120.0)]
        if kind == "range":
            return [(slot, ">=", "1990-01-01"), (slot, "<=", "1990-01-31")]
        return [(slot, "=", value)]

    def _filled(self, slot):
        boolean = custom_values.slot_type(slot) == "boolean"
        return [(slot, "=", True)] if boolean else [(slot, "!=", False)]

    def _page(self, condition, order):
        s = self.screens
        return _seconds(s, s.ours, [*s.domain, *condition], order)

    def _stock(self, domain, order=None):
        s = self.screens
        return _seconds(s, s.stock, domain, order or s.stock["order"])


def _seconds(screens, request, domain, order):
    """Seconds for a page that may be empty."""
    request = {**request, "order": order}
    return screens.timed(lambda p: [p.web_search_read(domain, **request)["records"]])


class Elsewhere:
    """What the slots and their indexes cost who has nothing to do with them.

    :param str db: database with the add-on and ``customers`` contacts
    :param str stock: plain Odoo with as many
    """

    def __init__(self, db, stock, customers):
        self.databases = {"ours": db, "stock": stock}
        self.customers = customers

    def figures(self):
        """List of Figure."""
        return [
            self._compared("read 80 contacts", self._read, READ_GOAL, ROUNDS * 3),
            self._compared("first read of a session", self._session, None, ROUNDS),
            self._compared(f"create {CREATED} contacts", self._create, None, ROUNDS),
            self._compared(f"write {CREATED} contacts", self._write, None, ROUNDS),
        ]

    def _compared(self, name, measure, goal, rounds):
        times = in_turns(
            {who: lambda n, w=who: measure(w, n) for who in self.databases}, rounds
        )
        figure = Figure(f"{name}, {self.customers:,} contacts", times["ours"])
        return figure.against("plain Odoo without us", times["stock"], goal)

    def _timed(self, who, call, number):
        """Seconds of a call with contacts in a transaction that is rolled back."""
        with Registry(self.databases[who]).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            cr.execute(
                SQL(
                    """SELECT id FROM res_partner WHERE active AND type = 'contact'
                    ORDER BY id DESC LIMIT %s OFFSET %s""",
                    CREATED,
                    number * CREATED,
                )
            )
            partners = env["res.partner"].browse([row[0] for row in cr.fetchall()])
            call(partners[:0])  # what is cached for all is not measured
            began = time.perf_counter()
            call(partners)
            seconds = time.perf_counter() - began
            cr.rollback()
        return seconds

    def _read(self, who, number):
        def read(partners):
            for partner in partners[:READ].with_prefetch(partners[:READ].ids):
                _names = partner.name, partner.email, partner.phone, partner.city

        return self._timed(who, read, number)

    def _create(self, who, number):
        def create(partners):
            partners.create([{"name": f"New {partner.id}"} for partner in partners])
            partners.env.flush_all()

        return self._timed(who, create, number)

    def _write(self, who, number):
        def write(partners):
            partners.write({"comment": f"round {number}"})
            partners.env.flush_all()

        return self._timed(who, write, number)

    def _session(self, who, _number):
        """Seconds of the first statement of a new connection: planned from nothing."""
        db = self.databases[who]
        odoo.sql_db.close_db(db)
        with odoo.sql_db.db_connect(db).cursor() as cr:
            cr.execute("SELECT 1")
            began = time.perf_counter()
            cr.execute("SELECT id, name, email FROM res_partner WHERE id IN (1, 2, 3)")
            cr.fetchall()
            return time.perf_counter() - began
