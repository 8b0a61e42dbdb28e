from odoo import api, fields, models

from ...engine.workflow_secrets import without_secrets

MANAGERS = "mini_crm.mini_crm_group_manager"


class MiniCrmWorkflow(models.Model):
    """What colleagues see of a workflow: all but the addresses that it calls."""

    _inherit = "mini_crm.workflow"

    shown_definition = fields.Json(
        "Steps",
        compute="_compute_shown_definition",
        compute_sudo=False,
        help="What is being edited, without what only managers may see.",
    )

    @api.depends("definition")
    @api.depends_context("uid")
    def _compute_shown_definition(self):
        for workflow in self:
            workflow.shown_definition = workflow._shown_definition()

    def _shown_definition(self):
        """What is being edited, as the user may see it; empty: nothing yet.

        :rtype: dict
        """
        # sudo: who may see a workflow may see its steps; addresses are taken out
        definition = self.sudo().definition or {}
        manages = self.env.su or self.env.user.has_group(MANAGERS)
        return definition if manages else without_secrets(definition)
