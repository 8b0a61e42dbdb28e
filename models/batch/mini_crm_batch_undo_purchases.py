from odoo import models
from odoo.tools import SQL


class MiniCrmBatch(models.Model):
    """Undo of an import of purchases: first the purchases, then the customers made.

    ``settings["undoing"]`` is ``customers`` in the second part. ``after`` of a line has
    ``customer``, the id of the customer that the import has made for its row.
    """

    _inherit = "mini_crm.batch"

    def _undo_step_import_purchases(self, limit):
        if (self.settings or {}).get("undoing") == "customers":
            return self._undo_new_customers(limit) or self._undo_made()
        upper, rows = self._next_undone(SQL("state = 'created'"), limit)
        if not rows:
            self.settings = {**(self.settings or {}), "undoing": "customers"}
            self.undo_cursor = 0
            return 1
        self._keep_corrected(upper)
        removed = self._remove_purchases(upper)
        self.write(
            {
                "restored": self.restored + removed,
                "kept": self.kept + rows - removed,
                "undo_cursor": upper,
            }
        )
        return rows

    def _keep_corrected(self, upper):
        """List the rows whose purchase somebody has corrected or deleted since."""
        changed = SQL(
            """l.row > %s AND l.row <= %s AND l.state = 'created' AND NOT EXISTS (
                SELECT FROM mini_crm_purchase u
                JOIN res_currency r ON r.id = u.currency_id
                WHERE u.id = l.res_id AND u.amount = (l.values ->> 'amount')::numeric
                    AND u.date = (l.values ->> 'date')::timestamp
                    AND r.name = l.values ->> 'currency'
                    AND u.quantity IS NOT DISTINCT FROM
                        (l.values ->> 'quantity')::float8
                    AND nullif(u.reference, '') IS NOT DISTINCT FROM
                        nullif(l.values ->> 'reference', ''))""",
            self.undo_cursor,
            upper,
        )
        self._keep(
            changed,
            self.env._("This purchase was corrected or deleted since: left as it is."),
        )

    def _remove_purchases(self, upper):
        """Delete the purchases of rows up to one, with their events: their number."""
        removed = self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("o.partner_id"),
                "company_id": SQL("o.company_id"),
                "type": SQL("'purchase_changed'"),
                "data": SQL(
                    """jsonb_build_object('amount', jsonb_build_array(o.amount, NULL),
                        'date', jsonb_build_array(o.date, NULL))"""
                ),
                "summary": SQL("o.reference"),
            },
            SQL("FROM removed o"),
            ctes=SQL(
                """removed AS (
                    DELETE FROM mini_crm_purchase u USING mini_crm_batch_line l
                    WHERE l.batch_id = %s AND l.row > %s AND l.row <= %s
                        AND l.state = 'created' AND u.id = l.res_id RETURNING u.*)""",
                self.id,
                self.undo_cursor,
                upper,
            ),
        )
        self.env["mini_crm.purchase"].invalidate_model()
        return removed

    def _set_undone(self):  # pylint: disable=missing-return
        super()._set_undone()
        if self.kind == "import_purchases":
            self._tell_past_changed()

    def _tell_past_changed(self):
        """Have the past be counted anew: with a customer the log of him went, too."""
        self.env.cr.execute(
            SQL(
                """SELECT min((values ->> 'date')::timestamp)
                FROM mini_crm_batch_line WHERE batch_id = %s AND state = 'created'""",
                self.id,
            )
        )
        (since,) = self.env.cr.fetchone()
        if since:
            self.env["mini_crm.profile"]._past_changed(self.company_id, since)

    def _undo_new_customers(self, limit):
        """Delete the next customers that the import has made: how many rows."""
        upper, rows = self._next_undone(SQL("after ? 'customer'"), limit)
        if not rows:
            return 0
        self.env.cr.execute("DROP TABLE IF EXISTS mini_crm_chunk")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE mini_crm_chunk ON COMMIT DROP AS
                SELECT l.id, (l.after ->> 'customer')::int AS partner_id,
                    'created'::varchar AS outcome, NULL::text[] AS kept,
                    NULL::jsonb AS after
                FROM mini_crm_batch_line l
                WHERE l.batch_id = %s AND l.row > %s AND l.row <= %s
                    AND l.after ? 'customer'""",
                self.id,
                self.undo_cursor,
                upper,
            )
        )
        self._leave_untouchable()
        self._remove_created()
        self.undo_cursor = upper
        return rows
