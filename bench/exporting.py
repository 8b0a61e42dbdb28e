"""Export of customers against bare COPY and plain Odoo's export."""

import csv
import io
import os
import tempfile
import threading
import time

import xlsxwriter

from odoo.tools import SQL

from .environment import BenchError, opened
from .measure import Figure, at_least_as_fast, at_most_cost, in_turns

ROUNDS = 7
COPY_GOAL = at_most_cost(3)
COPIED = ("csv", "csv_import")  # files that a bare COPY writes too
ODOO_GOAL = at_least_as_fast(10)
MEMORY = 150_000_000  # bytes above what the process has before
PLAIN_ROWS = 5_000  # of plain Odoo's export, which is measured on a part
COLUMNS = (
    *("ref", "name", "phone", "email", "company_name", "function", "street"),
    *("street2", "city", "zip", "country", "lang", "tags", "owner", "source"),
    *("crm_score", "journey_stage", "last_contacted_at", "total_purchases"),
    "total_spent",
)
ODOO_FIELDS = (
    *("ref", "name", "phone", "email", "company_name", "function", "street"),
    *("street2", "city", "zip", "country_id", "lang", "category_id", "user_id"),
    *("source_id", "crm_score", "journey_stage", "last_contacted_at"),
    *("total_purchases", "total_spent"),
)
# What a bare COPY sends for a column that is not the contact's own: for a name that we
# look up the id, for a list of names a text.
BARE = {
    **{name: ("p", f"{name}_id") for name in ("country", "source")},
    "owner": ("p", "user_id"),
    "tags": ("p", "complete_name"),
    **{name: ("f", name) for name in COLUMNS[COLUMNS.index("crm_score") :]},
}


def run(databases, customers):
    """Measure the export: list of Figure."""
    with opened(databases.seeded(customers)) as env:
        user = env.ref("base.user_admin")
        admin = env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        ours, plain = Ours(admin), Plain(admin)
        times = in_turns(
            {
                **{
                    f"bare {kind}": lambda _n, k=kind: _bare(env, ours.columns[k])
                    for kind in COPIED
                },
                **{kind: lambda _n, k=kind: ours.make(k) for kind in Ours.KINDS},
            },
            ROUNDS,
        )
        sample = in_turns({k: lambda _n, k=k: plain.make(k) for k in Plain.KINDS}, 1)
        whole = {k: t * ours.count / plain.count for k, t in sample.items()}
        return [*_figures(times, whole, ours)]


def _figures(times, whole, ours):
    for kind in ours.KINDS:
        width = len(ours.columns[kind])
        figure = Figure(
            f"export {kind}, {ours.count:,} customers x {width}",
            times[kind],
            note=f"{ours.sizes[kind] / 1e6:.1f} MB,"
            f" memory +{ours.peaks[kind] / 1e6:.0f} MB",
        )
        copied = kind in COPIED
        bare = times[f"bare {kind if copied else 'csv'}"]
        whose = "the same" if copied else "the CSV file's"
        goal = COPY_GOAL if copied else None
        figure.against(f"bare COPY of {whose} columns", bare, goal)
        if kind in whole:
            label = f"Odoo's own, from {PLAIN_ROWS:,} on"
            figure.against(label, whole[kind], ODOO_GOAL if kind == "xlsx" else None)
        if ours.peaks[kind] > MEMORY:
            figure.broken = f"took {ours.peaks[kind] / 1e6:.0f} MB of memory"
        yield figure


def _bare(env, columns):
    """Write the columns as they are stored, without a name looked up or a guard."""
    listed = [SQL.identifier(*BARE.get(name, ("p", name))) for name in columns]
    select = SQL(
        """SELECT %s FROM res_partner p
        JOIN mini_crm_profile f ON f.id = p.id ORDER BY p.id""",
        SQL(", ").join(listed),
    )
    query = env.cr.mogrify(select).decode()
    with tempfile.TemporaryFile() as file:
        env.cr.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv)", file)


class Ours:
    """The product's export, from the question to the whole file."""

    KINDS = ("csv", "csv_import", "xlsx", "json")

    def __init__(self, env):
        self.env = env
        self.sizes, self.peaks, self.count = {}, {}, 0
        known = env["mini_crm.export.log"]._columns()
        importable = [name for name in COLUMNS if known[name].importable]
        self.columns = {kind: list(COLUMNS) for kind in self.KINDS}
        self.columns["csv_import"] = importable  # an import knows no figures

    def make(self, kind):
        """Make a file: seconds it took."""
        log = self.env["mini_crm.export.log"]
        began = time.perf_counter()
        export = log.browse(log.start_export(kind, columns=self.columns[kind])["id"])
        with Peak() as peak, tempfile.TemporaryFile() as file:
            self.count = export._make(file)
            seconds = time.perf_counter() - began
            self.sizes[kind] = file.tell()
        self.peaks[kind] = max(self.peaks.get(kind, 0), peak.grown)
        self.env.cr.rollback()
        return seconds


class Plain:
    """What Odoo's own Export button does, on a part of the customers."""

    KINDS = ("csv", "xlsx")

    def __init__(self, env):
        self.env = env
        found = env["res.partner"].search(
            [("journey_stage", "!=", False)], limit=PLAIN_ROWS
        )
        self.ids, self.count = found.ids, len(found)
        if not found:
            raise BenchError("There are no customers to export.")

    def make(self, kind):
        """Make a file: seconds it took."""
        self.env.invalidate_all()
        began = time.perf_counter()
        model = self.env["res.partner"].with_context(import_compat=False)
        rows = model.browse(self.ids).export_data(list(ODOO_FIELDS))["datas"]
        if kind == "csv":
            self._csv(rows)
        else:
            self._xlsx(rows)
        return time.perf_counter() - began

    def _csv(self, rows):
        csv.writer(io.StringIO(), quoting=csv.QUOTE_ALL).writerows(rows)

    def _xlsx(self, rows):
        book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
        sheet, style = book.add_worksheet(), book.add_format({"text_wrap": True})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value, style)
        book.close()


class Peak:
    """How much memory this process takes at most, over what it has now (bytes)."""

    def __enter__(self):
        self._before, self.grown, self._over = _resident(), 0, False
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def _look(self):
        while not self._over:
            self.grown = max(self.grown, _resident() - self._before)
            time.sleep(0.02)

    def __exit__(self, *error):
        self._over = True
        self._watch.join()


def _resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
