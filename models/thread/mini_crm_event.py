from odoo import models
from odoo.tools import email_normalize

from ...engine.mail_text import first_words


class MiniCrmEvent(models.Model):
    """What the timeline says of e-mails: never more than the reader may open."""

    _inherit = "mini_crm.event"

    def _timeline_rows(self, labels):
        rows = super()._timeline_rows(labels)
        mails = {
            event.id: event for event in self if event._is_mail() and not event.summary
        }
        if not mails:
            return rows
        Message = self.env["mail.message"]
        ids = [event.res_id for event in mails.values()]
        readable = {m.id: m for m in Message.search([("id", "in", ids)])}
        for row in rows:
            if row["id"] in mails:
                message = readable.get(mails[row["id"]].res_id)
                row["summary"] = (
                    first_words(message.subject or message._first_words())
                    if message
                    else self.env._("An e-mail on a document you may not open")
                )
        return rows

    def _is_mail(self):
        """Whether the event tells of an e-mail."""
        self.ensure_one()
        return (
            self.res_model == "mail.message"
            and self.type in ("message_received", "message_sent")
            and (self.data or {}).get("channel") == "email"
        )

    def _written_by(self, identities):
        """Those of these identities whose address the e-mail came from."""
        self.ensure_one()
        if not self._is_mail():
            return identities.browse()
        # sudo: its sender alone is compared, whoever may open it
        message = self.env["mail.message"].sudo().browse(self.res_id).exists()
        address = email_normalize(message.email_from or "", strict=False)
        return identities.filtered(lambda identity: identity.external_id == address)
