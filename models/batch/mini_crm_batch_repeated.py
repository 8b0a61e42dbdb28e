from odoo import models
from odoo.tools import SQL

from .mini_crm_batch_staging import IDENTITIES

PORTION = 5_000  # rows that are told of at once


class MiniCrmBatch(models.Model):
    """Rows that occur twice in a file: found and noted without holding them all."""

    _inherit = "mini_crm.batch"

    def _mark_repeated(self):
        """Rows that another row of the file repeats: fail them, or count them (A13).

        Customers with the same key and purchases with the same reference are problems.
        Equal purchases without a reference are all real: the second and later ones get
        their number into the key, so that each has an origin of its own.
        """
        if self.kind == "import_purchases":
            self._find_repeated(SQL("key"))
            self.env.cr.execute(
                """UPDATE mini_crm_batch_line l SET key = r.text || ':' || r.n
                FROM mini_crm_repeated r
                WHERE r.id = l.id AND NOT starts_with(r.text, 'ref:')"""
            )
            self._fail_repeated("duplicate_reference", SQL("starts_with(text, 'ref:')"))
        elif self._setting("existing") != "create":
            self._mark_repeated_customers()

    def _mark_repeated_customers(self):
        """Of the rows of one customer one counts; note who looks like another one."""
        key = self.settings["key"]
        expressions = [SQL("key")]
        if key == "any":
            expressions = [SQL("values ->> %s", name) for name in IDENTITIES.values()]
        last = self._setting("repeated") == "last"
        for expression in expressions:
            self._find_repeated(expression, last=last)
            state = "skipped" if last else "failed"
            self._fail_repeated("duplicate_in_file", SQL("TRUE"), state)
        if key != "any":
            self._mark_similar(key)

    def _mark_similar(self, key):
        """Note in each row which earlier one has the same phone, e-mail or key."""
        for name, column in IDENTITIES.items():
            if name == key:
                continue
            self._find_repeated(SQL("values ->> %s", column))
            self.env.cr.execute(
                """UPDATE mini_crm_batch_line l
                SET values = l.values || jsonb_build_object('similar_row', r.first)
                FROM mini_crm_repeated r
                WHERE r.id = l.id AND NOT l.values ? 'similar_row'"""
            )

    def _find_repeated(self, expression, *, last=False):
        """Waiting lines with the same text as an earlier one, in ``mini_crm_repeated``.

        Its columns are ``id``, ``text``, ``first`` (row of the first one) and ``n``
        (number among the equal ones).

        :param SQL expression: of the text, over a line
        :param bool last: as a later one
        """
        self.env.cr.execute("DROP TABLE IF EXISTS mini_crm_repeated")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE mini_crm_repeated ON COMMIT DROP AS
                SELECT id, text, first, n FROM (
                    SELECT id, text, first_value(row) OVER w AS first,
                        row_number() OVER w AS n
                    FROM (SELECT id, row, %s AS text FROM mini_crm_batch_line
                        WHERE batch_id = %s AND state = 'waiting') lines
                    WHERE text IS NOT NULL
                    WINDOW w AS (PARTITION BY text ORDER BY %s)) repeated
                WHERE n > 1""",
                expression,
                self.id,
                SQL("row DESC" if last else "row"),
            )
        )
        self.env.cr.execute(
            """CREATE UNIQUE INDEX ON mini_crm_repeated (id);
            ANALYZE mini_crm_repeated"""
        )

    def _fail_repeated(self, code, condition, state="failed"):
        """Fail lines that repeat another one, or skip them; see ``_find_repeated``.

        :param SQL condition: which ones
        """
        last_id = 0
        while True:
            self.env.cr.execute(
                SQL(
                    """SELECT id, text, first FROM mini_crm_repeated
                    WHERE id > %s AND %s ORDER BY id LIMIT %s""",
                    last_id,
                    condition,
                    PORTION,
                )
            )
            found = [
                (
                    line_id,
                    {
                        "code": code,
                        "other": first,
                        "value": text.rpartition(":")[2],
                        "outcome": state,
                    },
                )
                for line_id, text, first in self.env.cr.fetchall()
            ]
            if not found:
                return
            self._write_problems(found, state=state)
            last_id = found[-1][0]
