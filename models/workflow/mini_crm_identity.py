from odoo import models

from .mini_crm_message_question import LOOK_AGAIN, NOT_SENT


class MiniCrmIdentity(models.Model):
    """Conversations with questions: who writes there, whether he can be reached."""

    _inherit = "mini_crm.identity"

    def _send(self, body, *, purpose="answer", **options):
        messages = super()._send(body, purpose=purpose, **options)
        if purpose == "answer" and messages[:1].state not in NOT_SENT:
            self._look_at_questions()  # a person goes on with the conversation
        return messages

    def _cancels_only(self, message):
        # sudo: runs are the machine's
        run = self.env["mini_crm.workflow.run"].sudo()._open_in(self)
        answers = bool(run) and run._is_answered_by(message)
        if answers and run._cancels(message.body, message.date):
            return True
        return super()._cancels_only(message)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", "reachable") != "reachable":
            self._look_at_questions()
        return result

    def _machines(self):
        return [*super()._machines(), self.env.ref("mini_crm.user_workflow").id]

    def _look_at_questions(self):
        """Have questions in these conversations looked at before the commit.

        Not at once: whoever changes something here is in the middle of it.
        """
        # sudo: runs are the machine's
        runs = self.env["mini_crm.workflow.run"].sudo()
        asking = runs.search(
            [("identity_id", "in", self.ids), ("question", "!=", False)]
        )
        if asking:
            self.env["mini_crm.queue"]._add_untold(asking.partner_id.ids, LOOK_AGAIN)

    def _move_to(self, partner):  # pylint: disable=missing-return
        source = self.partner_id
        super()._move_to(partner)
        # sudo: runs are the machine's
        runs = self.env["mini_crm.workflow.run"].sudo()
        active = [("state", "in", ("running", "waiting"))]
        moving = runs.search(
            [("partner_id", "=", source.id), ("identity_id", "=", self.id), *active]
        )
        there = runs.search([("partner_id", "=", partner.id), *active]).workflow_id
        for run in moving:
            if run.workflow_id in there:
                run._stop("merged")
            else:
                run.partner_id = partner
