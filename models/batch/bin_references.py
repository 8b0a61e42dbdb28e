"""Whether anything but what belongs to a customer himself refers to him."""

from odoo.tools import SQL

CONTACTS = "res_partner"


def references(env, ids):
    """Which contacts are referred to by rows that stay, found by the constraints.

    One query for each foreign key of ``res_partner``; for some hundred contacts. A
    contact of these that stays counts itself: its company stays as well.

    :param list[int] ids: of contacts that are to be deleted together
    :return: {id: names of the kinds of records, comma separated}
    :rtype: dict[int, str]
    """
    keys = foreign_keys(env)
    found = _found(env, keys, ids)
    keys = [key for key in keys if key[0] == CONTACTS]
    while more := _found(env, keys, [one for one in ids if one not in found]):
        found |= more
    return found


def _found(env, keys, ids):
    """Which contacts are referred to by these columns, but for each other's rows."""
    found = {}
    for table, column in keys if ids else ():
        rows = env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)%s",
                SQL.identifier(column),
                SQL.identifier(table),
                SQL.identifier(column),
                list(ids),
                # his own row, e.g. that he is his own commercial partner
                SQL(" AND id <> ALL(%s)", list(ids)) if table == CONTACTS else SQL(),
            )
        )
        for (partner_id,) in rows:
            found.setdefault(partner_id, []).append(kind_of(env, table))
    return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}


def foreign_keys(env):
    """Columns that refer to contacts: list of (table, column).

    Left out is what goes with a contact when he is deleted.
    """
    return env.execute_query(
        SQL(
            """SELECT t.relname, a.attname FROM pg_constraint c
            JOIN pg_class t ON t.oid = c.conrelid AND t.relpersistence = 'p'
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.confrelid = 'res_partner'::regclass
                AND NOT t.relname = ANY(%s) ORDER BY 1, 2""",
            sorted(env["res.partner"]._own_tables()),
        )
    )


def kind_of(env, table):
    """What the records of a table are called."""
    for name, model in env.registry.items():
        if model._table == table and not model._abstract:
            return env["ir.model"]._get(name).name or name
    return table
