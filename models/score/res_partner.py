from odoo import fields, models

from ..customer.shared_id import SharedId

# A related field of the profile: not stored, read with the rights of the partner
# (whoever may read the partner sees its figures), never by portal users.
FIGURE = {"compute_sudo": True, "groups": "base.group_user"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    mini_crm_profile_id = SharedId(
        "mini_crm.profile",
        bypass_search_access=True,
        groups="base.group_user",
        # read only together with figures: in the default prefetch group every
        # partner that anybody reads would cost a query
        prefetch="mini_crm_profile",
    )
    crm_score = fields.Integer(related="mini_crm_profile_id.crm_score", **FIGURE)
    score_parts = fields.Json(related="mini_crm_profile_id.score_parts", **FIGURE)
    crm_health = fields.Selection(related="mini_crm_profile_id.crm_health", **FIGURE)
    journey_stage = fields.Selection(
        related="mini_crm_profile_id.journey_stage", **FIGURE
    )
    journey_hold_until = fields.Date(
        related="mini_crm_profile_id.journey_hold_until", **FIGURE
    )
    stage_since = fields.Datetime(related="mini_crm_profile_id.stage_since", **FIGURE)
    last_contacted_at = fields.Datetime(
        related="mini_crm_profile_id.last_contacted_at", **FIGURE
    )
    total_interactions = fields.Integer(
        related="mini_crm_profile_id.total_interactions", **FIGURE
    )
    response_rate = fields.Float(related="mini_crm_profile_id.response_rate", **FIGURE)
    total_purchases = fields.Integer(
        related="mini_crm_profile_id.total_purchases", **FIGURE
    )
    total_spent = fields.Float(related="mini_crm_profile_id.total_spent", **FIGURE)
    average_order_value = fields.Float(
        related="mini_crm_profile_id.average_order_value", **FIGURE
    )
    customer_since = fields.Datetime(
        related="mini_crm_profile_id.customer_since", **FIGURE
    )
    last_purchase_at = fields.Datetime(
        related="mini_crm_profile_id.last_purchase_at", **FIGURE
    )
    has_photo = fields.Boolean(related="mini_crm_profile_id.has_photo", **FIGURE)
    mini_crm_currency_id = fields.Many2one(
        related="mini_crm_profile_id.currency_id",
        string="Currency of the Figures",
        **FIGURE,
    )
