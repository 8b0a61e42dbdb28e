import base64
import binascii
import hashlib
import json
from itertools import islice

from odoo import api, models
from odoo.exceptions import UserError

from ...engine import columns
from ...engine.calendars import guess_order
from ...engine.money import TOMAN, guess_decimal
from ...engine.sheet import MAX_BYTES, SheetError, clip
from .mini_crm_batch_choices import DEFAULTS, MODES

SAMPLE_ROWS = 200  # data rows that are looked at to guess
KEPT = ("format", "sheets", "sheet")  # settings that the file itself has made
# Choices that are taken over from the last file with the same columns.
REMEMBERED = (
    *("mapping", "key", "existing", "missing", "repeated", "similar"),
    *("create_customers", "currency", "date_orders"),
)


class MiniCrmBatch(models.Model):
    """Opening a file: what is in it, how it is read, what its columns mean."""

    _inherit = "mini_crm.batch"

    # For programs

    @api.model
    def start_import(
        self, kind, file_base64, filename, mapping=None, key=None, options=None
    ):
        """Import a file as the wizard does, without asking (managers).

        What is not given is guessed from the file, or remembered from an earlier one
        with the same columns. Read ``state``, ``total``, ``done`` and ``failed`` of the
        batch to follow it; a row that fails stands in ``line_ids`` with its reason.

        :param str kind: ``customers`` or ``purchases``
        :param str file_base64: the file: CSV, XLSX, ODS or XLS
        :param str filename: shown as the name of the batch
        :param dict mapping: name of a column of the file -> field, over what is
            guessed; an empty field leaves the column out
        :param str key: by what customers are recognised: ``ref``, ``email``, ``phone``,
            ``any``, a custom field (``custom:<key>``), or the name of the column that
            holds their key
        :param dict options: further settings, see the class for staging
        :return: id of the batch
        :rtype: int
        :raises UserError: when the file cannot be read or columns are missing
        """
        batch = self._open_file(filename, file_base64, kind)
        batch._choose({"key": key, **(options or {})} if key else (options or {}))
        batch._map_by_name(mapping or {}, key)
        batch._check_settings()
        batch._set_running()
        return batch.id

    def _map_by_name(self, mapping, key):
        """Take over a mapping of column names: {name: field}."""
        settings = dict(self.settings)
        header = settings["header"]
        chosen = dict(settings["mapping"])
        if key in header:
            settings["key"] = mapping.setdefault(key, "ref")
        for name, field in mapping.items():
            if name not in header:
                raise UserError(
                    self.env._(
                        "The file has no column “%(name)s”. It has: %(columns)s.",
                        name=name,
                        columns=", ".join(header),
                    )
                )
            chosen = {i: f for i, f in chosen.items() if f != field}
            chosen[str(header.index(name))] = field
        self.settings = settings
        self._choose({"mapping": chosen})
        if mapping and not key:
            self.settings = {**self.settings, "key": self._guessed_key()}

    # Opening

    @api.model
    def _open_file(self, file_name, file_base64, kind=None):
        """A prepared batch of a file, with everything about it guessed.

        :param str file_base64: the file
        :param str | None kind: ``customers`` or ``purchases``; guessed when not given
        :raises UserError: when it cannot be read
        """
        self._check_manager()
        raw = self._decode(file_base64)
        if kind not in (None, *columns.KINDS):
            raise UserError(self.env._("Only customers and purchases can be imported."))
        # sudo: nobody may write batches but this code
        batch = (
            self.sudo()
            .with_context(mini_crm_file_of_batch=True)
            .create(
                {
                    "kind": f"import_{kind or 'customers'}",
                    **self._file_values(file_name, raw),
                }
            )
        )
        batch = batch.with_context(mini_crm_file_of_batch=False)
        batch._unpack()
        batch._look_into(guess_kind=not kind)
        return batch

    @api.model
    def _decode(self, file_base64):
        """Bytes of a file that came as base64 text."""
        if len(file_base64 or "") > MAX_BYTES * 3 // 2:
            size = len(file_base64) * 3 // 4
            raise UserError(self._explain_file("too_large", {"size": size}))
        try:
            return base64.b64decode(file_base64 or "", validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise UserError(self.env._("The file has not arrived whole.")) from error

    def _look_into(self, *, guess_kind=False):
        """Read the file's beginning and count its rows; guess what is not settled.

        :raises UserError: when the file cannot be read
        """
        try:
            sheet = self._sheet()
            records = sheet.records()
            samples = [clip(cells) for _n, cells in islice(records, SAMPLE_ROWS)]
            total = len(samples) + sum(1 for _record in records)
        except SheetError as error:
            raise UserError(self._explain_file(error.code, error.detail)) from error
        if not total:
            raise UserError(self._explain_file("no_rows", {}))
        if guess_kind:
            kind = columns.guess_kind(sheet.header, samples, self._custom_names())
            self.kind = f"import_{kind}"
        header = json.dumps([*map(columns.name_key, sheet.header)], ensure_ascii=False)
        self.header_hash = hashlib.sha256(header.encode()).hexdigest()
        self.total = total
        guessed = self._guess(sheet, samples)
        made = {n: v for n, v in (self.settings or {}).items() if n in KEPT}
        self.settings = {
            **made,
            **guessed,
            **(self._remembered() if sheet.has_header else {}),
            "header": list(sheet.header),
            "samples": samples[:5],
            "encoding": sheet.encoding,
            "delimiter": sheet.delimiter,
            "has_header": sheet.has_header,
        }

    def _guess(self, sheet, samples):
        """Settings by the file's header and its first rows."""
        kind = self._file_kind()
        region = self._country_code()
        mapping = columns.guess_mapping(
            kind, sheet.header, samples, region, self._custom_names()
        )
        by_field = {field: index for index, field in mapping.items()}
        numbers = ("amount", "quantity", *self._custom_of("number"))
        decimal, decimal_sure = guess_decimal(_cells(samples, by_field, numbers))
        dates = ("date", "since", *self._custom_of("date"))
        orders, order, order_sure = _guess_orders(samples, by_field, dates)
        told = columns.currency_in_header(
            sheet.header[by_field["amount"]] if "amount" in by_field else ""
        )
        doubts = [
            name
            for name, sure in (
                ("decimal", decimal_sure),
                ("date_order", order_sure),
                ("currency", told or "currency" in by_field),
            )
            if not sure
        ]
        return {
            "mapping": {str(index): field for index, field in mapping.items()},
            "key": columns.guess_key(mapping, samples),
            **DEFAULTS,
            "decimal": decimal,
            "date_order": order,
            "date_orders": orders,
            "currency": self._known_code(told) or self.company_id.currency_id.name,
            "doubts": doubts,
        }

    def _known_code(self, code):
        """A currency code if the currency exists; Toman goes with Rial."""
        name = "IRR" if code == TOMAN else code
        return code if name in self._currency_names() else ""

    def _remembered(self):
        """Choices for the last file with the same columns: part of the settings."""
        last = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
                ("header_hash", "=", self.header_hash),
                ("started_at", "!=", False),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        settings = last.settings or {}
        settings = {**MODES.get(settings.get("mode"), {}), **settings}
        found = {name: settings[name] for name in REMEMBERED if name in settings}
        if "mapping" in found:
            known = self._field_labels()
            mapping = found["mapping"].items()
            found["mapping"] = {i: field for i, field in mapping if field in known}
        if found.get("key") not in self._possible_keys():
            found.pop("key", None)
        return found

    def _guessed_key(self):
        mapping = {int(i): field for i, field in self.settings["mapping"].items()}
        return columns.guess_key(mapping, self.settings["samples"])


def _cells(samples, by_field, names):
    """Cells of some fields in the sample rows: list of str.

    :param dict by_field: field -> index of its column
    """
    indexes = [by_field[name] for name in names if name in by_field]
    return [row[i] for row in samples for i in indexes if len(row) > i]


def _guess_orders(samples, by_field, names):
    """Order of day, month and year in the columns of dates.

    :return: ({index of the column (text): order} where it is not the common one,
        common order, whether some column proves it or none leaves it open)
    """
    proven, open_ = {}, False
    for name in names:
        order, sure = guess_order(_cells(samples, by_field, (name,)), default="")
        if order:
            proven[str(by_field[name])] = order
        open_ = open_ or not sure
    common = next(iter(proven.values()), "dmy")
    others = {index: order for index, order in proven.items() if order != common}
    return others, common, bool(proven) or not open_
