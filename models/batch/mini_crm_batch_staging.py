import base64
import hashlib
import json
from itertools import islice
from zoneinfo import ZoneInfo

import psycopg2

from odoo import api, fields, models

from ...engine.columns import CUSTOM, FIELDS
from ...engine.copy_stream import CopyStream
from ...engine.rows import Reading, row_reader
from ...engine.sheet import Place, SheetError
from ...engine.text import match_key

STAGE_ROWS = 20_000  # rows read from the file in one transaction
# Column of a row's values that holds each of what people are recognised by.
IDENTITIES = {"ref": "ref", "email": "email_normalized", "phone": "phone_sanitized"}


class MiniCrmBatch(models.Model):
    """Staging: the rows of a file, read and checked one by one, into the batch's lines.

    ``settings`` of an import:

    - ``mapping``: index of the column (text) -> field of ``engine.columns.FIELDS``, or
      ``custom:`` and the key of a custom field
    - ``custom``: type and slot of these when the columns were chosen: {key: [str, str]}
    - ``key``: by what customers are recognised: ref, email, phone, any of these, or a
      custom field
    - ``existing``: what becomes of rows of customers there are: update, skip, create
      (another one); ``missing``: of the others: create, skip
    - ``repeated``: which of the rows of one customer counts: first (the others are
      problems), last (the others are skipped)
    - ``similar``: what becomes of new customers whose phone, e-mail or key somebody
      has already: create, skip
    - ``create_customers``: whether purchases create customers that are missing
    - ``delimiter``, ``has_header``, ``decimal``, ``currency``, ``date_order`` and
      ``date_orders``: {index of the column (text): order} where it is another
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
    staged_byte = fields.Integer(
        default=0, readonly=True, help="Where the row after it begins in the table."
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

    def _unstage(self):
        """Forget the rows: the file is to be read anew."""
        self._drop_rows(self.ids)
        self.write({"staged": False, "report": False})
        self.write(dict.fromkeys(("staged_row", "staged_byte", "cursor"), 0))
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
            place = Place(self.staged_row, self.staged_byte)
            # an import that was at work when places began to be kept has none
            records = sheet.records_after(place if place.byte else Place())
            records = (r for r in records if r[0].row > place.row)
            if self.total:
                read = row_reader(self._reading(), len(sheet.header))
                with self.env.cr.savepoint():
                    rows = self._copy_lines(read, islice(records, STAGE_ROWS))
        except SheetError as error:
            self._set_failed(self._explain_file(error.code, error.detail))
            return 1
        if not self.total:
            self._set_failed(self._explain_file("no_rows", {}))
            return 1
        if rows < STAGE_ROWS:
            self._mark_repeated()
            self.staged = True
        return max(1, rows)

    def _copy_lines(self, read, rows):
        """COPY rows into the lines, each as it is read: none is held in memory.

        :param read: reads the cells of one row
        :param rows: iterable of (`Place` behind the row, cells)
        :return: how many they were
        :rtype: int
        """
        texts = self._problem_texts()
        batch_id, last = str(self.id), Place(self.staged_row, self.staged_byte)
        count = 0

        def line(place, cells):
            nonlocal last, count
            last, count = place, count + 1
            row = read(cells)
            if not row.problems:
                told = (row.key, _json(row.values), "", "", "", "")
                return (batch_id, str(place.row), "waiting", *told)
            told = ("", _json({"cells": cells}), *self._tell(row.problems, texts))
            return (batch_id, str(place.row), "failed", *told)

        stream = CopyStream(line(place, cells) for place, cells in rows)
        try:
            self.env.cr.copy_expert(
                """COPY mini_crm_batch_line (batch_id, row, state, key, values,
                    problems, message, "column", value)
                FROM STDIN (NULL '')""",
                stream,
            )
        except psycopg2.Error:
            if stream.error:
                raise stream.error from None
            raise
        self.staged_row, self.staged_byte = last
        self.env["mini_crm.batch.line"].invalidate_model()
        return count

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
            date_orders={int(i): o for i, o in self._setting("date_orders").items()},
            currency=settings.get("currency") or company.currency_id.name,
            currencies=self._currency_names(),
            countries=self._countries(),
            languages=self._languages(),
            owners=self._owners() if kind == "customers" else {},
            segments=self._segments_by_name() if kind == "customers" else {},
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

    def _owners(self):
        """Names, logins and e-mails of the users who may own customers, as match keys
        -> id; ``None`` where two users share one."""
        users = self.env["res.users"].search(
            [("share", "=", False), ("company_ids", "in", self.company_id.ids)]
        )
        known = {}
        for user in users:
            for text in {*map(match_key, (user.name, user.login, user.email or ""))}:
                known[text] = None if text in known else user.id
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


# of values just made from text, which contain nothing twice
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":")
).encode


def _json(value):
    """JSON text that COPY takes; empty values as NULL."""
    return _encode(value) if value else ""
