from odoo import fields, models

# Of the state of the product, what tells whether everything is up to date.
SHOWN = (
    "queue_waiting",
    "queue_failed",
    "rules_waiting",
    "rules_broken",
    "rules_built_at",
    "rules_slowest",
    "daily_run_at",
)


class ResConfigSettings(models.TransientModel):
    """How far the work is that follows from what happens."""

    _inherit = "res.config.settings"

    mini_crm_queue_waiting = fields.Integer(
        "Events Waiting", compute="_compute_mini_crm_health"
    )
    mini_crm_queue_failed = fields.Integer(
        "Events Set Aside", compute="_compute_mini_crm_health"
    )
    mini_crm_rules_waiting = fields.Integer(
        "Rules Waiting", compute="_compute_mini_crm_health"
    )
    mini_crm_rules_broken = fields.Integer(
        "Rules That Need Attention", compute="_compute_mini_crm_health"
    )
    mini_crm_rules_built_at = fields.Datetime(
        "Last Full Run", compute="_compute_mini_crm_health"
    )
    mini_crm_rules_slowest = fields.Float(
        "Slowest Rule (Seconds)", digits=(8, 1), compute="_compute_mini_crm_health"
    )
    mini_crm_daily_run_at = fields.Datetime(
        "Last Daily Run", compute="_compute_mini_crm_health"
    )

    def _compute_mini_crm_health(self):
        figures = self.env["mini_crm.health"]._figures()
        for settings in self:
            for name in SHOWN:
                settings[f"mini_crm_{name}"] = figures[name]
