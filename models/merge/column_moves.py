"""The statement that moves columns of one table to new ids, and traces it.

Columns of the same rows move together: a row that is written once instead of twice
costs half, and so do the entries in all indexes of its table.
"""

from odoo.tools import SQL

CHUNK = 10_000  # ids in one row of the trace

_NAMED = """SELECT t.ctid AS place, t.%(key)s AS row_id, %(name)s AS field, m.old_id,
        m.new_id
    FROM %(table)s t JOIN mini_crm_merge_map m
        ON m.relation = %(parent)s AND m.old_id = t.%(column)s
    WHERE t.%(column)s = ANY(%(old_ids)s) AND %(condition)s"""


def old_ids(parent):
    """Array of the ids that become others: the planner takes it for a few.

    :param str parent: table that the ids are of
    :rtype: SQL
    """
    return SQL(
        "ARRAY(SELECT old_id FROM mini_crm_merge_map WHERE relation = %s)", parent
    )


def move_statement(conditions, key, batch_id):
    """Write the new ids, and trace which rows had which old one.

    :param dict[Reference, SQL] conditions: columns of one table, with the same parent;
        which rows ``t`` each is moved in
    :param str key: column that tells rows apart
    :param int batch_id: the batch that traces it
    :rtype: SQL
    """
    table = next(iter(conditions)).table
    moves = [
        {**_names(reference, key, number), "condition": condition}
        for number, (reference, condition) in enumerate(conditions.items())
    ]

    def each(text, between):
        return SQL(between).join(SQL(text, **move) for move in moves)

    # grouped, they are taken for a few: looked up one by one
    return SQL(
        """WITH was AS (%(named)s), moved AS (
            UPDATE %(table)s t SET %(sets)s
            FROM (SELECT place, %(picks)s FROM was GROUP BY place) w
            WHERE t.ctid = w.place
        ), numbered AS (
            SELECT was.*, (row_number() OVER (
                PARTITION BY field, old_id ORDER BY row_id) - 1) / %(chunk)s AS part
            FROM was)
        INSERT INTO mini_crm_merge_trace (batch_id, kind, relation, field, key_field,
            old_id, new_id, row_ids)
        SELECT %(batch)s, 'moved', %(name)s, field, %(key_name)s, old_id, new_id,
            jsonb_agg(row_id ORDER BY row_id)
        FROM numbered GROUP BY field, old_id, new_id, part""",
        named=each(_NAMED, " UNION ALL "),
        table=SQL.identifier(table),
        sets=each("%(column)s = coalesce(w.%(new)s, t.%(column)s)", ", "),
        picks=each("max(new_id) FILTER (WHERE field = %(name)s) AS %(new)s", ", "),
        chunk=CHUNK,
        batch=batch_id,
        name=table,
        key_name=key,
    )


def _names(reference, key, number):
    """What the statement calls a column and what belongs to it: dict."""
    return {
        "column": SQL.identifier(reference.column),
        "name": reference.column,
        "new": SQL.identifier(f"new_{number}"),
        "key": SQL.identifier(key),
        "table": SQL.identifier(reference.table),
        "parent": reference.parent,
        "old_ids": old_ids(reference.parent),
    }
