from odoo import api, models

from ...engine.export_columns import COLUMNS, custom_column


class MiniCrmExportLog(models.Model):
    """Which columns an export can have, and what they are called."""

    _inherit = "mini_crm.export.log"

    @api.model
    def _columns(self):
        """The columns that the user may read, in their usual order:
        {name: ExportColumn}."""
        customers = self.env["res.partner"]
        rules = self.env["mini_crm.field"]._rules().values()
        own = [custom_column(rule.key, rule.type, rule.slot) for rule in rules]
        return {
            column.name: column
            for column in (*COLUMNS.values(), *own)
            if self._may_read(customers, column.field)
        }

    @api.model
    def _may_read(self, customers, name):
        """Whether a user may read a field of contacts.

        :param customers: model of contacts in the environment of the user
        """
        field = customers._fields.get(name)
        return field is not None and customers._has_field_access(field, "read")

    @api.model
    def _column_labels(self):
        """What the columns are called in the user's language: {name: str}.

        Those that an import knows are called as it calls them.
        """
        # sudo: what fields are called is no secret, and who exports may not import
        imports = self.env["mini_crm.batch"].sudo().new({"kind": "import_customers"})
        figures = self.env["res.partner"].fields_get(
            [c.field for c in COLUMNS.values() if c.group == "figures"], ["string"]
        )
        labels = {
            name: figures[column.field]["string"]
            for name, column in COLUMNS.items()
            if column.field in figures
        }
        _ = self.env._
        labels |= {
            "state": _("State"),
            "journey_stage": _("Stage"),
            "segments": _("Segments"),
            "owner": _("Owner"),
            "currency": _("Currency"),
            "total_spent": _("Spent"),
            "average_order_value": _("Average order"),
            "total_purchases": _("Purchases"),
            "response_rate": _("Response rate"),
        }
        return labels | imports._field_labels()

    @api.model
    def _choice_labels(self, people):
        """Labels of choices and languages: {column: {code: label}}.

        :param bool people: else codes stay as they are
        """
        if not people:
            return {"crm_health": {}, "journey_stage": {}, "lang": {}}
        described = self.env["res.partner"].fields_get(
            ["crm_health", "journey_stage"], ["selection"]
        )
        labels = {name: dict(d["selection"]) for name, d in described.items()}
        return labels | {"lang": dict(self.env["res.lang"].get_installed())}
