from odoo import api, models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: the survivor gets the pins of all.

    Whether a condition holds for him is looked at anew, as the merge is an event.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        segments = self.env["mini_crm.segment"]
        segments.flush_model()
        self.env.cr.execute(
            SQL(
                "DELETE FROM mini_crm_segment_member WHERE partner_id = ANY(%s)",
                src_partners.ids,
            )
        )
        # one remains for each segment: the survivor's, else the newest
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_segment_pin n USING (
                    SELECT id, row_number() OVER (PARTITION BY segment_id
                        ORDER BY (partner_id = %s) DESC, date DESC, id DESC) AS place
                    FROM mini_crm_segment_pin WHERE partner_id = ANY(%s)) ranked
                WHERE n.id = ranked.id AND ranked.place > 1""",
                dst_partner.id,
                [dst_partner.id, *src_partners.ids],
            )
        )
        self.env["mini_crm.segment.pin"].invalidate_model()
        segments._forget_members()
        return super()._update_foreign_keys(src_partners, dst_partner)
