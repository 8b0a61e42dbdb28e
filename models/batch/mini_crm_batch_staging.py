import base64
import hashlib
import json
from itertools import islice
from zoneinfo import ZoneInfo

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.columns import CUSTOM, FIELDS
from ...engine.csv_stream import CsvStream
from ...engine.rows import Reading, row_reader
from ...engine.sheet import SheetError, open_sheet
from ...engine.text import match_key

STAGE_ROWS = 20_000  # rows read from the file in one transaction


class MiniCrmBatch(models.Model):
    """Staging: the rows of a file, read and checked one by one, into the batch's lines.

    ``settings`` of an import:

    - ``mapping``: index of the column (text) -> field of ``engine.columns.FIELDS``, or
      ``custom:`` and the key of a custom field
    - ``custom``: type and slot of these when the columns were chosen: {key: [str, str]}
    - ``key``: by what customers are recognised: ref, email, phone or any
    - ``mode``: upsert, create (only new ones) or update (only existing ones)
    - ``create_customers``: whether purchases create customers that are missing
    - ``delimiter``, ``has_header``, ``decimal``, ``date_order``, ``currency``
    - ``header``: names of the columns
    """

    _inherit = "mini_crm.batch"

    file_name = fields.Char(readonly=True)
    file_data = fields.Binary("File", attachment=True, readonly=True)
    file_hash = fields.Char(readonly=True, help="SHA-256 of the file.", index=True)
    header_hash = fields.Char(
        readonly=True, help="Files with the same columns share it."
    )
    staged = fields.Boolean(
        default=False, readonly=True, help="All rows of the file are in the lines."
    )
    staged_row = fields.Integer(
        default=0, readonly=True, help="Last row of the file read so far."
    )
    report = fields.Json(readonly=True, help="What the check has found.")

    @api.model
    def _file_values(self, file_name, raw):
        """Values of a batch that imports a file.

        :param str file_name: as the person sees it
        :param bytes raw: the file
        """
        return {
            "name": file_name or self.env._("Import"),
            "file_name": file_name,
            "file_data": base64.b64encode(raw),
            "file_hash": hashlib.sha256(raw).hexdigest(),
        }

    @api.model
    def _forget_files(self, ids):
        batches = self.browse(ids)
        batches.file_data = False
        for batch in batches.filtered("settings"):
            batch.settings = {**batch.settings, "samples": []}
        return super()._forget_files(ids)

    def _file_kind(self):
        """``customers`` or ``purchases``."""
        return self.kind.removeprefix("import_")

    def _sheet(self):
        """The file as a table, read as the settings say.

        :raises SheetError: when it cannot be read
        """
        settings = self.settings or {}
        return open_sheet(
            base64.b64decode(self.with_context(bin_size=False).file_data or b""),
            delimiter=settings.get("delimiter", ""),
            has_header=settings.get("has_header"),
        )

    def _unstage(self):
        """Forget the rows: the file is to be read anew."""
        self._drop_rows(self.ids)
        self.write({"staged": False, "staged_row": 0, "cursor": 0, "report": False})
        self.write(dict.fromkeys(("total", "done", "failed"), 0))

    def _stage(self):
        """Read the next part of the file into the lines.

        :return: number of rows read
        :rtype: int
        """
        if self._changed_custom():
            self._set_failed(self._changed_text())
            return 1
        try:
            sheet = self._sheet()
            if not self.total:
                self.total = sum(1 for _record in sheet.records())
            records = (r for r in sheet.records() if r[0] > self.staged_row)
            rows = list(islice(records, STAGE_ROWS))
        except SheetError as error:
            self._set_failed(self._explain_file(error.code, error.detail))
            return 1
        if not self.total:
            self._set_failed(self._explain_file("no_rows", {}))
            return 1
        self._copy_lines(row_reader(self._reading(), len(sheet.header)), rows)
        if rows:
            self.staged_row = rows[-1][0]
        if len(rows) < STAGE_ROWS:
            self._mark_repeated()
            self.staged = True
        return max(1, len(rows))

    def _copy_lines(self, read, rows):
        """COPY rows into the lines.

        :param read: reads the cells of one row
        :param list rows: (number, cells)
        """
        texts = self._problem_texts()

        def line(number, cells):
            row = read(cells)
            if not row.problems:
                told = (row.key, _json(row.values), "", "", "", "")
                return (self.id, number, "waiting", *told)
            told = self._tell(row.problems, texts)
            return (self.id, number, "failed", "", _json({"cells": cells}), *told)

        stream = CsvStream(line(number, cells) for number, cells in rows)
        try:
            self.env.cr.copy_expert(
                """COPY mini_crm_batch_line (batch_id, row, state, key, values,
                    problems, message, "column", value)
                FROM STDIN (FORMAT csv)""",
                stream,
            )
        except psycopg2.Error:
            if stream.error:
                raise stream.error from None
            raise
        self.env["mini_crm.batch.line"].invalidate_model()

    # How cells are to be read

    def _country_code(self):
        """ISO code of the country whose national phone numbers are meant, or ``None``.

        A shop that has set no country, but works in Persian, is taken to be in Iran.
        """
        return self.company_id.country_id.code or ("IR" if self._in_persian() else None)

    def _in_persian(self):
        """Whether the person who imports works in Persian."""
        return (self.user_id.lang or "").startswith("fa")

    def _reading(self):
        """The rules of this batch for ``engine.rows``."""
        settings, company = self.settings, self.company_id
        country = self._country_code()
        kind = self._file_kind()
        rules = self._all_rules()
        known = {*FIELDS[kind], *(CUSTOM + key for key in rules)}
        return Reading(
            kind=kind,
            mapping={int(i): f for i, f in settings["mapping"].items() if f in known},
            custom=rules,
            persian_labels=self._in_persian(),
            key=settings["key"],
            now=fields.Datetime.now(),
            zone=ZoneInfo(company.mini_crm_tz or "UTC"),
            region=country,
            decimal=settings.get("decimal", "."),
            date_order=settings.get("date_order", "dmy"),
            currency=settings.get("currency") or company.currency_id.name,
            currencies=self._currency_names(),
            countries=self._countries(),
            languages=self._languages(),
            persian=country in ("IR", "AF") or self._in_persian(),
        )

    @api.model
    def _currency_names(self):
        """Codes of all currencies, switched on or not: frozenset."""
        self.env.cr.execute("SELECT name FROM res_currency")
        return frozenset(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _countries(self):
        """Names in every language and codes, as match keys -> (id, code)."""
        self.env.cr.execute("SELECT id, code, name FROM res_country")
        known = {}
        for country_id, code, names in self.env.cr.fetchall():
            for name in {code, *(names or {}).values(), *_MORE_NAMES.get(code, ())}:
                known.setdefault(match_key(name or ""), (country_id, code))
        known.pop("", None)
        return known

    @api.model
    def _languages(self):
        """Names and codes of the installed languages, as match keys -> code."""
        known = {}
        for code, name in self.env["res.lang"].get_installed():
            short = code.split("_")[0]
            for text in (code, short, name, name.split(" ")[0]):
                known.setdefault(match_key(text).replace("-", "_"), code)
            for text in _LANGUAGE_NAMES.get(short, ()):
                known.setdefault(match_key(text), code)
        known.pop("", None)
        return known

    # Rows that occur twice

    def _mark_repeated(self):
        """Rows that another row of the file repeats: fail them, or count them (A13).

        Customers with the same key and purchases with the same reference are problems.
        Equal purchases without a reference are all real: the second and later ones get
        their number into the key, so that each has an origin of its own.
        """
        if self.kind == "import_purchases":
            repeated = self._repeated(SQL("key"))
            self._number_lines(
                [
                    (r[0], f"{r[1]}:{r[3]}")
                    for r in repeated
                    if not r[1].startswith("ref:")
                ]
            )
            repeated = [r for r in repeated if r[1].startswith("ref:")]
            self._fail_repeated("duplicate_reference", repeated)
        elif self.settings["key"] != "any":
            self._fail_repeated("duplicate_in_file", self._repeated(SQL("key")))
        else:
            for name in ("ref", "email_normalized", "phone_sanitized"):
                found = self._repeated(SQL("values ->> %s", name))
                self._fail_repeated("duplicate_in_file", found)

    def _repeated(self, expression):
        """Waiting lines with the same text as an earlier one.

        :param SQL expression: of the text, over a line
        :return: list of (id, text, row of the first one, number among the equal ones)
        """
        self.env.cr.execute(
            SQL(
                """SELECT id, text, first, n FROM (
                    SELECT id, text, first_value(row) OVER w AS first,
                        row_number() OVER w AS n
                    FROM (SELECT id, row, %s AS text FROM mini_crm_batch_line
                        WHERE batch_id = %s AND state = 'waiting') lines
                    WHERE text IS NOT NULL
                    WINDOW w AS (PARTITION BY text ORDER BY row)) repeated
                WHERE n > 1""",
                expression,
                self.id,
            )
        )
        return self.env.cr.fetchall()

    def _fail_repeated(self, code, repeated):
        """Fail lines that repeat another one; see ``_repeated``."""
        self._write_problems(
            [
                (r[0], {"code": code, "other": r[2], "value": r[1].rpartition(":")[2]})
                for r in repeated
            ],
            failed=True,
        )

    def _number_lines(self, keys):
        """Set the key of lines: (id, key)."""
        if keys:
            ids, texts = (list(column) for column in zip(*keys, strict=True))
            self.env.cr.execute(
                SQL(
                    """UPDATE mini_crm_batch_line l SET key = k.key
                    FROM unnest(%s::int[], %s::text[]) AS k(id, key)
                    WHERE l.id = k.id""",
                    ids,
                    texts,
                )
            )

    # The person's side

    def _check_settings(self):
        """Refuse settings with which a file cannot be read; note what they rest on.

        :raises UserError: which says what is missing
        """
        self._note_custom()
        fields_ = set(self.settings.get("mapping", {}).values())
        keys = {"ref", "email", "phone"} & fields_
        key = self.settings.get("key")
        if not keys or (key != "any" and key not in keys):
            raise UserError(
                self.env._(
                    "Choose the column that tells customers apart: customer key, e-mail"
                    " or phone."
                )
            )
        if self.kind == "import_purchases" and not {"date", "amount"} <= fields_:
            raise UserError(
                self.env._("Purchases need a date and an amount: choose their columns.")
            )


_MORE_NAMES = {
    "IR": ("Iran", "ایران", "جمهوری اسلامی ایران", "I.R. Iran", "IRN"),
    "US": ("USA", "U.S.A.", "United States of America", "آمریکا", "امریکا"),
    "GB": ("UK", "Great Britain", "England", "انگلستان", "بریتانیا", "GBR"),
    "AE": ("UAE", "Emirates", "امارات", "امارات متحده عربی", "ARE"),
    "TR": ("Turkey", "Türkiye", "ترکیه", "TUR"),
    "DE": ("Germany", "Deutschland", "آلمان", "DEU"),
    "AF": ("Afghanistan", "افغانستان", "AFG"),
    "IQ": ("Iraq", "عراق", "IRQ"),
    "CA": ("Canada", "کانادا", "CAN"),
    "SE": ("Sweden", "سوئد", "SWE"),
    "NL": ("Holland", "The Netherlands", "هلند", "NLD"),
    "FR": ("France", "فرانسه", "FRA"),
    "RU": ("Russia", "روسیه", "RUS"),
    "KR": ("South Korea", "کره جنوبی"),
    "CN": ("China", "چین"),
}
_LANGUAGE_NAMES = {
    "fa": ("Persian", "Farsi", "فارسی"),
    "en": ("English", "انگلیسی"),
    "ar": ("Arabic", "العربية", "عربی"),
    "tr": ("Turkish", "ترکی"),
    "de": ("German", "آلمانی"),
    "fr": ("French", "فرانسوی"),
}


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value):
    """JSON text that COPY takes; empty values as NULL."""
    return _encode(value) if value else ""
