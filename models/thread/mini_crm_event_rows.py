from odoo import models
from odoo.tools import html2plaintext

MAX_HTML = 100_000  # characters of an e-mail that are read
MAX_TEXT = 4_000  # characters of it that are shown
DIRECTIONS = {"message_received": "in", "message_sent": "out"}
KINDS = {"call_logged": "call", "note_added": "note"}


class MiniCrmEvent(models.Model):
    """E-mails, calls and notes as the Communication tab shows them."""

    _inherit = "mini_crm.event"

    def _said_rows(self):
        """These events as rows of ``get_conversation``: {id: dict}."""
        written = self.filtered(lambda event: event.res_model == "mail.message")
        mails = self.env["mail.message"].search_fetch(
            [("id", "in", written.mapped("res_id"))],
            ["subject", "body", "model", "res_id", "attachment_ids"],
        )
        by_id = {mail.id: mail for mail in mails}
        return {
            event.id: event._said_row(
                by_id.get(event.res_id) if event in written else None
            )
            for event in self
        }

    def _said_row(self, mail):
        """:param mail: the ``mail.message`` that the user may read, or ``None``"""
        self.ensure_one()
        data = self.data or {}
        is_mail = self.res_model == "mail.message" and self.type in DIRECTIONS
        kind = KINDS.get(self.type) or ("email" if is_mail else "text")
        channel = {"call": "phone", "note": "note", "email": "email"}.get(kind)
        body = _plain_text(mail.body) if mail else self.summary or ""
        return {
            "key": f"event:{self.id}",
            "source": "event",
            "id": self.id,
            "kind": kind,
            "channel": channel or data.get("channel") or "",
            "channel_name": "",
            "identity_id": False,
            "direction": DIRECTIONS.get(self.type, "out" if kind == "call" else "note"),
            "author": self.author_id.sudo().name or "",  # sudo: a colleague's name
            "subject": (mail and mail.subject) or "",
            "body": body,
            "state": "received" if self.type == "message_received" else "sent",
            "reason": "",
            "detail": "",
            "deferred_until": None,
            "media": _attachments(mail) if mail else [],
            "buttons": [],
            "reactions": {},
            "reply_to": None,
            "outcome": data.get("outcome") or "",
            "automated": bool(data.get("automated")),
            "edited": False,
            "deleted": False,
            "can_be_answered": False,
            "document": {"model": mail.model, "id": mail.res_id} if mail else None,
            "date": self.date.replace(microsecond=0).isoformat() + "Z",
        }


def _plain_text(html):
    """The text of an e-mail or a note, cut off when it is very long."""
    text = html2plaintext((html or "")[:MAX_HTML]).strip()
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT].rstrip() + " …"


def _attachments(mail):
    # sudo: whoever may read the message may read what is attached to it
    return [
        {
            "kind": "photo"
            if (file.mimetype or "").startswith("image/")
            else "document",
            "name": file.name,
            "mime": file.mimetype,
            "size": file.file_size,
            "state": "done",
            "attachment_id": file.id,
        }
        for file in mail.sudo().attachment_ids
    ]
