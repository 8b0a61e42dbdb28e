import csv
import io
import tempfile

import xlsxwriter

from odoo import models
from odoo.tools import SQL

from ...engine.columns import ERROR_COLUMNS, is_error_column
from ...engine.sheet import SheetError
from ...engine.text import guard

PORTION = 5_000  # failed rows that are looked up at once


class MiniCrmBatch(models.Model):
    """The rows of an import that failed, as a file to put right and import again.

    It has the columns of the file that was imported and two more: the row's number
    there, and the reason. An import leaves these two out by itself.
    """

    _inherit = "mini_crm.batch"

    def _errors_url(self):
        """Where the failed rows can be had as a file; empty when there are none."""
        if not self.kind.startswith("import_") or self.state in ("checking", "running"):
            return ""
        failed = next(self._failed_portion(0, 1), None)
        return (
            f"/mini_crm/batch/{self.id}/errors" if failed and self._has_file() else ""
        )

    def _has_file(self):
        return bool(self._file_attachment("file_data").file_size)

    def _failed_portion(self, row, limit):
        """The next failed rows after one, in order: (row, reason)."""
        self.env.cr.execute(
            SQL(
                """SELECT row, coalesce(message, '') FROM mini_crm_batch_line
                WHERE batch_id = %s AND row > %s AND message IS NOT NULL AND (
                    state = 'failed' OR (state = 'waiting'
                        AND problems -> 0 ->> 'outcome' = 'failed'))
                ORDER BY row LIMIT %s""",
                self.id,
                row,
                limit,
            )
        )
        yield from self.env.cr.fetchall()

    def _failed_rows(self):
        """All failed rows, in order: (row, reason)."""
        last = 0
        while portion := list(self._failed_portion(last, PORTION)):
            yield from portion
            last = portion[-1][0]

    def _error_table(self):
        """Header and failed rows of the file with the two more columns: lists of str.

        :raises SheetError: when the file cannot be read any more
        """
        sheet = self._sheet()
        wanted = [i for i, n in enumerate(sheet.header) if not is_error_column(n)]
        names = ERROR_COLUMNS[1 if self._in_persian() else 0]
        if sheet.has_header:
            yield [*(sheet.header[i] for i in wanted), *names]
        failed = self._failed_rows()
        number, reason = next(failed, (None, ""))
        for row, cells in sheet.records():
            if number is None:
                break
            if row == number:
                more = cells[len(sheet.header) :]
                yield [*(cells[i] for i in wanted), str(row), reason, *more]
                number, reason = next(failed, (None, ""))

    def _errors_file(self):
        """The failed rows as a file: (name, media type, open binary file).

        :raises SheetError: when the file cannot be read any more
        """
        stem = (self.file_name or self.name).rpartition(".")[0] or self.name
        name = self.env._("%s - rows to correct", stem)
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        if (self.settings or {}).get("format") in ("xlsx", "ods", "xls"):
            self._write_workbook(out)
            out.seek(0)
            return f"{name}.xlsx", _XLSX, out
        text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text, delimiter=self.settings["delimiter"])
        for cells in self._error_table():
            writer.writerow(map(guard, cells))
        text.flush()
        text.detach()
        out.seek(0)
        return f"{name}.csv", "text/csv; charset=utf-8", out

    def _write_workbook(self, out):
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(out, options) as workbook:
            sheet = workbook.add_worksheet()
            if self._in_persian():
                sheet.right_to_left()
            for number, cells in enumerate(self._error_table()):
                for column, cell in enumerate(cells):
                    sheet.write_string(number, column, cell)

    def _check_errors_file(self):
        """Refuse who may not have the failed rows, or when there is no file any more.

        :return: whether there is one
        :rtype: bool
        """
        self.ensure_one()
        self._check_manager()
        self.check_access("read")
        try:
            return bool(self._errors_url()) and bool(self._sheet())
        except SheetError:
            return False


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
