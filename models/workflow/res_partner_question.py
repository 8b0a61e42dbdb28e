from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Workflows that wait for this customer, as the Communication tab shows them."""

    _inherit = "res.partner"

    def get_reply_options(self):
        """As in the thread room, and ``"questions"``: workflows that wait for an answer
        of this customer.

        :return: ``{..., "questions": [{run_id, workflow, question, identity_id}]}``
        :rtype: dict
        """
        options = super().get_reply_options()
        runs = self.env["mini_crm.workflow.run"].search(
            [("partner_id", "=", self.id), ("question", "=", "open")], order="id"
        )
        options["questions"] = [
            {
                "run_id": run.id,
                "workflow": run.workflow_id.name,
                "question": run.asked_message_id._excerpt()
                if run.asked_message_id
                else "",
                "identity_id": run.identity_id.id,
            }
            for run in runs
        ]
        return options

    def take_over_question(self, run_id):
        """Go on with this customer oneself: the workflow asks no more (agents).

        :param int run_id: of ``get_reply_options``
        :raises UserError: when it does not wait for an answer any more
        """
        self.ensure_one()
        self._check_conversation("write")
        run = self.env["mini_crm.workflow.run"].search(
            [
                ("id", "=", int(run_id)),
                ("partner_id", "=", self.id),
                ("question", "!=", False),
            ]
        )
        # sudo: whether its workflow goes on, and where it stands, is the machine's
        if not run or not run.sudo()._advance(run.sudo()._taken_over()):
            raise UserError(
                self.env._("The workflow does not wait for an answer any more.")
            )
        self._follow_up()
        return True
