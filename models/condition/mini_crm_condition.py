from odoo import models


class MiniCrmCondition(models.AbstractModel):
    """Conditions on customers: domains of contacts with an allow-list of fields."""

    _name = "mini_crm.condition"
    _description = "Condition on Customers"
