"""Photographs of the rows that rooms may write, delete or make during a merge.

References are moved by ``moving.py``, which traces what it does. What rooms do besides
(consents become the strictest, runs end, figures are counted anew) is found out by
comparing: few rows, of few tables.
"""

from collections import defaultdict

from odoo.tools import SQL

# Who has written a row and when is no part of it; nor is what others derive from it.
VOLATILE = ("write_date", "write_uid")

_RUNS = """SELECT r.id FROM mini_crm_workflow_run r
    WHERE r.partner_id = ANY(%(people)s) AND r.state IN ('running', 'waiting')
    UNION SELECT i.row_id FROM mini_crm_merge_image i
    WHERE i.relation = 'mini_crm_workflow_run'"""
# Which rows, of which table, in an order in which they can be made again: those that
# others refer to first. ``people``: ids of all who are merged. By arrays, as an OR
# beside IN (SELECT ..) would read the whole table.
TABLES = {
    "res_partner": """t.id = ANY(%(people)s) OR t.parent_id = ANY(%(people)s)
        OR t.commercial_partner_id = ANY(%(people)s)""",
    "mini_crm_redirect": "t.source_id = ANY(%(people)s)",
    "mini_crm_duplicate": """t.partner_id = ANY(%(people)s)
        OR t.other_id = ANY(%(people)s)""",
    "mini_crm_profile": "t.id = ANY(%(people)s)",
    # their contacts too, who are called after them
    "mini_crm_search": """t.id = ANY(%(people)s) OR t.id = ANY(ARRAY(
        SELECT p.id FROM res_partner p WHERE p.parent_id = ANY(%(people)s)
            OR p.commercial_partner_id = ANY(%(people)s)))""",
    "mini_crm_score_history": "t.partner_id = ANY(%(people)s)",
    "mini_crm_journey_transition": "t.partner_id = ANY(%(people)s)",
    "mini_crm_consent": "t.partner_id = ANY(%(people)s)",
    "mail_blacklist": """t.email = ANY(ARRAY(
        SELECT p.email_normalized FROM res_partner p WHERE p.id = ANY(%(people)s)))""",
    "phone_blacklist": """t.number = ANY(ARRAY(
        SELECT p.phone_sanitized FROM res_partner p WHERE p.id = ANY(%(people)s)))""",
    "mini_crm_field_value": "t.partner_id = ANY(%(people)s)",
    "mini_crm_segment_pin": "t.partner_id = ANY(%(people)s)",
    "mini_crm_segment_member": "t.partner_id = ANY(%(people)s)",
    "mini_crm_tag_origin": "t.partner_id = ANY(%(people)s)",
    "res_partner_res_partner_category_rel": "t.partner_id = ANY(%(people)s)",
    "mini_crm_identity": """t.partner_id = ANY(%(people)s)
        OR t.linked_from_id = ANY(%(people)s)
        OR t.suggested_partner_id = ANY(%(people)s)""",
    "mini_crm_message": "t.partner_id = ANY(%(people)s) AND t.state = 'queued'",
    "mini_crm_outbox": """t.message_id = ANY(ARRAY(
        SELECT m.id FROM mini_crm_message m
        WHERE m.partner_id = ANY(%(people)s) AND m.state = 'queued'))""",
    "mini_crm_workflow_run": """t.partner_id = ANY(%(people)s)
        AND t.state IN ('running', 'waiting')""",
    # of those runs, also when they have ended since
    "mini_crm_workflow_step": f"t.run_id = ANY(ARRAY({_RUNS}))",
    "mini_crm_workflow_mail": f"t.workflow_run_id = ANY(ARRAY({_RUNS}))",
    "loyalty_card": "t.partner_id = ANY(%(people)s)",
}
# What the pipeline makes of other rows: put back, but no word about it if it has
# changed since, for it is counted anew anyway.
DERIVED = frozenset(
    {
        "mini_crm_profile",
        "mini_crm_search",
        "mini_crm_score_history",
        "mini_crm_journey_transition",
        "mini_crm_segment_member",
        "mini_crm_tag_origin",
        "mini_crm_workflow_step",
    }
)
# Columns that are counted anew of rows that are otherwise what people have said.
RECOUNTED = {"mini_crm_duplicate": ("score", "bits", "reasons", "company_id")}
# Rows whose id is the contact's: of all others a higher id is a newer row.
SHARED_IDS = ("res_partner", "mini_crm_profile", "mini_crm_search")


class Images:
    """The rows of ``TABLES`` before a merge, to be compared with those after it.

    :param env: environment
    :param int batch_id: the batch that traces the difference
    :param list[int] people: ids of all who are merged
    """

    def __init__(self, env, batch_id, people):
        self.env = env
        self.cr = env.cr
        self.batch_id = batch_id
        self.people = list(people)
        self.tables = env["mini_crm.merge"]._photographed()
        self.ids = defaultdict(list)  # {table: ids of the rows before}
        self.last = {}  # {table: highest id of a row that was there before}

    def take(self):
        """Photograph the rows as they are before."""
        self.cr.execute(
            """CREATE TEMPORARY TABLE IF NOT EXISTS mini_crm_merge_image (
                place int, relation text, row_id int, row jsonb)
            ON COMMIT DELETE ROWS"""
        )
        self.cr.execute("DELETE FROM mini_crm_merge_image")
        self.cr.execute(
            SQL(
                "INSERT INTO mini_crm_merge_image %s RETURNING relation, row_id",
                SQL(" UNION ALL ").join(self._rows()),
            )
        )
        for table, row_id in self.cr.fetchall():
            self.ids[table].append(row_id)
        newer = [
            SQL("SELECT %s, coalesce(max(id), 0) FROM %s", name, SQL.identifier(name))
            for name, with_id in self.tables.items()
            if with_id and name not in SHARED_IDS
        ]
        self.cr.execute(SQL(" UNION ALL ").join(newer))
        self.last = dict(self.cr.fetchall())

    def compare(self):
        """Trace what has become of the rows since."""
        self.env.flush_all()
        self.cr.execute(
            SQL(
                """WITH now AS (%(now)s), both_of AS (
                    SELECT coalesce(b.place, a.place) AS place,
                        coalesce(b.relation, a.relation) AS relation,
                        coalesce(b.row_id, a.row_id) AS row_id,
                        b.row AS before, a.row AS after
                    FROM mini_crm_merge_image b
                    FULL JOIN now a ON a.relation = b.relation
                        AND a.row_id IS NOT DISTINCT FROM b.row_id
                        AND (a.row_id IS NOT NULL OR a.row = b.row)
                ), told AS (
                    SELECT place, relation, row_id, CASE WHEN before IS NULL THEN 'made'
                            WHEN after IS NULL THEN 'gone' ELSE 'changed' END AS kind,
                        CASE WHEN after IS NULL THEN before
                            ELSE %(old)s END AS before,
                        CASE WHEN before IS NULL THEN after ELSE %(new)s END AS after
                    FROM both_of
                    WHERE (before - %(volatile)s::text[])
                        IS DISTINCT FROM (after - %(volatile)s::text[]))
                INSERT INTO mini_crm_merge_trace (batch_id, kind, relation, row_id,
                    before, after)
                SELECT %(batch)s, kind, relation, row_id, before, after FROM told
                ORDER BY place, row_id""",
                now=SQL(" UNION ALL ").join(self._rows(again=True)),
                old=_differences("before", "after"),
                new=_differences("after", "before"),
                volatile=list(VOLATILE),
                batch=self.batch_id,
            )
        )

    def _rows(self, again=False):
        """Selects of (place, relation, row_id, row), one for each table that is there.

        :param bool again: rows that were photographed, wherever they are now, and new
            ones; what was there before and looks alike by now is not of the merge
        """
        with_id = self.tables
        selects = []
        for place, (table, which) in enumerate(TABLES.items()):
            if table not in with_id:
                continue
            condition = SQL(which, people=self.people)  # pylint: disable=sql-injection
            if again and with_id[table]:
                condition = SQL(
                    "(%s) AND t.id > %s OR t.id = ANY(%s)",
                    condition,
                    self.last.get(table, 0),
                    self.ids[table],
                )
            selects.append(
                SQL(
                    "SELECT %s AS place, %s AS relation, %s AS row_id,"
                    " to_jsonb(t) AS row FROM %s t WHERE %s",
                    place,
                    table,
                    SQL("t.id") if with_id[table] else SQL("NULL::int"),
                    SQL.identifier(table),
                    condition,
                )
            )
        return selects


def _differences(one, other):
    """The columns of one row that are different in another, as jsonb."""
    return SQL(
        """(SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(%s) e
            WHERE e.value IS DISTINCT FROM %s -> e.key AND e.key <> ALL(%s))""",
        SQL.identifier(one),
        SQL.identifier(other),
        list(VOLATILE),
    )
