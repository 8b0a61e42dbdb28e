"""Going back from what a merge has traced: rows of any table as they were.

A row that somebody has changed since is left as it is: of a changed row only the
columns that still hold what the merge has put there go back; a row that the merge made
goes only if it is still that row; what was moved goes back unless it has been moved on.
"""

from itertools import groupby

from odoo.tools import SQL

from .images import DERIVED, VOLATILE


class Restorer:
    """Puts back what one merge has done.

    :param env: environment
    :param batch: the merge
    """

    def __init__(self, env, batch):
        self.env = env
        self.cr = env.cr
        self.batch = batch
        self.left = []  # (table, id or None, columns or None) that was changed since

    def restore(self):
        """Put everything back, in an order in which nothing clashes."""
        self.skip_what_is_overtaken()
        for relation in self._relations("made", "id DESC"):
            self._unmake(relation)
        for relation in self._relations("changed", "id"):
            self._change_back(relation)
        self._move_back()
        for relation in self._relations("gone", "id"):
            self._remake(relation, SQL("kind = 'gone'"))

    def _relations(self, kind, order):
        """Tables with traces of a kind, in the order of their first trace."""
        self.cr.execute(
            SQL(
                """SELECT relation FROM (
                    SELECT relation, min(id) AS id FROM mini_crm_merge_trace
                    WHERE batch_id = %s AND kind = %s GROUP BY relation) found
                ORDER BY %s""",
                self.batch.id,
                kind,
                SQL(order),  # pylint: disable=sql-injection
            )
        )
        return [row[0] for row in self.cr.fetchall()]

    def skip_what_is_overtaken(self):
        """A message that the merge has cancelled waits again, unless one was sent in
        the same conversation since."""
        self.cr.execute(
            SQL(
                """WITH overtaken AS (
                    SELECT t.row_id FROM mini_crm_merge_trace t
                    JOIN mini_crm_message m ON m.id = t.row_id
                    WHERE t.batch_id = %(batch)s AND t.kind = 'changed'
                        AND t.relation = 'mini_crm_message'
                        AND t.after ->> 'state' = 'cancelled' AND EXISTS (
                            SELECT FROM mini_crm_message n
                            WHERE n.identity_id = m.identity_id AND n.id > m.id
                                AND n.direction = 'out' AND n.state <> 'cancelled'
                                AND n.date > %(since)s))
                DELETE FROM mini_crm_merge_trace t USING overtaken o
                WHERE t.batch_id = %(batch)s AND (
                    (t.relation = 'mini_crm_message' AND t.kind = 'changed'
                        AND t.row_id = o.row_id)
                    OR (t.relation = 'mini_crm_outbox'
                        AND (t.before ->> 'message_id')::int = o.row_id))""",
                batch=self.batch.id,
                since=self.batch.finished_at,
            )
        )

    # Rows that the merge has made

    def _unmake(self, relation):
        table = SQL.identifier(relation)
        same = SQL(
            "(to_jsonb(r) - %(volatile)s::text[]) = (t.after - %(volatile)s::text[])",
            volatile=list(VOLATILE),
        )
        if relation in DERIVED:
            same = SQL("TRUE")
        self.cr.execute(
            SQL(
                """DELETE FROM %(table)s r USING mini_crm_merge_trace t
                WHERE t.batch_id = %(batch)s AND t.kind = 'made'
                    AND t.relation = %(relation)s AND %(key)s AND %(same)s""",
                table=table,
                batch=self.batch.id,
                relation=relation,
                key=SQL("r.id = t.row_id")
                if self._has_id(relation)
                else SQL("to_jsonb(r) = t.after"),
                same=same,
            )
        )

    # Columns

    def _change_back(self, relation):
        self.cr.execute(
            SQL(
                """SELECT DISTINCT jsonb_object_keys(before)
                FROM mini_crm_merge_trace
                WHERE batch_id = %s AND kind = 'changed' AND relation = %s""",
                self.batch.id,
                relation,
            )
        )
        columns = sorted(row[0] for row in self.cr.fetchall())
        if relation not in DERIVED:
            self._note_left(relation)
        sets = [
            SQL(
                """%(column)s = CASE WHEN t.before ? %(name)s
                        AND to_jsonb(r) -> %(name)s
                            IS NOT DISTINCT FROM t.after -> %(name)s
                    THEN (jsonb_populate_record(r, t.before)).%(column)s
                    ELSE r.%(column)s END""",
                column=SQL.identifier(column),
                name=column,
            )
            for column in columns
        ]
        self.cr.execute(
            SQL(
                """UPDATE %(table)s r SET %(sets)s FROM mini_crm_merge_trace t
                WHERE t.batch_id = %(batch)s AND t.kind = 'changed'
                    AND t.relation = %(relation)s AND r.id = t.row_id""",
                table=SQL.identifier(relation),
                sets=SQL(", ").join(sets),
                batch=self.batch.id,
                relation=relation,
            )
        )

    def _note_left(self, relation):
        """Note which rows hold something else by now than the merge has put there."""
        self.cr.execute(
            SQL(
                """SELECT r.id, array_agg(e.key ORDER BY e.key)
                FROM mini_crm_merge_trace t JOIN %(table)s r ON r.id = t.row_id
                CROSS JOIN LATERAL jsonb_each(t.after) e
                WHERE t.batch_id = %(batch)s AND t.kind = 'changed'
                    AND t.relation = %(relation)s
                    AND to_jsonb(r) -> e.key IS DISTINCT FROM e.value
                    AND to_jsonb(r) -> e.key IS DISTINCT FROM t.before -> e.key
                GROUP BY r.id ORDER BY r.id LIMIT 100""",
                table=SQL.identifier(relation),
                batch=self.batch.id,
                relation=relation,
            )
        )
        self.left += [(relation, row_id, names) for row_id, names in self.cr.fetchall()]

    # References, and rows that were kept aside for them

    def _move_back(self):
        self.cr.execute(
            SQL(
                """SELECT kind, relation, id, field, key_field, old_id, new_id
                FROM mini_crm_merge_trace
                WHERE batch_id = %s AND kind IN ('moved', 'kept') ORDER BY id DESC""",
                self.batch.id,
            )
        )
        traces = self.cr.fetchall()
        # neighbours only: Odoo's own groupby would lose the order
        # pylint: disable-next=bad-builtin-groupby
        for (kind, relation), same in groupby(traces, key=lambda row: row[:2]):
            rows = [row[2:] for row in same]
            if kind == "kept":
                ids = [row[0] for row in rows]
                self._remake(
                    relation,
                    SQL("kind = 'kept' AND id BETWEEN %s AND %s", min(ids), max(ids)),
                )
                continue
            for row in rows:
                self._move_rows_back(relation, *row)

    def _move_rows_back(self, relation, trace_id, field, key, old_id, new_id):
        """Have the rows of one trace name again whom they named before."""
        self.cr.execute(
            SQL(
                """UPDATE %(table)s r SET %(field)s = %(old)s
                FROM mini_crm_merge_trace t
                CROSS JOIN LATERAL jsonb_array_elements_text(t.row_ids) AS m (key)
                WHERE t.id = %(trace)s AND r.%(key)s = m.key::int
                    AND r.%(field)s = %(new)s""",
                table=SQL.identifier(relation),
                field=SQL.identifier(field),
                key=SQL.identifier(key),
                old=old_id,
                new=new_id,
                trace=trace_id,
            )
        )

    def _remake(self, relation, which):
        """Insert rows as they were, unless something newer stands in their place."""
        self.cr.execute(
            SQL(
                """INSERT INTO %(table)s
                SELECT (jsonb_populate_record(NULL::%(table)s, t.before)).*
                FROM mini_crm_merge_trace t
                WHERE t.batch_id = %(batch)s AND t.relation = %(relation)s AND %(which)s
                ORDER BY t.id
                ON CONFLICT DO NOTHING""",
                table=SQL.identifier(relation),
                batch=self.batch.id,
                relation=relation,
                which=which,
            )
        )

    def _has_id(self, relation):
        self.cr.execute(
            SQL(
                """SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relname = %s AND a.attname = 'id' AND NOT a.attisdropped
                    AND c.relnamespace = current_schema::regnamespace""",
                relation,
            )
        )
        return bool(self.cr.rowcount)
