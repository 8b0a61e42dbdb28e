"""Moving what refers to merged contacts: a statement for each column or more.

Which ids become which stands in a temporary table, ``mini_crm_merge_map``. Rows that
would clash with a unique constraint or index of their table are folded into the row
that stays: what refers to them is moved there, by the same rules, and they are kept
aside as they were. Every step leaves a trace, from which ``restoring.py`` goes back.
"""

import json

from odoo.tools import SQL

from ..condition.kept_plans import THESE
from . import references
from .catalogue import Catalogue
from .column_moves import move_statement, old_ids
from .references import PARTNER, Reference

DEEPEST = 5  # rows that refer to rows that refer to ... a contact


class Mover:
    """Moves the references of one merge.

    :param env: environment
    :param int batch_id: the batch that traces it
    :param int survivor_id: to whom all goes
    :param list[int] source_ids: from whom
    """

    def __init__(self, env, batch_id, survivor_id, source_ids):
        self.env = env
        self.cr = env.cr
        self.batch_id = batch_id
        self.survivor_id = survivor_id
        self.source_ids = list(source_ids)
        self.people = [survivor_id, *self.source_ids]
        self.catalogue = Catalogue(self.cr)
        self.known = env["mini_crm.merge"]

    def prepare(self):
        """Note which ids become which."""
        self.cr.execute(
            """CREATE TEMPORARY TABLE IF NOT EXISTS mini_crm_merge_map (
                relation text NOT NULL, old_id int NOT NULL, new_id int NOT NULL)
            ON COMMIT DELETE ROWS"""
        )
        self.cr.execute("DELETE FROM mini_crm_merge_map")
        self.cr.execute(
            SQL(
                """INSERT INTO mini_crm_merge_map
                SELECT 'res_partner', source.id, %s FROM unnest(%s::int[]) source (id)
                """,
                self.survivor_id,
                self.source_ids,
            )
        )

    def is_needed(self):
        """Whether anything but contacts themselves names a source."""
        found = [
            *self._used(references.key_references(self.env)),
            *self._used(self.known._document_references()),
        ]
        return any(reference.table != "res_partner" for reference in found)

    def move_keys(self):
        """Move foreign keys, and the columns that are like them.

        Where no unique index is in the way, documents that the same rows name are moved
        along: each row is written once.
        """
        tables = {}
        for reference in self._used(references.key_references(self.env)):
            tables.setdefault(reference.table, []).append(reference)
        for reference in self._used(self.known._document_references()):
            if reference.table in tables:
                tables[reference.table].append(reference)
        for table, found in tables.items():
            alone = "id" not in self.catalogue.columns(table)
            if alone or any(map(self.catalogue.unique_indexes, found)):
                for reference in found:
                    self._move(reference)
            else:
                self._update(*found)

    def move_documents(self):
        """Move what names a contact as its document, as text or by company."""
        for reference in self._used(self.known._document_references()):
            self._move(reference)
        for reference in self.known._text_references():
            becomes = dict.fromkeys(self.source_ids, self.survivor_id)
            self._move_text(reference, PARTNER, becomes)
        for table, column in references.company_references(self.env):
            self._move_by_company(table, column)
        self._move_lists()

    # Which are used at all

    def _used(self, found, ids=None):
        """Those of the references that name a source: one query for all.

        :param list[int] | None ids: that they are to name; default: the sources
        """
        if not found:
            return []
        ids = self.source_ids if ids is None else ids
        query = references.used_query(tuple(found))
        these = (ids if param is THESE else param for param in query.params)
        self.cr.execute(SQL(query.code, *these))
        used = [found[number] for (number,) in sorted(self.cr.fetchall())]
        self.catalogue.look_at(reference.table for reference in used)
        return used

    # One column

    def _move(self, reference, depth=0):
        if depth > DEEPEST:
            raise ValueError(f"References to {reference.table} lead back to it")
        for index in self.catalogue.unique_indexes(reference):
            self._fold(reference, index, depth)
        self._update(reference)

    def _update(self, *found):
        """Write the new ids of columns of one table, with the same parent."""
        conditions = {reference: self._condition(reference) for reference in found}
        key = self.catalogue.key_of(found[0])
        self.cr.execute(move_statement(conditions, key, self.batch_id))

    def _condition(self, reference):
        """Which rows ``t`` are moved: merged contacts keep what they say themselves."""
        if reference.table == "res_partner":
            return SQL("t.id <> ALL(%s)", self.people)
        return reference.condition

    # Clashes

    def _fold(self, reference, index, depth):
        """Keep aside the rows that would clash in one unique index."""
        table = SQL.identifier(reference.table)
        if "id" not in self.catalogue.columns(reference.table):
            self._keep(
                table,
                SQL(
                    "t.ctid IN (SELECT loser FROM (%s) clash)",
                    self._clashes(reference, index, "ctid"),
                ),
                reference.table,
            )
            return
        self.cr.execute(
            SQL(
                """INSERT INTO mini_crm_merge_map
                SELECT %s, clash.loser, clash.winner FROM (%s) clash""",
                reference.table,
                self._clashes(reference, index, "id"),
            )
        )
        if not self.cr.rowcount:
            return
        for child, column in references.foreign_keys(self.env, reference.table):
            below = Reference(child, column, parent=reference.table)
            if self._any_child(below):
                self._move(below, depth + 1)
        self._move_documents_of(reference.table, depth)
        self._keep(
            table,
            SQL("t.id = ANY(%s)", old_ids(reference.table)),
            reference.table,
        )
        self.cr.execute(
            SQL("DELETE FROM mini_crm_merge_map WHERE relation = %s", reference.table)
        )

    def _move_documents_of(self, table, depth):
        """Have files, messages and texts of folded rows name those that stay."""
        model = references.model_of(self.env, table)
        if not model:
            return
        self.cr.execute(
            SQL(
                "SELECT old_id, new_id FROM mini_crm_merge_map WHERE relation = %s",
                table,
            )
        )
        folded = dict(self.cr.fetchall())
        found = self.known._document_references(model, table)
        for reference in self._used(found, list(folded)):
            self._move(reference, depth + 1)
        for reference in self.known._text_references():
            self._move_text(reference, model, folded)

    def _any_child(self, reference):
        self.cr.execute(
            SQL(
                "SELECT FROM %s t WHERE t.%s = ANY(%s) LIMIT 1",
                SQL.identifier(reference.table),
                SQL.identifier(reference.column),
                old_ids(reference.parent),
            )
        )
        return bool(self.cr.rowcount)

    def _clashes(self, reference, index, key):
        """Rows that cannot stay beside another once all are moved.

        The row that had the right id already stays, else the oldest.

        :return: select of (loser, winner), by ``key``
        """
        column = SQL.identifier(reference.column)
        others = [
            SQL("t.%s", SQL.identifier(name))
            for name in self.catalogue.columns(reference.table)
            if name != reference.column
        ]
        keys = [SQL(text) for text in index.keys]  # pylint: disable=sql-injection
        return SQL(
            """SELECT key AS loser, winner FROM (
                SELECT mini_crm_key AS key, row_number() OVER same AS n,
                    first_value(mini_crm_key) OVER same AS winner
                FROM (
                    SELECT %(others)s, t.%(key)s AS mini_crm_key,
                        m.new_id IS NOT NULL AS mini_crm_moves,
                        coalesce(m.new_id, t.%(column)s) AS %(column)s
                    FROM %(table)s t
                    LEFT JOIN mini_crm_merge_map m
                        ON m.relation = %(parent)s AND m.old_id = t.%(column)s
                    WHERE (t.%(column)s = ANY(%(old)s) OR t.%(column)s = ANY(ARRAY(
                        SELECT new_id FROM mini_crm_merge_map
                        WHERE relation = %(parent)s))) AND %(condition)s) t
                WHERE %(predicate)s AND %(filled)s
                WINDOW same AS (PARTITION BY %(keys)s
                    ORDER BY mini_crm_moves, mini_crm_key
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) ranked
            WHERE n > 1""",
            others=SQL(", ").join(others) if others else SQL("NULL"),
            key=SQL.identifier(key),
            column=column,
            table=SQL.identifier(reference.table),
            parent=reference.parent,
            old=old_ids(reference.parent),
            condition=self._condition(reference),
            predicate=SQL(index.predicate or "TRUE"),
            filled=SQL(" AND ").join(SQL("(%s) IS NOT NULL", k) for k in keys),
            keys=SQL(", ").join(keys),
        )

    def _keep(self, table, condition, name):
        """Delete rows, and keep them in the trace as they were."""
        self.cr.execute(
            SQL(
                """WITH gone AS (
                    DELETE FROM %s t WHERE %s RETURNING to_jsonb(t) AS row)
                INSERT INTO mini_crm_merge_trace (batch_id, kind, relation, row_id,
                    before)
                SELECT %s, 'kept', %s, (row ->> 'id')::int, row FROM gone""",
                table,
                condition,
                self.batch_id,
                name,
            )
        )

    # What is no plain id

    def _move_text(self, reference, model, becomes):
        """Have a column of texts ``model,id`` name the new ids: {old: new}."""
        column = SQL.identifier(reference.column)
        texts = {f"{model},{old}": f"{model},{new}" for old, new in becomes.items()}
        self.change(
            reference.table,
            {reference.column: SQL("%s::jsonb ->> t.%s", json.dumps(texts), column)},
            SQL("t.%s = ANY(%s)", column, list(texts)),
        )

    def _move_by_company(self, table, column):
        name = SQL.identifier(column)
        self.change(
            table,
            {
                column: SQL(
                    """(SELECT jsonb_object_agg(e.key, CASE
                        WHEN e.value = ANY(%s) THEN to_jsonb(%s) ELSE e.value END)
                    FROM jsonb_each(t.%s) e)""",
                    SQL(
                        "ARRAY(SELECT to_jsonb(s.id) FROM unnest(%s::int[]) s (id))",
                        self.source_ids,
                    ),
                    self.survivor_id,
                    name,
                )
            },
            SQL(
                """jsonb_typeof(t.%s) = 'object' AND EXISTS (
                    SELECT FROM jsonb_each_text(t.%s) e WHERE e.value = ANY(%s))""",
                name,
                name,
                [str(source) for source in self.source_ids],
            ),
        )

    def _move_lists(self):
        """Lists of ids in JSON: of whom people have said that he is somebody else."""
        if "dismissed_partner_ids" not in self.catalogue.columns("mini_crm_identity"):
            return
        self.change(
            "mini_crm_identity",
            {
                "dismissed_partner_ids": SQL(
                    """(SELECT jsonb_agg(DISTINCT CASE WHEN e.value::int = ANY(%s)
                        THEN %s ELSE e.value::int END)
                    FROM jsonb_array_elements_text(t.dismissed_partner_ids) e)""",
                    self.source_ids,
                    self.survivor_id,
                )
            },
            SQL(
                """t.dismissed_partner_ids IS NOT NULL
                AND jsonb_typeof(t.dismissed_partner_ids) = 'array'
                AND t.dismissed_partner_ids @> ANY(%s::jsonb[])""",
                [str(source) for source in self.source_ids],
            ),
        )

    def change(self, table, values, condition):
        """Set columns of rows, and trace what they were.

        :param str table: with a column ``id``
        :param dict[str, SQL] values: column -> expression over ``t``
        :param SQL condition: over ``t``
        """
        before, after = (
            SQL(
                "jsonb_build_object(%s)",
                SQL(", ").join(
                    SQL(
                        "%s::text, %s",
                        name,
                        SQL("%s.%s", SQL(row), SQL.identifier(name)),
                    )
                    for name in values
                ),
            )
            for row in ("was", "t")
        )
        self.cr.execute(
            SQL(
                """WITH was AS (
                    SELECT t.* FROM %(table)s t WHERE %(condition)s
                ), changed AS (
                    UPDATE %(table)s t SET %(sets)s FROM was WHERE t.id = was.id
                    RETURNING t.id, %(before)s AS before, %(after)s AS after)
                INSERT INTO mini_crm_merge_trace (batch_id, kind, relation, row_id,
                    before, after)
                SELECT %(batch)s, 'changed', %(name)s, id, before, after FROM changed
                WHERE before IS DISTINCT FROM after""",
                table=SQL.identifier(table),
                condition=condition,
                sets=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                before=before,
                after=after,
                batch=self.batch_id,
                name=table,
            )
        )
