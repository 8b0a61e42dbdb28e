from odoo import models
from odoo.exceptions import UserError

from ...engine.field_keys import key_of

PARTS = {
    "field": "mini_crm.field",
    "section": "mini_crm.field.section",
    "option": "mini_crm.field.option",
}
SHOWN = ("show_in_form", "show_in_list", "show_in_card", "show_in_filter")
TEXTS = {
    "field": ("name", "help", "placeholder"),
    "section": ("name",),
    "option": ("name",),
}
MAY_WRITE = {
    "field": {*TEXTS["field"], *SHOWN, "required", "role", "rules"},
    "section": {"name"},
    "option": {"name", "color", "active"},
}
# A new record may also be given what an undone one had.
MAY_CREATE = {
    "field": MAY_WRITE["field"] | {"type", "key"},
    "section": MAY_WRITE["section"] | {"key"},
    "option": MAY_WRITE["option"] | {"code"},
}


class MiniCrmField(models.Model):
    """The changes that the form builder makes, one method for each kind."""

    _inherit = "mini_crm.field"

    def _builder_create(self, operation):
        """A new ``part`` of ``values``, with ``texts`` in other languages.

        A field: ``section_id``, ``index`` (place), ``overflow`` (bool: no slot),
        ``release`` (id of the archived field whose slot it takes). A section:
        ``index``, ``fields`` (ids that go into it). An option: ``field_id``, ``index``.
        """
        part = self._builder_part(operation)
        values = self._builder_values(MAY_CREATE[part], operation)
        create = {
            "field": self._builder_create_field,
            "section": self._builder_create_section,
            "option": self._builder_create_option,
        }
        record = create[part](values, operation)
        for name, texts in (operation.get("texts") or {}).items():
            self._builder_store_texts(part, record, name, texts)
        return {"id": record.id}

    def _builder_create_field(self, values, operation):
        if operation.get("release"):
            self._builder_find("field", operation["release"]).release_slot()
        if operation.get("overflow"):
            values["slot"] = False
        definition = self.create(values)
        self._builder_put(
            definition, operation.get("section_id"), operation.get("index")
        )
        return definition

    def _builder_create_section(self, values, operation):
        sections = self.env["mini_crm.field.section"].search([])
        taken = sections.mapped("key")
        if values.get("key") in (None, *taken):
            values["key"] = key_of(values["name"], taken, "section")
        section = sections.create(values)
        ids = sections.ids
        index = operation.get("index")
        ids.insert(len(ids) if index is None else index, section.id)
        self._builder_number(sections.browse(ids))
        for index, field_id in enumerate(operation.get("fields") or ()):
            self._builder_put(self._builder_find("field", field_id), section.id, index)
        return section

    def _builder_create_option(self, values, operation):
        definition = self._builder_find("field", operation.get("field_id"))
        options = definition.with_context(active_test=False).option_ids.sorted()
        option = options.create({**values, "field_id": definition.id})
        ids = options.ids
        index = operation.get("index")
        ids.insert(len(ids) if index is None else index, option.id)
        self._builder_number(options.browse(ids))
        return option

    def _builder_discard(self, operation):
        """Remove ``part`` ``id``: what customers have values of is archived instead.

        The fields of a section stay, without a section.
        """
        part = self._builder_part(operation)
        record = self._builder_find(part, operation["id"])
        if part == "section":
            # By the ORM rather than the foreign key: the order follows.
            record.with_context(active_test=False).field_ids.section_id = False
        elif part == "field":
            # Only archived ones can be deleted, and only without values.
            record.action_archive()
            if record._value_count():
                return {"kept": True}
        elif record._is_chosen():
            record.active = False
            return {"kept": True}
        record.unlink()
        return {}

    def _builder_write(self, operation):
        """Change ``values`` of ``part`` ``id``; texts in the language of the user."""
        part = self._builder_part(operation)
        values = self._builder_values(MAY_WRITE[part], operation)
        self._builder_find(part, operation["id"]).write(values)

    def _builder_translate(self, operation):
        """``texts`` ({language: text or ``False``}) of ``name`` of ``part`` ``id``."""
        part = self._builder_part(operation)
        record = self._builder_find(part, operation["id"])
        self._builder_store_texts(part, record, operation["name"], operation["texts"])

    def _builder_store_texts(self, part, record, name, texts):
        if name not in TEXTS[part]:
            raise self._builder_refusal([name])
        record.update_field_translations(name, texts)
        # It does not pass `write`.
        self.env["mini_crm.version"]._renew()

    def _builder_place(self, operation):
        """Put the field ``id`` at ``index`` of ``section_id`` (or ``False``: none)."""
        definition = self._builder_find("field", operation["id"])
        self._builder_put(
            definition, operation.get("section_id"), operation.get("index")
        )

    def _builder_put(self, definition, section_id, index):
        section = (
            self._builder_find("section", section_id)
            if section_id
            else definition.section_id.browse()
        )
        others = self.search([("section_id", "=", section.id)]) - definition
        if definition.section_id != section:
            definition.section_id = section
        ids = others.ids
        ids.insert(len(ids) if index is None else index, definition.id)
        self._builder_number(self.browse(ids))

    def _builder_order(self, operation):
        """Bring sections or options (``part``) into the order of ``ids``."""
        part = self._builder_part(operation)
        records = self.env[PARTS[part]].browse(operation["ids"]).exists()
        self._builder_number(records)

    def _builder_number(self, records):
        """Number records in their order; only those that change are written."""
        for index, record in enumerate(records):
            sequence = 10 * (index + 1)
            if record.sequence != sequence:
                record.sequence = sequence

    def _builder_archive(self, operation):
        """Archive the field ``id``; its values are kept."""
        self._builder_find("field", operation["id"]).action_archive()

    def _builder_restore(self, operation):
        """Bring the archived field ``id`` back."""
        self._builder_find("field", operation["id"]).restore()

    def _builder_part(self, operation):
        part = operation.get("part")
        if part not in PARTS:
            raise UserError(self.env._("The form builder knows no such change."))
        return part

    def _builder_find(self, part, record_id):
        record = self.env[PARTS[part]].browse(record_id).exists()
        if not record:
            raise UserError(
                self.env._(
                    "This is gone: somebody else has removed it. Load the page anew."
                )
            )
        return record

    def _builder_values(self, allowed, operation):
        values = dict(operation.get("values") or {})
        if not allowed.issuperset(values):
            raise self._builder_refusal(set(values) - allowed)
        # Also for programs: a space is no label.
        if "name" in values and not (values["name"] or "").strip():
            raise UserError(self.env._("Enter a label."))
        return values

    def _builder_refusal(self, names):
        return UserError(
            self.env._("The form builder cannot change %s.", ", ".join(sorted(names)))
        )
