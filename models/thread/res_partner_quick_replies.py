from odoo import api, models

from ...engine.message_template import fill, variables

# Fields of a contact that a text may name, besides custom fields: name in the text ->
# field. What is not here cannot be asked for.
CONTACT_FIELDS = {"name": "name", "city": "city", "phone": "phone", "email": "email"}


class ResPartner(models.Model):
    """Quick replies, filled in for a customer."""

    _inherit = "res.partner"

    @api.readonly
    def get_quick_replies(self):
        """The shop's quick replies with this customer's values (agents).

        :return: list of ``{id, name, body, missing}``; ``missing`` are the names of
            variables without a value, which the body keeps as ``{name}``
        :rtype: list[dict]
        """
        self.ensure_one()
        self._check_conversation("read")
        replies = self.env["mini_crm.quick.reply"].search([])
        names = {name for reply in replies for name in variables(reply.body)}
        values = self._template_values(names)
        return [
            {"id": reply.id, "name": reply.name, **_filled(reply.body, values)}
            for reply in replies
        ]

    def _template_values(self, names):
        """Values of variables that the user may read: {name: text}; empty ones never.

        :param set[str] names: ``name``, ``first_name``, ``city``, ... or the key of a
            custom field; others get no value
        """
        values = {
            name: self[field] for name, field in CONTACT_FIELDS.items() if name in names
        }
        if "first_name" in names:
            values["first_name"] = (self.name or "").split(" ")[0]
        for name in names - set(values):
            values[name] = self._custom_text(name)
        return {name: str(value) for name, value in values.items() if value}

    def _custom_text(self, key):
        """The value of a custom field as people read it, or empty."""
        look = self.env["mini_crm.field"]._looks().find(key)
        if not look or look.key != key or not look.active or not look.slot:
            return ""
        field = self._fields[look.slot]
        if not self._has_field_access(field, "read"):
            return ""
        value = self[look.slot]
        if value is False and look.type != "boolean":
            return ""
        shown = self.env["mini_crm.event"]._custom_value(look, value)
        return "" if shown is None else str(shown)


def _filled(text, values):
    """A text with its values: ``{body, missing}``; what is missing stays as it is."""
    _text, missing = fill(text, values)
    kept = {name: f"{{{name}}}" for name in missing}
    body, _missing = fill(text, {**values, **kept})
    return {"body": body, "missing": missing}
