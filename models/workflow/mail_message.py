from odoo import fields, models


class MailMessage(models.Model):
    """E-mails of customers as answers to questions of workflows."""

    _inherit = "mail.message"

    # empty on all others: what we add to Odoo's tables leaves with us, row by row
    mini_crm_taken_at = fields.Datetime(
        "Taken by a Workflow",
        groups="base.group_user",
        help="A workflow has taken it as an answer: it starts nothing else.",
    )
    mini_crm_late_answer_to = fields.Char(
        "Late Answer To",
        groups="base.group_user",
        help="First words of the question of a workflow for which it came too late.",
    )

    def _note_missed(self, step):
        """Note that this e-mail came too late for the question of a step.

        :param step: one ``mini_crm.workflow.step``; none: it answers nothing
        """
        if step:
            asked = self.browse((step.data or {}).get("mail_id") or ()).exists()
            self.mini_crm_late_answer_to = asked._first_words() if asked else False

    def _cancels_only(self, author):
        # sudo: runs are the machine's
        run = self.env["mini_crm.workflow.run"].sudo()._asking_by_mail(author.id)
        answers = bool(run) and run._is_answered_by_mail(self)
        if answers and run._cancels(self._own_words(), run._mail_written(self)):
            return True
        return super()._cancels_only(author)

    def _said_content(self):
        # sudo: whoever may read the message may know what it answers
        late = self.sudo().mini_crm_late_answer_to
        return {**super()._said_content(), "late_answer_to": late or ""}
