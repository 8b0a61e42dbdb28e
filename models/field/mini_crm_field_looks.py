from odoo import api, models
from odoo.tools import ormcache

from ...engine.text import clean
from .field_looks import ONE_LINE, Choice, FieldLook, Looks


class MiniCrmField(models.Model):
    """Custom fields as the user's language shows them."""

    _inherit = "mini_crm.field"

    @api.model
    def _looks(self):
        """All custom fields in the user's language: ``Looks``.

        The version is part of the key: a change shows at once, in every worker.
        """
        return self._looks_of(
            self.env["mini_crm.version"]._current(), self.env.lang or "en_US"
        )

    @ormcache("version", "lang", cache="stable")
    def _looks_of(self, version, lang):
        # sudo: which fields there are is needed to render any partner view
        definitions = self.sudo().with_context(active_test=False, lang=lang).search([])
        return Looks(tuple(definition._look() for definition in definitions))

    def _look(self):
        """This definition in the language of its context: ``FieldLook``.

        Its texts are clean: with a character that XML does not know, no view of
        customers would open any more.
        """
        self.ensure_one()
        section = self.section_id
        longest = (self.rules or {}).get("max_length")
        return FieldLook(
            key=self.key,
            type=self.type,
            label=clean(self.name or ""),
            slot=self.slot or None,
            role=self.role or None,
            active=self.active,
            help=clean(self.help or ""),
            placeholder=clean(self.placeholder or ""),
            required=self.required,
            multiline=self.type == "text" and (longest or 0) > ONE_LINE,
            section=(section.id, clean(section.name)) if section else None,
            in_form=self.show_in_form,
            in_list=self.show_in_list,
            in_card=self.show_in_card,
            in_filter=self.show_in_filter,
            choices=tuple(
                Choice(option.code, clean(option.name), option.color, option.active)
                for option in self.option_ids.sorted()
            ),
        )

    @api.model
    def _choices(self, slot):
        """Choices of a select slot in the user's language: list of (code, label).

        The archived ones come last: values that have them stay readable.
        """
        look = self._looks().by_slot.get(slot)
        if not look:
            return []
        return [(c.code, c.label) for c in look.choices if c.active] + [
            (c.code, self.env._("%s (archived)", c.label))
            for c in look.choices
            if not c.active
        ]

    @api.model
    def _describe_slots(self, described, hide):
        """Give a result of ``fields_get`` the labels and helps of the custom fields.

        :param dict described: {field name: description}, changed in place
        :param bool hide: take out the slots without a definition
        """
        by_slot = self._looks().by_slot
        for slot, look in by_slot.items():
            description = described.get(slot)
            if description is None:
                continue
            if "string" in description:
                description["string"] = look.label
            if look.help:
                description["help"] = look.help
        if hide:
            for slot in self.env["res.partner"]._hidden_slots():
                described.pop(slot, None)
