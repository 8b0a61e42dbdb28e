import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MAX_DEPTH = 5

# Which events are an interaction with the customer. An event whose data say that a
# machine sent it is none, whatever its type.
INTERACTIONS = {
    "message_received": "in",
    "message_sent": "out",
    "call_logged": "call",
}
# By which ways many customers are changed at once.
BULK_WAYS = ("list", "import", "bulk", "merge")


class MiniCrmEvent(models.Model):
    """Append-only log of what happened to customers (docs/architecture.md 5).

    The room that undoes batches adds a column ``undone_by``: an event that has one is
    as if it had not happened. Whoever shows or counts events leaves it out; listeners
    follow it as any other, for what it tells of has been taken back.
    """

    _name = "mini_crm.event"
    _description = "Customer Event"
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "type"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    type = fields.Selection(
        [
            ("customer_created", "Customer created"),
            ("field_updated", "Details changed"),
            ("tag_added", "Tag added"),
            ("tag_removed", "Tag removed"),
            ("note_added", "Note"),
            ("call_logged", "Call"),
            ("message_received", "Message received"),
            ("message_sent", "Message sent"),
            ("referral_made", "Referral"),
            ("customers_merged", "Merged with a duplicate"),
        ],
        required=True,
    )
    interaction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer"), ("call", "Call")],
        help="Set when the event counts as an interaction with the customer.",
    )
    date = fields.Datetime(required=True, help="When it happened, UTC.")
    author_id = fields.Many2one("res.users", ondelete="set null")
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency", ondelete="restrict")
    summary = fields.Char()
    data = fields.Json()
    res_model = fields.Char("Document Model")
    res_id = fields.Many2oneReference("Document", model_field="res_model")
    through = fields.Selection(
        [
            ("form", "Form"),
            ("list", "List"),
            ("import", "Import"),
            ("api", "API"),
            ("bulk", "Bulk change"),
            ("workflow", "Workflow"),
            ("merge", "Merge"),
            ("program", "Program"),
        ],
        help="By what way the fields of a customer were changed.",
    )
    cause_id = fields.Many2one("mini_crm.event", ondelete="set null")
    depth = fields.Integer(help="Steps from the event that people or the world caused.")
    external_key = fields.Char(help="Idempotency key: the same key is logged once.")

    _partner_date_idx = models.Index("(partner_id, date DESC, id DESC)")
    _type_date_idx = models.Index("(type, date)")
    _external_key_uniq = models.UniqueIndex(
        "(external_key) WHERE external_key IS NOT NULL"
    )
    _cause_idx = models.Index("(cause_id) WHERE cause_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self.env._("Events are logged by what happens, not by hand."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What happened cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What happened cannot be deleted."))

    @api.model
    def _log_many(self, columns, source, *, ctes=None, returning=False, queued=True):
        """Log one event per row of a SQL source; the one door into the timeline.

        The events are queued in the same transaction; up to 100 customers are brought
        up to date before it commits, more by the worker.

        :param dict[str, SQL] columns: event column -> expression over ``source``;
            ``partner_id`` and ``type`` are needed, the others have defaults
            (``company_id``: the current one; ``date``: now, UTC)
        :param SQL source: ``FROM ...`` clause with joins and conditions; empty for one
            row of constants
        :param SQL | None ctes: common table expressions (``name AS (...)``, comma
            separated) that ``source`` reads; data-modifying ones let a room write its
            rows and their events in one statement
        :param bool returning: return the ids of the new events
        :param bool queued: false: nothing follows from these events
        :return: ids of the new events (``returning``), else their number. A row whose
            ``external_key`` has been logged already is left out.
        :rtype: list[int] | int
        """
        self.env.flush_all()
        columns = {**self._default_columns(), **columns}
        columns.setdefault("interaction", self._interaction_sql(columns))
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        values = SQL(", ").join(columns.values())
        self.env.cr.execute(
            SQL(
                """
                WITH %(ctes)s logged AS (
                    INSERT INTO mini_crm_event (%(names)s)
                    SELECT %(values)s %(source)s
                    ON CONFLICT (external_key)
                        WHERE external_key IS NOT NULL DO NOTHING
                    RETURNING id, partner_id, type, depth
                ), queued AS (
                    INSERT INTO mini_crm_queue (event_id, partner_id, type)
                    SELECT id, partner_id, type FROM logged
                    WHERE depth <= %(max_depth)s AND %(queued)s
                    RETURNING id
                )
                SELECT (SELECT count(*) FROM logged),
                       (SELECT array_agg(id) FROM (SELECT id FROM queued LIMIT 101) q),
                       %(ids)s
                """,
                ctes=SQL("%s,", ctes) if ctes else SQL(),
                names=names,
                values=values,
                source=source,
                max_depth=MAX_DEPTH,
                queued=queued,
                ids=SQL("(SELECT array_agg(id ORDER BY id) FROM logged)")
                if returning
                else SQL("NULL"),
            )
        )
        count, queue_ids, ids = self.env.cr.fetchone()
        if queue_ids:
            self.env["mini_crm.queue"]._schedule(queue_ids)
        return (ids or []) if returning else count

    @api.model
    def _default_columns(self):
        """Columns that every event gets unless its logger says otherwise."""
        cause_id, depth = self.env.context.get("mini_crm_cause", (None, 0))
        way = self.env.context.get("mini_crm_through")
        known = self._fields["through"].get_values(self.env)
        return {
            "company_id": SQL("%s", self.env.company.id),
            "date": SQL("(now() AT TIME ZONE 'utc')"),
            "author_id": SQL("%s", self.env.uid),
            "cause_id": SQL("%s::int", cause_id),
            "depth": SQL("%s", depth),
            "through": SQL("%s::varchar", way if way in known else None),
        }

    @api.model
    def _is_bulk(self, alias):
        """SQL condition: the event tells of a change of many customers at once.

        An import, a merge or the first run of a rule is nothing that the customer did.
        Rooms that change many add to it how their events tell.

        :param str alias: of ``mini_crm_event``
        """
        return SQL(
            """(coalesce(%(event)s.through = ANY(%(ways)s), FALSE)
                OR %(event)s.type = 'customers_merged'
                OR coalesce(%(event)s.data ->> 'bulk' = 'true', FALSE))""",
            event=SQL.identifier(alias),
            ways=list(BULK_WAYS),
        )

    @api.model
    def _follows_bulk(self, alias):
        """SQL condition: the event, or one that has led to it, is one of ``_is_bulk``.

        :param str alias: of ``mini_crm_event``
        """
        return self._follows(alias, self._is_bulk("made"))

    @api.model
    def _follows_undone(self, alias):
        """SQL condition: the event, or one that has led to it, has been taken back.

        :param str alias: of ``mini_crm_event``
        """
        return self._follows(alias, SQL("made.undone_by IS NOT NULL"))

    @api.model
    def _follows(self, alias, condition):
        """SQL condition: one is true of the event or of one that has led to it.

        :param str alias: of ``mini_crm_event``
        :param SQL condition: over the event ``made``
        """
        return SQL(
            """EXISTS (
                WITH RECURSIVE line (id) AS (
                    SELECT %s
                    UNION
                    SELECT above.cause_id FROM line
                    JOIN mini_crm_event above ON above.id = line.id
                    WHERE above.cause_id IS NOT NULL)
                SELECT FROM line JOIN mini_crm_event made ON made.id = line.id
                WHERE %s)""",
            SQL.identifier(alias, "id"),
            condition,
        )

    @api.model
    def _interaction_sql(self, columns):
        """Expression of ``interaction`` from the type and the data of an event."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", kind, value) for kind, value in INTERACTIONS.items()
        )
        data = columns.get("data", SQL("NULL"))
        return SQL(
            "CASE WHEN coalesce((%s)::jsonb ->> 'automated', '') = 'true' THEN NULL"
            " ELSE CASE %s %s END END",
            data,
            columns["type"],
            cases,
        )

    @api.model
    def _json(self, value):
        """A Python value as a jsonb expression; ``None`` as NULL."""
        return SQL(
            "%s::jsonb", json.dumps(value, ensure_ascii=False) if value else None
        )
