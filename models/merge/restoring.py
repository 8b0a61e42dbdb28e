"""Going back from what a merge has traced: rows of any table as they were.

A row that somebody has changed since is left as it is: of a changed row only the
columns that still hold what the merge has put there go back; a row that the merge made
goes only if it is still that row; what was moved goes back unless it has been moved on.
What was deleted since, or stands in the way by now, keeps nothing else from going back.
Afterwards every trace is compared with what is there: the rest is told, in ``left``.
"""

from itertools import groupby

from psycopg2 import IntegrityError

from odoo.tools import SQL, mute_logger

from .catalogue import Catalogue
from .images import DERIVED, RECOUNTED, VOLATILE

# Rows that come and go by themselves: no word about them.
PASSING = DERIVED | {
    *("mini_crm_queue", "mini_crm_outbox", "mini_crm_mail_sending"),
    *("mini_crm_workflow_start", "mini_crm_workflow_mail", "mail_mail_res_partner_rel"),
    *("mail_notification", "ir_model_data"),
}
MOST_TOLD = 100  # rows of one table


class Restorer:
    """Puts back what one merge has done.

    :param env: environment
    :param batch: the merge
    """

    def __init__(self, env, batch):
        self.env = env
        self.cr = env.cr
        self.batch = batch
        self.catalogue = Catalogue(self.cr)
        # (table, id or None): names of columns; what is not as it was before
        self.left = {}
        self.checks = []  # (table, SELECT of what is not as it was), for the end

    def restore(self):
        """Put everything back, in an order in which nothing clashes."""
        self.skip_what_is_overtaken()
        for relation in self._relations("made", "id DESC"):
            self._unmake(relation)
        for relation in self._relations("changed", "id"):
            self._change_back(relation)
        self._move_back()
        for relation in self._relations("gone", "id"):
            self._remake(relation, self._traces("gone", relation))
        for relation, query in self.checks:
            self.cr.execute(SQL("%s LIMIT %s", query, MOST_TOLD))
            for row_id, names in self.cr.fetchall():
                self.left.setdefault((relation, row_id), set()).update(names or ())

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
        # tables of add-ons that were removed since are gone
        return [name for (name,) in self.cr.fetchall() if self.catalogue.columns(name)]

    def _traces(self, kind, relation):
        """Ids of the traces of a kind, of a table: list of int, in order."""
        self.cr.execute(
            SQL(
                """SELECT id FROM mini_crm_merge_trace
                WHERE batch_id = %s AND kind = %s AND relation = %s ORDER BY id""",
                self.batch.id,
                kind,
                relation,
            )
        )
        return [row[0] for row in self.cr.fetchall()]

    def _try(self, ids, act):
        """Do something to rows; those that clash are found by halves and left out."""
        if not ids:
            return
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint(flush=False):
                act(ids)
        except IntegrityError:
            half = len(ids) // 2
            if half:
                self._try(ids[:half], act)
                self._try(ids[half:], act)

    def _note_left(self, relation, query):
        """Look in the end for rows that are not as they were: (id, columns)."""
        if relation not in PASSING:
            self.checks.append((relation, query))

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
        """Delete the rows that the merge has made and nobody has changed since."""
        same = SQL(
            "(to_jsonb(r) - %(out)s::text[]) = (t.after - %(out)s::text[])",
            out=[*VOLATILE, *RECOUNTED.get(relation, ())],
        )
        if relation in DERIVED or not self._has_id(relation):
            same = SQL("TRUE")
        parts = {
            "table": SQL.identifier(relation),
            "row": self._row_of(relation, "after"),
        }
        traces = self._traces("made", relation)
        self._try(
            traces,
            lambda ids: self.cr.execute(
                SQL(
                    """DELETE FROM %(table)s r USING mini_crm_merge_trace t
                    WHERE t.id = ANY(%(ids)s) AND %(row)s AND %(same)s""",
                    **parts,
                    ids=ids,
                    same=same,
                )
            ),
        )
        self._note_left(
            relation,
            SQL(
                """SELECT t.row_id, NULL FROM mini_crm_merge_trace t
                WHERE t.id = ANY(%(ids)s)
                    AND EXISTS (SELECT FROM %(table)s r WHERE %(row)s)""",
                **parts,
                ids=traces,
            ),
        )

    # Columns

    def _change_back(self, relation):
        """Put back the columns that still hold what the merge has put there."""
        traces = self._traces("changed", relation)
        columns = self._changed_columns(relation, traces)
        sets = SQL(", ").join(self._set_back(relation, name) for name in columns)
        for ids in self._rounds(traces) if columns else ():
            self._try(
                ids,
                lambda ids: self.cr.execute(
                    SQL(
                        """UPDATE %s r SET %s FROM mini_crm_merge_trace t
                        WHERE t.id = ANY(%s) AND r.id = t.row_id""",
                        SQL.identifier(relation),
                        sets,
                        ids,
                    )
                ),
            )
        self._note_left(
            relation,
            SQL(
                """SELECT o.row_id, array_agg(o.key ORDER BY o.key) FROM (
                    SELECT DISTINCT ON (t.row_id, e.key) t.row_id, e.key, e.value
                    FROM mini_crm_merge_trace t CROSS JOIN jsonb_each(t.before) e
                    WHERE t.id = ANY(%s) ORDER BY t.row_id, e.key, t.id) o
                LEFT JOIN %s r ON r.id = o.row_id
                WHERE o.key <> ALL(%s) AND (r.id IS NULL OR o.key = ANY(%s)
                    AND to_jsonb(r) -> o.key IS DISTINCT FROM o.value)
                GROUP BY o.row_id ORDER BY o.row_id""",
                traces,
                SQL.identifier(relation),
                list(RECOUNTED.get(relation, ())),
                columns,
            ),
        )

    def _rounds(self, traces):
        """These traces, the latest of each row, then those before: lists of ids."""
        self.cr.execute(
            SQL(
                """SELECT array_agg(id ORDER BY id) FROM (
                    SELECT id, row_number() OVER (
                        PARTITION BY row_id ORDER BY id DESC) AS n
                    FROM mini_crm_merge_trace WHERE id = ANY(%s)) ranked
                GROUP BY n ORDER BY n""",
                traces,
            )
        )
        return [row[0] for row in self.cr.fetchall()]

    def _changed_columns(self, relation, traces):
        """Columns that these traces tell of and that are still there: list."""
        self.cr.execute(
            SQL(
                """SELECT DISTINCT jsonb_object_keys(before)
                FROM mini_crm_merge_trace WHERE id = ANY(%s)""",
                traces,
            )
        )
        changed = {row[0] for row in self.cr.fetchall()}
        return [c for c in self.catalogue.columns(relation) if c in changed]

    def _set_back(self, relation, name):
        """``column = value before``, unless changed since, or its row is gone."""
        column, there = SQL.identifier(name), SQL("TRUE")
        key = self.catalogue.parents(relation).get(name)
        if key:
            there = SQL(
                """((t.before ->> %(name)s) IS NULL OR EXISTS (SELECT FROM %(parent)s p
                    WHERE p.%(parent_key)s = (t.before ->> %(name)s)::int))""",
                name=name,
                parent=SQL.identifier(key.table),
                parent_key=SQL.identifier(key.column),
            )
        return SQL(
            """%(column)s = CASE WHEN t.before ? %(name)s
                    AND to_jsonb(r) -> %(name)s
                        IS NOT DISTINCT FROM t.after -> %(name)s AND %(there)s
                THEN (jsonb_populate_record(r, t.before)).%(column)s
                ELSE r.%(column)s END""",
            column=column,
            name=name,
            there=there,
        )

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
            if not self.catalogue.columns(relation):
                continue
            if kind == "kept":
                self._remake(relation, sorted(row[0] for row in rows))
                continue
            for row in rows:
                self._move_rows_back(relation, *row)

    def _move_rows_back(self, relation, trace_id, field, key, old_id, new_id):
        """Have the rows of one trace name again whom they named before."""
        if not {field, key} <= set(self.catalogue.columns(relation)):
            return
        self.cr.execute(
            SQL("SELECT row_ids FROM mini_crm_merge_trace WHERE id = %s", trace_id)
        )
        rows = self.cr.fetchone()[0]
        parts = {
            "table": SQL.identifier(relation),
            "field": SQL.identifier(field),
            "key": SQL.identifier(key),
            "old": old_id,
            "new": new_id,
        }
        if self._is_there(relation, field, old_id):
            self._try(
                rows,
                lambda keys: self.cr.execute(
                    SQL(
                        """UPDATE %(table)s r SET %(field)s = %(old)s
                        WHERE r.%(key)s = ANY(%(keys)s) AND r.%(field)s = %(new)s""",
                        **parts,
                        keys=keys,
                    )
                ),
            )
        self._note_left(relation, self._not_moved(parts, field, key == "id", rows))

    @staticmethod
    def _not_moved(parts, field, by_id, rows):
        """SELECT of the rows that do not name again whom they named before."""
        return SQL(
            """SELECT %(row)s, ARRAY[%(name)s] FROM unnest(%(keys)s::int[]) k (key)
            WHERE NOT EXISTS (SELECT FROM %(table)s r
                    WHERE r.%(key)s = k.key AND r.%(field)s = %(old)s)
                OR EXISTS (SELECT FROM %(table)s r
                    WHERE r.%(key)s = k.key AND r.%(field)s = %(new)s)""",
            **parts,
            row=SQL("k.key") if by_id else SQL("NULL::int"),
            name=field,
            keys=rows,
        )

    def _is_there(self, relation, field, row_id):
        """Whether the row is there that a column is to name; if the database asks."""
        parent = self.catalogue.parents(relation).get(field)
        if not parent:
            return True
        self.cr.execute(
            SQL(
                "SELECT FROM %s p WHERE p.%s = %s",
                SQL.identifier(parent.table),
                SQL.identifier(parent.column),
                row_id,
            )
        )
        return bool(self.cr.rowcount)

    def _remake(self, relation, traces):
        """Insert rows as they were, unless something newer stands in their place, or
        what they belonged to was deleted since.

        :param list[int] traces: ids, in the order in which they are made
        """
        columns = self.catalogue.columns(relation)
        self._try(
            traces,
            lambda ids: self.cr.execute(
                SQL(
                    """INSERT INTO %(table)s (%(columns)s) SELECT %(values)s
                    FROM mini_crm_merge_trace t CROSS JOIN LATERAL
                        jsonb_populate_record(NULL::%(table)s, t.before) o
                    WHERE t.id = ANY(%(ids)s) ORDER BY t.id
                    ON CONFLICT DO NOTHING""",
                    table=SQL.identifier(relation),
                    columns=SQL(", ").join(map(SQL.identifier, columns)),
                    values=SQL(", ").join(
                        self._remade_value(relation, name) for name in columns
                    ),
                    ids=ids,
                )
            ),
        )
        self._note_left(
            relation,
            SQL(
                """SELECT t.row_id, NULL FROM mini_crm_merge_trace t
                WHERE t.id = ANY(%s) AND NOT EXISTS (SELECT FROM %s r WHERE %s)""",
                traces,
                SQL.identifier(relation),
                self._row_of(relation, "before"),
            ),
        )

    def _remade_value(self, relation, name):
        """What a column was, of the row ``o``; nothing if it would be empty by now."""
        column = SQL.identifier("o", name)
        parent = self.catalogue.parents(relation).get(name)
        if not parent or not parent.empties:
            return column
        return SQL(
            "(SELECT p.%(key)s FROM %(parent)s p WHERE p.%(key)s = %(column)s)",
            key=SQL.identifier(parent.column),
            parent=SQL.identifier(parent.table),
            column=column,
        )

    def _row_of(self, relation, side):
        """SQL condition: ``r`` is the row that the trace ``t`` tells of."""
        if self._has_id(relation):
            return SQL("r.id = t.row_id")
        names = self.catalogue.columns(relation)
        return SQL(" AND ").join(
            SQL("r.%s = (t.%s ->> %s)::int", SQL.identifier(name), SQL(side), name)
            for name in names
        )

    def _has_id(self, relation):
        return "id" in self.catalogue.columns(relation)
