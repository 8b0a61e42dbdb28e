"""Queries about a few customers whose plan a connection keeps.

To plan what sixty rules ask takes ten times as long as to answer it for one customer.
PostgreSQL keeps the plan of a prepared statement while the connection lasts, and makes
it anew when the tables or their statistics have changed.
"""

import hashlib

from odoo.tools import SQL

# Stands in compiled SQL where the ids of the customers come.
THESE = ("mini_crm", "these customers")
MOST = 16  # plans of a connection

# One plan for any few ids, which looks them up also where the tables were small when it
# was made. Parallel workers and machine code would be chosen for the sum of many small
# queries, and take longer to start than all of these take.
_BY_KEPT_PLAN = """SAVEPOINT mini_crm_look;
    SET LOCAL plan_cache_mode = force_generic_plan;
    SET LOCAL enable_seqscan = off;
    SET LOCAL max_parallel_workers_per_gather = 0;
    SET LOCAL jit = off;
    EXECUTE %s (%s)"""


def select_by_kept_plan(cr, query, ids):
    """Rows of a query about some customers.

    The connection is asked what it keeps: between transactions a pool may give another.

    :param SQL query: writes nothing, and has ``THESE`` for the ids
    :param list[int] ids: a hundred at most
    :rtype: list[tuple]
    """
    these = SQL("$1")
    query = SQL(query.code, *(these if p is THESE else p for p in query.params))
    text = cr.mogrify(query.code, query.params)
    name = f"mini_crm_{hashlib.sha256(text).hexdigest()[:20]}"
    cr.execute(
        r"""SELECT name FROM pg_prepared_statements WHERE name LIKE 'mini\_crm\_%'
        ORDER BY prepare_time"""
    )
    kept = [row[0] for row in cr.fetchall()]
    if name not in kept:
        for oldest in kept[: len(kept) - MOST + 1] if len(kept) >= MOST else ():
            cr.execute(SQL("DEALLOCATE %s", SQL.identifier(oldest)))
        cr.execute(SQL("PREPARE %s (int[]) AS %s", SQL.identifier(name), query))
    cr.execute(SQL(_BY_KEPT_PLAN, SQL.identifier(name), ids))
    rows = cr.fetchall()
    # the settings are again what they were
    cr.execute("ROLLBACK TO SAVEPOINT mini_crm_look; RELEASE SAVEPOINT mini_crm_look")
    return rows
