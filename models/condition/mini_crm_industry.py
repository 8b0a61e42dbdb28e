import hashlib
import json
import re

from odoo import SUPERUSER_ID, api, fields, models

from ...engine.conditions import ConditionProblem
from ...engine.industries import CUSTOM
from ..field.field_texts import SOURCE, fill_texts, languages, stored_texts


class MiniCrmIndustry(models.Model):
    """The stored conditions of a template become the shop's own, and go with it.

    A rule is known by its key, ``<industry>.<key of the template>``; one that asks for
    the same and is called the same is shared, not doubled.
    """

    _inherit = "mini_crm.industry"

    applied_rules = fields.Json(
        "Rules It Added",
        readonly=True,
        copy=False,
        help="{model: {id: digest of what it was like}}",
    )

    @api.model
    def _rule_parts(self):
        """Extension list: (field with a template's rules, model that they become)."""
        return []

    def preview(self):
        steps = self._plan()
        result = super().preview()
        for part, model in self._rule_parts():
            there = {rule.key for rule in self._rules_of(model)}
            for shown, entry in zip(result[part], self[part] or [], strict=True):
                if self._rule_key(entry) in there:
                    shown["status"] = "present"
                else:
                    lacking = self._lacks_field(entry, steps)
                    shown["status"] = "skipped" if lacking else "new"
        return result

    def _rules_of(self, model):
        """The company's rules of a kind, archived ones too."""
        rules = self.env[model].with_context(active_test=False)
        return rules.search([("company_id", "=", self.env.company.id)])

    def _rule_key(self, entry):
        return f"{self.key}.{entry['key']}"

    @api.model
    def _lacks_field(self, entry, steps):
        """Whether a rule asks for a field that is left out or gets no column."""
        keys = re.findall(rf'"{CUSTOM}(\w+)', json.dumps(entry["domain"]))
        return any(
            key in steps
            and (steps[key].status == "conflict" or steps[key].room == "extra")
            for key in keys
        )

    # Applying

    def apply(self):
        """Also makes the rules of the template.

        :return: besides what fields say ``rules`` and ``rules_skipped``: lists of
            ``{model, id, name}`` of those that were made, and names of those that ask
            for a field that is not there; ``undo_rules`` is what ``remove()`` takes to
            undo this call alone: {model: ids}
        """
        result = super().apply()
        steps = self._plan()
        made, skipped, known = [], [], dict(self.applied_rules or {})
        for part, model in self._rule_parts():
            for entry in self[part] or []:
                domain = self._rule_domain(entry, steps)
                if domain is None:
                    skipped.append(self._text(entry["name"]))
                    continue
                rule, is_new = self._add_rule(model, entry, domain)
                own = dict(known.get(model, {}))
                if is_new:
                    made.append(rule)
                    own[str(rule.id)] = _digest(rule)
                else:
                    own.setdefault(str(rule.id), None)
                known[model] = own
        self.applied_rules = known or False
        return {
            **result,
            "rules": [
                {"model": rule._name, "id": rule.id, "name": rule.name} for rule in made
            ],
            "rules_skipped": skipped,
            "undo_rules": {
                model: [rule.id for rule in made if rule._name == model]
                for _part, model in self._rule_parts()
            },
        }

    def _rule_domain(self, entry, steps):
        """The condition of a template's rule in the shop's columns, ``None`` if it asks
        for a field that is not there."""
        renamed = json.dumps(entry["domain"])
        for key, step in steps.items():
            if step.match and step.match != key:
                renamed = re.sub(
                    rf'"{CUSTOM}{key}(?=["\.])', f'"{CUSTOM}{step.match}', renamed
                )
        if self._lacks_field({"domain": json.loads(renamed)}, steps):
            return None
        try:
            return self.env["mini_crm.condition"]._from_template(renamed)
        except ConditionProblem:
            # a field of another type has the key
            return None

    def _add_rule(self, model, entry, domain):
        """The rule of a template's entry: (record, whether it is new)."""
        kind = self.env[model]
        values = {
            "key": self._rule_key(entry),
            "name": entry["name"][SOURCE],
            "domain": domain,
            "company_id": self.env.company.id,
            # as of the rules that ship: it finds what the shop has
            "user_id": SUPERUSER_ID,
            **kind._template_values(entry),
        }
        rules = self._rules_of(model).with_context(lang=SOURCE)
        same = rules.filtered(lambda rule: rule.key == values["key"])
        same = same or rules.filtered(
            lambda rule: rule.domain == domain and rule.name == values["name"]
        )
        if same:
            return same[0].with_env(self.env), False
        rule = kind.with_context(lang=SOURCE).create(values)
        for lang in languages(self.env):
            texts = [(rule.id, values["name"], entry["name"].get(lang))]
            fill_texts(kind, "name", lang, texts)
        return rule.with_env(self.env), True

    @api.model
    def _translate_templates(self, lang):  # pylint: disable=missing-return
        super()._translate_templates(lang)
        for industry in self.search([("applied_rules", "!=", False)]):
            for part, model in self._rule_parts():
                # sudo: of all companies
                rules = self.env[model].sudo().with_context(active_test=False)
                for entry in industry[part] or []:
                    key = industry._rule_key(entry)
                    found = rules.search([("key", "=", key)])
                    names = entry["name"]
                    rows = [(r.id, names[SOURCE], names.get(lang)) for r in found]
                    fill_texts(rules, "name", lang, rows)

    # Taking away

    def remove(self, field_ids=None, rule_ids=None):
        """Also takes the rules away that nobody has changed and nothing uses.

        :param dict rule_ids: only these, as ``apply()`` gives them in ``undo_rules``,
            and those that ask for one of the fields ``field_ids``; default with
            ``field_ids``: the latter alone, else all
        :return: besides what fields say ``rules_removed``: names, and ``rules_kept``:
            list of ``{name, reason, industry}``, reasons ``changed``, ``used``,
            ``shared``
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_definitions()
        removed, kept, known = [], [], dict(self.applied_rules or {})
        for model in [model for _part, model in self._rule_parts()]:
            own = dict(known.get(model, {}))
            asked = self._rules_asked(model, own, field_ids, rule_ids)
            for rule in asked:
                reason = self._reason_to_keep_rule(rule, own[str(rule.id)])
                if reason and reason["reason"] != "shared":
                    kept.append({"name": rule.name, **reason})
                    continue
                digest = own.pop(str(rule.id))
                if reason:
                    self._hand_rule_over(rule, digest)
                    kept.append({"name": rule.name, **reason})
                elif digest:
                    removed.append(rule.name)
                    rule._drop_from_template()
            known[model] = own
        self.applied_rules = {m: own for m, own in known.items() if own} or False
        result = super().remove(field_ids)
        return {**result, "rules_removed": removed, "rules_kept": kept}

    def _rules_asked(self, model, own, field_ids, rule_ids):
        """Which of the rules that this template has should go: records."""
        rules = self.env[model].with_context(active_test=False)
        rules = rules.browse(int(number) for number in own).exists()
        if field_ids is None and rule_ids is None:
            return rules
        named = set((rule_ids or {}).get(model, []))
        slots = self.env["mini_crm.field"].browse(field_ids or []).mapped("slot")
        words = [re.compile(rf"\b{slot}\b") for slot in slots if slot]
        return rules.filtered(
            lambda rule: (
                rule.id in named or any(word.search(rule.domain) for word in words)
            )
        )

    def _reason_to_keep_rule(self, rule, digest):
        """Why a rule must stay: ``{reason, industry}``, or ``None``."""
        sharing = [
            other.name
            for other in self._others_with_rules()
            if str(rule.id) in other.applied_rules.get(rule._name, {})
        ]
        if sharing:
            return {"reason": "shared", "industry": sharing[0]}
        if digest and digest != _digest(rule):
            return {"reason": "changed", "industry": ""}
        if digest and rule._usages():
            return {"reason": "used", "industry": ""}
        return None

    def _others_with_rules(self):
        return self.with_context(active_test=False).search(
            [("applied_rules", "!=", False), ("id", "not in", self.ids)]
        )

    def _hand_rule_over(self, rule, digest):
        """Leave a rule to another template that has it as well."""
        for other in self._others_with_rules():
            own = other.applied_rules.get(rule._name, {})
            if str(rule.id) in own:
                digest = own[str(rule.id)] or digest
                other.applied_rules = {
                    **other.applied_rules,
                    rule._name: {**own, str(rule.id): digest},
                }
                return


def _digest(rule):
    """Digest of what people can change of a rule: hexadecimal str."""
    state = [
        stored_texts(rule, "name").get(SOURCE),
        rule.domain,
        rule.active,
        rule.user_id.id,
        *rule._template_state(),
    ]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()
