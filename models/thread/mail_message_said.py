from odoo import models

from ...engine.mail_text import own_words
from .mail_message import _plain_text

MAX_HTML = 200_000  # characters of an e-mail that are read
MAX_TEXT = 4_000  # characters of it that are shown


class MailMessage(models.Model):
    """E-mails and notes as the Communication tab shows them."""

    _inherit = "mail.message"

    def _said_content(self):
        """What a row of ``get_conversation`` says of this message: dict.

        Only what its author has written now; the whole e-mail is in its document.
        """
        self.ensure_one()
        text = own_words(_plain_text((self.body or "")[:MAX_HTML]))
        if len(text) > MAX_TEXT:
            text = text[:MAX_TEXT].rstrip() + " …"
        return {
            "subject": self.subject or "",
            "body": text,
            "media": self._said_files(),
            "document": {"model": self.model, "id": self.res_id},
        }

    def _said_files(self):
        # sudo: whoever may read the message may read what is attached to it
        return [
            {
                "kind": "photo"
                if (file.mimetype or "").startswith("image/")
                else "document",
                "name": file.name,
                "mime": file.mimetype,
                "size": file.file_size,
                "state": "stored",
                "attachment_id": file.id,
            }
            for file in self.sudo().attachment_ids
        ]

    def _unsent_rows(self, states):
        """E-mails that no event tells of yet, as rows of ``get_conversation``.

        :param dict states: as ``_mail_states`` gives them
        :rtype: list[dict]
        """
        return [
            {
                "key": f"mail:{mail.id}",
                "source": "mail",
                "id": mail.id,
                "kind": "email",
                "channel": "email",
                "channel_name": "",
                "identity_id": False,
                "direction": "out",
                "author": mail.author_id.sudo().name or "",  # sudo: a colleague's name
                "state": {"ready": "queued"}.get(states[mail.id]["state"], "failed"),
                "reason": states[mail.id]["reason"],
                "detail": "",
                "deferred_until": None,
                "buttons": [],
                "reactions": {},
                "reply_to": None,
                "outcome": "",
                "minutes": 0,
                "automated": False,
                "edited": False,
                "deleted": False,
                "can_be_answered": False,
                "date": mail.date.replace(microsecond=0).isoformat() + "Z",
                **mail._said_content(),
            }
            for mail in self
            if mail.id in states
        ]
