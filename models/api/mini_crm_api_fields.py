from odoo import api, models
from odoo.fields import Command

from .problem import Problem, error

SHOWN = ("show_in_form", "show_in_list", "show_in_card", "show_in_filter")
PLAIN = ("role", "required", "help", "placeholder", *SHOWN)


class MiniCrmApi(models.AbstractModel):
    """Custom fields, their sections, and the templates of industries."""

    _inherit = "mini_crm.api"

    @api.model
    def _definitions(self):
        """The model of the definitions, archived ones included."""
        return self.env["mini_crm.field"].with_context(active_test=False)

    @api.model
    def _field(self, key):
        """The definition with a key.

        :raises Problem: 404
        """
        definition = self._definitions().search([("key", "=", key)])
        if not definition:
            raise Problem(404, self._status_text(404))
        return definition

    @api.model
    def _do_list_fields(self, arguments):
        found = self._definitions().search([])
        if not arguments["archived"]:
            found = found.filtered("active")
        return {"items": [self._field_row(definition) for definition in found]}

    @api.model
    def _do_read_field(self, arguments):
        return self._field_row(self._field(arguments["key"]))

    @api.model
    def _do_create_field(self, _arguments, body):
        self.env["mini_crm.field"].check_access("create")
        if self._definitions().search_count([("key", "=", body["key"])]):
            text = self.env._("There is a field with this key already.")
            errors = [error("/key", "key_taken", text, body["key"])]
            raise Problem(409, text, code="key_taken", errors=errors)
        values = self._field_values(body)
        values |= {"key": body["key"], "type": body["type"]}
        if body.get("options"):
            values["option_ids"] = [
                Command.create(self._option_values(option, sequence))
                for sequence, option in enumerate(body["options"])
            ]
        definition = self._definitions().create(values)
        self._translate(definition, body)
        for option, given in zip(
            definition.option_ids.sorted("sequence"),
            body.get("options", ()),
            strict=True,
        ):
            self._translate(option, given)
        return self._field_row(definition)

    @api.model
    def _do_change_field(self, arguments, body):
        definition = self._field(arguments["key"])
        definition.check_access("write")
        if values := self._field_values(body):
            definition.write(values)
        self._translate(definition, body)
        if "options" in body:
            self._change_options(definition, body["options"])
        return self._field_row(definition)

    @api.model
    def _do_archive_field(self, arguments):
        definition = self._field(arguments["key"])
        definition.check_access("write")
        if definition.active:
            definition.action_archive()
        return self._field_row(definition)

    @api.model
    def _do_restore_field(self, arguments):
        definition = self._field(arguments["key"])
        definition.check_access("write")
        if not definition.active:
            definition.restore()
        return self._field_row(definition)

    @api.model
    def _do_reorder_fields(self, _arguments, body):
        self.env["mini_crm.field"].check_access("write")
        by_key = {d.key: d for d in self._definitions().search([])}
        unknown = [
            error(f"/keys/{index}", "key_unknown", self._status_text(404), key)
            for index, key in enumerate(body["keys"])
            if key not in by_key
        ]
        if unknown:
            raise Problem(422, self._status_text(422), errors=unknown)
        others = [key for key in by_key if key not in set(body["keys"])]
        for place, key in enumerate([*body["keys"], *others], 1):
            if by_key[key].sequence != place * 10:
                by_key[key].sequence = place * 10
        return self._do_list_fields({"archived": False})

    # Values

    @api.model
    def _field_values(self, body):
        """Values of a definition as ``write`` takes them."""
        self._check_labels(body)
        values = {name: body[name] or False for name in PLAIN if name in body}
        if "label" in body:
            values["name"] = body["label"].strip()
        if "rules" in body:
            values["rules"] = body["rules"] or False
        if "section" in body:
            values["section_id"] = self._section(body["section"]).id
        return values

    @api.model
    def _section(self, key):
        """The section with a key; an empty one for ``None``.

        :raises Problem: 422
        """
        sections = self.env["mini_crm.field.section"]
        if not key:
            return sections
        section = sections.search([("key", "=", key)])
        if not section:
            text = self.env._("There is no section with this key. Create it first.")
            errors = [error("/section", "section_unknown", text, key)]
            raise Problem(422, self._status_text(422), errors=errors)
        return section

    @api.model
    def _check_labels(self, body):
        """Refuse labels in languages that are not installed.

        :raises Problem: 422
        """
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        text = self._value_texts()["language_unknown"]
        places = [("", body)] + [
            (f"/options/{index}", option)
            for index, option in enumerate(body.get("options", ()))
        ]
        errors = [
            error(f"{place}/labels", "language_unknown", text, lang)
            for place, given in places
            for lang in given.get("labels", ())
            if lang not in installed
        ]
        if errors:
            raise Problem(422, self._status_text(422), errors=errors)

    @api.model
    def _translate(self, record, body):
        """Give a record its labels in other languages."""
        for lang, label in body.get("labels", {}).items():
            record.with_context(lang=lang).name = label.strip()

    @api.model
    def _option_values(self, option, sequence):
        values = {"code": option["code"], "sequence": sequence}
        values["name"] = option.get("label", option["code"])
        values |= {n: option[n] for n in ("color", "active") if n in option}
        return values

    @api.model
    def _change_options(self, definition, given):
        """Make the choices of a field those that are given, in their order.

        One that is left out is archived, as customers may have it.
        """
        known = {
            option.code: option
            for option in definition.with_context(active_test=False).option_ids
        }
        for sequence, option in enumerate(given):
            values = self._option_values(option, sequence)
            record = known.pop(option["code"], None)
            if record:
                if "label" not in option:
                    del values["name"]
                del values["code"]
                record.write({"active": True, **values})
            else:
                record = definition.option_ids.create(
                    {**values, "field_id": definition.id}
                )
            self._translate(record, option)
        for sequence, record in enumerate(known.values(), len(given)):
            record.write({"active": False, "sequence": sequence})
        definition.invalidate_recordset(["option_ids"])

    @api.model
    def _field_row(self, definition):
        """A definition as the schema ``Field`` has it."""
        options = definition.with_context(active_test=False).option_ids
        return {
            "key": definition.key,
            "type": definition.type,
            "label": definition.name,
            "role": definition.role or None,
            "section": definition.section_id.key or None,
            "required": definition.required,
            "active": definition.active,
            "help": definition.help or None,
            "placeholder": definition.placeholder or None,
            "rules": definition.rules or {},
            "options": [
                {
                    "code": option.code,
                    "label": option.name,
                    "color": option.color,
                    "active": option.active,
                }
                for option in options.sorted()
            ],
            "slot": definition.slot or None,
            **{name: definition[name] for name in SHOWN},
        }

    # Sections and industries

    @api.model
    def _do_list_sections(self, _arguments):
        sections = self.env["mini_crm.field.section"].search([])
        return {"items": [self._section_row(section) for section in sections]}

    @api.model
    def _do_create_section(self, _arguments, body):
        sections = self.env["mini_crm.field.section"]
        sections.check_access("create")
        if sections.search_count([("key", "=", body["key"])]):
            text = self.env._("There is a section with this key already.")
            errors = [error("/key", "key_taken", text, body["key"])]
            raise Problem(409, text, code="key_taken", errors=errors)
        values = {"key": body["key"], "name": body["name"].strip()}
        if "sequence" in body:
            values["sequence"] = int(body["sequence"])
        return self._section_row(sections.create(values))

    @api.model
    def _section_row(self, section):
        return {
            "key": section.key,
            "name": section.name,
            "sequence": section.sequence,
        }

    @api.model
    def _do_list_industries(self, _arguments):
        return {
            "items": [
                {
                    "key": industry.key,
                    "name": industry.name,
                    "description": industry.description or None,
                    "fields": industry.field_ids.mapped("key"),
                }
                for industry in self.env["mini_crm.industry"].search([])
            ]
        }

    @api.model
    def _do_apply_industry(self, arguments):
        industry = self.env["mini_crm.industry"].search(
            [("key", "=", arguments["key"])]
        )
        if not industry:
            raise Problem(404, self._status_text(404))
        industry.check_access("write")
        industry.apply()
        return self._do_list_fields({"archived": False})
