"""Imports of other kinds: a spreadsheet, an update by phone, and a wide, long file.

The wide file has 30 columns, 18 of them custom fields, and is checked before it runs;
plain Odoo loads a sample with the same columns, into fields added by hand, and bare SQL
all of it. ``--large`` takes 100,000 rows, else 5,000.

Plain Odoo's import cannot find a contact by phone: it gets the external ids.
"""

import base64
import csv
import io
import resource
import time

import xlsxwriter

from .databases import tidy
from .environment import BenchError, opened
from .importing import FIELDS, HEADER, Bare, Ours, _prepare, rows
from .measure import Figure, at_least_as_fast, at_most_cost, in_turns

ROUNDS = 3
UPDATED = 5_000  # customers of an update
SAMPLE = 2_000  # rows that plain Odoo loads
WIDE, LARGE = 5_000, 100_000
MORE = 18  # columns that the wide file has beside those of ``importing``
FASTER, UPDATES_FASTER = at_least_as_fast(10), at_least_as_fast(25)
OF_BARE = at_most_cost(3)
# types of custom fields: as Odoo calls them, as PostgreSQL does
TYPES = {"text": ("char", "text"), "number": ("float", "float8"), "date": ("date",) * 2}


def run(databases, customers):
    """Measure these imports: list of Figure."""
    large = customers > 50_000
    with opened(databases.stock) as stock, opened(databases.product) as product:
        _prepare(stock)
        _prepare(product)
        ours, plain = Imports(product), Plain(stock)
        return [
            _spreadsheet(databases, ours),
            *_updates(databases, ours, plain),
            _wide(databases, ours, plain, LARGE if large else WIDE),
        ]


def _tidy(databases):
    for db in (databases.stock, databases.product):
        tidy(db, "res_partner")
    tidy(databases.product, "mini_crm_batch_line", "mini_crm_profile", "mini_crm_event")


def _spreadsheet(databases, ours):
    """XLSX against the same rows as CSV."""
    count = 5_000
    times = in_turns(
        {
            "xlsx": lambda n: ours.load(rows(f"x{n}", n), spreadsheet=True),
            "csv": lambda n: ours.load(rows(f"c{n}", n)),
        },
        ROUNDS,
        before=lambda: _tidy(databases),
    )
    return Figure(
        f"import of {count:,} customers from XLSX",
        times["xlsx"],
        note=f"{count / times['xlsx']:,.0f} rows a second",
    ).against("the same from CSV", times["csv"])


def _updates(databases, ours, plain):
    """Customers found by their phone: all columns against load(), two against write().

    Of twelve columns four differ in every row.
    """
    people = [  # nobody shares a phone
        [*row[:3], f"+98935{number:07}", *row[4:]]
        for number, row in enumerate(rows("u", 90)[:UPDATED])
    ]
    ours.load(people)
    plain.create(people)
    wide, narrow = people[: UPDATED // 10], people[: UPDATED // 25]

    def moved(some, number):
        changed = (f"Floor {number}", f"City {number}", f"{20000 + number}")
        return [[*row[:5], *changed, *row[8:10], f"Job {number}", ""] for row in some]

    def called(some, number):
        return [[row[3], f"Town {number}", f"Trade {number}"] for row in some]

    two = ["phone", "city", "job"]
    times = in_turns(
        {
            "ours": lambda n: ours.update(moved(people, n), HEADER) / len(people),
            "plain": lambda n: plain.load(moved(wide, n)) / len(wide),
            "ours, two": lambda n: ours.update(called(people, n), two) / len(people),
            "plain, two": lambda n: plain.update(called(narrow, n)) / len(narrow),
        },
        ROUNDS,
        before=lambda: _tidy(databases),
    )
    return [
        Figure(
            f"update of a customer by phone, {len(HEADER)} columns",
            times["ours"],
            note=f"{1 / times['ours']:,.0f} rows a second, {UPDATED:,} in a file,"
            " check included",
        ).against("plain load() by external id", times["plain"], UPDATES_FASTER),
        Figure("update by phone, two columns", times["ours, two"]).against(
            "plain search() and write()", times["plain, two"]
        ),
    ]


def _wide(databases, ours, plain, count):
    """30 columns, checked and run, against load() of a sample and bare SQL."""
    columns = ours.more_columns()
    names = plain.more_fields(columns)
    bare = Bare(plain.env, {n: TYPES[k][1] for n, k in names.items()})
    people = []
    for number in range(0, count, 5_000):
        people += rows("w", 200 + number // 5_000)
    # without notes: more than 20 MB are not taken
    people = [[*row[:-1], "", *_more(row, columns)] for row in people[:count]]
    sample = [[*row[:-1], "", *_more(row, columns)] for row in rows("s", 300)[:SAMPLE]]
    _tidy(databases)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    checked, ran = ours.check_and_run(people, [*HEADER, *columns])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    theirs = plain.load(sample, names) / len(sample)
    least = bare.load(people) / len(people)
    return (
        Figure(
            f"a row of {count:,} x {len(HEADER) + MORE}, checked and imported",
            (checked + ran) / count,
            note=f"check {checked:.1f} s, run {ran:.1f} s, with the search for"
            f" duplicates; {count / ran:,.0f} rows a second in the run; at most"
            f" {grown:,.0f} MB more",
        )
        .against("plain load(), the same columns", theirs, FASTER)
        .against("COPY and INSERT .. SELECT", least, OF_BARE)
    )


def _more(row, columns):
    """Cells of the further columns of a row: every other one is filled."""
    seed = sum(map(ord, row[0]))
    values = {"number": str(seed % 1000), "text": f"T{seed % 50}", "date": "2024-05-06"}
    return [
        values[kind] if (seed + place) % 2 else ""
        for place, kind in enumerate(columns.values())
    ]


class Imports(Ours):
    """The product's import: further ways into it."""

    def load(self, rows, spreadsheet=False):
        """Import rows: seconds it took."""
        if not spreadsheet:
            return super().load(rows)
        content = _xlsx([HEADER, *rows])
        began = time.perf_counter()
        batch = self._start("customers", content, "customer key")
        self._work(batch)
        seconds = time.perf_counter() - began
        self._require(batch, created=len(rows))
        self._score()
        return seconds

    def update(self, rows, header):
        """Update customers by phone, checked first: seconds it took."""
        seconds = self.check_and_run(rows, header, "phone", "updated")
        self._score()
        return sum(seconds)

    def more_columns(self):
        """Custom fields for the further columns: {name of the column: type}."""
        kinds = ("text", "number", "date")
        made = {f"More {n}": kinds[n % 3] for n in range(MORE)}
        known = set(self.env["mini_crm.field"].search([]).mapped("name"))
        self.env["mini_crm.field"].create(
            [{"name": n, "type": t} for n, t in made.items() if n not in known]
        )
        self.env.cr.commit()
        return made

    def check_and_run(self, rows, header, key="ref", outcome="created"):
        """Import rows as the screen does: seconds of check and of run.

        :param str key: field by which customers are recognised
        :param str outcome: what all rows are to be afterwards
        """
        content = base64.b64encode(_csv([header, *rows])).decode()
        began = time.perf_counter()
        model = self.as_manager["mini_crm.import"]
        found = model.open_file("wide.csv", content)
        wizard = model.browse(found["id"])
        mapping = {str(c["index"]): c["field"] for c in found["columns"]}
        wizard.check({**found["settings"], "mapping": mapping, "key": key})
        self._work(found["batch_id"])
        checked = time.perf_counter() - began
        began = time.perf_counter()
        wizard.run()
        self._work(found["batch_id"])
        ran = time.perf_counter() - began
        self._require(found["batch_id"], **{outcome: len(rows)})
        return checked, ran

    def _start(self, kind, content, key):
        data = base64.b64encode(content).decode()
        return self.as_manager["mini_crm.batch"].start_import(
            kind, data, "bench", {}, key
        )

    def _work(self, _batch):
        self.env.cr.commit()
        while self.env["mini_crm.batch"]._waiting():
            self.env["mini_crm.batch"]._cron_process()

    def _require(self, batch_id, **counts):
        self.env.invalidate_all()
        batch = self.env["mini_crm.batch"].browse(batch_id)
        found = {name: batch[name] for name in counts}
        if found != counts:
            problems = batch.line_ids.filtered("message")[:3].mapped("message")
            raise BenchError(f"Imported {found} and not {counts}: {problems}")


class Plain:
    """Plain Odoo: load() of contacts, new or known, search() and write() by phone."""

    def __init__(self, env):
        self.env = env(context={"import_file": True, "tracking_disable": True})

    def create(self, rows):
        """Contacts that ``update`` finds."""
        self.load(rows)

    def more_fields(self, columns):
        """Fields added by hand for further columns: {name: type of the column}.

        :param dict columns: {name of the column: type}
        """
        model = self.env["ir.model"]._get("res.partner")
        names = {f"x_more_{n}": kind for n, kind in enumerate(columns.values())}
        known = self.env["res.partner"]._fields
        self.env["ir.model.fields"].create(
            [
                {"model_id": model.id, "name": n, "ttype": TYPES[kind][0]}
                for n, kind in names.items()
                if n not in known
            ]
        )
        self.env.cr.commit()
        return names

    def load(self, rows, more=()):
        """Import rows, new or known by the external id: seconds it took.

        :param more: names of further fields
        """
        rows = [[f"kinds.{row[0]}", *row[1:]] for row in rows]
        began = time.perf_counter()
        done = self.env["res.partner"].load([*FIELDS, *more], rows)
        if not done["ids"]:
            raise BenchError(f"Plain Odoo refused: {done['messages'][:3]}")
        self.env.cr.commit()
        return time.perf_counter() - began

    def update(self, rows):
        """Update contacts by phone: seconds it took."""
        Partner = self.env["res.partner"]
        began = time.perf_counter()
        for phone, city, job in rows:
            found = Partner.search([("phone_sanitized", "=", phone)], limit=1)
            if not found:
                raise BenchError(f"Nobody has the phone {phone}")
            found.write({"city": city, "function": job})
        self.env.flush_all()
        self.env.cr.commit()
        return time.perf_counter() - began


def _xlsx(rows):
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return raw.getvalue()


def _csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
