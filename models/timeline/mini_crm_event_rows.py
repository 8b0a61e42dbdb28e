from odoo import api, models
from odoo.tools import html2plaintext

EXCERPT = 240  # characters of a note


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    def _timeline_rows(self, labels):
        """These events as the Timeline tab shows them: list of dict."""
        notes = self._note_excerpts()
        return [
            {
                "id": event.id,
                "type": event.type,
                "label": labels.get(event.type, event.type),
                "date": event.date.isoformat() + "Z",
                "author": event.author_id.sudo().name or "",  # sudo: a colleague's name
                "summary": event.summary or notes.get(event.id, ""),
                "amount": event.amount if event.currency_id else None,
                "currency": event.currency_id.name or None,
                "data": event._timeline_data(),
            }
            for event in self
        ]

    def _timeline_data(self):
        """Details of the event, with the labels of the fields that it names."""
        self.ensure_one()
        data = dict(self.data or {})
        if self.type != "field_updated":
            return data
        Partner = self.env["res.partner"]
        known = Partner.fields_get(list(data), ["string"])
        return {
            name: {"label": known[name]["string"], "old": values[0], "new": values[1]}
            for name, values in data.items()
            if name in known
        }

    @api.model
    def _note_excerpts_of(self, message_ids):
        """First words of the messages that the user may read: {message id: text}."""
        messages = self.env["mail.message"].search([("id", "in", message_ids)])
        return {m.id: html2plaintext(m.body or "")[:EXCERPT].strip() for m in messages}

    def _note_excerpts(self):
        """First words of the notes behind these events: {event id: text}."""
        noted = self.filtered(lambda e: e.res_model == "mail.message" and e.res_id)
        excerpts = self._note_excerpts_of([e.res_id for e in noted]) if noted else {}
        return {e.id: excerpts[e.res_id] for e in noted if e.res_id in excerpts}
