from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get


class ResConfigSettings(models.TransientModel):
    """The shop's days and months."""

    _inherit = "res.config.settings"

    mini_crm_calendar = fields.Selection(
        related="company_id.mini_crm_calendar", readonly=False
    )
    mini_crm_time_zone = fields.Selection(
        _tz_get,
        "Time Zone of the Shop",
        compute="_compute_mini_crm_time_zone",
        inverse="_inverse_mini_crm_time_zone",
    )

    @api.depends("company_id")
    def _compute_mini_crm_time_zone(self):
        for settings in self:
            settings.mini_crm_time_zone = settings.company_id.mini_crm_tz

    def _inverse_mini_crm_time_zone(self):
        for settings in self:
            if settings.company_id.mini_crm_tz != settings.mini_crm_time_zone:
                settings.company_id.mini_crm_tz = settings.mini_crm_time_zone
