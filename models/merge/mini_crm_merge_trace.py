from odoo import api, fields, models
from odoo.tools import SQL


class MiniCrmMergeTrace(models.Model):
    """What a merge has done to the rows of any table: what its undo needs.

    Written and read by SQL only. Kinds: ``moved``: in the rows ``row_ids`` the column
    ``field`` went from ``old_id`` to ``new_id`` (``key_field`` tells rows apart);
    ``kept``: a row that clashed, kept aside; ``changed``: columns of one row before and
    after; ``gone`` and ``made``: whole rows that rooms have deleted or made.
    """

    _name = "mini_crm.merge.trace"
    _description = "Trace of a Merge"
    _log_access = False
    _order = "id"
    _rec_name = "relation"

    batch_id = fields.Many2one(
        "mini_crm.batch", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Char(required=True)
    relation = fields.Char("Table", required=True)
    field = fields.Char("Column")
    key_field = fields.Char("Key Column")
    old_id = fields.Integer("Id Before")
    new_id = fields.Integer("Id After")
    row_ids = fields.Json("Rows")
    row_id = fields.Integer()
    before = fields.Json("Values Before")
    after = fields.Json("Values After")

    @api.model
    def _drop(self, batch_ids):
        """Delete the traces of batches that cannot be undone any more."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM mini_crm_merge_trace WHERE batch_id = ANY(%s)",
                list(batch_ids),
            )
        )
