from odoo import api, models
from odoo.exceptions import UserError


class MailActivityType(models.Model):
    """Workflows that name a type of tasks are in the way of deleting it."""

    _inherit = "mail.activity.type"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named_by_workflows(self):
        for kind in self:
            users = self.env["mini_crm.workflow"]._that_name(kind._name, kind.id)
            if users:
                raise UserError(
                    self.env._(
                        "The type of task %(type)s is used by: %(uses)s. Take it out"
                        " there first, or archive it.",
                        type=kind.display_name,
                        uses=", ".join(f"“{name}”" for name in users.mapped("name")),
                    )
                )
