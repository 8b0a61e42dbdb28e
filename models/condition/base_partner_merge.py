from odoo import api, models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts moves every reference; a mark cannot be moved."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        marks = self.env["mini_crm.rule.mark"]
        # the survivor's is written first: whoever looks at one of them fails meanwhile
        marks._touch(SQL("SELECT unnest(%s::int[])", (src_partners | dst_partner).ids))
        self.env.cr.execute(
            SQL("DELETE FROM mini_crm_rule_mark WHERE id = ANY(%s)", src_partners.ids)
        )
        marks.invalidate_model()
        return super()._update_foreign_keys(src_partners, dst_partner)
