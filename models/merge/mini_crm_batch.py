from odoo import api, fields, models
from odoo.tools import SQL


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

    def _match_partners(self, kind, *by):  # pylint: disable=missing-return
        super()._match_partners(kind, *by)
        # who is recognised by what a merged customer had is the survivor
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET partner_id = r.survivor_id
                FROM mini_crm_redirect r
                WHERE c.key_kind = %s AND c.partner_id = r.source_id""",
                kind,
            )
        )

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
