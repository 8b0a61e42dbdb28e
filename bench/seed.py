"""``./run seed N``: N invented customers with a history, set-based and reproducible."""

import argparse
import csv
import io
import sys
import time
from datetime import datetime, timezone

from psycopg2.extras import Json

from odoo.tools import SQL

from . import conversations, custom_values, history, names
from .environment import (
    BenchError,
    configure,
    database,
    opened,
    require_product,
    say,
)
from .people import people

CHUNK = 10_000  # customers; each chunk is a transaction, memory stays that small
GROWN = 1.2  # times as many customers make the planner's statistics stale
REF = "SEED-"
# Amounts are made as in euros; some currencies have more zeros.
ZEROS = {
    "IRR": 1_000_000,
    "IRT": 100_000,
    "TRY": 40,
    "RUB": 100,
    "IQD": 1500,
    "AFN": 80,
}

_STAGES = """
    CREATE TEMP TABLE seed_person (
        id int NOT NULL DEFAULT nextval('res_partner_id_seq'), number int PRIMARY KEY,
        name text, phone text, phone_sanitized text, email text, country text,
        city text, street text, source text, tags text, created timestamp
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE seed_purchase (
        number int, n int, date timestamp, amount numeric, quantity float8
    ) ON COMMIT DELETE ROWS
"""


class Seeder:
    """Writes invented customers into a database, chunk by chunk.

    :param env: environment of the superuser
    :param int seed: another seed gives other people
    :param datetime today: midnight UTC; nothing happened after it
    :param bool custom_fields: define custom fields and fill them as well
    """

    def __init__(self, env, seed, today, *, custom_fields=False):
        self.env = env
        self.cr = env.cr
        self.seed = seed
        self.today = today
        self.told = 0  # customers when the planner was last told
        self.factor = ZEROS.get(env.company.currency_id.name, 1)
        self.constants = self._constants()
        self._make_tags_and_sources()
        self.custom_fields = custom_fields
        if custom_fields:
            custom_values.define(env)
        self.channels = conversations.Channels(env)
        self.cr.execute(_STAGES)
        self.cr.execute(conversations.STAGES)
        self.cr.commit()

    def first_free(self):
        """The number after the last seeded customer (int)."""
        self.cr.execute(
            SQL(
                "SELECT max(substr(ref, %s)::int) FROM res_partner WHERE ref ~ %s",
                len(REF) + 1,
                f"^{REF}[0-9]+$",
            )
        )
        return (self.cr.fetchone()[0] or 0) + 1

    def write(self, first, count):
        """Write customers numbered from ``first``, in one transaction.

        :return: dict of numbers written: customers, events, purchases
        """
        events, purchases = self._stage(first, count)
        self._insert_partners()
        if self.custom_fields:
            custom_values.fill(self.env, SQL("p.id IN (SELECT id FROM seed_person)"))
        self._insert_tags()
        self._make_profiles()
        self._insert_history()
        self._count_and_score()
        self.cr.commit()
        self.env.invalidate_all()
        return {"customers": count, "events": events, "purchases": purchases}

    def finish(self):
        """What is done once for all: the search, full marks, then every score; segments
        and tag rules are left to the workers.

        A run that was killed before leaves its customers to the next one.
        """
        self.env["mini_crm.search"]._fill()
        self.cr.execute("ANALYZE")
        self.cr.commit()
        self.env["mini_crm.profile"]._set_full_marks_if_due(self.env.company)
        self.env["mini_crm.rule"]._rebuild_all()
        self.cr.commit()

    # Preparation

    def _constants(self):
        """Columns of a customer who is but a name, as the ORM writes them."""
        savepoint = self.cr.savepoint()
        partner = self.env["res.partner"].create({"name": "?"})
        self.env.flush_all()
        self.cr.execute(SQL("SELECT * FROM res_partner WHERE id = %s", partner.id))
        row = self.cr.dictfetchone()
        savepoint.rollback()
        savepoint.close()
        self.cr.precommit.clear()
        self.env.invalidate_all(flush=False)
        computed = {"id", "name", "complete_name", "commercial_partner_id"}
        dates = {"create_date", "write_date"}
        return {
            name: Json(value) if isinstance(value, dict) else value
            for name, value in row.items()
            if value is not None and name not in computed | dates
        }

    def _make_tags_and_sources(self):
        for model, wanted in (
            ("res.partner.category", names.TAGS),
            ("utm.source", names.SOURCES),
        ):
            known = set(self.env[model].search([]).mapped("name"))
            for place, name in enumerate(name for name in wanted if name not in known):
                values = {"color": place % 11 + 1} if "color" in self.env[model] else {}
                self.env[model].create({"name": name, **values})

    # One chunk

    def _stage(self, first, count):
        """Copy a chunk into the temporary tables: numbers of events and purchases."""
        rows, talks, events, purchases = [], [], [], []
        for one in people(self.seed, first, count, self.today):
            rows.append(
                (
                    *(one.number, one.name, one.phone, one.phone_sanitized, one.email),
                    *(one.country, one.city, one.street, one.source),
                    *("|".join(one.tags), one.created),
                )
            )
            said = history.interactions(self.seed, one, self.today)
            events += [(one.number, *event) for event in said]
            if talk := conversations.talk(one, said, self.today):
                talks.append(talk)
            for n, line in enumerate(history.purchases(self.seed, one, self.today)):
                amount = round(line.amount * self.factor, 2)
                purchases.append((one.number, n, line.date, amount, line.quantity))
        columns = (
            "number, name, phone, phone_sanitized, email, country, city, street,"
            " source, tags, created"
        )
        self._copy(f"seed_person ({columns})", rows)
        self._copy(conversations.TALK_COLUMNS, talks)
        self._copy("seed_event (number, type, date, summary)", events)
        self._copy("seed_purchase", purchases)
        return len(events), len(purchases)

    def _copy(self, target, rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        buffer.seek(0)
        self.cr.copy_expert(f"COPY {target} FROM STDIN (FORMAT csv)", buffer)

    def _insert_partners(self):
        columns = {
            **{name: SQL("%s", value) for name, value in self.constants.items()},
            "id": SQL("s.id"),
            "commercial_partner_id": SQL("s.id"),
            "name": SQL("s.name"),
            "complete_name": SQL("s.name"),
            "ref": SQL("%s || lpad(s.number::text, 7, '0')", REF),
            "phone": SQL("s.phone"),
            "phone_sanitized": SQL("s.phone_sanitized"),
            "email": SQL("s.email"),
            "email_normalized": SQL("lower(s.email)"),
            "country_id": SQL("c.id"),
            "city": SQL("s.city"),
            "street": SQL("s.street"),
            "source_id": SQL("u.id"),
            "create_date": SQL("s.created"),
            "write_date": SQL("s.created"),
        }
        self.cr.execute(
            SQL(
                """INSERT INTO res_partner (%s) SELECT %s FROM seed_person s
                JOIN res_country c ON c.code = s.country
                LEFT JOIN utm_source u ON u.name = s.source
                ORDER BY s.id""",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(columns.values()),
            )
        )

    def _insert_tags(self):
        self.cr.execute(
            """INSERT INTO res_partner_res_partner_category_rel
                (partner_id, category_id)
            SELECT s.id, (SELECT min(c.id) FROM res_partner_category c
                          WHERE c.name ->> 'en_US' = tag)
            FROM seed_person s, unnest(string_to_array(s.tags, '|')) tag"""
        )

    def _make_profiles(self):
        # not counted and scored yet: that comes once they have a history
        self.env["mini_crm.profile"]._make(SQL("p.id IN (SELECT id FROM seed_person)"))

    def _insert_history(self):
        Event = self.env["mini_crm.event"]
        nobody = SQL("NULL::int")
        self.cr.execute(
            "ANALYZE seed_person; ANALYZE seed_event; ANALYZE seed_purchase;"
            " ANALYZE seed_talk"
        )
        Event._log_many(
            {
                "partner_id": SQL("s.id"),
                "type": SQL("'customer_created'"),
                "date": SQL("s.created"),
                "author_id": nobody,
            },
            SQL("FROM seed_person s"),
        )
        self._insert_talk()
        self.env["mini_crm.purchase"]._record_many(
            {
                "partner_id": SQL("s.id"),
                "date": SQL("l.date"),
                "amount": SQL("l.amount"),
                "quantity": SQL("l.quantity"),
                "origin": SQL("'seed:' || l.number || ':' || l.n"),
            },
            SQL("FROM seed_purchase l JOIN seed_person s USING (number)"),
        )

    def _insert_talk(self):
        """Events of what was said, and the messages that they tell of."""
        message = SQL("e.type = ANY(%s)", list(history.MESSAGES))
        data = self.channels.event_data()
        self.env["mini_crm.event"]._log_many(
            {
                "id": SQL("e.event_id"),
                "partner_id": SQL("s.id"),
                "type": SQL("e.type"),
                "date": SQL("e.date"),
                "summary": SQL("e.summary"),
                "author_id": SQL("NULL::int"),
                "data": SQL("CASE WHEN %s THEN %s END", message, data),
                "res_model": SQL("CASE WHEN %s THEN 'mini_crm.message' END", message),
                "res_id": SQL("CASE WHEN %s THEN e.message_id END", message),
                "external_key": SQL(
                    "CASE WHEN %s THEN 'message:' || e.message_id END", message
                ),
            },
            SQL(
                """FROM seed_event e JOIN seed_person s USING (number)
                LEFT JOIN seed_talk t USING (number) ORDER BY e.date"""
            ),
        )
        self.channels.write()

    def _tell_planner(self):
        """A chunk may be most of the tables, and nobody has told the planner yet."""
        self.cr.execute("SELECT max(number) FROM seed_person")
        number = self.cr.fetchone()[0]
        if number > self.told * GROWN:
            self.told = number
            self.cr.execute(
                "ANALYZE mini_crm_event, mini_crm_purchase, mini_crm_profile,"
                " mini_crm_identity, mini_crm_message"
            )

    def _count_and_score(self):
        """Count and score the chunk, instead of leaving its events to the queue."""
        self._tell_planner()
        self.cr.execute("SELECT min(id), max(id) FROM seed_person")
        self.env["mini_crm.profile"]._recalculate_range(*self.cr.fetchone())
        self.cr.execute(
            "DELETE FROM mini_crm_queue q USING seed_person s WHERE q.partner_id = s.id"
        )


def seed(env, count, *, seed=1, today=None, custom_fields=False):
    """Write customers and show the progress.

    :param int count: how many
    :param datetime today: midnight UTC, default the last one
    :param bool custom_fields: define all slots and fill thirty of them
    """
    today = today or _midnight(datetime.now(timezone.utc))
    started = time.monotonic()
    seeder = Seeder(env, seed, today, custom_fields=custom_fields)
    first = seeder.first_free()
    totals = {}
    for done in range(0, count, CHUNK):
        written = seeder.write(first + done, min(CHUNK, count - done))
        for what, number in written.items():
            totals[what] = totals.get(what, 0) + number
        _progress(totals["customers"], count, time.monotonic() - started)
    seeder.finish()
    told = ", ".join(f"{number:,} {what}" for what, number in totals.items())
    say(f"{told} in {time.monotonic() - started:.0f} s.")


def _midnight(moment):
    return moment.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _progress(done, count, seconds):
    left = seconds / done * (count - done)
    say(f"  {done:,} of {count:,} customers, {seconds:.0f} s, {left:.0f} s left")


def main(arguments=None):
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="./run seed",
        description="Write invented customers with messages, calls and purchases:"
        " 60 %% with Persian names, 5 %% second records of somebody with typing errors."
        " Mail addresses end in .example; phone numbers are of the right form but"
        " nobody's on purpose. Run again, it adds more.",
    )
    parser.add_argument("count", type=int, metavar="N", help="how many customers")
    parser.add_argument("--seed", type=int, default=1, help="another one, other people")
    parser.add_argument(
        "--today",
        type=datetime.fromisoformat,
        metavar="YYYY-MM-DD",
        help="nothing happened after this day; default today",
    )
    parser.add_argument(
        "--custom-fields",
        action="store_true",
        help="also define all 90 custom fields and fill 30 of them",
    )
    options = parser.parse_args(arguments)
    if options.count < 1:
        parser.error("N must be at least 1")
    try:
        configure()
        with opened(database()) as env:
            require_product(env)
            seed(
                env,
                options.count,
                seed=options.seed,
                today=options.today,
                custom_fields=options.custom_fields,
            )
    except BenchError as error:
        print(f"./run seed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
