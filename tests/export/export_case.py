import csv
import io
import json

from openpyxl import load_workbook

from ..batch.batch_case import BatchCase

# What spreadsheets might calculate: of OWASP, ASVS 1.2.10 and what people have found.
FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1"),
    *('=HYPERLINK("http://x.example","click")', "=cmd|' /C calc'!A0", "+cmd|'x'!A"),
    *("-cmd|'x'!A", "@cmd|'x'!A", "=DDE(1)", "=IMPORTXML(1,2)", "=WEBSERVICE(1)"),
    *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", "\u200b=1", "\ufeff=1"),
    *("\u00a0=1", "'=1", "''=1", "'+98", "=", "+", "-", "@", "--1", "=-1", "+-@"),
    *(
        "=1;2",
        '="1"',
        "=\u06f1+\u06f1",
        "\u202e=1",
        "\u200f=1",
        "=\u0633\u0644\u0627\u0645",
    ),
    *(
        "-\u06f1",
        "+\u06f9\u06f8",
        "=A1:A9",
        "=<script>",
        "=&amp;",
        "\u3000=1",
        "\u061c=1",
    ),
]


class ExportCase(BatchCase):
    """Exports by a manager, who may."""

    def ask(self, file_format, user=None, **choices):
        """Ask for an export: its record, as who asked sees it."""
        log = self.env(user=user or self.manager)["mini_crm.export.log"]
        return log.browse(log.start_export(file_format, **choices)["id"])

    def raw(self, file_format, user=None, **choices):
        """The file of an export: bytes."""
        file = io.BytesIO()
        self.ask(file_format, user, **choices)._make(file)
        return file.getvalue()

    def table(self, file_format, user=None, **choices):
        """Rows of a CSV file, the header first: list of lists."""
        text = self.raw(file_format, user, **choices).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline="")))

    def sheet(self, user=None, **choices):
        """The sheet of an XLSX file."""
        return load_workbook(io.BytesIO(self.raw("xlsx", user, **choices))).active

    def backup(self, user=None, **choices):
        """The document of a JSON file."""
        return json.loads(self.raw("json", user, **choices))
