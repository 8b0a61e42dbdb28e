"""The search for duplicates against Odoo's own finder, on the same customers.

Its wizard groups contacts by equal names or by equal e-mails; each group means that all
in it are one person. How long both take is told, and how good their pairs are, which is
what a miss is about.
"""

import resource
import time
from itertools import combinations

from odoo.tools import SQL

from . import duplicate_data
from .databases import tidy
from .environment import BenchError, opened
from .measure import Figure
from .seed import REF

FEBRL_RECALL, FEBRL_PRECISION = 0.97, 0.97
SEEDED_RECALL, SEEDED_PRECISION = 0.94, 0.97
LIMITS = {200_000: 120}  # seconds
MEMORY = 1_000  # MB at most, of the process that compares
TABLES = ("res_partner", "mini_crm_profile", "mini_crm_duplicate_trait")


def run(databases, customers):
    """Measure the search: list of Figure."""
    figures = [_febrl(databases, number) for number in (1, 2)]
    return [*figures, _seeded(databases, customers)]


def _febrl(databases, number):
    """FEBRL 1 or 2 in a shop of its own; nothing of it stays."""
    with opened(databases.product) as env:
        people = _create(env, duplicate_data.febrl(number))
        figure = _measure(
            env,
            f"duplicates in FEBRL {number}, {len(people):,} customers",
            people,
            (FEBRL_RECALL if number == 1 else FEBRL_RECALL - 0.01, FEBRL_PRECISION),
        )
        env.cr.rollback()
        return figure


def _seeded(databases, customers):
    db = databases.seeded(customers)
    tidy(db, *TABLES)
    with opened(db) as env:
        numbers = dict(
            env.execute_query(
                SQL(
                    """SELECT substr(ref, %s)::int, id FROM res_partner
                    WHERE starts_with(ref, %s)""",
                    len(REF) + 1,
                    REF,
                )
            )
        )
        rows = duplicate_data.invented(max(numbers), _today(env))
        people = {numbers[n]: row["person"] for n, row in enumerate(rows, 1)}
        figure = _measure(
            env,
            f"duplicates among {len(people):,} seeded customers",
            people,
            (SEEDED_RECALL, SEEDED_PRECISION),
            limit=LIMITS.get(customers, 60),
        )
        env.cr.rollback()
        return figure


def _today(env):
    """Whatever day the shop was seeded: people of a number are the same."""
    return env.cr.now().replace(hour=0, minute=0, second=0, microsecond=0)


def _create(env, rows):
    """Customers of rows: {id: who it is}."""
    fields = env["mini_crm.field"]
    _use_slot(fields, "date", duplicate_data.BORN)
    _use_slot(fields, "text", duplicate_data.NUMBER)
    partners = env["res.partner"].create(
        [
            {name: value or False for name, value in row.items() if name != "person"}
            for row in rows
        ]
    )
    env.cr.flush()  # events, and with them profiles
    while env["mini_crm.queue"]._run_listeners(SQL("TRUE")):
        env.cr.flush()
    persons = (row["person"] for row in rows)
    return dict(zip(partners.ids, persons, strict=True))


def _use_slot(fields, kind, slot):
    if slot not in fields._rules_by_slot():
        key = f"bench_{kind}"
        fields.create({"name": key, "key": key, "type": kind, "slot": slot})


def _measure(env, name, people, goals, *, limit=None):
    """Our search and Odoo's on the same customers: Figure."""
    ids = {who: number for number, who in enumerate(people)}
    true = duplicate_data.true_pairs(people.values())

    def rated(pairs):
        known = {
            tuple(sorted((ids[a], ids[b]))) for a, b in pairs if a in ids and b in ids
        }
        return duplicate_data.score(known, true)

    seconds, pairs = _search(env)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours = rated(pairs)
    figure = Figure(
        name,
        seconds,
        limit=limit,
        note=f"{_told(ours)}; {memory:,.0f} MB at most in this process",
    )
    for column in ("name", "email"):
        taken, theirs = _odoo_s(env, column)
        found = rated(theirs)
        figure.against(f"Odoo's own, by {column}", taken)
        figure.note += f". Odoo's by {column}: {_told(found)}"
    if ours.recall < goals[0] or ours.precision < goals[1]:
        figure.broken = f"recall and precision of at least {goals[0]} and {goals[1]}"
    elif memory > MEMORY:
        figure.broken = f"at most {MEMORY:,} MB"
    return figure


def _told(score):
    return (
        f"recall {score.recall:.3f}, precision {score.precision:.3f},"
        f" {score.found:,} pairs"
    )


def _search(env):
    """A full run: (seconds, pairs that are shown)."""
    began = time.monotonic()
    batch = env["mini_crm.batch"].browse(env["mini_crm.batch"].start_duplicates())
    while batch.state == "running":
        batch._as_user()._step(5_000)
        env.flush_all()
        batch.invalidate_recordset()
    if batch.state != "done":
        raise BenchError(f"The search for duplicates ended {batch.state}.")
    taken = time.monotonic() - began
    pairs = env["mini_crm.duplicate"]
    shown = pairs._search(pairs._shown()).select("partner_id", "other_id")
    return taken, env.execute_query(shown)


def _odoo_s(env, column):
    """Odoo's finder: (seconds, pairs)."""
    wizard = env["base.partner.merge.automatic.wizard"]
    began = time.monotonic()
    env.cr.execute(wizard._generate_query([column], None))
    groups = env.cr.fetchall()
    taken = time.monotonic() - began
    return taken, (
        pair for _first, members in groups for pair in combinations(members, 2)
    )
