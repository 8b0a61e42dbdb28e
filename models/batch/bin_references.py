"""Whether anything but what belongs to a customer himself refers to him."""

from odoo.tools import SQL

# What goes with a customer: figures, memberships, the log of what happened to him.
OWN = {
    "mail_followers",
    "res_partner_res_partner_category_rel",
    "mini_crm_event",
    "mini_crm_field_value",
    "mini_crm_journey_transition",
    "mini_crm_profile",
    "mini_crm_rule_mark",
    "mini_crm_score_history",
    "mini_crm_search",
    "mini_crm_segment_member",
    "mini_crm_segment_pin",
    "mini_crm_tag_origin",
    "mini_crm_workflow_run",
    "mini_crm_workflow_start",
}


def references(env, ids):
    """Which contacts are referred to by rows of others, found by the constraints.

    One query for each foreign key of ``res_partner``; for some hundred contacts.

    :param list[int] ids: of contacts
    :return: {id: names of the kinds of records, comma separated}
    :rtype: dict[int, str]
    """
    if not ids:
        return {}
    found = {}
    for table, column in _keys(env):
        rows = env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)%s",
                SQL.identifier(column),
                SQL.identifier(table),
                SQL.identifier(column),
                list(ids),
                # his own row, e.g. that he is his own commercial partner
                SQL(" AND id <> ALL(%s)", list(ids))
                if table == "res_partner"
                else SQL(),
            )
        )
        for (partner_id,) in rows:
            found.setdefault(partner_id, []).append(_name(env, table))
    return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}


def _keys(env):
    """(table, column) of the foreign keys to contacts that are not his own."""
    rows = env.execute_query(
        SQL(
            """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            JOIN pg_class t ON t.oid = c.conrelid
            WHERE c.contype = 'f' AND c.confrelid = 'res_partner'::regclass
                AND t.relpersistence = 'p' ORDER BY 1, 2"""
        )
    )
    return [(table, column) for table, column in rows if table not in OWN]


def _name(env, table):
    """What the records of a table are called."""
    for name, model in env.registry.items():
        if model._table == table and not model._abstract:
            return env["ir.model"]._get(name).name or name
    return table
