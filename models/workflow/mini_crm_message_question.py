from odoo import fields, models

LOOK_AGAIN = "workflow_question"  # in the queue: something about a question has changed
NOT_SENT = ("failed", "cancelled")


class MiniCrmMessage(models.Model):
    """Messages as questions of workflows and as answers to them."""

    _inherit = "mini_crm.message"

    question_id = fields.Many2one(
        "mini_crm.message",
        "Answers",
        ondelete="set null",
        index="btree_not_null",
        help="The question of a workflow that it answers, in time or too late.",
    )
    file_answer = fields.Boolean(help="Its files are kept with the customer.")

    def _note_answer(self, question, *, dealt_with):
        """Note that this message of the customer answers a question of a workflow.

        :param question: the message that asked; none: it is no answer after all
        :param bool dealt_with: the workflow has taken it, nobody else has to answer; if
            not, it has come too late
        """
        self.write({"question_id": question.id, "dealt_with": dealt_with})
        self.identity_id._refresh_waiting()
        self._tell_changed(self.partner_id.ids)

    # Files

    def _answer_files(self):
        """The files of this message as the engine takes them: list of dict."""
        return [
            {key: file.get(key) or "" for key in ("kind", "name", "mime")}
            | {"attachment_id": file.get("attachment_id") or False}
            for file in self.media or ()
        ]

    def _keep_for_customer(self):
        """Keep the files of this message with the customer, also those still on their
        way."""
        self.file_answer = True
        for file in self.media or ():
            if file.get("attachment_id"):
                self._copy_to_customer(file["attachment_id"])

    def _keep_fetched(self, one, content):
        kept = super()._keep_fetched(one, content)
        if self.file_answer:
            self._copy_to_customer(kept["attachment_id"])
        return kept

    def _copy_to_customer(self, attachment_id):
        """Copy a file of this message to the customer, once."""
        # sudo: workflows have no right to files of messages; it is the customer's own
        files = self.env["ir.attachment"].sudo()
        original = files.browse(attachment_id)
        known = files.search_count(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.partner_id.id),
                ("checksum", "=", original.checksum),
            ],
            limit=1,
        )
        if not known:
            original.copy({"res_model": "res.partner", "res_id": self.partner_id.id})

    # What ends questions

    def _fail(self, reason, detail=""):  # pylint: disable=missing-return
        super()._fail(reason, detail)
        self._look_at_question()

    def _cancel(self):
        cancelled = super()._cancel()
        cancelled._look_at_question()
        return cancelled

    def _look_at_question(self):
        """Have runs go on whose question will not arrive after all."""
        asked = self.sudo().filtered("workflow_run_id")  # sudo: runs are the machine's
        asked.identity_id._look_at_questions()

    # What people see

    def _said_row(self, answered):
        row = super()._said_row(answered)
        # sudo: the name of what has written it, for whoever may read the message
        workflow = self.sudo().workflow_run_id.workflow_id
        late = self.question_id and not self.dealt_with
        question = self.question_id if late else self.browse()
        return row | {
            "workflow": workflow.name or "",
            "late_answer_to": question._excerpt() if question else "",
        }
