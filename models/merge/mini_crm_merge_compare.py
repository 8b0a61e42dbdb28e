from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_amount, format_date, format_datetime, html2plaintext

from ...engine import merging
from ...engine.fields import SLOT_SET
from .mini_crm_merge_values import BEYOND, PHOTO

# Shown first, in this order; other fields follow in the order of their definition.
FIRST = (
    *("name", PHOTO, "phone", "email", "street", "street2", "city", "zip", "state_id"),
    *("country_id", "company_name", "function", "website", "ref", "source_id"),
    *("user_id", "referred_by_id", "lang", "comment"),
)


class MiniCrmMerge(models.AbstractModel):
    """What a person sees before: the values side by side, and what comes of them."""

    _inherit = "mini_crm.merge"

    @api.model
    def look(self, partner_ids, survivor_id=None, choices=None):
        """Compare customers who are to be merged, and say what would come of it.

        Nothing is written. The value that a field would get is found by the same
        function that ``merge`` uses.

        :param list[int] partner_ids: who are to be one customer
        :param int | None survivor_id: who stays; default: whose history is longest
        :param dict | None choices: {field: id of the customer whose value it gets}
        :return: ``survivor_id``; ``people``: list of ``{id, name, line, since,
            score}``; ``fields``: list of ``{name, label, differs, chosen, reason,
            reason_text, text, photo, values: [{id, text, empty}]}``; ``moves``:
            list of ``{label, count}``; ``refusal``: why it cannot be, or False
        :rtype: dict
        """
        ids = list(dict.fromkeys(int(one) for one in partner_ids))
        partners = self.env["res.partner"].browse(ids)
        survivor = partners.browse(survivor_id or self._longest_history(partners))
        if survivor not in partners:
            raise UserError(self.env._("The survivor must be one of the customers."))
        refusal = False
        try:
            self._check_people(partners)
        except AccessError:
            raise
        except UserError as error:
            refusal = str(error)
        sources = partners - survivor
        decided = self._decided(survivor, sources, self._checked_choices(choices))
        return {
            "survivor_id": survivor.id,
            "refusal": refusal,
            "people": self._people(survivor + sources),
            "fields": self._field_rows(survivor, sources, decided),
            "moves": self._moves(sources.ids),
        }

    @api.model
    def preview(self, survivor_id, other_ids, choices=None):
        """The values that the survivor would have after ``merge`` (agents).

        Those of fields that the user may read; others are merged all the same.

        :return: {field: value as the column holds it; a date as ISO 8601}
        :rtype: dict
        """
        survivor, sources = self._checked(survivor_id, other_ids)
        decided = self._decided(survivor, sources, self._checked_choices(choices))
        return {
            name: _json(one.value) for name, one in decided.items() if self._may(name)
        }

    def _longest_history(self, partners):
        """Id of the customer of whom most is known."""
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM res_partner p
                LEFT JOIN mini_crm_profile f ON f.id = p.id
                WHERE p.id = ANY(%s) ORDER BY p.active IS TRUE DESC,
                    coalesce(f.total_interactions, 0)
                        + 5 * coalesce(f.total_purchases, 0) DESC, p.id LIMIT 1""",
                list(partners.ids),
            )
        )
        return rows[0][0] if rows else False

    def _people(self, partners):
        """Who they are: name, and a line that tells them apart."""
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "line": " · ".join(
                    filter(None, (partner.phone, partner.email, partner.city))
                ),
                "since": format_date(self.env, partner.create_date.date()),
                "score": partner.crm_score if partner.crm_health else False,
            }
            for partner in partners
        ]

    # Fields

    def _field_rows(self, survivor, sources, decided):
        """Fields that anybody has a value in, those that differ first."""
        partners = survivor + sources
        candidates = self._candidates(survivor, sources)
        labels = self._labels(decided)
        rows = []
        for name in sorted(labels, key=self._place_of):
            of_name = candidates[name]
            suggestion = decided[name]
            if not any(merging.is_filled(c.value) for c in of_name):
                continue
            differs = merging.differs(of_name)
            if not differs and of_name[0].value is False:
                continue
            rows.append(
                {
                    "name": name,
                    "label": labels[name],
                    "differs": differs,
                    "chosen": suggestion.partner_id,
                    "text": self._text(name, suggestion.value, survivor),
                    "reason": suggestion.reason,
                    "reason_text": self._reason_text(suggestion.reason),
                    "photo": name == PHOTO,
                    "values": [
                        {
                            "id": candidate.partner_id,
                            "text": self._text(
                                name,
                                candidate.value,
                                partners.browse(candidate.partner_id),
                            ),
                            "empty": not merging.is_filled(candidate.value),
                        }
                        for candidate in of_name
                    ],
                }
            )
        return sorted(rows, key=lambda row: not row["differs"])

    def _place_of(self, name):
        return FIRST.index(name) if name in FIRST else len(FIRST)

    def _labels(self, names):
        """Labels of the fields that this user sees: {name: label}."""
        partner = self.env["res.partner"]
        slots = self.env["mini_crm.field"]._rules_by_slot()
        shown = [
            name
            for name in names
            if name in partner._fields
            and (name in slots if name in SLOT_SET else True)
            and partner._has_field_access(partner._fields[name], "read")
        ]
        described = partner.fields_get(shown, ["string"])
        labels = {
            name: described[name]["string"] for name in shown if name in described
        }
        definitions = self.env["mini_crm.field"].search([("slot", "=", False)])
        named = {BEYOND + one.key: one.name for one in definitions}
        return labels | {name: named[name] for name in names if name in named}

    def _text(self, name, value, partner):
        """A value for people, in their language."""
        if not merging.is_filled(value):
            return ""
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        field = partner._fields.get(name)
        if name == PHOTO or field is None:
            return "" if name == PHOTO else str(value)
        tell = _TELLERS.get(field.type)
        return tell(self, field, value, partner) if tell else str(value)

    def _reason_text(self, reason):
        """Why a value was suggested, in words."""
        return {
            "same": self.env._("The same everywhere"),
            "chosen": self.env._("Your choice"),
            "filled": self.env._("The only one filled in"),
            "verified": self.env._("Confirmed by the customer"),
            "longest": self.env._("The most complete"),
            "survivor": self.env._("Of the customer who stays"),
            "newest": self.env._("Changed last"),
            "address": self.env._("The fullest address, as a whole"),
            "sum": self.env._("Added up"),
        }[reason]

    def _refuse_choice(self, name):
        raise UserError(
            self.env._(
                "The choice for “%s” is no customer of this merge.",
                self._labels([name]).get(name, name),
            )
        )

    # What moves

    def _moves(self, source_ids):
        """How much of each kind goes to the survivor: those of which there is any."""
        counts = self.env.execute_query(
            SQL(
                """SELECT
                (SELECT count(*) FROM mini_crm_message
                    WHERE partner_id = ANY(%(ids)s)),
                (SELECT count(*) FROM mini_crm_identity
                    WHERE partner_id = ANY(%(ids)s)),
                (SELECT count(*) FROM mini_crm_purchase
                    WHERE partner_id = ANY(%(ids)s)),
                (SELECT count(*) FROM mail_activity WHERE res_model = 'res.partner'
                    AND res_id = ANY(%(ids)s)),
                (SELECT count(*) FROM mail_message WHERE model = 'res.partner'
                    AND res_id = ANY(%(ids)s) AND message_type IN
                        ('comment', 'email', 'email_outgoing')),
                (SELECT count(*) FROM mini_crm_event WHERE partner_id = ANY(%(ids)s)),
                (SELECT count(*) FROM mini_crm_workflow_run
                    WHERE partner_id = ANY(%(ids)s)
                    AND state IN ('running', 'waiting'))""",
                ids=list(source_ids),
            )
        )[0]
        labels = (
            self.env._("Messages"),
            self.env._("Chat accounts"),
            self.env._("Purchases"),
            self.env._("Tasks"),
            self.env._("Notes and e-mails"),
            self.env._("Events of the timeline"),
            self.env._("Workflows under way"),
        )
        return [
            {"label": label, "count": count}
            for label, count in zip(labels, counts, strict=True)
            if count
        ]


def _json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _name_of(model, field, value, _partner):
    # sudo: the name of what the contact shows to whoever may read him
    record = model.env[field.comodel_name].sudo().browse(value)
    return record.exists().display_name or ""


def _option(model, field, value, _partner):
    return dict(field._description_selection(model.env)).get(value, value)


def _amount(model, field, value, partner):
    currency = partner[field.get_currency_field(partner)]
    return format_amount(model.env, value, currency) if currency else str(value)


# How values of a type are told to people; others are as they are.
_TELLERS = {
    "many2one": _name_of,
    "selection": _option,
    "monetary": _amount,
    "date": lambda model, _field, value, _partner: format_date(model.env, value),
    "datetime": lambda model, _field, value, _partner: format_datetime(
        model.env, value
    ),
    "html": lambda _model, _field, value, _partner: html2plaintext(value).strip(),
    "float": lambda _model, _field, value, _partner: f"{value:g}",
}
