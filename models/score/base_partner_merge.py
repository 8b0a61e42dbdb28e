from odoo import api, models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts keeps what is known of the customers.

    It moves every reference by raw SQL. A profile cannot be moved, its id is the
    partner's; on a clash of a unique index the wizard would fail as a whole.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # what is queued would make the sources' profiles again in the middle
        self.env.cr.flush()
        profiles = self.env["mini_crm.profile"]
        was_customer = bool(profiles.browse((src_partners | dst_partner).ids).exists())
        self._drop_what_cannot_move(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        if was_customer:
            # events and purchases are the survivor's by now: count them anew
            dst_partner._log("customers_merged", data={"sources": src_partners.ids})
        return result

    @api.model
    def _drop_what_cannot_move(self, src_partners, dst_partner):
        """Delete the sources' profiles, and the days of score history of the survivor
        or of another source that is kept: one row remains per day."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM mini_crm_profile WHERE id = ANY(%s)",
                list(src_partners.ids),
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_score_history h USING (
                    SELECT id, row_number() OVER (
                        PARTITION BY date ORDER BY (partner_id = %s) DESC, id DESC) AS n
                    FROM mini_crm_score_history WHERE partner_id = ANY(%s)) ranked
                WHERE h.id = ranked.id AND ranked.n > 1""",
                dst_partner.id,
                [dst_partner.id, *src_partners.ids],
            )
        )
        self.env["mini_crm.profile"].invalidate_model()
