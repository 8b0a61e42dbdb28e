from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import frozendict, ormcache

from ...engine.conditions import (
    ConditionField,
    ConditionProblem,
    parse,
    problems,
    topic,
)
from ...engine.fields import SLOTS, slot_type
from .condition_messages import message

# Columns of the contact whose changes are events; no other may be asked for, as nobody
# would notice when the answer changes.
TEXTS = ("name", "email", "phone", "street", "city", "zip", "ref")
RECORDS = {
    "source_id": "utm.source",
    "country_id": "res.country",
    "user_id": "res.users",
    "referred_by_id": "res.partner",
}
FIGURES = {
    "crm_score": "integer",
    "crm_health": "choice",
    "journey_stage": "choice",
    "last_contacted_at": "datetime",
    "awaiting_reply_since": "datetime",
    "total_interactions": "integer",
    "response_rate": "number",
    "last_purchase_at": "datetime",
    "total_purchases": "integer",
    "total_spent": "number",
    "average_order_value": "number",
    "customer_since": "datetime",
}
ROWS = {
    "event_ids": {
        "type": "choice",
        "date": "datetime",
        "interaction": "choice",
        "amount": "number",
        "summary": "text",
    },
    "purchase_ids": {
        "date": "datetime",
        "kind": "choice",
        "amount": "number",
        "amount_company": "number",
        "quantity": "number",
        "reference": "text",
        "source": "choice",
    },
}
KINDS = {
    **dict.fromkeys(("text", "email", "phone", "url"), "text"),
    **{kind: kind for kind in ("number", "date", "boolean")},
    "select": "choice",
}


class MiniCrmCondition(models.AbstractModel):
    """Conditions on customers: domains of contacts with an allow-list of fields."""

    _name = "mini_crm.condition"
    _description = "Condition on Customers"

    # The allow-list

    @api.model
    def _known_fields(self):
        """``_condition_fields()``, kept: it is asked for with every check.

        :rtype: frozendict
        """
        version = self.env["mini_crm.version"]._current()
        return self._fields_of_version(version, self.env.lang)

    @ormcache("version", "lang", cache="stable")
    def _fields_of_version(self, version, lang):
        return frozendict(self._condition_fields())

    @api.model
    def _condition_fields(self):
        """Extension list: fields that a condition may name, in the user's language.

        :return: {name of a field of ``res.partner``: ``ConditionField``}; custom fields
            by their column, those of no use any more as ``gone``
        :rtype: dict
        """
        return {
            **self._figure_fields(),
            **self._row_fields(),
            **self._contact_fields(),
            **self._slot_fields(),
        }

    @api.model
    def _figure_fields(self):
        """Figures that the machine keeps."""
        partner = self.env["res.partner"]
        described = _described(partner, FIGURES)
        return {
            name: _field(
                name, kind, described, group="figures", parts=kind == "datetime"
            )
            for name, kind in FIGURES.items()
        }

    @api.model
    def _row_fields(self):
        """What happened, and what was bought."""
        _ = self.env._
        labels = {"event_ids": _("Event"), "purchase_ids": _("Purchase")}
        result = {}
        for name, inner in ROWS.items():
            model = self.env["res.partner"]._fields[name].comodel_name
            described = _described(self.env[model], inner)
            result[name] = ConditionField(
                kind="rows",
                topic=topic(name),
                label=labels[name],
                model=model,
                date="date",
                fields={
                    part: _field(part, kind, described, parts=kind == "datetime")
                    for part, kind in inner.items()
                },
                group="happened",
            )
        return result

    @api.model
    def _contact_fields(self):
        """What the contact itself says."""
        _ = self.env._
        partner = self.env["res.partner"]
        described = _described(partner, [*TEXTS, *RECORDS, "lang", "category_id"])
        described["user_id"]["string"] = _("Owner")
        described["source_id"]["string"] = _("Source")
        result = {
            "category_id": _field(
                "category_id",
                "records",
                described,
                model="res.partner.category",
                group="groups",
            )
        }
        result |= {
            name: _field(name, "record", described, model=model)
            for name, model in RECORDS.items()
        }
        result |= {name: _field(name, "text", described) for name in TEXTS}
        result["lang"] = _field("lang", "choice", described)
        return result

    @api.model
    def _slot_fields(self):
        """Custom fields by their column, and the birthday by its own field."""
        definitions = self.env["mini_crm.field"]
        looks = definitions._looks().by_slot
        result = {}
        for slot in SLOTS:
            look, kind = looks.get(slot), KINDS[slot_type(slot)]
            choices = tuple(definitions._choices(slot)) if kind == "choice" else ()
            result[slot] = ConditionField(
                kind=kind,
                topic=topic(slot),
                label=look.label if look else slot,
                choices=choices,
                parts=kind == "date",
                gone=look is None,
                group="custom",
            )
        described = _described(self.env["res.partner"], ["birthday_period"])
        result["birthday_period"] = _field(
            "birthday_period",
            "choice",
            described,
            gone=not self._birthday_slot(),
            empty=False,
            group="custom",
        )
        return result

    @api.model
    def _birthday_slot(self):
        """Column of the birthday; None: no custom field in use has that role and one.

        :rtype: str | None
        """
        looks = self.env["mini_crm.field"]._looks().active
        return next((look.slot for look in looks if look.role == "birthday"), None)

    # What is wrong

    @api.model
    def _check(self, domain_text):
        """Read a condition, or say what is wrong with it.

        :param domain_text: text or list
        :return: tree of ``engine.conditions``
        :raises ValidationError: names each bad part, where it is and how to mend it
        """
        tree, found = self._read(domain_text)
        if found:
            raise ValidationError("\n".join(self._messages(found)))
        return tree

    @api.model
    def _problems(self, domain_text):
        """What is wrong with a condition, in the user's language: list of str."""
        return self._messages(self._read(domain_text)[1])

    @api.model
    def _read(self, domain_text):
        """A condition and what is wrong with it.

        :return: (tree or None, list of ``ConditionProblem``)
        :rtype: tuple
        """
        try:
            tree = parse(domain_text)
        except ConditionProblem as problem:
            return None, [problem]
        return tree, problems(tree, self._known_fields())

    @api.model
    def _messages(self, found):
        return [message(self.env, problem) for problem in found]


def _described(model, names):
    """Labels and choices of fields: {name: {"string", "selection"}}."""
    # sudo: what a field is called tells nothing that may not be read
    described = model.sudo().fields_get(list(names), ["string", "selection"])
    return {name: dict(described.get(name) or {"string": name}) for name in names}


def _field(name, kind, described, **more):
    choices = described[name].get("selection") or ()
    return ConditionField(
        kind=kind,
        topic=topic(name),
        label=described[name]["string"],
        choices=tuple((code, label) for code, label in choices),
        **more,
    )
