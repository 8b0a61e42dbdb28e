from odoo import api, models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: the survivor is in the segments of all.

    Odoo moves every reference by raw SQL, and fails on a clash of a unique index.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # what is queued would let the sources into segments again in the middle
        self.env.cr.flush()
        for table in ("mini_crm_segment_member", "mini_crm_segment_pin"):
            self._keep_one_per_segment(table, src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["mini_crm.segment"]._forget_members()
        return result

    @api.model
    def _keep_one_per_segment(self, table, src_partners, dst_partner):
        """Of each segment leave one row: the survivor's, else the oldest."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM %(table)s m USING (
                    SELECT id, row_number() OVER (PARTITION BY segment_id
                        ORDER BY (partner_id = %(survivor)s) DESC, id) AS n
                    FROM %(table)s WHERE partner_id = ANY(%(people)s)) ranked
                WHERE m.id = ranked.id AND ranked.n > 1""",
                table=SQL.identifier(table),
                survivor=dst_partner.id,
                people=[dst_partner.id, *src_partners.ids],
            )
        )
