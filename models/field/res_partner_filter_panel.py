from odoo import api, models

from .res_partner_views import months_of


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _filter_panel(self):
        return {
            **super()._filter_panel(),
            "fields": [
                _offered(look)
                for look in self.env["mini_crm.field"]._looks().active
                if look.slot and look.in_filter
            ],
            "months": [
                {"label": label, "alternatives": alternatives}
                for label, alternatives in months_of(self.env.lang or "en_US")
            ],
        }


def _offered(look):
    """A custom field as the panel takes it."""
    return {
        "slot": look.slot,
        "type": look.type,
        "label": look.label,
        "birthday": look.role == "birthday",
        "choices": [
            {"value": choice.code, "label": choice.label, "color": choice.color}
            for choice in look.choices
            if choice.active
        ],
    }
