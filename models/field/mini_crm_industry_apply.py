from odoo import api, models
from odoo.tools import SQL

from .applied_fields import TEXTS, count_values, digest
from .field_texts import SOURCE, fill_texts, languages, stored_texts


class MiniCrmIndustry(models.Model):
    """Applying a template: its sections and fields become the shop's own."""

    _inherit = "mini_crm.industry"

    def apply(self):
        """Add the sections and fields of this template; for administrators.

        Applying again adds nothing. No contact is written. A field whose key is used by
        a field of another type is left out; one for which no slot is left keeps its
        values without a slot.

        :return: ``{name, added, restored, present, skipped, extra, undo}``: lists of
            ``{id, key, name}`` of fields; ``extra`` are those of ``added`` and
            ``restored`` without a slot; ``undo`` is what ``remove()`` takes to undo
            this call alone: list of ids
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_definitions()
        steps = self._plan()
        definitions = self._definitions()
        matched = {
            status: self.env["mini_crm.field"].union(
                *(
                    definitions[step.match]
                    for step in steps.values()
                    if step.status == status
                )
            )
            for status in ("restore", "present", "conflict")
        }
        sections = self._add_sections(steps)
        added = self._add_fields(steps)
        filled = count_values(matched["restore"])
        matched["restore"].restore(overflow=True)
        new_ids = self._remember(
            sections, added, matched["restore"], matched["present"], filled
        )
        return {
            "name": self.name,
            "added": _listed(added),
            "restored": _listed(matched["restore"]),
            "present": _listed(matched["present"]),
            "skipped": _listed(matched["conflict"]),
            "extra": _listed(
                (added | matched["restore"]).filtered(lambda field: not field.slot)
            ),
            "undo": new_ids,
        }

    @api.model
    def _lock_definitions(self):
        """Let nobody else define fields meanwhile; who just did makes us retry."""
        self.env.cr.execute(
            SQL("SELECT id FROM mini_crm_version WHERE id = 1 FOR UPDATE")
        )

    def _add_sections(self, steps):
        """Make the sections that new fields need and that are not there: records."""
        sections = self.env["mini_crm.field.section"].with_context(lang=SOURCE)
        there = sections.search([])
        needed = {
            field.section
            for field in self.field_ids
            if field.section and steps[field.key].status == "new"
        } - set(there.mapped("key"))
        last = max(there.mapped("sequence"), default=0)
        entries = [entry for entry in self.sections or [] if entry["key"] in needed]
        added = sections.create(
            [
                {
                    "key": entry["key"],
                    "name": entry["name"][SOURCE],
                    "sequence": last + (index + 1) * 10,
                }
                for index, entry in enumerate(entries)
            ]
        )
        for lang in languages(self.env):
            self._translate_sections(added, lang)
        return added

    def _add_fields(self, steps):
        """Define the fields that are new: records."""
        sections = self.env["mini_crm.field.section"].search([])
        section_ids = {section.key: section.id for section in sections}
        new = self.field_ids.filtered(lambda field: steps[field.key].status == "new")
        added = (
            self.env["mini_crm.field"]
            .with_context(lang=SOURCE)
            .create(
                [
                    {
                        **field._definition_vals(),
                        "section_id": section_ids.get(field.section, False),
                        **({"slot": False} if steps[field.key].room == "extra" else {}),
                    }
                    for field in new.with_context(lang=SOURCE)
                ]
            )
        )
        for lang in languages(self.env):
            self._translate_fields(added, lang)
        return added.with_env(self.env)

    def _remember(self, sections, added, restored, present, filled):
        """Write down what this template has added, for ``remove()``: list of ids.

        :return: the fields that were not written down before
        """
        applied = self.applied or {}
        entries = {
            **{field: {"state": "present"} for field in present},
            **{field: {"state": "added"} for field in added},
            **{
                field: {"state": "restored", "filled": filled[field.id]}
                for field in restored
            },
        }
        for field, entry in entries.items():
            if entry["state"] != "present":
                entry["digest"] = digest(field)
        known = applied.get("fields", {})
        new = {
            str(field.id): entry
            for field, entry in entries.items()
            # Present because this template itself has added it: that stays known.
            if entry["state"] == "restored" or str(field.id) not in known
        }
        self.write(
            {
                "is_applied": True,
                "applied": {
                    "fields": {**known, **new},
                    "sections": [*applied.get("sections", []), *sections.ids],
                },
            }
        )
        return [int(field_id) for field_id in new]

    # Languages

    @api.model
    def _translate_applied(self, lang):
        """Give the fields that templates have added their texts in a language.

        What a person has changed stays; a field that nobody has changed counts as
        unchanged afterwards, too.
        """
        fields_model = self.env["mini_crm.field"].with_context(active_test=False)
        industries = self.with_context(active_test=False).search([])
        industries = industries.filtered("applied")
        for industry in industries:
            applied = industry.applied
            entries = {
                int(field_id): entry
                for field_id, entry in applied["fields"].items()
                if entry["state"] == "added"
            }
            added = fields_model.browse(entries).exists()
            unchanged = added.filtered(
                lambda field, entries=entries: (
                    digest(field) == entries[field.id]["digest"]
                )
            )
            industry._translate_fields(added, lang)
            sections = self.env["mini_crm.field.section"].browse(applied["sections"])
            industry._translate_sections(sections.exists(), lang)
            renewed = {
                str(field.id): {"state": "added", "digest": digest(field)}
                for field in unchanged
            }
            industry.applied = {**applied, "fields": {**applied["fields"], **renewed}}
        if industries:
            self.env["mini_crm.version"]._renew()

    def _translate_sections(self, sections, lang):
        texts = {entry["key"]: entry["name"] for entry in self.sections or []}
        rows = [
            (section.id, texts[section.key][SOURCE], texts[section.key].get(lang))
            for section in sections
            if section.key in texts
        ]
        fill_texts(self.env["mini_crm.field.section"], "name", lang, rows)

    def _translate_fields(self, definitions, lang):
        """Fill in this template's texts of a language; ``definitions`` came from it."""
        templates = {field.key: field for field in self.field_ids}
        pairs = [
            (definition, templates[definition.key])
            for definition in definitions
            if definition.key in templates
        ]
        for name in TEXTS:
            texts = [
                (definition, stored_texts(template, name))
                for definition, template in pairs
            ]
            rows = [(field.id, t.get(SOURCE), t.get(lang)) for field, t in texts]
            fill_texts(self.env["mini_crm.field"], name, lang, rows)
        rows = []
        for definition, template in pairs:
            labels = {o["code"]: o["labels"] for o in template.options or []}
            for option in definition.option_ids.with_context(active_test=False):
                texts = labels.get(option.code, {})
                rows.append((option.id, texts.get(SOURCE), texts.get(lang)))
        fill_texts(self.env["mini_crm.field.option"], "name", lang, rows)


def _listed(definitions):
    """Fields as the screen needs them: list of {id, key, name}."""
    return [
        {"id": field.id, "key": field.key, "name": field.name} for field in definitions
    ]
