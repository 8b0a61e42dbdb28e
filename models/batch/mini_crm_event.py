from odoo import api, fields, models
from odoo.tools import SQL


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    batch_id = fields.Many2one("mini_crm.batch", ondelete="set null")

    undone_by = fields.Many2one(
        "mini_crm.batch",
        ondelete="set null",
        help="Batch whose undo has made this as if it had not happened: it is shown"
        " nowhere and counts for nothing.",
    )

    # by id as well: an undo goes through the events of its batch in portions
    _batch_idx = models.Index("(batch_id, id) WHERE batch_id IS NOT NULL")
    _undone_idx = models.Index("(undone_by) WHERE undone_by IS NOT NULL")

    @api.model
    def _default_columns(self):
        return {
            **super()._default_columns(),
            "batch_id": SQL("%s::int", self.env.context.get("mini_crm_batch_id")),
            "undone_by": SQL("%s::int", self.env.context.get("mini_crm_undo_id")),
        }

    @api.model
    def _is_bulk(self, alias):
        return SQL(
            "(%s OR %s IS NOT NULL)",
            super()._is_bulk(alias),
            SQL.identifier(alias, "batch_id"),
        )
