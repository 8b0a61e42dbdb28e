from odoo import api, models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: identities and messages become the survivor's.

    Odoo moves the references. What it does not see: nobody is perhaps the same as he
    is himself, and open conversations show who has become of whom.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_identity SET suggested_partner_id = NULL,
                    suggestion = NULL
                WHERE partner_id = %(id)s AND suggested_partner_id = %(id)s""",
                id=dst_partner.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_identity SET linked_from_id = NULL
                WHERE partner_id = %(id)s AND linked_from_id = %(id)s""",
                id=dst_partner.id,
            )
        )
        self.env["mini_crm.identity"].invalidate_model()
        self.env["mini_crm.message"].invalidate_model(["partner_id"])
        self.env["mini_crm.message"]._tell_changed(dst_partner.ids)
        return result
