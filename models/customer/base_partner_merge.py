from odoo import api, models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: search rows of the sources go, they cannot move."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # what is noted would make the sources' rows again in the middle
        self.env.cr.flush()
        self.env.cr.execute(
            SQL(
                "DELETE FROM mini_crm_search WHERE id = ANY(%s)", list(src_partners.ids)
            )
        )
        return super()._update_foreign_keys(src_partners, dst_partner)
