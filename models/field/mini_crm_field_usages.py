import re

from odoo import models


class MiniCrmField(models.Model):
    """What uses a field: told before it is archived."""

    _inherit = "mini_crm.field"

    def usages(self):
        """What uses this field, for whoever may change it.

        :return: list of ``{"kind", "name", "model", "id"}``; ``kind`` is a word for
            people, ``model`` and ``id`` are the record
        :rtype: list[dict]
        """
        self.ensure_one()
        self.check_access("write")
        return self._field_usages()

    def _field_usages(self):
        """Extension list: what uses this field, see ``usages``; rooms append to it.

        :rtype: list[dict]
        """
        _ = self.env._
        found = self._used_by(_("Saved filter"), self._filters())
        if self.slot:
            found += self._used_by(_("Export template"), self._exports(), "export_id")
            found += self._used_by(_("Import mapping"), self._mappings())
        return found

    def _used_by(self, kind, records, owner=None):
        """Rows of ``usages`` for records, or for what they belong to."""
        records = records.mapped(owner) if owner else records
        names = {r.id: r[r._rec_name or "column_name"] for r in records}
        return [
            {"kind": kind, "name": names[r.id], "model": r._name, "id": r.id}
            for r in records
        ]

    def _filters(self):
        """Saved filters of contacts that name the slot."""
        # sudo: those of others break as well
        filters = self.env["ir.filters"].sudo().with_context(active_test=False)
        if not self.slot:
            return filters.browse()
        word = re.compile(rf"\b{self.slot}\b")
        candidates = filters.search(
            [
                ("model_id", "in", ("res.partner", "res.users")),
                "|",
                ("domain", "like", self.slot),
                "|",
                ("context", "like", self.slot),
                ("sort", "like", self.slot),
            ]
        )
        return candidates.filtered(
            lambda one: word.search(f"{one.domain} {one.context} {one.sort}")
        )

    def _exports(self):
        """Lines of export templates that hold the slot."""
        # sudo: as for the filters
        lines = self.env["ir.exports.line"].sudo()
        candidates = lines.search([("name", "like", self.slot)])
        return candidates.filtered(lambda one: self.slot in one.name.split("/"))

    def _mappings(self):
        """Columns that imports put into the slot."""
        # sudo: as for the filters
        return (
            self.env["base_import.mapping"]
            .sudo()
            .search([("res_model", "=", "res.partner"), ("field_name", "=", self.slot)])
        )
