from odoo import api, fields, models
from odoo.tools import SQL

FUNCTION = "mini_crm_count_members"


class MiniCrmSegmentCount(models.Model):
    """How many members segments have, as signed differences that a job adds up.

    Triggers on the members append them, so that every door is covered, and two who
    change members of one segment side by side never meet in a row.
    """

    _name = "mini_crm.segment.count"
    _description = "Differences of Members"
    _log_access = False
    _rec_name = "id"

    segment_id = fields.Many2one("mini_crm.segment", required=True, ondelete="cascade")
    members = fields.Integer(required=True)

    _segment_idx = models.Index("(segment_id)")

    @api.model
    def _of(self, segment_ids):
        """Members of segments: {segment id: number}."""
        self.env.cr.execute(
            SQL(
                """SELECT segment_id, sum(members) FROM mini_crm_segment_count
                WHERE segment_id = ANY(%s) GROUP BY segment_id""",
                list(segment_ids),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _follow(self, table):
        """Have triggers count who enters and leaves a table of members.

        :param str table: name of a table with ``segment_id``
        """
        self.env.cr.execute(_CREATE)
        for event, rows in (("INSERT", "NEW"), ("DELETE", "OLD")):
            self.env.cr.execute(
                SQL(
                    """CREATE OR REPLACE TRIGGER %s AFTER %s ON %s
                    REFERENCING %s TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION mini_crm_count_members()""",
                    SQL.identifier(f"mini_crm_count_{event.lower()}"),
                    SQL(event),
                    SQL.identifier(table),
                    SQL(rows),
                )
            )

    @api.model
    def _cron_sizes(self):
        """Every five minutes: add up the differences, and note the sizes of today."""
        self.env.cr.execute(_COMPACT)
        self.env["mini_crm.segment.size"]._note()


_COMPACT = """WITH rows AS (
        DELETE FROM mini_crm_segment_count WHERE id IN (
            SELECT id FROM mini_crm_segment_count ORDER BY id
            LIMIT 100000 FOR UPDATE SKIP LOCKED)
        RETURNING segment_id, members)
    INSERT INTO mini_crm_segment_count (segment_id, members)
    SELECT segment_id, sum(members) FROM rows GROUP BY segment_id
    HAVING sum(members) <> 0"""

# Does nothing when this add-on is gone, and for the members of a deleted segment.
_CREATE = SQL(
    """CREATE OR REPLACE FUNCTION %s() RETURNS trigger AS $body$
    BEGIN
        IF to_regclass('mini_crm_segment_count') IS NOT NULL THEN
            EXECUTE 'INSERT INTO mini_crm_segment_count (segment_id, members)
                SELECT s.id, CASE $1 WHEN ''INSERT'' THEN 1 ELSE -1 END * n
                FROM (SELECT segment_id, count(*) AS n FROM changed GROUP BY 1) c
                JOIN mini_crm_segment s ON s.id = c.segment_id' USING TG_OP;
        END IF;
        RETURN NULL;
    END $body$ LANGUAGE plpgsql""",
    SQL.identifier(FUNCTION),
)
