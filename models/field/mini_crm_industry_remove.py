from odoo import models

from .applied_fields import count_values, digest
from .field_texts import stored_texts


class MiniCrmIndustry(models.Model):
    """Taking a template away again, without losing what anybody has entered."""

    _inherit = "mini_crm.industry"

    def remove(self, field_ids=None):
        """Take away what this template has added; for administrators.

        A field stays if it holds values, if a person has changed it, if something uses
        it or if another applied template brings it as well. A field that was archived
        before is archived again.

        :param list field_ids: only these, as ``apply()`` gives them in ``undo``
        :return: ``{name, removed, archived, kept}``: names of fields, and of those kept
            ``{name, reason, industry}``; a reason is ``values``, ``changed``, ``used``
            or ``shared`` (then ``industry`` names the other template)
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_definitions()
        applied = self.applied or {"fields": {}, "sections": []}
        entries = {int(key): entry for key, entry in applied["fields"].items()}
        asked = set(entries if field_ids is None else field_ids) & set(entries)
        own = (
            self.env["mini_crm.field"]
            .with_context(active_test=False)
            .browse(i for i in asked if entries[i]["state"] != "present")
            .exists()
        )
        kept = self._reasons_to_keep(own, entries)
        going = own.filtered(lambda field: field.id not in kept)
        added = going.filtered(lambda field: entries[field.id]["state"] == "added")
        archived = going - added
        result = {
            "name": self.name,
            "removed": added.mapped("name"),
            "archived": archived.mapped("name"),
            "kept": [
                {"name": field.name, **kept[field.id]}
                for field in own
                if field.id in kept
            ],
        }
        going.action_archive()
        added.unlink()
        for field_id, reason in kept.items():
            if reason["reason"] == "shared":
                self._hand_over(field_id, entries[field_id])
        stays = {i for i, reason in kept.items() if reason["reason"] != "shared"}
        self._forget(
            applied, {i: e for i, e in entries.items() if i not in asked or i in stays}
        )
        self.is_applied = bool(set(entries) - asked)
        return result

    def _reasons_to_keep(self, definitions, entries):
        """Which fields must stay and why: {id: {reason, industry}}."""
        others = self._others()
        filled = count_values(definitions)
        kept = {}
        for field in definitions:
            entry = entries[field.id]
            sharing = [o.name for o in others if str(field.id) in o.applied["fields"]]
            if sharing:
                kept[field.id] = {"reason": "shared", "industry": sharing[0]}
            elif digest(field) != entry["digest"]:
                kept[field.id] = {"reason": "changed", "industry": ""}
            elif filled[field.id] != entry.get("filled", 0):
                kept[field.id] = {"reason": "values", "industry": ""}
            elif field.usages():
                kept[field.id] = {"reason": "used", "industry": ""}
        return kept

    def _others(self):
        """The other templates that are applied."""
        return self.with_context(active_test=False).search(
            [("is_applied", "=", True), ("id", "not in", self.ids)]
        )

    def _hand_over(self, field_id, entry):
        """Leave a field to another template that brings it as well."""
        for other in self._others():
            known = other.applied["fields"]
            if str(field_id) in known:
                other.applied = {
                    **other.applied,
                    "fields": {**known, str(field_id): entry},
                }
                return

    def _forget(self, applied, entries):
        """Keep what is still there, and delete the sections that are empty now."""
        sections = self.env["mini_crm.field.section"].browse(applied["sections"])
        labels = {entry["key"]: entry["name"] for entry in self.sections or []}
        empty = sections.exists().filtered(
            lambda section: (
                not section.with_context(active_test=False).field_ids
                and stored_texts(section, "name").items()
                <= labels.get(section.key, {}).items()
            )
        )
        left = (sections.exists() - empty).ids
        empty.unlink()
        for other in self._others():
            keys = {entry["key"] for entry in other.sections or []}
            shared = [i for i in left if sections.browse(i).key in keys]
            if shared:
                known = other.applied["sections"]
                other.applied = {**other.applied, "sections": [*known, *shared]}
                left = [i for i in left if i not in shared]
        self.applied = (
            {"fields": {str(i): e for i, e in entries.items()}, "sections": left}
            if entries or left
            else False
        )
