from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .bulk_action import STEP
from .mini_crm_batch import MANAGER


class MiniCrmBatch(models.Model):
    """Run and undo of bulk changes: one portion of customers after the other.

    A portion is a temporary table ``mini_crm_chunk``: ``id`` of the line, ``row``,
    ``partner_id``, ``key_value`` (the customer's name), ``outcome`` (a state of the
    line; of an undo ``restored`` or ``kept``), ``problem``, ``before``. A row without
    an outcome is still to be dealt with. Plans of the preview are made by the same
    methods over one chunk of everybody.
    """

    _inherit = "mini_crm.batch"

    def _bulk_method(self, step):
        """The method of a step (plan, apply, undo) of this batch's action."""
        return getattr(self, f"_bulk_{step}_{self.settings['action']}")

    def _bulk_size(self, limit):
        action = self._bulk_actions().get(self.settings["action"])
        return min(limit, action.size if action else STEP)

    def _may_act(self):
        """Whether the user of this batch may still do such things at all: bool.

        Who has lost a company or a role meanwhile is refused each row alike.
        """
        user = self._acting_user()
        return (
            user.active
            and user.has_group(MANAGER)
            and set(self.settings["companies"]) <= set(user.company_ids.ids)
            and self.with_user(user).env["res.partner"].has_access("write")
        )

    def _check_undoer(self):  # pylint: disable=missing-return
        super()._check_undoer()
        if self.kind == "bulk":
            self._check_companies()

    def _check_companies(self):
        """:raises UserError: unless the user has all companies of this batch"""
        # sudo: only the names of what he does not see are told
        companies = self.env["res.company"].sudo().browse(self.settings["companies"])
        lacks = companies.exists() - self.env.user.company_ids
        if lacks:
            raise UserError(
                self.env._(
                    "“%(name)s” has changed customers of companies that you have no"
                    " access to: %(companies)s. Somebody who has can undo it.",
                    name=self.name,
                    companies=", ".join(lacks.mapped("name")),
                )
            )

    def _acting(self):
        """This batch in the companies that the user had chosen; rows are bulk ones."""
        return self.with_context(
            allowed_company_ids=self.settings["companies"], mini_crm_through="bulk"
        )

    # The chunk

    def _open_bulk(self, source):
        """Make ``mini_crm_chunk``.

        :param SQL source: select of id, row, partner_id, before
        """
        self.env.flush_all()
        self.env.cr.execute("DROP TABLE IF EXISTS mini_crm_chunk, mini_crm_chunk_tag")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE mini_crm_chunk ON COMMIT DROP AS
                SELECT s.*, p.complete_name AS key_value, NULL::varchar AS outcome,
                    NULL::jsonb AS problem
                FROM (%s) s LEFT JOIN res_partner p ON p.id = s.partner_id""",
                source,
            )
        )
        self.env.cr.execute("ANALYZE mini_crm_chunk (id, partner_id)")

    def _open_lines(self, upper, state, cursor):
        """Make ``mini_crm_chunk`` of lines in a state, after a row up to another."""
        self._open_bulk(
            SQL(
                """SELECT id, row, res_id AS partner_id, before
                FROM mini_crm_batch_line
                WHERE batch_id = %s AND row > %s AND row <= %s AND state = %s""",
                self.id,
                cursor,
                upper,
                state,
            )
        )

    def _refuse(self, code, condition, outcome="skipped"):
        """Leave out rows of the chunk that have no outcome yet, with the reason.

        :param str code: see ``_problem_texts``
        :param SQL condition: over the row ``c``
        :param str outcome: ``kept`` in an undo
        """
        self._find_problems(code, condition, outcome)

    def _settle(self, outcome, condition):
        """Give rows of the chunk that have no outcome yet one without a reason."""
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_chunk c SET outcome = %s"
                " WHERE c.outcome IS NULL AND %s",
                outcome,
                condition,
            )
        )

    def _untouchable(self, outcome):
        """Leave out whom no bulk change may ever touch.

        Who is gone, the own staff, the partners of the own companies, and whom the user
        may not write.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET outcome = %s, problem =
                    jsonb_build_object('code', f.code, 'value', c.key_value)
                FROM (SELECT k.id, CASE
                    WHEN p.id IS NULL THEN 'bulk_gone'
                    WHEN EXISTS (SELECT FROM res_users u WHERE u.partner_id = p.id
                        AND u.share IS NOT TRUE) THEN 'bulk_internal_user'
                    WHEN EXISTS (SELECT FROM res_company o WHERE o.partner_id = p.id)
                        THEN 'bulk_own_company'
                    WHEN p.id NOT IN (%s) THEN 'bulk_not_allowed' END AS code
                    FROM mini_crm_chunk k LEFT JOIN res_partner p
                        ON p.id = k.partner_id) f
                WHERE f.id = c.id AND f.code IS NOT NULL AND c.outcome IS NULL""",
                outcome,
                self._writable_customers(),
            )
        )

    def _writable_customers(self):
        """Select of ids of those of the chunk whom the user may write."""
        rules = self.sudo(False).env["ir.rule"]
        domain = rules._compute_domain("res.partner", "write")
        # sudo: what is readable does not matter here, the rule for writing is asked
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        query = partners._search(domain)
        query.add_where(
            SQL(
                "%s IN (SELECT partner_id FROM mini_crm_chunk)",
                SQL.identifier(query.table, "id"),
            )
        )
        return query.select()

    # Doing it

    def _plan_bulk(self):
        """Give every row of the chunk its outcome: what will be changed is updated."""
        self._untouchable("skipped")
        self._bulk_method("plan")()
        self._settle("updated", SQL("TRUE"))

    def _step_bulk(self, limit):
        batch = self._acting()
        upper, rows = batch._next_rows(batch._bulk_size(limit))
        if not rows:
            batch._set_done()
            return 1
        batch._open_lines(upper, "waiting", batch.cursor)
        batch._plan_bulk()
        batch._bulk_method("apply")()
        batch._close_bulk(upper)
        return rows

    def _close_bulk(self, upper):
        """Write the outcomes of the chunk to its lines, count them, move the cursor."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE mini_crm_batch_line l SET state = c.outcome, before = c.before
            FROM mini_crm_chunk c WHERE l.id = c.id"""
        )
        self._tell_bulk()
        self._count(self._chunk_counts())
        self.cursor = upper
        self.env["mini_crm.batch.line"].invalidate_model()

    def _chunk_counts(self):
        """Rows of the chunk by outcome: dict."""
        self.env.cr.execute(
            "SELECT outcome, count(*) FROM mini_crm_chunk GROUP BY outcome"
        )
        return dict(self.env.cr.fetchall())

    def _tell_bulk(self):
        """Write the reasons of the chunk's rows to their lines, in words."""
        self.env.cr.execute(
            "SELECT id, problem FROM mini_crm_chunk WHERE problem IS NOT NULL"
        )
        self._write_problems(self.env.cr.fetchall())

    def _blame(self, error):
        """One customer whom the database refuses: report him, go on with the next."""
        going = self.kind == "bulk" and self.state == "running" and self._may_act()
        batch = self._acting() if going else self
        upper, rows = batch._next_rows(1) if going else (0, 0)
        if not rows:
            super()._blame(error)
            return
        batch._open_lines(upper, "waiting", batch.cursor)
        batch._blame_chunk(error, "failed")
        batch._close_bulk(upper)

    def _blame_chunk(self, error, outcome):
        text = " ".join(str(error).split())[:300] or type(error).__name__
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk SET outcome = %s, problem =
                    jsonb_build_object('code', 'refused', 'value', %s::text)""",
                outcome,
                text,
            )
        )

    # Taking it back

    def _undo_step_bulk(self, limit):
        batch = self._acting()
        upper, rows = batch._next_undo(batch._bulk_size(limit))
        if rows:
            batch._open_lines(upper, "updated", batch.undo_cursor)
            batch._untouchable("kept")
            batch._bulk_method("undo")()
            batch._settle("restored", SQL("TRUE"))
            batch._close_undo(upper)
        return rows

    def _next_undo(self, limit):
        """The next changed rows: (number of the last one, how many)."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT coalesce(max(row), 0), count(*) FROM (
                    SELECT row FROM mini_crm_batch_line
                    WHERE batch_id = %s AND row > %s AND state = 'updated'
                    ORDER BY row LIMIT %s) next""",
                self.id,
                self.undo_cursor,
                limit,
            )
        )
        return self.env.cr.fetchone()

    def _close_undo(self, upper):
        """Note what was kept, and why; count and move on."""
        self.env.flush_all()
        self._tell_bulk()
        self.env.cr.execute(
            """UPDATE mini_crm_batch_line l SET state = 'kept'
            FROM mini_crm_chunk c WHERE l.id = c.id AND c.outcome = 'kept'"""
        )
        counts = self._chunk_counts()
        self.write(
            {
                "undo_cursor": upper,
                "restored": self.restored + counts.get("restored", 0),
                "kept": self.kept + counts.get("kept", 0),
            }
        )
        self.env["mini_crm.batch.line"].invalidate_model()

    def _undo_blame(self, error):
        if self.kind != "bulk":
            return super()._undo_blame(error)
        if not self._may_act():
            return False  # he is refused everybody: no reason to leave them one by one
        batch = self._acting()
        upper, rows = batch._next_undo(1)
        if rows:
            batch._open_lines(upper, "updated", batch.undo_cursor)
            batch._blame_chunk(error, "kept")
            batch._close_undo(upper)
        return bool(rows)

    # Events

    def _bulk_log(self, kind, data, ctes, rows):
        """Log an event of each customer whom a statement has changed.

        :param str kind: type of the events
        :param SQL data: over the row ``r`` of ``rows``
        :param SQL ctes: the change, as common table expressions
        :param str rows: name of the one that returns ``partner_id``
        """
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("p.id"),
                "company_id": SQL("coalesce(p.company_id, %s)", self.company_id.id),
                "type": SQL("%s", kind),
                "data": data,
            },
            SQL(
                "FROM %s r JOIN res_partner p ON p.id = r.partner_id WHERE %s",
                SQL.identifier(rows),
                self.env["res.partner"]._customer_filter("p"),
            ),
            ctes=ctes,
        )
