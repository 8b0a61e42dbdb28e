from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # for conditions like "moved from purchase to retention since May"
    journey_transition_ids = fields.One2many(
        "mini_crm.journey.transition",
        "partner_id",
        "Journey Moves",
        readonly=True,
        copy=False,
        # whoever may see a customer may see his moves
        bypass_search_access=True,
        prefetch="mini_crm_journey",
        groups="mini_crm.mini_crm_group_agent",
    )
