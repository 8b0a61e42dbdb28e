import logging
import time

import psycopg2

from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from ..customer.statistics import renew_statistics
from .mini_crm_batch import CHUNK_ROWS, CONFLICTS

_logger = logging.getLogger(__name__)

MANY = 1_000  # rows from which on statistics are renewed
WAIT_SECONDS = 1  # between two looks at what the workers of the queue have left

# What a line's values may hold, for customers and purchases alike.
CHUNK_COLUMNS = SQL(
    """name text, shown_name text, email text, email_normalized text, phone text,
    phone_sanitized text, ref text, company_name text, function text, street text,
    street2 text, city text, zip text, country_id int, lang text, comment text,
    tags jsonb, source text, since timestamp, custom jsonb, user_id int, clear jsonb,
    similar_row int, segments jsonb, said jsonb,
    customer text, date timestamp, amount numeric, currency text, quantity float8,
    reference text"""
)


class MiniCrmBatch(models.Model):
    """Check and run of an import: one chunk of lines after the other.

    A chunk is a temporary table ``mini_crm_chunk``: the waiting lines of the chunk with
    their values as columns, and what is found out about each: ``partner_id``,
    ``outcome`` (a state of the line), ``problem``, ``before``, ``res_id``. Planning
    fills these and is the same for check and run; only the run applies the plan.
    """

    _inherit = "mini_crm.batch"

    def _step_import_customers(self, limit):
        return self._step_import(limit)

    def _step_import_purchases(self, limit):
        return self._step_import(limit)

    def _step_import(self, limit):
        if not self.staged:
            return self._stage()
        upper, rows = self._next_rows(limit)
        if not rows:
            return self._finish_check() if self.state == "checking" else self._finish()
        self._open_chunk(upper)
        kind = self._file_kind()
        getattr(self, f"_plan_{kind}")()
        if self.state == "running":
            getattr(self, f"_apply_{kind}")()
        self._close_chunk(upper, rows)
        return rows

    def _divisible(self):
        return not self.kind.startswith("import_") or self.staged

    def _blame(self, error):
        """One row that the database refuses: report it and go on with the next."""
        importing = self.kind.startswith("import_") and self.state != "undoing"
        upper, rows = self._next_rows(1) if importing and self.staged else (0, 0)
        if not rows:
            super()._blame(error)
            return
        self._open_chunk(upper)
        shown = (
            getattr(error, "pgerror", None) if isinstance(error, psycopg2.Error) else ""
        )
        text = " ".join((shown or str(error) or type(error).__name__).split())[:300]
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk SET outcome = 'failed', problem =
                    jsonb_build_object('code', 'refused', 'value', %s::text)""",
                text,
            )
        )
        self._close_chunk(upper, rows)

    def _next_rows(self, limit):
        """The next rows to deal with: (number of the last one, how many)."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT coalesce(max(row), 0), count(*) FROM (
                    SELECT row FROM mini_crm_batch_line
                    WHERE batch_id = %s AND row > %s ORDER BY row LIMIT %s) next""",
                self.id,
                self.cursor,
                limit,
            )
        )
        return self.env.cr.fetchone()

    def _open_chunk(self, upper):
        """Make ``mini_crm_chunk`` of the waiting lines up to a row."""
        self.env.cr.execute("DROP TABLE IF EXISTS mini_crm_chunk, mini_crm_chunk_tag")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE mini_crm_chunk ON COMMIT DROP AS
                SELECT l.id, l.row, l.key, v.*,
                    split_part(coalesce(v.customer, l.key), ':', 1) AS key_kind,
                    substr(coalesce(v.customer, l.key),
                        strpos(coalesce(v.customer, l.key), ':') + 1) AS key_value,
                    NULL::int AS partner_id, NULL::varchar AS outcome,
                    NULL::jsonb AS problem, NULL::jsonb AS before, NULL::int AS res_id,
                    NULL::int AS source_id, NULL::jsonb AS told,
                    NULL::int[] AS new_tags, NULL::int[] AS new_segments,
                    NULL::int[] AS put_out,
                    FALSE AS becomes, FALSE AS related
                FROM mini_crm_batch_line l, jsonb_to_record(l.values) AS v(%s)
                WHERE l.batch_id = %s AND l.row > %s AND l.row <= %s
                    AND l.state = 'waiting'""",
                CHUNK_COLUMNS,
                self.id,
                self.cursor,
                upper,
            )
        )
        self.env.cr.execute(
            "ANALYZE mini_crm_chunk (id, partner_id, outcome, key_kind)"
        )

    def _close_chunk(self, upper, rows):
        """Write the outcomes of the chunk to its lines, count them, move the cursor."""
        counts = self._counted(upper)
        self._tell_problems()
        running = self.state == "running"
        if running:
            self._write_outcomes()
            self._count(counts)
        else:
            self._remember_partners()
            report = dict(self.report or {})
            for outcome, number in counts.items():
                report[outcome] = report.get(outcome, 0) + number
            self.report = report
        if running and not self.cursor and rows >= MANY:
            self._renew_statistics("mini_crm_event", "mini_crm_purchase")
        self.cursor = upper
        self.env["mini_crm.batch.line"].invalidate_model()

    def _write_outcomes(self):
        """Write what became of the chunk's rows to its lines."""
        customers = self.kind == "import_customers"
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_batch_line l SET state = c.outcome,
                    before = c.before, after = %s, res_id = %s
                FROM mini_crm_chunk c WHERE l.id = c.id""",
                self._after_select() if customers else SQL("c.told"),
                SQL("c.partner_id") if customers else SQL("c.res_id"),
            )
        )

    def _counted(self, upper):
        """Rows of the chunk by outcome, and those that were settled when the file was
        read; {state of a line: number}."""
        self.env.cr.execute(
            SQL(
                """SELECT outcome, count(*) FROM (
                    SELECT outcome FROM mini_crm_chunk
                    UNION ALL
                    SELECT state FROM mini_crm_batch_line
                    WHERE batch_id = %s AND row > %s AND row <= %s
                        AND state <> 'waiting') rows
                GROUP BY outcome""",
                self.id,
                self.cursor,
                upper,
            )
        )
        return dict(self.env.cr.fetchall())

    def _count(self, counts):
        """Add to the counts of the run: {state of a line: number}."""
        names = ("created", "updated", "unchanged", "skipped", "failed")
        self.write({name: self[name] + counts.get(name, 0) for name in names})
        self.done = self.created + self.updated + self.unchanged + self.skipped

    def _tell_problems(self):
        """Write the problems of the chunk's rows to their lines, in words."""
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_batch_line l SET problems = NULL, message = NULL,
                    value = NULL
                FROM mini_crm_chunk c
                WHERE l.batch_id = %s AND l.message IS NOT NULL
                    AND l.id = c.id AND c.problem IS NULL""",
                self.id,
            )
        )
        self.env.cr.execute(
            """SELECT id, problem || jsonb_build_object('outcome', outcome)
            FROM mini_crm_chunk WHERE problem IS NOT NULL"""
        )
        found = self.env.cr.fetchall()
        if found:
            self._write_problems(found)

    # Ends

    def _finish_check(self):
        self.report = {**(self.report or {}), "warnings": self._warnings()}
        self._set_ready()
        return 1

    def _finish(self):
        """The last step of a run."""
        company = self.company_id
        first = self.kind == "import_purchases" and not company.mini_crm_full_marks_date
        if first and not self._settle_events():
            return 1
        self._set_done()
        if self.total > CHUNK_ROWS:  # those of the first chunk are counted
            self._renew_statistics(
                "mini_crm_event", "mini_crm_purchase", "mini_crm_profile"
            )
        if first:
            self.env.flush_all()
            self.env["mini_crm.profile"]._set_full_marks_if_due(company)
        return 1

    def _renew_statistics(self, *tables):
        """Tell the planner of tables that this import has filled."""
        for table in tables:
            renew_statistics(self.env.cr, table, self.total)

    def _settle_events(self):
        """Whether the consequences of what this batch has logged are all drawn.

        What earns full marks rescores everybody, which must not be in the way of the
        workers that score single customers: they are waited for. Where none works, the
        next events are dealt with here; what fails is left to the workers.
        """
        settings = self.settings
        if "last_event" not in settings:
            self.env.cr.execute("SELECT coalesce(max(id), 0) FROM mini_crm_event")
            settings = {
                **settings,
                "last_event": self.env.cr.fetchone()[0],
                "waiting": -1,
            }
        older = SQL("event_id <= %s", settings["last_event"])
        self.env.cr.execute(
            SQL("SELECT count(*) FROM mini_crm_queue WHERE error IS NULL AND %s", older)
        )
        waiting = self.env.cr.fetchone()[0]
        if waiting and waiting != settings["waiting"]:
            time.sleep(WAIT_SECONDS)
        elif waiting:
            queue = self.env(user=SUPERUSER_ID, context={})["mini_crm.queue"]
            try:
                with self.env.cr.savepoint():
                    queue._run_listeners(older)
            except CONFLICTS:
                raise
            except Exception:
                _logger.exception("Events of batch %s left to the workers", self.id)
                return True
        self.settings = {**settings, "waiting": waiting}
        return not waiting
