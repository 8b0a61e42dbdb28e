from odoo import api, models
from odoo.tools import html2plaintext

from odoo.addons.phone_validation.tools.phone_validation import phone_format

from ...engine.fields import SLOT_SET

EXCERPT = 240  # characters of a note


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    def _timeline_rows(self, labels):
        """These events as the Timeline tab shows them: list of dict."""
        notes = self._note_excerpts()
        names = self._names_now()
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
                "data": {**event._timeline_data(), **names.get(event.id, {})},
            }
            for event in self
        ]

    def _names_now(self):
        """Names in the data of these events as the reader's language has them now.

        What is gone keeps the name that was stored.

        :return: {event id: {key of the data: name}}
        :rtype: dict
        """
        found = {event.id: {} for event in self}
        for (types, id_key), (model, name_key) in self._named_records().items():
            named = {
                event.id: event.data[id_key]
                for event in self
                if event.type in types and (event.data or {}).get(id_key)
            }
            if not named:
                continue
            # sudo: the event has told the name already, here it is translated only
            known = self.env[model].sudo().with_context(active_test=False)
            records = known.search_fetch(
                [("id", "in", list(set(named.values())))], ["display_name"]
            )
            names = {record.id: record.display_name for record in records}
            for event_id, record_id in named.items():
                if record_id in names:
                    found[event_id][name_key] = names[record_id]
        return found

    @api.model
    def _named_records(self):
        """Extension list: records that events name in their data.

        :return: {(types of events, key of the id): (model, key of the name)}
        :rtype: dict
        """
        return {}

    def _timeline_data(self):
        """Details of the event, with the labels of the fields that it names."""
        self.ensure_one()
        data = dict(self.data or {})
        if self.type != "field_updated":
            return data
        known = self.env["res.partner"].fields_get(list(data), ["string", "type"])
        return {
            name: self._timeline_change(name, known.get(name), *change)
            for name, change in data.items()
            if isinstance(change, list) and len(change) == 2
        }

    def _timeline_change(self, name, known, old, new):
        """One change of a field in the user's language.

        :param str name: key of a custom field, or name of a field of the contact
        :param dict | None known: the contact's field
        :return: ``{label, old, new}``, of a custom field with its ``type``
        """
        custom = not known or name in SLOT_SET
        look = self.env["mini_crm.field"]._looks().find(name) if custom else None
        if not look:
            label = known["string"] if known else name
            if known and known["type"] == "boolean":
                old, new = self._yes_or_no(old), self._yes_or_no(new)
            return {"label": label, "old": old, "new": new}
        return {
            "label": look.label,
            "old": self._custom_value(look, old),
            "new": self._custom_value(look, new),
            "type": look.type,
        }

    @api.model
    def _custom_value(self, look, value):
        """Value of a custom field as people read it; dates stay ISO."""
        if value is None:
            return None
        if look.type == "boolean":
            return self._yes_or_no(value)
        if look.type == "select":
            choice = look.choice(value)
            return choice.label if choice else value
        if look.type == "phone" and value:
            return phone_format(
                value, None, None, force_format="INTERNATIONAL", raise_exception=False
            )
        return value

    @api.model
    def _yes_or_no(self, value):
        return self.env._("Yes") if value else self.env._("No")

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
