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
from ...engine.sheet import DELIMITERS, MAX_BYTES, SheetError

SAMPLE_ROWS = 200  # data rows that are looked at to guess
MODES = ("upsert", "create", "update")
CHOICES = {
    "delimiter": DELIMITERS,
    "decimal": (".", ","),
    "date_order": ("dmy", "mdy", "ymd"),
    "mode": MODES,
    "has_header": (True, False),
    "create_customers": (True, False),
}


class MiniCrmBatch(models.Model):
    """Opening a file: what is in it, how it is read, what its columns mean."""

    _inherit = "mini_crm.batch"

    # For programs

    @api.model
    def start_import(
        self, kind, file_base64, filename, mapping=None, key=None, options=None
    ):
        """Import a CSV file as the wizard does, without asking (managers).

        What is not given is guessed from the file, or remembered from an earlier one
        with the same columns. Read ``state``, ``total``, ``done`` and ``failed`` of the
        batch to follow it; a row that fails stands in ``line_ids`` with its reason.

        :param str kind: ``customers`` or ``purchases``
        :param str file_base64: the file
        :param str filename: shown as the name of the batch
        :param dict mapping: name of a column of the file -> field, over what is
            guessed; an empty field leaves the column out
        :param str key: by what customers are recognised: ``ref``, ``email``, ``phone``,
            ``any``, or the name of the column that holds their key
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
            samples = [cells for _number, cells in islice(records, SAMPLE_ROWS)]
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
        self.settings = {
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
        order, order_sure = guess_order(_cells(samples, by_field, dates))
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
            "mode": "upsert",
            "create_customers": True,
            "decimal": decimal,
            "date_order": order,
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
        kept = ("mapping", "key", "mode", "create_customers", "currency")
        found = {
            name: last.settings[name] for name in kept if name in (last.settings or {})
        }
        if "mapping" in found:
            known = self._field_labels()
            mapping = found["mapping"].items()
            found["mapping"] = {i: field for i, field in mapping if field in known}
        return found

    def _guessed_key(self):
        mapping = {int(i): field for i, field in self.settings["mapping"].items()}
        return columns.guess_key(mapping, self.settings["samples"])

    # Choosing

    def _choose(self, chosen):
        """Take over a person's choices into the settings.

        :param dict chosen: part of the settings; what is not known is refused
        :raises UserError: which says what is wrong
        """
        settings = dict(self.settings)
        for name, value in chosen.items():
            if name == "mapping":
                settings["mapping"] = self._checked_mapping(value)
            elif name == "key":
                if value in (*columns.KEYS, "any"):
                    settings["key"] = value
            elif name == "currency":
                settings["currency"] = self._checked_currency(value, settings)
            elif value in CHOICES.get(name, ()):
                settings[name] = value
            else:
                raise UserError(
                    self.env._(
                        "“%(value)s” is not possible for “%(name)s”.",
                        value=value,
                        name=name,
                    )
                )
        settings["doubts"] = [d for d in settings["doubts"] if d not in chosen]
        self.settings = settings

    def _checked_currency(self, code, settings):
        """A currency of which amounts without one are."""
        if self._known_code(code) != code or not code:
            raise UserError(self.env._("There is no currency %s.", code))
        return code

    def _checked_mapping(self, mapping):
        """A mapping with known fields only, each on one column: {index: field}."""
        known = self._field_labels()
        width = len(self.settings["header"])
        checked = {}
        for index, field in mapping.items():
            if not field:
                continue
            number = int(index) if str(index).isdecimal() else -1
            if field not in known or not 0 <= number < width:
                raise UserError(
                    self.env._(
                        "Column %(column)s cannot be “%(field)s”.",
                        column=index,
                        field=field,
                    )
                )
            if field in checked.values():
                raise UserError(
                    self.env._(
                        "Two columns are to be “%s”. Choose one of them.",
                        known[field],
                    )
                )
            checked[str(number)] = field
        return checked

    def _field_labels(self):
        """What a person reads for the fields a column can be: {field: label}."""
        labels = {
            "ref": self.env._("Customer key"),
            "name": self.env._("Name"),
            "first_name": self.env._("First name"),
            "last_name": self.env._("Last name"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
            "company_name": self.env._("Company"),
            "function": self.env._("Job"),
            "street": self.env._("Street"),
            "street2": self.env._("Street, second line"),
            "city": self.env._("City"),
            "zip": self.env._("Postal code"),
            "country": self.env._("Country"),
            "tags": self.env._("Tags"),
            "source": self.env._("Source"),
            "comment": self.env._("Notes"),
            "since": self.env._("Customer since"),
            "lang": self.env._("Language"),
            "date": self.env._("Date"),
            "amount": self.env._("Amount"),
            "currency": self.env._("Currency"),
            "quantity": self.env._("Quantity"),
            "reference": self.env._("Reference (order or receipt number)"),
        }
        fixed = columns.FIELDS[self._file_kind()]
        return {field: labels[field] for field in fixed} | self._custom_labels()


def _cells(samples, by_field, names):
    """Cells of some fields in the sample rows: list of str.

    :param dict by_field: field -> index of its column
    """
    indexes = [by_field[name] for name in names if name in by_field]
    return [row[i] for row in samples for i in indexes if len(row) > i]
