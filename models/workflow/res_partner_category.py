from odoo import api, models
from odoo.exceptions import UserError


class ResPartnerCategory(models.Model):
    """Workflows that name a tag are in the way of deleting it."""

    _inherit = "res.partner.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named_by_workflows(self):
        for tag in self:
            users = self.env["mini_crm.workflow"]._that_name(tag._name, tag.id)
            if users:
                raise UserError(
                    self.env._(
                        "The tag %(tag)s is used by: %(uses)s. Take it out there first,"
                        " or archive it.",
                        tag=tag.display_name,
                        uses=", ".join(f"“{name}”" for name in users.mapped("name")),
                    )
                )
