from odoo import api, fields, models
from odoo.tools import SQL

# The row ``c`` is about a customer who was merged.
_MERGED = SQL(
    """EXISTS (SELECT FROM mini_crm_redirect r JOIN res_partner p ON p.id = r.source_id
        WHERE r.source_id = c.partner_id AND p.active IS NOT TRUE)"""
)


class MiniCrmBatch(models.Model):
    """A merge as a batch: listed, and undone, beside imports."""

    _inherit = "mini_crm.batch"

    kind = fields.Selection(
        selection_add=[("merge", "Merge of customers")], ondelete={"merge": "cascade"}
    )

    @api.model
    def _forget_files(self, ids):  # pylint: disable=missing-return
        ids = list(ids)
        super()._forget_files(ids)
        self.env["mini_crm.merge.trace"]._drop(ids)
        # photos of survivors that were replaced
        # sudo: files of the machine's own records
        self.env["ir.attachment"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", ids),
                ("res_field", "=like", "image\\_%"),
            ]
        ).unlink()

    def _match_partners(self, kind, column, *value):  # pylint: disable=missing-return
        super()._match_partners(kind, column, *value)
        # who is recognised by what a merged customer had is the survivor, if an import
        # of this company may be about him
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET partner_id = (
                    SELECT p.id FROM res_partner p
                    WHERE p.id = r.survivor_id AND %s)
                FROM mini_crm_redirect r JOIN res_partner s ON s.id = r.source_id
                WHERE c.key_kind = %s AND c.partner_id = r.source_id
                    AND s.active IS NOT TRUE""",
                self._our_contacts(),
                kind,
            )
        )

    # Merged customers stay archived

    def _bulk_plan_unarchive(self):  # pylint: disable=missing-return
        self._refuse("bulk_merged", _MERGED)
        super()._bulk_plan_unarchive()

    def _undo_activity(self, active, binned_at):  # pylint: disable=missing-return
        self._refuse("bulk_merged", _MERGED, "kept")
        super()._undo_activity(active, binned_at)

    def _bulk_action_texts(self):
        merged = self.env._(
            "This customer has been merged into another one and stays archived. Take"
            " the merge back instead."
        )
        return {**super()._bulk_action_texts(), "bulk_merged": merged}

    @api.model
    def _cron_process(self):  # pylint: disable=missing-return
        super()._cron_process()
        self.env["mini_crm.redirect"]._sweep()

    @api.model
    def _later_merges(self, batch):
        """Merges after this one that have to do with one of its customers.

        :param batch: a merge
        :return: those that stand, the latest first
        """
        self.flush_model(["settings", "state", "kind"])
        rows = self.env.execute_query(
            SQL(
                """SELECT b.id FROM mini_crm_batch b
                WHERE b.kind = 'merge' AND b.id > %s AND b.state <> 'undone'
                    AND EXISTS (
                        SELECT FROM jsonb_array_elements_text(b.settings -> 'people') p
                        WHERE p = ANY(%s))
                ORDER BY b.id DESC""",
                batch.id,
                [str(one) for one in batch.settings["people"]],
            )
        )
        return self.browse(row[0] for row in rows)
