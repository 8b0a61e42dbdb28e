from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

CALL_OUTCOMES = ("answered", "no_answer", "call_back")
CALL_DIRECTIONS = ("out", "in")
LONGEST_CALL = 24 * 60  # minutes


class ResPartner(models.Model):
    _inherit = "res.partner"

    event_ids = fields.One2many(
        "mini_crm.event", "partner_id", "Events", groups="mini_crm.mini_crm_group_agent"
    )

    @api.model
    def _customer_evidence(self, alias):
        return [
            *super()._customer_evidence(alias),
            SQL(
                """EXISTS (SELECT FROM mini_crm_event e WHERE e.partner_id = %s
                AND e.interaction IS NOT NULL AND e.undone_by IS NULL)""",
                SQL.identifier(alias, "id"),
            ),
        ]

    # The door for one event

    def _log(
        self, event_type, *, date=None, data=None, summary=None, record=None, **columns
    ):
        """Log one event of this customer.

        :param str event_type: a value of ``mini_crm.event.type``
        :param datetime | None date: when it happened, UTC; default now
        :param dict | None data: details of the event's type
        :param str | None summary: a short text for people
        :param record: the document that the event is about
        :param columns: further columns of ``mini_crm.event`` as plain values, e.g.
            ``amount``, ``currency_id``, ``external_key``, ``company_id``
        :return: id of the event, or ``None`` if its ``external_key`` is known already
        :rtype: int | None
        """
        self.ensure_one()
        Event = self.env["mini_crm.event"]
        values = {
            "partner_id": self.id,
            "type": event_type,
            "company_id": self.company_id.id or self.env.company.id,
            "summary": summary,
            "res_model": record._name if record else None,
            "res_id": record.id if record else None,
            **columns,
        }
        if event_type not in Event._fields["type"].get_values(self.env):
            raise ValueError(f"Unknown type of event: {event_type}")
        expressions = {name: SQL("%s", value) for name, value in values.items()}
        expressions["data"] = Event._json(data)
        if date:
            expressions["date"] = SQL("%s::timestamp", date)
        ids = Event._log_many(expressions, SQL(), returning=True)
        return ids[0] if ids else None

    # Quick actions

    def action_log_call(self, outcome, note=None, minutes=None, direction="out"):
        """Log a phone call with this customer (agents).

        :param str outcome: one of ``CALL_OUTCOMES``
        :param str | None note: what was said
        :param int | None minutes: how long it took, if that matters
        :param str direction: out: we called; in: the customer did
        :return: id of the event
        :rtype: int
        :raises UserError: says what is wrong
        """
        self.ensure_one()
        self.env["mini_crm.event"].check_access("read")
        self.check_access("write")
        self._check_call(outcome, minutes, direction)
        event_id = self._log(
            "call_logged",
            data=self._call_data(outcome, minutes, direction),
            summary=note or None,
        )
        self._follow_up()
        return event_id

    def _check_call(self, outcome, minutes, direction):
        """:raises UserError: when something about a call makes no sense"""
        if outcome not in CALL_OUTCOMES:
            raise UserError(
                self.env._(
                    "How the call ended must be one of %(outcomes)s, not %(outcome)s.",
                    outcomes=", ".join(CALL_OUTCOMES),
                    outcome=outcome,
                )
            )
        if direction not in CALL_DIRECTIONS:
            raise UserError(
                self.env._(
                    "Who called must be “out” (we did) or “in” (the customer did), not"
                    " %s.",
                    direction,
                )
            )
        whole = isinstance(minutes, int) and not isinstance(minutes, bool)
        if minutes is not None and not (whole and 0 <= minutes <= LONGEST_CALL):
            raise UserError(
                self.env._(
                    "How long a call took is a whole number of minutes from 0 to"
                    " %(most)s, not %(minutes)s.",
                    most=LONGEST_CALL,
                    minutes=minutes,
                )
            )

    def _call_data(self, outcome, minutes, direction):
        """What the event of a call tells; higher rooms add to it: dict."""
        data = {"outcome": outcome, "direction": direction}
        return data if minutes is None else {**data, "minutes": minutes}

    def _follow_up(self):
        """Draw the consequences of what was logged so far now, not at the commit.

        For a person's single action: the answer to his own request shows the result.
        """
        self._log_changes()
        self.env["mini_crm.queue"]._process_inline()

    def web_read(self, specification):
        # What a person saves is answered with its consequences: with the new score.
        if self.env.cr.precommit:
            self._follow_up()
        return super().web_read(specification)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        note = self.env.ref("mail.mt_note", raise_if_not_found=False)
        if message.message_type == "comment" and message.subtype_id == note:
            for partner in self._filter_customers():
                partner._log("note_added", record=message)
        return result

    def _filter_customers(self):
        """Those of these partners that are customers."""
        if not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id FROM res_partner p WHERE p.id = ANY(%s) AND %s",
                list(self.ids),
                self._customer_filter("p"),
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _customer_filter(self, alias):
        """SQL condition: the partner of the row ``alias`` is a customer by now.

        Here: the rule says so. The room that keeps profiles narrows it to them.
        """
        return self._customer_condition(alias)
