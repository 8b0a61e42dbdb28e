from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mini_crm_field_builder_changes import SHOWN, TEXTS

READ = (
    *("name", "key", "type", "role", "slot", "section_id", "sequence", "required"),
    *("active", "help", "placeholder", "rules"),
    *SHOWN,
)


class MiniCrmField(models.Model):
    """What the form builder shows, and the changes that it makes."""

    _inherit = "mini_crm.field"

    @api.model
    def builder_state(self):
        """Everything that the form builder shows, in one call; for administrators.

        :return: ``fields`` and ``archived`` (lists of dicts, in display order, with
            ``options`` and ``texts``: {name: {language: text}}), ``sections``,
            ``slots`` (as ``slots()``), ``languages`` (list of {code, name}),
            ``preview`` ({view, customer}: ids), ``industries`` (bool: there are
            templates to start from)
        :rtype: dict
        """
        self.check_access("create")
        definitions = self.with_context(active_test=False).search([])
        options = self._builder_options(definitions)
        texts = self._builder_texts("field", definitions)
        rows = [
            {**row, "options": options.get(row["id"], []), "texts": texts[row["id"]]}
            for row in definitions.read(READ, load="")
        ]
        return {
            "fields": [row for row in rows if row["active"]],
            "archived": [row for row in rows if not row["active"]],
            "sections": self._builder_sections(),
            "slots": self.slots(),
            "languages": [
                {"code": code, "name": name}
                for code, name in self.env["res.lang"].get_installed()
            ],
            "preview": self._builder_preview(),
            "industries": bool(
                self.env.ref(
                    "mini_crm.mini_crm_industry_action", raise_if_not_found=False
                )
            ),
        }

    def _builder_sections(self):
        sections = self.env["mini_crm.field.section"].search([])
        texts = self._builder_texts("section", sections)
        return [
            {**row, "texts": texts[row["id"]]}
            for row in sections.read(["name", "key", "sequence"])
        ]

    def _builder_options(self, definitions):
        """{field id: choices in order, archived ones too}."""
        options = definitions.option_ids.sorted()
        texts = self._builder_texts("option", options)
        by_field = {}
        for row in options.read(
            ["field_id", "name", "code", "sequence", "color", "active"], load=""
        ):
            row["texts"] = texts[row["id"]]
            by_field.setdefault(row["field_id"], []).append(row)
        return by_field

    def _builder_texts(self, part, records):
        """Translated texts as stored: {id: {name: {language: text}}}, by one query."""
        names = TEXTS[part]
        records.flush_model(names)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL.identifier(records._table),
                records.ids,
            )
        )
        return {
            row[0]: {
                name: texts or {} for name, texts in zip(names, row[1:], strict=True)
            }
            for row in rows
        }

    def _builder_preview(self):
        """Ids of the real form and of the newest contact to show in it."""
        customer = self.env["res.partner"].search(
            [("type", "=", "contact"), ("partner_share", "=", True)],
            order="id desc",
            limit=1,
        )
        return {
            "view": self.env.ref("mini_crm.mini_crm_customer_view_form").id,
            "customer": customer.id,
        }

    @api.model
    def builder_apply(self, operation):
        """Make one change of the form builder; for administrators.

        :param dict operation: ``kind`` is create, discard, write, translate, place,
            order, archive or restore; ``part`` (where several have the kind) is field,
            section or option; the rest stands at the method of the kind. The client
            knows the inverse of each (``form_history.js``).
        :return: ``state`` (as ``builder_state()``), ``id`` of what was created,
            ``kept`` (bool: discarded, but archived because somebody uses it)
        :rtype: dict
        :raise UserError: when what is to be changed is gone, or must not be changed
        """
        self.check_access("write")
        kinds = {
            "create": self._builder_create,
            "discard": self._builder_discard,
            "write": self._builder_write,
            "translate": self._builder_translate,
            "place": self._builder_place,
            "order": self._builder_order,
            "archive": self._builder_archive,
            "restore": self._builder_restore,
        }
        if operation.get("kind") not in kinds:
            raise UserError(self.env._("The form builder knows no such change."))
        result = kinds[operation["kind"]](operation) or {}
        return {**result, "state": self.builder_state()}

    @api.model
    def builder_try(self, field_id, value):
        """What would become of a value that somebody enters; for administrators.

        :param int field_id: id of the field
        :param value: str, as typed
        :return: ``stored`` (str, as it would be kept; empty: nothing) and ``message``
            (str: why it is refused; empty: it is not)
        :rtype: dict
        """
        self.check_access("write")
        definition = self._builder_find("field", field_id)
        vals, problems = self.env["res.partner"]._custom_problems(
            {definition.key: value}
        )
        stored = vals.get(definition.slot) if definition.slot else None
        if not definition.slot:
            stored = (vals.get("custom_fields_extra") or {}).get(definition.key)
        return {
            "stored": "" if stored is None or stored is False else str(stored),
            "message": "\n".join(problem["message"] for problem in problems),
        }
