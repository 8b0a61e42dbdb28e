import json
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError

from ...engine.field_values import FieldRule, ValueContext, ValueProblem, read_value
from ...engine.fields import SLOT_SET, SLOTS, slot_type
from .field_messages import problem_text
from .filled_sql import EXTRA

CUSTOM = SLOT_SET | {EXTRA}
# In the context, for values that were judged when they were first stored. An object:
# nobody can send it from outside.
STORED = object()
MAX_TOLD = 20  # problems that one message lists

# Slots without a definition keep only what their type asks for.
PLAIN_RULES = {
    slot: FieldRule(
        key=slot,
        # which choices there are only a definition knows
        type="text" if slot_type(slot) == "select" else slot_type(slot),
        slot=slot,
    )
    for slot in SLOTS
}


class ResPartner(models.Model):
    """The one door of custom values: whatever writes them, they are read and judged."""

    _inherit = "res.partner"

    def _prepare_create_values(self, vals_list):
        # the last stop before values are stored: also defaults pass here
        prepared = super()._prepare_create_values(vals_list)
        custom = [vals for vals in prepared if not CUSTOM.isdisjoint(vals)]
        if custom and self.env.context.get("mini_crm_values") is not STORED:
            self.env["mini_crm.version"]._hold()
            problems = []
            for vals in custom:
                phone = self._writes_phone(vals)
                region = self.browse()._phone_region(vals) if phone else None
                checked, wrong = self.browse()._judge(vals, region)
                extra = checked.get(EXTRA)
                vals.update(checked, **({EXTRA: _merged({}, extra)} if extra else {}))
                problems += wrong
            self._raise_problems(problems)
        return prepared

    def write(self, vals):
        """Custom values are read and judged as a whole; ``custom_fields_extra`` is
        merged key by key: ``None`` takes a key out, others stay as they are."""
        if CUSTOM.isdisjoint(vals) or (
            self.env.context.get("mini_crm_values") is STORED
        ):
            return super().write(vals)
        for partners, checked in self._judged(vals):
            super(ResPartner, partners).write(checked)
        self.invalidate_recordset(
            ["missing_required", "missing_required_names"], flush=False
        )
        return True

    def _judged(self, vals):
        """What to write to whom: list of (partners, vals).

        Parts differ where a phone is read by the customer's country, and where others
        keys of the overflow stay.
        """
        self.env["mini_crm.version"]._hold()
        parts, problems = [], []
        for region, partners in self._by_phone_region(vals).items():
            checked, wrong = partners._judge(vals, region)
            problems += wrong
            changes = checked.pop(EXTRA, None)
            if wrong or not changes:
                parts.append((partners, checked))
                continue
            by_result = defaultdict(list)
            for partner in partners:
                merged = _merged(partner[EXTRA] or {}, changes)
                by_result[json.dumps(merged, sort_keys=True)].append(partner.id)
            parts += [
                (self.browse(ids), {**checked, EXTRA: json.loads(merged)})
                for merged, ids in by_result.items()
            ]
        self._raise_problems(problems)
        return parts

    # By keys of definitions

    def _set_custom(self, values_by_key, through=None, extra=False):
        """Write values by the keys of their fields: all of them or none.

        :param dict values_by_key: {key: value in any writing; ``None`` empties}
        :param str | None through: by what way, see ``mini_crm.event.through``
        :param bool extra: keys without a definition go to ``custom_fields_extra``
        :raises ValidationError: lists everything that is wrong
        """
        vals, problems = self._custom_problems(values_by_key, extra)
        self._raise_problems(problems)
        if vals:
            way = {"mini_crm_through": through} if through else {}
            self.with_context(**way).write(vals)

    def _custom_problems(self, values_by_key, extra=False):
        """Read values by the keys of their fields; nothing is written.

        :param dict values_by_key: {key: value in any writing}
        :param bool extra: whether keys without a definition may be kept as well
        :return: (vals as ``write`` takes them, problems); a problem is
            ``{"key", "code", "message"}``
        :rtype: tuple[dict, list[dict]]
        """
        rules = self.env["mini_crm.field"]._rules()
        context = self._value_context(self[:1]._phone_region({}))
        vals, overflow, problems = {}, {}, []
        for key, value in values_by_key.items():
            rule = rules.get(key)
            if rule and rule.slot:
                self._read_into(vals, rule.slot, rule, value, context, problems)
            elif rule:
                self._read_into(overflow, key, rule, value, context, problems)
            elif problem := self._free_key_problem(key, value, allowed=extra):
                problems.append(problem)
            else:
                overflow[key] = value
        if overflow:
            vals[EXTRA] = overflow
        return vals, problems

    def _custom_values(self, extra=False):
        """Values by the keys of their fields, with one query for all customers.

        :param bool extra: also the keys of the overflow that no field defines
        :return: {partner id: {key: value as stored}}; ``None`` when empty, a yes or no
            is ``False`` then; dates are ``datetime.date``
        :rtype: dict
        """
        rules = self.env["mini_crm.field"]._rules()
        names = [rule.slot for rule in rules.values() if rule.slot]
        self.fetch([*names, EXTRA])
        defined = self.env["mini_crm.field"]._keys() if extra else ()
        result = {}
        for partner in self:
            kept = partner[EXTRA] or {}
            values = {key: partner._custom_value(rule) for key, rule in rules.items()}
            if extra:
                values |= {k: v for k, v in kept.items() if k not in defined}
            result[partner.id] = values
        return result

    def _custom_value(self, rule):
        """Value of a field as stored (``FieldRule``); ``None`` when empty."""
        if rule.slot is None:
            value = (self[EXTRA] or {}).get(rule.key)
            if value is not None and rule.type == "date":
                return self._fields["custom_date_1"].to_date(value)
            return bool(value) if rule.type == "boolean" else value
        value = self[rule.slot]
        if rule.type == "boolean":
            return bool(value)
        if rule.type == "number" and not value:
            # 0 or unset: only the column knows
            return self._fields[rule.slot]._get_cache(self.env).get(self.id)
        return value or None

    # Judging

    def _judge(self, vals, region):
        """Read the custom values of ``vals``: (vals with them as stored, problems).

        What is refused, but stood there before, is no problem: rules may have become
        stricter since.

        :param str | None region: ISO code of the country of national phone numbers
        """
        context = self._value_context(region)
        by_slot = self.env["mini_crm.field"]._rules_by_slot()
        checked, problems = dict(vals), []
        for slot in SLOT_SET.intersection(vals):
            rule = by_slot.get(slot) or PLAIN_RULES[slot]
            value = _from_client(rule, vals[slot])
            self._read_into(checked, slot, rule, value, context, problems)
        if EXTRA in vals:
            checked[EXTRA] = self._judge_extra(vals[EXTRA], context, problems)
        return checked, problems

    def _judge_extra(self, given, context, problems):
        """Changes of the overflow: {key: JSON value, ``None``: take it out}."""
        definitions = self.env["mini_crm.field"]
        archived = definitions._archived_overflow_rules()
        if not given:
            # Odoo's way to empty a field; what is archived stays
            kept = {key for partner in self for key in partner[EXTRA] or {}}
            given = dict.fromkeys(kept.difference(archived))
        if problem := self._extra_problem(given):
            problems.append(problem)
            return {}
        rules = definitions._rules()
        changes = {}
        for key, value in given.items():
            rule = rules.get(key) or archived.get(key)
            if self and all(_same((p[EXTRA] or {}).get(key), value) for p in self):
                continue
            if rule and not rule.slot:
                self._read_into(changes, key, rule, value, context, problems)
            elif problem := self._free_key_problem(key, value):
                problems.append(problem)
            else:
                changes[key] = value
        return changes

    def _read_into(self, target, name, rule, value, context, problems):
        """Put a value as stored into ``target``, or say what is wrong with it."""
        try:
            stored = read_value(rule, value, context)
        except ValueProblem as problem:
            if self and all(_same(p._custom_value(rule), value) for p in self):
                stored = value
            else:
                label = self.env["mini_crm.field"]._label(rule.key)
                problems.append(
                    {
                        "key": rule.key,
                        "code": problem.code,
                        "message": problem_text(self.env, label, problem, value),
                    }
                )
                return
        if rule.slot is None and hasattr(stored, "isoformat"):
            stored = stored.isoformat()
        target[name] = stored

    @api.model
    def _raise_problems(self, problems):
        """Tell all problems at once, if there are any."""
        messages = list(dict.fromkeys(problem["message"] for problem in problems))
        if not messages:
            return
        more = len(messages) - MAX_TOLD
        if more > 0:
            messages[MAX_TOLD:] = [self.env._("... and %s more", more)]
        raise ValidationError("\n".join(messages))

    # The country whose national phone numbers are meant

    def _phone_region(self, vals):
        """ISO code of this customer's country, else the company's, or ``None``."""
        country = self.country_id
        if "country_id" in vals:
            country = country.browse(vals["country_id"] or [])
        # sudo: the country of the own company, whatever the user may read
        company = self.env.company.sudo()
        persian = (self.env.lang or "").startswith("fa")
        code = country.code or company.country_id.code
        return code or ("IR" if persian else None)

    def _by_phone_region(self, vals):
        """These partners by the region of their phones: {ISO code or None: partners}.

        Only looked up where a phone is written.
        """
        if not self._writes_phone(vals):
            return {None: self}
        if "country_id" in vals:
            return {self[:1]._phone_region(vals): self}
        result = defaultdict(self.browse)
        for partner in self:
            result[partner._phone_region(vals)] |= partner
        return result

    @api.model
    def _writes_phone(self, vals):
        if any(slot_type(name) == "phone" for name in SLOT_SET.intersection(vals)):
            return True
        rules = self.env["mini_crm.field"]._rules()
        extra = vals.get(EXTRA)
        return isinstance(extra, dict) and any(
            key in rules and rules[key].type == "phone" for key in extra
        )

    @api.model
    def _value_context(self, region):
        return ValueContext(region=region)


def _merged(kept, changes):
    """The overflow after changes: {key: value}."""
    merged = {**kept, **(changes or {})}
    return {key: value for key, value in merged.items() if value is not None}


def _from_client(rule, value):
    """A value of a slot as Odoo's clients mean it.

    They send ``False`` for an empty field, and 0 for an empty number: where 0 is out of
    the field's range, it can mean nothing else.
    """
    if rule.type == "boolean":
        return value
    if value is False:
        return None
    if rule.type == "number" and type(value) in (int, float) and value == 0:
        low, high = rule.minimum, rule.maximum
        if (low is not None and low > 0) or (high is not None and high < 0):
            return None
    return value


def _same(stored, value):
    """Whether a given value is what is stored already."""
    if hasattr(stored, "isoformat"):
        stored, value = stored.isoformat(), str(value)
    numbers = isinstance(stored, float) and type(value) is int
    return (numbers or type(stored) is type(value)) and stored == value
