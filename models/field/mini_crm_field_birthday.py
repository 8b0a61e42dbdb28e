from odoo import api, models
from odoo.exceptions import ValidationError


class MiniCrmField(models.Model):
    """The role of a birthday: rules and reminders find the field by it."""

    _inherit = "mini_crm.field"

    @api.constrains("role", "type", "active")
    def _check_role(self):
        for definition in self.filtered("role"):
            if definition.type != "date":
                raise ValidationError(
                    self.env._("%s: only a date can be the birthday.", definition.name)
                )
            others = self.search(
                [("role", "=", definition.role), ("id", "!=", definition.id)], limit=1
            )
            if definition.active and others:
                raise ValidationError(
                    self.env._(
                        "%s is the birthday already. Take that role from it, or archive"
                        " it, first.",
                        others.name,
                    )
                )

    @api.model
    def _make_birth_date(self):
        """Make the field of the birth date, unless there is one by its key or role.

        Once: on installation, and on the upgrade from before there was one. Where all
        dates are in use it keeps its values beyond the slots.
        """
        everything = self.with_context(active_test=False)
        if everything.search(
            ["|", ("key", "=", "birth_date"), ("role", "=", "birthday")], limit=1
        ):
            return
        values = {
            "key": "birth_date",
            "name": "Birth date",
            "type": "date",
            "role": "birthday",
            "sequence": 1,
        }
        if not self._free_slots().get("date"):
            values["slot"] = False
        definition = self.with_context(lang="en_US")._load_records(
            [
                {
                    "xml_id": "mini_crm.mini_crm_field_birth_date",
                    "values": values,
                    "noupdate": True,
                }
            ]
        )
        for code, _name in self.env["res.lang"].get_installed():
            local = definition.with_context(lang=code)
            local.name = local.env._("Birth date")
