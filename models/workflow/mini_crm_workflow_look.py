from odoo import api, fields, models

from .workflow_notices import pause_text
from .workflow_texts import node_label, outcome_text
from .workflow_words import trigger_words

ACTIVE = ("running", "waiting")


class MiniCrmWorkflow(models.Model):
    """What lists of workflows show."""

    _inherit = "mini_crm.workflow"

    trigger_label = fields.Char(
        "Starts When", compute="_compute_trigger_label", compute_sudo=False
    )
    pause_text = fields.Char(
        "Why It Has Paused", compute="_compute_pause_text", compute_sudo=False
    )
    active_run_count = fields.Integer(
        "Customers in It", compute="_compute_active_run_count", compute_sudo=False
    )

    def _compute_trigger_label(self):
        words = trigger_words(self.env)
        for workflow in self:
            trigger = workflow._shown_definition().get("trigger")
            kind = trigger.get("kind") if isinstance(trigger, dict) else ""
            workflow.trigger_label = words.get(kind, ("", ""))[0]

    @api.depends("pause_reason", "state")
    @api.depends_context("lang")
    def _compute_pause_text(self):
        for workflow in self:
            code = workflow.state == "paused" and workflow.pause_reason
            workflow.pause_text = pause_text(self.env, code) if code else ""

    def _compute_active_run_count(self):
        counts = dict(
            self.env["mini_crm.workflow.run"]._read_group(
                [("workflow_id", "in", self.ids), ("state", "in", ACTIVE)],
                ["workflow_id"],
                ["__count"],
            )
        )
        for workflow in self:
            workflow.active_run_count = counts.get(workflow._origin, 0)


class MiniCrmWorkflowRun(models.Model):
    """What lists of runs show."""

    _inherit = "mini_crm.workflow.run"

    where_text = fields.Char("Where", compute="_compute_where_text", compute_sudo=False)

    def _compute_where_text(self):
        for run in self:
            if run.state not in ACTIVE:
                run.where_text = outcome_text(self.env, run.outcome)
                continue
            if run._waits_for_its_turn():
                run.where_text = self.env._("Begins when its turn comes.")
                continue
            # sudo: addresses in it are for managers, what kind a step is of is not
            nodes = (run.version_id.sudo().definition or {}).get("nodes") or {}
            kind = nodes.get(run.node, {}).get("kind")
            run.where_text = node_label(self.env, kind) if kind else ""

    def action_open_customer(self):
        """Open the customer of this run: an action dict."""
        self.ensure_one()
        return self.partner_id.action_open_customer()
