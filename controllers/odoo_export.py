"""Odoo's own Export button, made safe for contacts and for our own models.

As Odoo has it, an XLSX file has live formulas and links of what people have written,
and a CSV file lets ``@SUM(1)`` through while it makes a text of ``+98912...`` that
nobody can import again.
"""

import csv
import io
import json

from odoo.http import request

from odoo.addons.web.controllers.export import (
    CSVExport,
    ExcelExport,
    ExportXlsxWriter,
    GroupExportXlsxWriter,
)

from ..engine.text import guard_phone


def _is_ours(model):
    return model == "res.partner" or model.startswith("mini_crm.")


class _SafeCells:
    """Cells with what people wrote are texts, whatever they look like."""

    def write(self, row, column, cell_value, style=None):
        """Write one cell."""
        if isinstance(cell_value, str) and cell_value:
            return self.worksheet.write_string(row, column, cell_value, style)
        return super().write(row, column, cell_value, style)


class SafeXlsxWriter(_SafeCells, ExportXlsxWriter):
    """A sheet of rows."""


class SafeGroupXlsxWriter(_SafeCells, GroupExportXlsxWriter):
    """A sheet of groups."""


class _Noted:
    """Knows the model of an export, and notes one of customers."""

    def base(self, data):
        """Make the file that is asked for."""
        asked = json.loads(data)
        request.mini_crm_safe = _is_ours(asked["model"])
        response = super().base(data)
        if request.mini_crm_safe:
            request.env["mini_crm.export.log"]._note_odoo(
                self.extension.strip("."), asked
            )
        return response

    def _is_safe(self):
        return getattr(request, "mini_crm_safe", False)


class SafeCsvExport(_Noted, CSVExport):
    def from_data(self, fields, columns_headers, rows):
        """A CSV file; see ``engine.text.guard_phone``."""
        if not self._is_safe():
            return super().from_data(fields, columns_headers, rows)
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerows(map(_cell, row) for row in [columns_headers, *rows])
        return text.getvalue()


class SafeExcelExport(_Noted, ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        """An XLSX file of rows."""
        if not self._is_safe():
            return super().from_data(fields, columns_headers, rows)
        with SafeXlsxWriter(fields, columns_headers, len(rows)) as sheet:
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    sheet.write_cell(number, column, value)
        return sheet.value

    def from_group_data(self, fields, columns_headers, groups):
        """An XLSX file of groups."""
        if not self._is_safe():
            return super().from_group_data(fields, columns_headers, groups)
        with SafeGroupXlsxWriter(fields, columns_headers, groups.count) as sheet:
            place = (1, 0)
            for name, group in groups.children.items():
                place = sheet.write_group(*place, name, group)
        return sheet.value


def _cell(value):
    if value is None or value is False:
        return ""
    value = value.decode() if isinstance(value, bytes) else value
    return guard_phone(value) if isinstance(value, str) else value
