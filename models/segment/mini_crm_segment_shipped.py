from odoo import api, models

BEST = "('crm_score', '>=', 80), ('total_purchases', '>=', 5)"
SILENT = (
    "'|', ('last_contacted_at', '<', 'today -30d'),"
    " '&', ('last_contacted_at', '=', False), ('customer_since', '<', 'today -30d')"
)
# The other half of everybody: heard of in 30 days, or new in them.
NOT_SILENT = (
    "'|', ('last_contacted_at', '>=', 'today -30d'),"
    " '&', ('last_contacted_at', '=', False), ('customer_since', '>=', 'today -30d')"
)
NOT_BEST = "'|', ('crm_score', '<', 80), ('total_purchases', '<', 5)"

# M4.1: keys for programs, exact colours and conditions.
SHIPPED = (
    {
        "key": "vip",
        "name": {"en_US": "VIP", "fa_IR": "مشتری ویژه"},
        "color": "#FFD700",
        "domain": f"[{BEST}]",
    },
    {
        "key": "inactive",
        "name": {"en_US": "Inactive", "fa_IR": "بی‌خبر"},
        "color": "#CCCCCC",
        "domain": f"[{SILENT}]",
    },
    {
        "key": "new",
        "name": {"en_US": "New", "fa_IR": "تازه‌وارد"},
        "color": "#4CAF50",
        "domain": "[('customer_since', '>=', 'today -7d')]",
    },
    {
        # The amount is in the company's currency, as total_spent is.
        "key": "high_value",
        "name": {"en_US": "High value", "fa_IR": "پرخرید"},
        "color": "#2196F3",
        "domain": "[('total_spent', '>=', 1000000)]",
    },
    {
        "key": "regular",
        "name": {"en_US": "Regular", "fa_IR": "همیشگی"},
        "color": "#00BCD4",
        "domain": f"[('total_purchases', '>', 0), {NOT_BEST}, {NOT_SILENT}]",
    },
)


class MiniCrmSegment(models.Model):
    """The segments that every company begins with."""

    _inherit = "mini_crm.segment"

    @api.model
    def _shipped(self):
        return [*super()._shipped(), *map(dict, SHIPPED)]

    @api.model
    def _shipped_values(self, entry, company):
        order = [one["key"] for one in SHIPPED].index(entry["key"])
        return {**super()._shipped_values(entry, company), "sequence": order + 1}
