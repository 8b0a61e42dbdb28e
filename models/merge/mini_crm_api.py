from odoo import api, models
from odoo.tools import SQL


class MiniCrmApi(models.AbstractModel):
    """Programs that know the old id of a merged customer get the survivor."""

    _inherit = "mini_crm.api"

    @api.model
    def _customer(self, customer_id):
        # sudo: the ids only; whether the survivor may be read is checked above
        redirects = self.env["mini_crm.redirect"].sudo()
        known = redirects._survivors([int(customer_id)])
        return super()._customer(known.get(int(customer_id), customer_id))

    @api.model
    def _match_ids(self):  # pylint: disable=missing-return
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET key_value = r.survivor_id::text
                FROM mini_crm_redirect r JOIN res_partner s ON s.id = r.source_id
                WHERE c.key_kind = 'id' AND r.source_id = c.key_value::int
                    AND s.active IS NOT TRUE"""
            )
        )
        super()._match_ids()
