from odoo import api, fields, models

from .source_sql import INVOICES, POS, SALES

CHECKBOXES = {
    SALES: "mini_crm_counts_sales",
    POS: "mini_crm_counts_pos",
    INVOICES: "mini_crm_counts_invoices",
}


class ResConfigSettings(models.TransientModel):
    """Which sources of purchases count, and what the last pull did."""

    _inherit = "res.config.settings"

    mini_crm_counts_sales = fields.Boolean("Orders of Sales")
    mini_crm_counts_pos = fields.Boolean("Orders of Point of Sale")
    mini_crm_counts_invoices = fields.Boolean("Invoices")
    mini_crm_has_sales = fields.Boolean(
        "Sales Is Installed", compute="_compute_mini_crm_has"
    )
    mini_crm_has_pos = fields.Boolean(
        "Point of Sale Is Installed", compute="_compute_mini_crm_has"
    )
    mini_crm_has_invoices = fields.Boolean(
        "Invoicing Is Installed", compute="_compute_mini_crm_has"
    )
    mini_crm_pull_result = fields.Text("Last pull", readonly=True)

    def _compute_mini_crm_has(self):
        for settings in self:
            settings.mini_crm_has_sales = SALES in self.env
            settings.mini_crm_has_pos = POS in self.env
            settings.mini_crm_has_invoices = INVOICES in self.env

    @api.model
    def get_values(self):
        states = self.env["mini_crm.purchase.source"]._by_name()
        counts = {
            field: name not in states or states[name].counts
            for name, field in CHECKBOXES.items()
        }
        result = self.env["mini_crm.purchase.source"]._result_text()
        return {**super().get_values(), **counts, "mini_crm_pull_result": result}

    def set_values(self):
        result = super().set_values()
        self.env["mini_crm.purchase.source"]._choose(
            {name: self[field] for name, field in CHECKBOXES.items()}
        )
        return result

    def action_mini_crm_pull(self):
        """Pull purchases now (who may change settings); the result stands beside.

        :return: action that shows a notice
        :rtype: dict
        """
        self.check_access("write")
        self.env["mini_crm.purchase.source"]._pull_soon()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Purchases are being pulled. Open the settings again in a moment to"
                    " see what was found."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
