"""Import of 5,000 customers x 12 columns against plain Odoo's load() and bare SQL."""

import base64
import csv
import gc
import io
import time
from datetime import datetime

from odoo.tools import SQL

from .databases import tidy
from .environment import BenchError, opened
from .measure import Figure, at_least_as_fast, in_turns
from .names import TAGS
from .people import people

ROWS = 5_000
BATCH = 2_000  # rows of one load(), as the import screen sends them
ROUNDS = 5
GOAL = at_least_as_fast(10)
TODAY = datetime.fromisoformat("2026-01-01")
COUNTRIES = {
    "IR": "Iran",
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "DE": "Germany",
    "TR": "Türkiye",
    "AE": "United Arab Emirates",
    "FR": "France",
    "AU": "Australia",
}
HEADER = (
    *("customer key", "name", "email", "phone", "street", "street 2", "city", "zip"),
    *("country", "tags", "job", "notes"),
)
# the same columns for load(): the key is the external id, two are relations
FIELDS = (
    *("id", "name", "email", "phone", "street", "street2", "city", "zip"),
    *("country_id", "category_id", "function", "comment"),
)
JOBS = ("Teacher", "Engineer", "Nurse", "Student", "Shop owner")


def run(databases, _customers):
    """Measure the import: list of Figure."""
    with opened(databases.stock) as stock, opened(databases.product) as product:
        _prepare(stock)
        _prepare(product)
        plain, bare, ours = Plain(stock), Bare(stock), Ours(product)
        times = in_turns(
            {
                "ours": lambda n: ours.load(rows("ours", n)),
                "plain": lambda n: plain.load(rows("plain", n)),
                "bare": lambda n: bare.load(rows("bare", n)),
            },
            ROUNDS,
            before=lambda: _tidy(databases),
        )
        note = (
            f"{ROWS / times['ours']:,.0f} rows a second from the file to the last row;"
            f" the worker makes everybody searchable and scores him within"
            f" {ours.scored_in():.1f} s more"
        )
        return [
            Figure(
                f"import of {ROWS:,} customers x {len(HEADER)}",
                times["ours"],
                note=note,
            )
            .against(f"plain load() by {BATCH:,}", times["plain"], GOAL)
            .against("COPY and INSERT .. SELECT", times["bare"])
        ]


def _prepare(env):
    """Tags and country names as both kinds of import must find them."""
    for name in TAGS:
        env["res.partner.category"].create({"name": name})
    known = set(env["res.country"].search([]).mapped("name"))
    missing = sorted(set(COUNTRIES.values()) - known)
    if missing:
        raise BenchError(f"Odoo names these countries in another way: {missing}")
    env.cr.commit()


def _tidy(databases):
    for db in (databases.stock, databases.product):
        tidy(db, "res_partner", "res_partner_res_partner_category_rel", "ir_model_data")
    tidy(databases.product, "mini_crm_batch_line", "mini_crm_profile", "mini_crm_event")
    tidy(databases.product, "mini_crm_search")
    gc.collect()  # nobody pays for what another has left in memory either


def rows(prefix, number):
    """Rows of a round, in the order of ``HEADER``: list of lists of str."""
    first = 1 + number * ROWS
    found = []
    for person in people(7, first, ROWS, TODAY):
        found.append(
            [
                f"{prefix}_{person.number}",
                person.name,
                person.email or "",
                person.phone_sanitized or "",
                person.street or "",
                f"Floor {person.number % 9}",
                person.city or "",
                f"{10000 + person.number % 90000}",
                COUNTRIES[person.country],
                ",".join(person.tags),
                JOBS[person.number % len(JOBS)],
                f"Customer since {person.created.year}",
            ]
        )
    return found


class Ours:
    """The product's import, as its worker runs it, from the file to the last row."""

    def __init__(self, env):
        self.env = env
        users = env["res.users"].with_context(no_reset_password=True)
        # a database may be measured again
        user = users.search([("login", "=", "bench-import")]) or (
            users.create(
                {
                    "name": "Bench",
                    "login": "bench-import",
                    "group_ids": [
                        (6, 0, [env.ref("mini_crm.mini_crm_group_manager").id])
                    ],
                }
            )
        )
        env.cr.commit()
        self.as_manager = env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        self.scoring = []

    def load(self, rows):
        """Import rows: seconds it took."""
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rows])
        content = base64.b64encode(text.getvalue().encode()).decode()
        began = time.perf_counter()
        batch_id = self.as_manager["mini_crm.batch"].start_import(
            "customers", content, "bench.csv", {"customer key": "ref"}, "customer key"
        )
        self.env.cr.commit()
        self.env["mini_crm.batch"]._cron_process()
        seconds = time.perf_counter() - began
        self._require_all(batch_id, len(rows))
        self._score()
        return seconds

    def scored_in(self):
        """Median of the seconds in which what followed from an import was done."""
        return sorted(self.scoring)[len(self.scoring) // 2]

    def _require_all(self, batch_id, count):
        self.env.invalidate_all()
        batch = self.env["mini_crm.batch"].browse(batch_id)
        if batch.state != "done" or batch.created != count:
            problems = batch.line_ids.filtered("message")[:3].mapped("message")
            raise BenchError(
                f"The import ended as {batch.state} with {batch.created} new customers"
                f" of {count}: {batch.error} {problems}"
            )

    def _score(self):
        began = time.perf_counter()
        self.env["mini_crm.queue"]._cron_process()
        self.env.cr.commit()
        self.scoring.append(time.perf_counter() - began)


class Plain:
    """Plain Odoo: what the import screen calls, batch by batch."""

    def __init__(self, env):
        self.env = env(context={"import_file": True, "tracking_disable": True})

    def load(self, rows):
        """Import rows: seconds it took."""
        rows = [[f"bench.{row[0]}", *row[1:]] for row in rows]
        began = time.perf_counter()
        for first in range(0, len(rows), BATCH):
            done = self.env["res.partner"].load(
                list(FIELDS), rows[first : first + BATCH]
            )
            if not done["ids"]:
                raise BenchError(f"Plain Odoo refused: {done['messages'][:3]}")
            self.env.cr.commit()
        return time.perf_counter() - began


class Bare:
    """The least that PostgreSQL must do: contacts, their tags, their external ids.

    :param dict more: further columns of contacts: {name: type, as SQL text}
    """

    def __init__(self, env, more=None):
        self.cr = env.cr
        self.more = more or {}

    def load(self, rows):
        """Import rows: seconds it took."""
        began = time.perf_counter()
        self._copy(rows)
        columns = SQL().join(SQL(", %s", SQL.identifier(name)) for name in self.more)
        self.cr.execute(
            SQL(
                """INSERT INTO res_partner (id, name, complete_name, email, phone,
                    street, street2, city, zip, country_id, function, comment, active,
                    type, lang, is_company, partner_share, commercial_partner_id,
                    email_normalized, phone_sanitized,
                    create_uid, create_date, write_uid, write_date %(columns)s)
                SELECT b.id, b.name, b.name, b.email, b.phone, b.street, b.street2,
                    b.city, b.zip, c.id, b.job, b.notes, TRUE, 'contact', 'en_US',
                    FALSE, TRUE, b.id, lower(b.email), b.phone, 1, now(), 1, now()
                    %(columns)s
                FROM bare b LEFT JOIN res_country c ON c.name ->> 'en_US' = b.country;
                INSERT INTO res_partner_res_partner_category_rel
                    (partner_id, category_id)
                SELECT b.id, c.id FROM bare b, unnest(string_to_array(b.tags, ',')) tag
                JOIN res_partner_category c ON c.name ->> 'en_US' = tag;
                INSERT INTO ir_model_data (module, name, model, res_id)
                SELECT 'bench', b.key, 'res.partner', b.id FROM bare b""",
                columns=columns,
            )
        )
        self.cr.commit()
        return time.perf_counter() - began

    def _copy(self, rows):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        text.seek(0)
        self.cr.execute(
            SQL(
                """CREATE TEMP TABLE bare (key text, name text, email text, phone text,
                    street text, street2 text, city text, zip text, country text,
                    tags text, job text, notes text %s) ON COMMIT DROP""",
                SQL().join(
                    SQL(", %s %s", SQL.identifier(name), SQL(kind))
                    for name, kind in self.more.items()
                ),
            )
        )
        self.cr.copy_expert("COPY bare FROM STDIN (FORMAT csv)", text)
        self.cr.execute(
            "ALTER TABLE bare ADD id int DEFAULT nextval('res_partner_id_seq')"
        )
