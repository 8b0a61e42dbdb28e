from odoo import models
from odoo.exceptions import AccessError

ADMIN = "mini_crm.mini_crm_group_admin"


class ResConfigSettings(models.TransientModel):
    """The secret that webhooks are signed with."""

    _inherit = "res.config.settings"

    def action_mini_crm_new_webhook_secret(self):
        """Make a new secret for the company's webhooks (administrators).

        :return: client action that shows it, once
        :rtype: dict
        """
        if not self.env.user.has_group(ADMIN):
            raise AccessError(
                self.env._("Only administrators may make a secret for webhooks.")
            )
        # sudo: nobody has access to the table
        secret = self.env["mini_crm.webhook.secret"].sudo()._renew(self.env.company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._(
                    "The new secret: copy it now, it is not shown again. The old one"
                    " is valid for 24 more hours."
                ),
                "message": secret,
            },
        }
