"""Whether a customer has a value in a custom field, as SQL."""

from odoo.tools import SQL

EXTRA = "custom_fields_extra"


def fillable(rules):
    """Those of these rules whose field can be empty: a yes or no never is.

    :param rules: iterable of ``FieldRule``
    :rtype: list
    """
    return [rule for rule in rules if rule.type != "boolean"]


def filled(rule, alias):
    """SQL condition: a row of ``res_partner`` has a value there; 0 is none.

    :param FieldRule rule: of a field that can be empty
    :param str alias: of ``res_partner``
    :rtype: SQL
    """
    if rule.slot is None:
        return SQL(
            """coalesce(%s -> %s, 'null') NOT IN
                ('null'::jsonb, '0'::jsonb, '""'::jsonb)""",
            SQL.identifier(alias, EXTRA),
            rule.key,
        )
    column = SQL.identifier(alias, rule.slot)
    if rule.type == "number":
        return SQL("coalesce(%s, 0) <> 0", column)
    if rule.type == "date":
        return SQL("%s IS NOT NULL", column)
    return SQL("coalesce(%s, '') <> ''", column)
