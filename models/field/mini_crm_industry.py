from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import industries
from .field_texts import SOURCE
from .mini_crm_industry_rules import problem_text


class MiniCrmIndustry(models.Model):
    """Template of an industry: the custom fields that its shops use.

    Of its segments and tag rules the rooms make their own. Each is an object
    ``{key, name: {language: text}, color, domain}``; ``engine.industries`` says what
    the domain may hold.
    """

    _name = "mini_crm.industry"
    _description = "Industry"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(required=True)
    description = fields.Char(translate=True)
    icon = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    field_ids = fields.One2many("mini_crm.industry.field", "industry_id")
    sections = fields.Json(
        help="Sections of its fields: list of {key, name: {language: text}}."
    )
    segments = fields.Json(help="Segments that come with it: list of objects.")
    tag_rules = fields.Json(help="Tag rules that come with it: list of objects.")
    is_applied = fields.Boolean("Applied", readonly=True, copy=False)
    applied = fields.Json(
        "What It Added",
        readonly=True,
        copy=False,
        help="fields: {id: {state, digest, filled}}, sections: list of ids.",
    )
    field_count = fields.Integer("Number of Fields", compute="_compute_field_count")

    _key_uniq = models.UniqueIndex("(key)", "Another industry uses this key already.")

    @api.depends("field_ids")
    def _compute_field_count(self):
        for industry in self:
            industry.field_count = len(industry.field_ids)

    @api.constrains("segments", "tag_rules", "sections", "field_ids")
    def _check_rules(self):
        self._check_parts()
        for industry in self:
            known = {
                field.key: (field.type, {o["code"] for o in field.options or []})
                for field in industry.field_ids
            }
            for rule in [*(industry.segments or []), *(industry.tag_rules or [])]:
                for code, details in industries.domain_problems(rule["domain"], known):
                    raise ValidationError(
                        problem_text(self.env, code, rule["key"], details)
                    )

    def _check_parts(self):
        for industry in self:
            rules = (industry.segments or [], industry.tag_rules or [])
            if not all(industries.are_rules(entries) for entries in rules):
                raise ValidationError(
                    self.env._(
                        "%s: segments and tag rules are lists of objects with key,"
                        " name, color and domain; a name needs its English text"
                        " (en_US).",
                        industry.name,
                    )
                )
            if not industries.are_sections(industry.sections or []):
                raise ValidationError(
                    self.env._(
                        "%s: sections are a list of objects with key and name; a name"
                        " needs its English text (en_US).",
                        industry.name,
                    )
                )

    # The gallery and the preview

    @api.model
    def gallery(self):
        """What the screen of industries shows; for administrators.

        :return: ``{industries: [{id, key, name, description, icon, field_count,
            applied}], form_builder: bool}``; the latter: there is one to go on to
        :rtype: dict
        """
        self.check_access("write")
        builder = self.env.ref(
            "mini_crm.mini_crm_field_builder_action", raise_if_not_found=False
        )
        return {
            "industries": [
                {
                    "id": industry.id,
                    "key": industry.key,
                    "name": industry.name,
                    "description": industry.description or "",
                    "icon": industry.icon or "fa-th-large",
                    "field_count": industry.field_count,
                    "applied": industry.is_applied,
                }
                for industry in self.search([])
            ],
            "form_builder": bool(builder),
        }

    def preview(self):
        """What applying this template would do; for administrators.

        :return: ``{id, name, description, icon, applied, sections, slots, counts,
            segments, tag_rules}``. A section is ``{key, name, new, fields}``, a field
            ``{key, name, help, type, type_label, options: [{label, color}], status,
            room, existing}`` with status and room as in ``engine.industries.Step``;
            ``existing``, a ``{name, type_label}``, is the field that is there already,
            or ``False``. ``slots`` lists ``{type, type_label, taken, free, missing}``
            of the types that take some, ``counts`` is {status: number}.
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        steps = self._plan()
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description or "",
            "icon": self.icon or "fa-th-large",
            "applied": self.is_applied,
            "sections": self._preview_sections(steps),
            "slots": self._preview_slots(steps),
            "counts": {
                status: sum(step.status == status for step in steps.values())
                for status in ("new", "restore", "present", "conflict")
            },
            "segments": self._preview_rules(self.segments),
            "tag_rules": self._preview_rules(self.tag_rules),
        }

    def _plan(self):
        """What becomes of each field: {key: Step}."""
        wanted = [
            industries.Wanted(field.key, field.type, field.role or None)
            for field in self.field_ids
        ]
        defined = [
            industries.Defined(
                field.key,
                field.type,
                field.role or None,
                field.active,
                field.slot or None,
                field.released,
            )
            for field in self._definitions().values()
        ]
        slots = self.env["mini_crm.field"].slots()
        free = {kind: numbers["free"] for kind, numbers in slots.items()}
        return {step.key: step for step in industries.plan(wanted, defined, free)}

    def _definitions(self):
        """All fields that are defined, archived ones too: {key: record}."""
        definitions = self.env["mini_crm.field"].with_context(active_test=False)
        return {field.key: field for field in definitions.search([])}

    def _preview_sections(self, steps):
        labels = {entry["key"]: entry["name"] for entry in self.sections or []}
        there = set(self.env["mini_crm.field.section"].search([]).mapped("key"))
        definitions = self._definitions()
        kinds = self._type_labels()
        result = {}
        for field in self.field_ids:
            key = field.section or ""
            section = result.setdefault(
                key,
                {
                    "key": key,
                    "name": self._text(labels.get(key)),
                    "new": bool(key) and key not in there,
                    "fields": [],
                },
            )
            step = steps[field.key]
            section["fields"].append(
                field._preview(step, definitions.get(step.match), kinds)
            )
        return list(result.values())

    def _preview_slots(self, steps):
        slots, kinds = self.env["mini_crm.field"].slots(), self._type_labels()
        result = []
        for kind, label in kinds.items():
            rooms = [
                steps[field.key].room for field in self.field_ids if field.type == kind
            ]
            taken, missing = rooms.count("slot"), rooms.count("extra")
            if taken or missing:
                result.append(
                    {
                        "type": kind,
                        "type_label": label,
                        "taken": taken,
                        "free": slots[kind]["free"],
                        "missing": missing,
                    }
                )
        return result

    def _preview_rules(self, rules):
        return [
            {
                "key": rule["key"],
                "name": self._text(rule["name"]),
                "color": rule.get("color", 0),
            }
            for rule in rules or []
        ]

    def _type_labels(self):
        """Types of custom fields in the user's language: {type: label}."""
        types = self.env["mini_crm.field"]._fields["type"]
        return dict(types._description_selection(self.env))

    def _text(self, texts):
        """The user's language of a {language: text}, else its source; "" if empty."""
        texts = texts or {}
        return texts.get(self.env.lang) or texts.get(SOURCE) or ""
