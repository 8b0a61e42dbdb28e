import json

from odoo import models
from odoo.tools import SQL

from ...engine.sheet import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS
from ..field.field_messages import shown_details, value_texts

# Fields whose column a problem of the whole row is shown at.
KEYS = ("ref", "email", "phone")
CODE_FIELDS = {
    "duplicate_in_file": KEYS,
    "duplicate_reference": ("reference",),
    "purchase_differs": ("reference",),
    "ambiguous": KEYS,
    "internal_user": KEYS,
    "own_company": KEYS,
    "in_bin": KEYS,
    "customer_unknown": KEYS,
    "no_such_customer": KEYS,
    "customer_exists": KEYS,
    "second_row": KEYS,
}


class MiniCrmBatch(models.Model):
    """Codes of what is wrong with a file, a row or a cell, as sentences for people.

    Each says what is wrong and how to put it right; where it is (row, column, cell) is
    shown beside it.
    """

    _inherit = "mini_crm.batch"

    def _problem_texts(self):
        """Every code with its sentence in the user's language: dict."""
        return {
            **value_texts(self.env),
            **self._place_texts(),
            **self._date_texts(),
            **self._money_texts(),
            **self._row_texts(),
            **self._match_texts(),
        }

    def _explain(self, problems, texts):
        """The problems of one row in words.

        :param list[dict] problems: each with ``code`` and what its sentence mentions
        :param dict texts: see ``_problem_texts``
        :rtype: str
        """
        unset = {"value": "", "other": "", "count": ""}
        sentences = [
            texts.get(problem["code"], problem["code"]).format_map(
                {
                    **unset,
                    **problem,
                    **shown_details(self.env, problem.get("details") or {}),
                }
            )
            for problem in problems
        ]
        return " ".join(dict.fromkeys(sentences))

    def _tell(self, problems, texts):
        """Problems of a row as the line's columns: problems, message, column, value."""
        columns = dict.fromkeys(self._column_name(problem) for problem in problems)
        values = dict.fromkeys(str(problem.get("value") or "") for problem in problems)
        return (
            json.dumps(problems, ensure_ascii=False),
            self._explain(problems, texts),
            ", ".join(filter(None, columns)),
            " | ".join(filter(None, values)),
        )

    def _column_name(self, problem):
        """Name of the column in which a problem is."""
        settings = self.settings or {}
        column = problem.get("column")
        if column is None:
            fields_ = CODE_FIELDS.get(problem["code"], ())
            if fields_ == KEYS and settings.get("key") not in (None, "any"):
                fields_ = (settings["key"],)
            elif fields_ == KEYS and "@" in str(problem.get("value")):
                fields_ = ("email",)
            mapped = settings.get("mapping", {}).items()
            column = next((int(i) for i, field in mapped if field in fields_), None)
        if column is None:
            return ""
        header = settings.get("header") or []
        name = header[column] if column < len(header) else ""
        return name or self.env._("Column %s", column + 1)

    def _write_problems(self, found, *, state=None):
        """Write problems to lines, in words.

        :param list found: (id of the line, problem)
        :param str state: what the lines become for good, whatever the database holds
        """
        if not found:
            return
        texts = self._problem_texts()
        rows = [(line_id, *self._tell([problem], texts)) for line_id, problem in found]
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_batch_line l SET
                    state = coalesce(%s, l.state),
                    problems = f.problems::jsonb, message = f.message,
                    "column" = f.name, value = f.value
                FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
                    AS f(id, problems, message, name, value)
                WHERE l.id = f.id""",
                state,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )

    def _place_texts(self):
        return {
            "country_unknown": self.env._(
                "No country is called this. Write its name or its two-letter code, e.g."
                " IR."
            ),
            "language_unknown": self.env._(
                "This language is not installed here. Write the name or code of an"
                " installed one, or leave the cell empty."
            ),
            "segment_unknown": self.env._(
                "No segment is called this. Make it first: menu Segments, New."
            ),
            "owner_unknown": self.env._(
                "No user of this company is called this, or more than one. Write the"
                " name, the login or the e-mail of one."
            ),
        }

    def _date_texts(self):
        return {
            "date_missing": self.env._("The date is missing."),
            "date_future": self.env._("This date lies in the future."),
        }

    def _money_texts(self):
        return {
            "amount_missing": self.env._("The amount is missing. For a gift write 0."),
            "amount_unknown": self.env._(
                "This is not a number. Write it like 1234.50."
            ),
            "amount_scientific": self.env._(
                "The spreadsheet has shortened this number. Format the column as a"
                " number without exponent and save the file again."
            ),
            "amount_too_large": self.env._("This amount is too large to be right."),
            "quantity_unknown": self.env._(
                "This is not a quantity. Write a number, e.g. 2."
            ),
            "currency_unknown": self.env._(
                "No currency is called this. Write its code, e.g. EUR or IRR."
            ),
            "currency_conflict": self.env._(
                "The amount and the currency column name different currencies"
                " ({value})."
            ),
        }

    def _row_texts(self):
        return {
            "key_missing": self.env._(
                "The customer cannot be recognised: the cell that identifies"
                " customers is empty."
            ),
            "key_scientific": self.env._(
                "The spreadsheet has shortened this number and lost digits. Format the"
                " column as text and save the file again."
            ),
            "clear_impossible": self.env._(
                "This cannot be emptied by an import. Leave the cell empty to keep what"
                " is there."
            ),
            "cells_beyond": self.env._(
                "The row has more cells than the header. Put quotation marks around"
                " text that contains the delimiter."
            ),
            "duplicate_in_file": self.env._(
                "Row {other} has the same customer. Only that row is imported: put both"
                " into one."
            ),
            "duplicate_reference": self.env._(
                "Row {other} has the same reference. Only that row is imported: a"
                " reference stands for one purchase; add up the lines of an order"
                " first."
            ),
        }

    def _match_texts(self):
        return {
            "ambiguous": self.env._(
                "{count} customers fit: {value}. Merge them, or recognise customers by"
                " another column."
            ),
            "internal_user": self.env._(
                "This is the contact of one of your own users, which an import never"
                " changes. Edit it by hand."
            ),
            "own_company": self.env._(
                "This is the contact of your own company, which an import never"
                " changes."
            ),
            "in_bin": self.env._(
                "This customer is in the bin. Bring him back there first, or leave the"
                " row out."
            ),
            "customer_unknown": self.env._(
                "There is no customer {value}. Import the customers first, or let the"
                " import create missing ones."
            ),
            "no_such_customer": self.env._(
                "There is no customer {value}, and only existing ones were to be"
                " updated."
            ),
            **self._known_texts(),
            "purchase_differs": self.env._(
                "A purchase with this reference is in the ledger with another amount,"
                " date or customer; it stays as it is. Correct it there."
            ),
            "field_changed": self._changed_text(),
            "refused": self.env._("The database refused this row: {value}"),
        }

    def _known_texts(self):
        return {
            "customer_exists": self.env._(
                "Customer {value} exists already, and only new ones were to be created."
            ),
            "second_row": self.env._(
                "This is the customer of row {other} as well. Only that row is"
                " imported: put both into one."
            ),
            "similar_customer": self.env._(
                "Perhaps known already: {value} has the same phone, e-mail or key."
            ),
            "similar_row": self.env._(
                "Row {other} has the same phone, e-mail or key: perhaps the same"
                " customer."
            ),
        }

    def _explain_file(self, code, detail):
        """Why a file cannot be read, as a sentence in the user's language.

        :param str code: of ``SheetError``
        :param dict detail: of the same
        """
        limits = {
            "too_large": MAX_BYTES // 1_000_000,
            "too_many_rows": MAX_ROWS,
            "too_many_columns": MAX_COLUMNS,
            "cell_too_long": MAX_CELL,
        }
        size = round(detail.get("size", 0) / 1_000_000, 1)
        return self._file_texts()[code].format_map(
            {"row": "", **detail, "limit": limits.get(code, ""), "size": size}
        )

    def _file_texts(self):
        """Codes of ``SheetError`` with their sentences."""
        return {
            "empty": self.env._(
                "This file is empty. Choose a file with at least one row."
            ),
            "no_rows": self.env._("This file has a header but no rows below it."),
            "too_large": self.env._(
                "This file is too large: {size} MB of at most {limit} MB. Split it into"
                " several files."
            ),
            "spreadsheet": self.env._(
                "This is a spreadsheet, not a CSV file. Open it, choose “Save as”"
                " and the format “CSV UTF-8”, and import that file."
            ),
            **self._workbook_texts(),
            "nul_bytes": self.env._(
                "This is not a text file: row {row} has a zero byte. Save it again as"
                " “CSV UTF-8”."
            ),
            "broken_utf8": self.env._(
                "Row {row} has characters that are not UTF-8, as the rest of the"
                " file is. Save the file again as “CSV UTF-8”."
            ),
            "broken_utf16": self.env._(
                "This file looks like UTF-16 but is damaged. Save it again as “CSV"
                " UTF-8”."
            ),
            "too_many_rows": self.env._(
                "This file has more than {limit} rows. Split it."
            ),
            "too_many_columns": self.env._(
                "Row {row} has more than {limit} columns. Choose another delimiter or"
                " delete columns."
            ),
            "cell_too_long": self.env._(
                "Row {row} has a cell of more than {limit} characters. Perhaps a"
                " quotation mark there is never closed."
            ),
        }

    def _workbook_texts(self):
        """Those of spreadsheets."""
        harmful = self.env._(
            "This spreadsheet is not read: it is made so that opening it would take"
            " very much memory. Save it again with a spreadsheet program, or as “CSV"
            " UTF-8”."
        )
        return {
            "archive_bomb": harmful,
            "archive_entities": harmful,
            "broken_archive": self.env._(
                "This spreadsheet is damaged. Open it, save it again, and import it."
            ),
            "broken_workbook": self.env._(
                "This spreadsheet cannot be read. Open it, save it again as XLSX or as"
                " “CSV UTF-8”, and import that file."
            ),
            "broken_json": self.env._(
                "This JSON file cannot be read, or holds no list of customers."
            ),
            "locked_archive": self.env._(
                "This spreadsheet is protected by a password. Save it without one."
            ),
            "heavy_workbook": self.env._(
                "This spreadsheet is too large to be read. Save it as “CSV UTF-8”, or"
                " delete empty rows and columns at its ends, and import that."
            ),
        }
