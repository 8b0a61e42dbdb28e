"""What a definition is like and how much is entered: whether it has changed since."""

import hashlib
import json

from odoo.tools import SQL

from .field_texts import stored_texts

TEXTS = ("name", "help", "placeholder")
# Not the slot and the sequence: those change without a person meaning this field.
PLAIN = (
    "type",
    "role",
    "required",
    "rules",
    "active",
    "show_in_form",
    "show_in_list",
    "show_in_card",
    "show_in_filter",
)


def digest(definition):
    """Digest of what people can change of a ``mini_crm.field``: hexadecimal str."""
    options = definition.option_ids.with_context(active_test=False)
    state = {
        **{name: stored_texts(definition, name) for name in TEXTS},
        **{name: definition[name] or None for name in PLAIN},
        "section": definition.section_id.key or None,
        "options": [
            [option.code, option.color, option.active, stored_texts(option, "name")]
            for option in options.sorted("code")
        ],
    }
    text = json.dumps(state, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def count_values(definitions):
    """How many contacts have a value in each of some fields: {id of the field: int}.

    One statement over all contacts, archived ones too. 0 and "no" are no values: the
    ORM stores them for whoever has entered nothing.
    """
    if not definitions:
        return {}
    slots = [definition.slot for definition in definitions if definition.slot]
    partners = definitions.env["res.partner"]
    partners.flush_model([*slots, "custom_fields_extra"])
    counts = [
        SQL("count(*) FILTER (WHERE %s)", _is_filled(definition))
        for definition in definitions
    ]
    row = definitions.env.execute_query(
        SQL("SELECT %s FROM res_partner p", SQL(", ").join(counts))
    )[0]
    return dict(zip(definitions.ids, row, strict=True))


def _is_filled(definition):
    if not definition.slot:
        return SQL("jsonb_exists(p.custom_fields_extra, %s)", definition.key)
    column = SQL.identifier("p", definition.slot)
    if definition.type == "boolean":
        return SQL("%s", column)
    if definition.type == "number":
        return SQL("%s <> 0", column)
    if definition.type == "date":
        return SQL("%s IS NOT NULL", column)
    return SQL("%s <> ''", column)
