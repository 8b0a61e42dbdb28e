from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """When and how often customers are written to by the machine."""

    _inherit = "res.company"

    mini_crm_quiet_hours = fields.Boolean("Quiet Hours", default=True)
    mini_crm_quiet_from = fields.Float(
        "Quiet from", default=21.0, help="Local time of the customer, in hours."
    )
    mini_crm_quiet_to = fields.Float(
        "Quiet until", default=9.0, help="Local time of the customer, in hours."
    )
    mini_crm_daily_messages = fields.Integer(
        "Most Messages a Day",
        default=3,
        help="Automated messages and campaigns to one customer; 0: any number.",
    )

    @api.constrains(
        "mini_crm_quiet_from", "mini_crm_quiet_to", "mini_crm_daily_messages"
    )
    def _check_send_limits(self):
        for company in self:
            hours = (company.mini_crm_quiet_from, company.mini_crm_quiet_to)
            if not all(0 <= hour < 24 for hour in hours):
                raise ValidationError(
                    self.env._("Quiet hours begin and end between 00:00 and 23:59.")
                )
            if company.mini_crm_daily_messages < 0:
                raise ValidationError(
                    self.env._("The most messages a day are 0 (any number) or more.")
                )
