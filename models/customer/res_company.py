import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    mini_crm_tz = fields.Char(
        "Shop's Time Zone",
        help="Time zone in which this company's days begin, e.g. Asia/Tehran.",
    )

    @api.constrains("mini_crm_tz")
    def _check_mini_crm_tz(self):
        for company in self:
            zone = company.mini_crm_tz
            if zone and zone not in pytz.all_timezones_set:
                raise ValidationError(
                    self.env._(
                        "%s is no time zone. Use a name like Asia/Tehran or"
                        " Europe/Berlin.",
                        zone,
                    )
                )
