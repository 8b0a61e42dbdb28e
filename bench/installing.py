"""Installing the add-on into a shop that has contacts already."""

import time
from datetime import datetime

import odoo.sql_db
from odoo.tools import SQL

from .databases import tidy
from .environment import BenchError, opened, say
from .measure import Figure
from .people import people

CHUNK = 20_000
TODAY = datetime.fromisoformat("2026-01-01")
MOST_BYTES = 1_024  # of our tables, a contact
# What identifies a version of a row: whoever writes it, changes one of these. The own
# staff's contacts are left out: Odoo writes them when they get a role.
VERSIONS = SQL(
    """SELECT count(*), sum(hashtext(id || ':' || ctid || xmin)) FROM res_partner
    WHERE id NOT IN (SELECT partner_id FROM res_users)"""
)


def run(databases, contacts):
    """Measure the installation: list of Figure."""
    empty, full = databases.plain(), databases.plain()
    with opened(full) as env:
        fill_contacts(env, contacts)
    before = _versions(full)
    alone = _install(databases, empty)
    seconds = _install(databases, full)
    with opened(full) as env:
        customers = env["mini_crm.profile"].search_count([])
        env.cr.execute("SELECT count(*) FROM mini_crm_search")
        rows = env.cr.fetchone()[0]
        each = _our_bytes(env) / rows
    figure = Figure(
        f"install, {contacts:,} contacts",
        seconds,
        note=f"{customers:,} customers, {each:,.0f} bytes each in our tables,"
        " no row of res_partner written",
        broken=_promises(contacts, customers, each, _versions(full) == before),
    )
    return [figure.against("on a database without contacts", alone)]


def _promises(contacts, customers, each, unwritten):
    """Which promise is not kept (str); empty: all are."""
    if customers < contacts:
        return f"only {customers:,} of {contacts:,} contacts became customers"
    if not unwritten:
        return "rows of res_partner were written"
    if contacts >= CHUNK and each > MOST_BYTES:
        return f"{each:,.0f} bytes a contact, more than {MOST_BYTES:,}"
    return ""


def _install(databases, db):
    began = time.perf_counter()
    databases.install(db)
    return time.perf_counter() - began


def fill_contacts(env, contacts):
    """Plain contacts as a shop has them, by SQL."""
    for first in range(1, contacts + 1, CHUNK):
        crowd = list(people(11, first, min(CHUNK, contacts + 1 - first), TODAY))
        columns = ("name", "phone", "phone_sanitized", "email", "city")
        values = [[getattr(one, name) for one in crowd] for name in columns]
        env.cr.execute(
            SQL(
                """INSERT INTO res_partner (name, complete_name, phone, phone_sanitized,
                    email, email_normalized, city, active, type, lang, is_company,
                    partner_share, create_uid, create_date, write_uid, write_date)
                SELECT name, name, phone, sanitized, email, lower(email), city, TRUE,
                    'contact', 'en_US', FALSE, TRUE, 1, now(), 1, now()
                FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
                    AS c(name, phone, sanitized, email, city)""",
                *values,
            )
        )
        say(f"  {first + len(crowd) - 1:,} of {contacts:,} contacts")
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id"
        " WHERE commercial_partner_id IS NULL"
    )
    env.cr.commit()
    tidy(env.cr.dbname, "res_partner")


def _versions(db):
    with odoo.sql_db.db_connect(db).cursor() as cr:
        cr.execute(VERSIONS)
        return cr.fetchone()


def _our_bytes(env):
    """Bytes of all our tables with their indexes."""
    env.cr.execute(
        """SELECT sum(pg_total_relation_size(oid)) FROM pg_class
        WHERE relname LIKE 'mini\\_crm\\_%' AND relkind = 'r'"""
    )
    size = env.cr.fetchone()[0]
    if not size:
        raise BenchError("The add-on has no tables: it is not installed.")
    return float(size)
