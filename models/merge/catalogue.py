"""What the database knows of its tables: columns, unique indexes, keys."""

import re
from typing import NamedTuple

from odoo.tools import SQL


class UniqueIndex(NamedTuple):
    """A unique constraint or index: SQL expressions over one row."""

    keys: list
    predicate: str | None


class Parent(NamedTuple):
    """What a foreign key leads to; ``empties``: it is emptied with the row there."""

    table: str
    column: str
    empties: bool


class Catalogue:
    """Looks into the catalogue of one database; what it has read it remembers.

    :param cr: cursor
    """

    def __init__(self, cr):
        self.cr = cr
        self._columns = {}
        self._indexes = {}
        self._parents = {}

    def look_at(self, tables):
        """Look at all of these tables at once, rather than at each when it is met."""
        new = sorted(set(tables) - self._columns.keys())
        if not new:
            return
        self._columns |= {table: [] for table in new}
        self._indexes |= {table: [] for table in new}
        self.cr.execute(
            SQL(
                """SELECT c.relname, ARRAY(
                    SELECT attname::text FROM pg_attribute
                    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                    ORDER BY attnum), (
                    SELECT jsonb_agg(jsonb_build_array(ARRAY(
                            SELECT pg_get_indexdef(i.indexrelid, k, TRUE)
                            FROM generate_series(1, i.indnkeyatts) k),
                        pg_get_expr(i.indpred, i.indrelid)) ORDER BY i.indexrelid)
                    FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique)
                FROM pg_class c WHERE c.relname = ANY(%s)
                    AND c.relnamespace = current_schema::regnamespace""",
                new,
            )
        )
        for table, columns, indexes in self.cr.fetchall():
            self._columns[table] = columns
            self._indexes[table] = indexes or []

    def unique_indexes(self, reference):
        """Unique indexes that a move of this column can violate: list."""
        self.look_at([reference.table])
        column = re.compile(rf"(?<!\w){re.escape(reference.column)}(?!\w)")
        return [
            UniqueIndex([_literal(key) for key in keys], _literal(predicate))
            for keys, predicate in self._indexes[reference.table]
            if any(column.search(text) for text in (*keys, predicate or ""))
        ]

    def columns(self, table):
        """Names of the columns of a table: list of str."""
        self.look_at([table])
        return self._columns[table]

    def parents(self, table):
        """Foreign keys of a table that are one column: {column: Parent}."""
        if table not in self._parents:
            self.cr.execute(
                SQL(
                    """SELECT a.attname, p.relname, b.attname, k.confdeltype = 'n'
                    FROM pg_constraint k
                    JOIN pg_class c ON c.oid = k.conrelid
                    JOIN pg_class p ON p.oid = k.confrelid
                    JOIN pg_attribute a
                        ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
                    JOIN pg_attribute b
                        ON b.attrelid = p.oid AND b.attnum = k.confkey[1]
                    WHERE k.contype = 'f' AND cardinality(k.conkey) = 1
                        AND c.relname = %s
                        AND c.relnamespace = current_schema::regnamespace""",
                    table,
                )
            )
            self._parents[table] = {
                name: Parent(*of_name) for name, *of_name in self.cr.fetchall()
            }
        return self._parents[table]

    def key_of(self, reference):
        """The column that tells rows apart: the id; of a many2many, the other side."""
        names = self.columns(reference.table)
        if "id" in names:
            return "id"
        others = [name for name in names if name != reference.column]
        if len(others) != 1:
            raise ValueError(f"Rows of {reference.table} cannot be told apart")
        return others[0]


def _literal(text):
    """A text of the catalogue as SQL: its percent signs are no placeholders."""
    return text and text.replace("%", "%%")
