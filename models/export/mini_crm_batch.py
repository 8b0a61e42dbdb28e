from psycopg2.errors import QueryCanceled

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..batch.bulk_action import BulkAction
from .mini_crm_export_log import ALLOWED

LEAVING = ("archive", "unarchive", "delete")
LOCK = 0x6D637278  # of a worker that makes the file of a batch


class MiniCrmBatch(models.Model):
    """An export in the background: one step that makes the whole file.

    A worker that is killed leaves nothing behind: the next one makes the file anew. How
    far it is, the database tells of its COPY; to cancel it is to cancel that.
    """

    _inherit = "mini_crm.batch"

    kind = fields.Selection(
        selection_add=[("export", "Export of customers")],
        ondelete={"export": "cascade"},
    )

    @api.model
    def _bulk_actions(self):
        actions = super()._bulk_actions()
        if not self.env.user.has_group(ALLOWED):
            return actions
        export = BulkAction(
            self.env._("Export"), "fa-download", opens="_open_bulk_export"
        )
        # before what takes customers away
        first = {key: a for key, a in actions.items() if key not in LEAVING}
        return {**first, "export": export, **actions}

    @api.model
    def _open_bulk_export(self, domain):
        """Choose how those whom a filter finds are to be exported: an action."""
        log = self.env["mini_crm.export.log"]
        match domain:
            case [["id", "in", [*ids]]]:
                return log._action_choose(ids=ids)
        return log._action_choose(domain)

    def _export(self):
        """The export that this batch makes."""
        # sudo: who may see the export is asked where it is fetched
        return (
            self.env["mini_crm.export.log"].sudo().search([("batch_id", "=", self.id)])
        )

    def _step_export(self, limit):
        """Make the file of the export: number of customers."""
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK, self.id))
        export = self._export()
        try:
            with self.env.cr.savepoint(flush=False):
                count = export._make_and_keep()
        except QueryCanceled:
            if not self._cancel_wished():
                raise
            self._set_cancelled()
            return 1
        self.write({"total": count, "done": count})
        self._set_done()
        export._tell()
        return max(1, count)

    def _cancel_wished(self):
        """Whether somebody has asked for this batch to stop, as of now (bool)."""
        with (
            self.env.registry.cursor() as cr
        ):  # our snapshot may be older than the wish
            cr.execute(
                SQL("SELECT FROM mini_crm_batch_cancel WHERE batch_id = %s", self.id)
            )
            return bool(cr.rowcount)

    def _divisible(self):
        return self.kind != "export" and super()._divisible()

    def _move(self, state, **values):  # pylint: disable=missing-return
        super()._move(state, **values)
        if state in ("running", "failed", "cancelled"):
            for batch in self.filtered(lambda batch: batch.kind == "export"):
                batch._export().write({"state": state})

    def _maker(self):
        """Id of the database's process that makes the file, if one does (int)."""
        self.env.cr.execute(
            SQL(
                """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
                    AND classid = %s AND objid = %s AND objsubid = 2
                    AND database = (SELECT oid FROM pg_database
                        WHERE datname = current_database())""",
                LOCK,
                self.id,
            )
        )
        row = self.env.cr.fetchone()
        return row and row[0]

    def _rows_made(self):
        """Number of rows that the file has already (int), as far as that is known."""
        maker = self._maker()
        self.env.cr.execute("SELECT to_regclass('pg_catalog.pg_stat_progress_copy')")
        if not maker or not self.env.cr.fetchone()[0]:  # PostgreSQL 13 has no such view
            return 0
        self.env.cr.execute(
            SQL(
                "SELECT tuples_processed FROM pg_stat_progress_copy WHERE pid = %s",
                maker,
            )
        )
        row = self.env.cr.fetchone()
        return row[0] if row else 0

    def _stop_making(self):
        """Have the database stop making the files, once the wish is committed."""
        registry, batch_ids = self.env.registry, self.ids

        def stop():
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                for batch in env["mini_crm.batch"].browse(batch_ids):
                    if maker := batch._maker():
                        cr.execute(SQL("SELECT pg_cancel_backend(%s)", maker))

        self.env.cr.postcommit.add(stop)

    def action_follow(self):
        """Show how far these batches are; an export is shown as such (managers)."""
        if self.kind != "export":
            return super().action_follow()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mini_crm.export.log",
            "res_id": self._export().id,
            "views": [(False, "form")],
        }

    def action_cancel(self):
        """Stop these batches; a file that is being made at once (managers)."""
        result = super().action_cancel()
        # sudo: nobody may write batches but this code
        self.sudo().filtered(lambda batch: batch.kind == "export")._stop_making()
        return result
