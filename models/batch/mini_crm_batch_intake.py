import json

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...engine.field_keys import key_of
from ...engine.field_rules import FieldRule
from ...engine.fields import SLOT_COUNTS
from ...engine.intake import proposed_type, same_field, sound_options
from ..field.field_texts import stored_texts
from ..field.filled_sql import EXTRA
from .intake_source import choice_text
from .mini_crm_batch_intake_read import NEW

SHOWN_SAMPLES = 3
LONGEST = 100  # characters of a label
MANY = 50  # sources of one batch


class MiniCrmBatch(models.Model):
    """Bringing in what a database has elsewhere already: the offer and the choice.

    Values of the sources (``_intake_sources``) are read as if somebody had typed them
    into custom fields, and written there. The sources are never changed. What is chosen
    stands in ``settings["sources"]``, a list of ``source``, ``label``, ``type``,
    ``key`` (of a custom field there is; empty: a new one), ``replace`` (whether values
    of the customers give way), ``named`` (the label is the source's own); with
    ``header``, their labels, and ``place``, [type, slot] by key.

    The check plans every portion as the run does, and writes nothing but reasons.
    """

    _inherit = "mini_crm.batch"

    kind = fields.Selection(
        selection_add=[("migration", "Fields brought in")],
        ondelete={"migration": "cascade"},
    )

    # The offer

    @api.model
    def _intake_offer(self):
        """What there is to bring in, with a proposal for each: list of dict.

        :return: ``source``, ``label``, ``kind`` (own, property, column), ``count`` of
            customers with a value, ``samples`` (first ones, texts), ``choices``
            (labels), ``type`` and ``key`` (proposed)
        """
        sources = self._intake_sources()
        counts = self._intake_counts(sources)
        known = {d.key: stored_texts(d, "name").values() for d in self._intake_fields()}
        return [
            self._intake_entry(sources[name], count, known)
            for name, count in counts.items()
        ]

    def _intake_fields(self):
        """Custom fields in use that the user knows: records."""
        rules = self.env["mini_crm.field"]._rules()
        return self.env["mini_crm.field"].search([("key", "in", list(rules))])

    def _intake_entry(self, source, count, known):
        lang = self._intake_lang()
        values = self._intake_samples(source)
        first = {json.dumps(value): value for value in values}
        first = list(first.values())[:SHOWN_SAMPLES]
        names = self._intake_names(source, first)
        samples = [
            str(self._intake_writings(source, value, names, codes=False)[0])
            for value in first
        ]
        texts = [str(value) for value in values if source.kind == "char"]
        region = self.env["res.partner"]._phone_region({})
        own = source.name.removeprefix("x_studio_").removeprefix("x_")
        return {
            "source": source.name,
            "label": source.label(lang)[:LONGEST],
            "kind": "property"
            if source.is_property
            else "own"
            if source.name.startswith("x_")
            else "column",
            "count": count,
            "samples": samples,
            "choices": [
                choice_text(labels, code, lang) for code, labels in source.choices
            ],
            "type": proposed_type(source.kind, source.choices, texts, region),
            "key": same_field({own, *source.labels.values()}, known) or "",
        }

    # The choice

    @api.model
    def _intake_check(self, choices):
        """Have a batch look at what would become of every value.

        :param list choices: dicts with ``source``, and ``label``, ``type``, ``key``,
            ``replace`` where they are not as proposed
        :return: the batch, being checked
        :raises UserError: says which choice is not possible
        """
        self._check_manager()
        self.env["res.partner"].check_access("write")
        offer = {entry["source"]: entry for entry in self._intake_offer()}
        if not isinstance(choices, list) or not 0 < len(choices) <= MANY:
            raise UserError(self.env._("Choose what is to be brought in."))
        entries = [self._intake_choice(offer, choice) for choice in choices]
        self._check_intake(entries)
        rules = self.env["mini_crm.field"]._rules()
        labels = [entry["label"] for entry in entries]
        # sudo: nobody may write batches but this code
        batch = self.sudo().create(
            {
                "kind": "migration",
                "name": self.env._("Bring in: %s", ", ".join(labels))[:200],
                "total": sum(offer[entry["source"]]["count"] for entry in entries),
                "settings": {
                    "sources": entries,
                    "header": labels,
                    "companies": self.env.companies.ids,
                    "place": {
                        entry["key"]: [
                            rules[entry["key"]].type,
                            rules[entry["key"]].slot,
                        ]
                        for entry in entries
                        if entry["key"]
                    },
                },
            }
        )
        batch._set_checking()
        return batch

    def _intake_choice(self, offer, choice):
        """A choice in its stored form, over what is proposed: dict."""
        name = choice.get("source") if isinstance(choice, dict) else None
        proposal = offer.get(name)
        if not proposal:
            raise UserError(self.env._("There is nothing to bring in from “%s”.", name))
        given = {key: choice.get(key, proposal.get(key)) for key in ("type", "key")}
        label = " ".join(str(choice.get("label") or proposal["label"]).split())
        if given["key"] and given["key"] not in self.env["mini_crm.field"]._rules():
            raise UserError(self.env._("There is no custom field “%s”.", given["key"]))
        if given["type"] not in SLOT_COUNTS:
            raise UserError(self.env._("Choose the type of the field “%s”.", label))
        return {
            "source": name,
            "key": given["key"] or "",
            "type": given["type"],
            "label": self.env["mini_crm.field"]._label(given["key"])
            if given["key"]
            else label[:LONGEST],
            "named": label == proposal["label"],
            "replace": bool(choice.get("replace")),
        }

    def _check_intake(self, entries):
        """:raises UserError: if these cannot be brought in together, or by this user"""
        keys = [entry["key"] for entry in entries if entry["key"]]
        sources = [entry["source"] for entry in entries]
        for twice in (keys, sources):
            if len(set(twice)) < len(twice):
                raise UserError(
                    self.env._("Two of these go into the same field. Choose another.")
                )
        if len(keys) < len(entries):
            self._check_intake_fields()
        known = self._intake_sources()
        for entry in entries:
            select = entry["type"] == "select" and not entry["key"]
            if select and not sound_options(known[entry["source"]].choices):
                raise UserError(
                    self.env._(
                        "“%s” has no list of choices. Choose another type.",
                        entry["label"],
                    )
                )

    def _check_intake_fields(self):
        """:raises AccessError: for who may not make custom fields"""
        if not self.env["mini_crm.field"].sudo(False).has_access("create"):
            raise AccessError(
                self.env._(
                    "Only administrators make custom fields. Choose one there is."
                )
            )

    # The start

    def _intake_run(self):
        """Make the new fields and begin: what was checked is going to be written.

        :raises UserError: unless it has been checked by this user
        """
        self.ensure_one()
        if self.kind != "migration" or self.state != "ready":
            raise UserError(self.env._("Look first at what would be brought in."))
        if any(not entry["key"] for entry in self.settings["sources"]):
            self._check_intake_fields()
            self._make_intake_fields()
        self._drop_rows(self.ids)
        self._set_running()

    def _set_going(self):  # pylint: disable=missing-return
        if self.kind != "migration" or self.started_at or self.undone_by_id:
            super()._set_going()
            return
        # nothing may be written that nobody has looked at: it looks anew
        self._drop_rows(self.ids)
        self.report = False
        self._set_checking()

    def _make_intake_fields(self):
        """Make a custom field for each source that has none yet.

        Where all slots of a type are taken a field keeps its values beyond them.
        """
        # sudo(False): whether somebody may make fields is not for a batch to decide
        model = self.env["mini_crm.field"].sudo(False)
        free = {kind: len(slots) for kind, slots in model._free_slots().items()}
        sources, entries, made = self._intake_sources(), [], []
        place = dict(self.settings["place"])
        for entry in self.settings["sources"]:
            if not entry["key"] and entry["source"] in sources:
                kind = entry["type"]
                free[kind] = free.get(kind, 0) - 1
                definition = self._make_intake_field(
                    model, sources[entry["source"]], entry, free[kind] >= 0
                )
                made.append(definition.id)
                place[definition.key] = [definition.type, definition.slot or None]
                entry = {**entry, "key": definition.key}
            entries.append(entry)
        self.settings = {
            **self.settings,
            "sources": entries,
            "place": place,
            "made": made,
        }

    def _make_intake_field(self, model, source, entry, slot):
        """A custom field like a source: record."""
        lang = self._intake_lang()
        values = {"name": entry["label"], "type": entry["type"]}
        if entry["type"] == "select":
            values["option_ids"] = [
                Command.create(
                    {
                        "code": code,
                        "name": choice_text(labels, code, lang),
                        "sequence": (index + 1) * 10,
                    }
                )
                for index, (code, labels) in enumerate(source.choices)
            ]
        if not slot:
            values |= {"slot": False, "key": self._unused_key(entry["label"])}
        definition = model.create(values)
        if entry["named"]:
            self._translate_intake(definition, source.labels)
        for option in definition.option_ids:
            self._translate_intake(option, dict(source.choices).get(option.code, {}))
        self.env["mini_crm.version"]._renew()
        return definition

    def _translate_intake(self, record, labels):
        """Give a record the labels of a source in the languages in use."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        texts = {
            lang: text[:LONGEST]
            for lang, text in labels.items()
            if lang in installed and text
        }
        if texts:
            record.update_field_translations("name", texts)

    def _unused_key(self, label):
        """A key under which no customer has anything beyond the slots."""
        partners = self.env["res.partner"]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT k FROM res_partner p,
                    jsonb_object_keys(p.%(extra)s) k
                WHERE jsonb_typeof(p.%(extra)s) = 'object'""",
                extra=SQL.identifier(EXTRA),
            )
        )
        used = {row[0] for row in self.env.cr.fetchall()}
        return key_of(
            label, used.union(self.env["mini_crm.field"]._keys(), partners._fields)
        )

    # What is read how

    def _intake_rules(self):
        """Rule of each entry of ``settings["sources"]``: list of FieldRule, ``None``
        where the field is not any more what it was.

        A field that is still to be made has the key ``new:`` and its number.
        """
        rules, sources = self.env["mini_crm.field"]._rules(), self._intake_sources()
        found = []
        for index, entry in enumerate(self.settings["sources"]):
            source = sources.get(entry["source"])
            if entry["key"]:
                rule = rules.get(entry["key"])
                place = rule and [rule.type, rule.slot]
                found.append(
                    rule if place == self.settings["place"][entry["key"]] else None
                )
                continue
            options = ()
            if source and entry["type"] == "select":
                options = sound_options(source.choices)
            found.append(FieldRule(f"{NEW}{index}", entry["type"], options=options))
        return found
