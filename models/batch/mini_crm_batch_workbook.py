from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.sheet import MAX_BYTES, MAX_TABLE, SheetError, open_sheet
from ...engine.spreadsheet import spreadsheet_kind
from .spreadsheet import read_workbook


class MiniCrmBatch(models.Model):
    """The file of an import as a table: CSV as it is, one sheet of a workbook as CSV.

    A workbook is unpacked once, when it is opened; what came out is kept beside it.
    ``settings`` then has ``format`` (xlsx, ods, xls, json), ``sheets`` (names) and
    ``sheet`` (number of the one that is read). A JSON document has no sheets.
    """

    _inherit = "mini_crm.batch"

    table_data = fields.Binary(
        "Table",
        attachment=True,
        readonly=True,
        help="Of a workbook: the sheet that is imported, as CSV.",
    )

    @api.model
    def _forget_files(self, ids):
        self.browse(ids).table_data = False
        return super()._forget_files(ids)

    def _file_bytes(self, name):
        """Content of a file field, without the copies that base64 text would need.

        :param str name: ``file_data`` or ``table_data``
        """
        return self._file_attachment(name).raw or b""

    def _file_attachment(self, name):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", name),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )

    def _unpack(self, sheet=-1):
        """Make the table of a workbook; nothing happens to any other file.

        :param int sheet: number of the sheet; -1: the first that is not empty
        :raises UserError: when the workbook cannot be read
        """
        raw = self._file_bytes("file_data")
        kind = spreadsheet_kind(raw)
        if not kind:
            return
        try:
            table, names, number = read_workbook(raw, sheet)
        except SheetError as error:
            code = "broken_json" if kind == "json" else error.code
            raise UserError(self._explain_file(code, error.detail)) from error
        self._file_attachment("table_data").unlink()
        self.env["ir.attachment"].with_context(mini_crm_file_of_batch=True).create(
            {
                "name": "table_data",
                "res_model": self._name,
                "res_field": "table_data",
                "res_id": self.id,
                "raw": table,
            }
        )
        self.invalidate_recordset(["table_data"])
        settings = self.settings or {}
        read = {"format": kind, "sheets": names, "sheet": number, "delimiter": ","}
        self.settings = {**settings, **read}

    def _sheet(self):
        """The file as a table, read as the settings say.

        :raises SheetError: when it cannot be read
        """
        settings = self.settings or {}
        unpacked = bool(settings.get("format"))
        return open_sheet(
            self._file_bytes("table_data" if unpacked else "file_data"),
            delimiter=settings.get("delimiter", ""),
            has_header=settings.get("has_header"),
            limit=MAX_TABLE if unpacked else MAX_BYTES,
        )
