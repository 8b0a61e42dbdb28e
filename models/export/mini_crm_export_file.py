import csv
import io
import json

from odoo import fields, models
from odoo.tools import SQL

from ...engine.xlsx import SheetColumn, XlsxFile
from .column_sql import Voice, joins, value
from .file_sql import csv_cell, xlsx_row
from .json_sql import DELIMITER, MARK, record

BOM = b"\xef\xbb\xbf"  # without it spreadsheets take UTF-8 for something else
MANY = 3_000  # customers from which on lists are gathered in one go
VERSION = 1  # of the JSON document
SHEET_STYLES = {
    **dict.fromkeys(("integer", "number"), "number"),
    **{kind: kind for kind in ("money", "date", "datetime")},
}
# Columns of contacts that a backup has under other names, or must not have.
NOT_OTHER = frozenset(
    {"id", "active", "create_date", "write_date", "create_uid", "write_uid"}
    | {"country_id", "state_id", "user_id", "source_id", "custom_fields_extra"}
)
OTHER_TYPES = ("char", "text", "html", "integer", "float", "monetary", "boolean")
OTHER_TYPES += ("date", "datetime", "selection", "many2one")


class MiniCrmExportLog(models.Model):
    """Making the file: one COPY, one snapshot, no row in Python."""

    _inherit = "mini_crm.export.log"

    def _make(self, file):
        """Write the file of this export.

        :param file: binary, opened to write and read
        :return: number of customers in it
        :rtype: int
        :raises AccessError: if who asked may not export or read customers any more
        """
        self.ensure_one()
        export = self.with_user(self.user_id).with_context(lang=self.scope["lang"])
        export._check_allowed()
        customers, asked = export._customers(
            json.loads(self.domain), self.archived, self.scope, self.user_id
        )
        customers.check_access("read")
        self.env.flush_all()
        chosen = customers._search(asked)
        # all columns of the contacts found: a query within, not a list to look up in
        chosen = chosen.select(SQL('"res_partner".*'))
        # what COPY writes of dates must not depend on how the database is set up
        self.env.cr.execute("SET LOCAL datestyle = 'ISO, YMD'")
        # compiling the many small expressions takes longer than running them
        self.env.cr.execute("SET LOCAL jit = off")
        return getattr(export, f"_make_{self.format}")(file, chosen)

    def _make_csv(self, file, chosen):
        columns, voice = self._file_columns(), self._voice(people=True)
        file.write(BOM)
        labels = self._column_labels()
        self._write_header(file, [labels[column.name] for column in columns])
        cells = [csv_cell(value(c, voice), c, people=True) for c in columns]
        return self._copy(self._select(cells, columns, voice, chosen), file)

    def _make_csv_import(self, file, chosen):
        columns, voice = self._file_columns(), self._voice(people=False)
        self._write_header(file, [column.name for column in columns])
        cells = [csv_cell(value(c, voice), c, people=False) for c in columns]
        return self._copy(self._select(cells, columns, voice, chosen), file)

    def _make_xlsx(self, file, chosen):
        columns, voice = self._file_columns(), self._voice(people=True)
        labels = self._column_labels()
        sheet = XlsxFile(
            file,
            [
                SheetColumn(
                    labels[column.name],
                    SHEET_STYLES.get(column.type, "text"),
                    column.width,
                )
                for column in columns
            ],
            self.env._("Customers"),
            rtl=voice.persian,
        )
        row = xlsx_row([value(column, voice) for column in columns], columns)
        try:
            select = self._select([row], columns, voice, chosen)
            count = self._copy(select, sheet, raw=True)
        except BaseException:
            sheet.abandon()
            raise
        sheet.close(count)
        return count

    def _make_json(self, file, chosen):
        voice = self._voice(people=False)
        customers = self.env["res.partner"]
        expression, listed, joined = record(
            voice,
            lambda name: self._may_read(customers, name),
            self._archived_slots(),
            self._other_columns(),
        )
        inner = SQL(
            """SELECT %s FROM (%s) p LEFT JOIN mini_crm_profile f ON f.id = p.id
            %s ORDER BY p.id""",
            listed,
            chosen,
            joined,
        )
        head = json.dumps(self._json_head(), ensure_ascii=False, indent=1)
        file.write(head.removesuffix("\n}").encode() + b',\n "customers": [\n')
        rows = WithoutFirst(file)
        count = self._copy(
            SQL("SELECT %s FROM (%s) r", expression, inner), rows, raw=True
        )
        file.write(b"]}\n")
        return count

    # What all files have in common

    def _file_columns(self):
        """The columns of this file that may still be read: list of ExportColumn."""
        known = self._columns()
        return [known[name] for name in self.column_names if name in known]

    def _voice(self, *, people):
        """How values are written, for people or for programs: ``Voice``."""
        return Voice(
            lang=self.scope["lang"],
            zone=self._zone() if people else None,
            people=people,
            companies=tuple(self.scope["companies"]),
            labels=self._choice_labels(people),
            rules=self.env["mini_crm.field"]._rules(),
            many=self.count > MANY,
        )

    def _zone(self):
        """Name of the shop's time zone, in which an import reads moments; or None."""
        zone = self.company_id.mini_crm_tz
        return zone if zone and zone != "UTC" else None

    def _select(self, cells, columns, voice, chosen):
        """The SELECT of a file's rows.

        :param list cells: SQL of each cell, or one of the whole row
        """
        return SQL(
            """SELECT %s FROM (%s) p LEFT JOIN mini_crm_profile f ON f.id = p.id
            %s ORDER BY p.id""",
            SQL(", ").join(cells),
            chosen,
            joins({column.name for column in columns}, voice),
        )

    def _write_header(self, file, names):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(names)
        file.write(text.getvalue().encode())

    def _copy(self, select, file, *, raw=False):
        """Have the database write rows into a file: number of rows.

        :param bool raw: a row is one text, which is written as it is
        """
        cr = self.env.cr
        query = cr.mogrify(select).decode()
        form = f", QUOTE '{MARK}', DELIMITER '{DELIMITER}'" if raw else ""
        cr.copy_expert(
            f"COPY ({query}) TO STDOUT (FORMAT csv, ENCODING utf8{form})", file
        )
        return cr.rowcount

    # Only in a backup

    def _archived_slots(self):
        """Archived custom fields that still have their slot: list of (key, slot)."""
        looks = self.env["mini_crm.field"]._looks().fields
        return [
            (look.key, look.slot) for look in looks if look.slot and not look.active
        ]

    def _other_columns(self):
        """Further columns of contacts that the reader may read: {name: SQL}."""
        customers = self.env["res.partner"]
        known = {column.field for column in self._columns().values()} | NOT_OTHER
        return {
            name: SQL.identifier("p", name)
            for name, field in customers._fields.items()
            if field.store
            and field.column_type
            and field.exportable
            and field.type in OTHER_TYPES
            and not field.company_dependent
            and name not in known
            and not name.startswith("custom_")
            and self._may_read(customers, name)
        }

    def _json_head(self):
        """What a backup says of itself and of the custom fields (dict)."""
        definitions = self.env["mini_crm.field"].with_context(
            active_test=False, lang="en_US"
        )
        found = definitions.search([])
        return {
            "format": "mini_crm.customers",
            "version": VERSION,
            "date": fields.Datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "fields": [
                {
                    "key": definition.key,
                    "type": definition.type,
                    "name": definition.name,
                    "slot": definition.slot or None,
                    "active": definition.active,
                    "rules": definition.rules or {},
                    "options": [
                        {"code": option.code, "name": option.name}
                        for option in definition.option_ids
                    ],
                }
                for definition in found
            ],
        }


class WithoutFirst:
    """A file that leaves out the first byte: the comma before the first record."""

    def __init__(self, file):
        self._file = file
        self._begun = False

    def write(self, data):  # pylint: disable=method-required-super
        """Write bytes: number of bytes taken (int)."""
        self._file.write(data if self._begun else data[1:])
        self._begun = True
        return len(data)
