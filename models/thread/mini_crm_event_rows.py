from odoo import models

DIRECTIONS = {"message_received": "in", "message_sent": "out"}
KINDS = {"call_logged": "call", "note_added": "note"}
CHANNELS = {"call": "phone", "note": "note", "email": "email"}


class MiniCrmEvent(models.Model):
    """E-mails, calls and notes as the Communication tab shows them."""

    _inherit = "mini_crm.event"

    def _said_rows(self):
        """These events of one customer as rows of ``get_conversation``: {id: dict}."""
        written = self.filtered(lambda event: event.res_model == "mail.message")
        mails = self.env["mail.message"].search_fetch(
            [("id", "in", written.mapped("res_id"))],
            ["subject", "body", "model", "res_id", "attachment_ids"],
        )
        sent = written.filtered(lambda event: event.type == "message_sent")
        states = self.partner_id._mail_states(sent.mapped("res_id")) if sent else {}
        by_id = {mail.id: mail for mail in mails}
        rows = {event.id: event._said_row() for event in self}
        for event in written:
            row = rows[event.id]
            mail = by_id.get(event.res_id)
            if mail:
                row |= mail._said_content()
                row |= _mail_state(states.get(mail.id))
            elif not event.summary:
                row["body"] = self.env._("An e-mail on a document you may not open")
            rows[event.id] = row
        return rows

    def _said_row(self):
        """This event as a row, without what its document says."""
        self.ensure_one()
        data = self.data or {}
        is_mail = self.res_model == "mail.message" and self.type in DIRECTIONS
        kind = KINDS.get(self.type) or ("email" if is_mail else "text")
        direction = DIRECTIONS.get(self.type) or data.get("direction") or "out"
        return {
            "key": f"event:{self.id}",
            "source": "event",
            "id": self.id,
            "kind": kind,
            "channel": CHANNELS.get(kind) or data.get("channel") or "",
            "channel_name": "",
            "identity_id": False,
            "direction": "note" if kind == "note" else direction,
            "author": self.author_id.sudo().name or "",  # sudo: a colleague's name
            "subject": data.get("subject") or "",
            "body": self.summary or "",
            "state": "received" if self.type == "message_received" else "sent",
            "reason": "",
            "detail": "",
            "deferred_until": None,
            "media": [],
            "buttons": [],
            "reactions": {},
            "reply_to": None,
            "outcome": data.get("outcome") or "",
            "minutes": data.get("minutes") or 0,
            "automated": bool(data.get("automated")),
            "edited": False,
            "deleted": False,
            "can_be_answered": False,
            "document": None,
            "date": self.date.replace(microsecond=0).isoformat() + "Z",
        }


def _mail_state(known):
    """What became of an e-mail, in the words of a message: dict, empty if unknown."""
    if not known:
        return {}
    states = {
        "ready": "queued",
        "exception": "failed",
        "bounce": "failed",
        "canceled": "cancelled",
    }
    state = states.get(known["state"], known["state"])
    return {"state": state, "reason": known["reason"]}
