from odoo import models


class MiniCrmJourney(models.AbstractModel):
    """The journey map: funnel, conversion, time in stage and drop-off."""

    _name = "mini_crm.journey"
    _description = "Journey Map"
