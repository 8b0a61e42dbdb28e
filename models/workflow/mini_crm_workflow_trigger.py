from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, frozendict, ormcache

from ...engine.workflow_triggers import EVENTS, Happened, pulls

# What of an event's message and purchase is read, and from where.
MESSAGE = {
    "chat": SQL("coalesce(m.id, 0)"),
    "mail": SQL(
        """CASE WHEN e.type = 'message_received' AND e.res_model = 'mail.message'
            THEN e.res_id ELSE 0 END"""
    ),
    "text": SQL("coalesce(m.body, concat_ws(' ', e.data ->> 'subject', e.summary))"),
    "messages": SQL(
        """LEFT JOIN mini_crm_message m
            ON e.res_model = 'mini_crm.message' AND m.id = e.res_id"""
    ),
}
NO_MESSAGE = {
    "chat": SQL("0"),
    "mail": SQL("0"),
    "text": SQL("''"),
    "messages": SQL(""),
}
PURCHASE = {
    "amount": SQL("coalesce(b.amount_company, e.amount, 0)::float8"),
    "purchases": SQL(
        """LEFT JOIN mini_crm_purchase b
            ON e.res_model = 'mini_crm.purchase' AND b.id = e.res_id"""
    ),
}
NO_PURCHASE = {"amount": SQL("0::float8"), "purchases": SQL("")}
KINDS = SQL(", ").join(  # (type of an event, kind of a trigger)
    SQL("(%s, %s)", event, kind) for event, kinds in EVENTS.items() for kind in kinds
)


class Start(NamedTuple):
    """Why a customer enters a workflow."""

    workflow_id: int
    partner_id: int
    event_id: int
    depth: int
    message_id: int  # 0: it was no message in a chat
    mail_id: int  # 0: it was no e-mail


class MiniCrmWorkflow(models.Model):
    """Which workflows an event starts.

    One cheap query tells that none waits for such events, which is so for most.
    """

    _inherit = "mini_crm.workflow"

    @api.model
    def _on_events(self, claimed):
        """Listener: have customers enter the workflows that these events start.

        :param SQL claimed: relation of (event_id, partner_id, type)
        """
        waiting = self._waiting_for(claimed)
        if not waiting:
            return
        starts = self._starts(claimed, waiting)
        self._enter(self._without_answers(starts))

    @api.model
    def _without_answers(self, starts):
        """Those starts but for what has answered a question.

        :rtype: list[Start]
        """
        runs = self.env["mini_crm.workflow.run"]
        chats = {start.message_id for start in starts} - {0}
        mails = {start.mail_id for start in starts} - {0}
        answers = runs._consumed(sorted(chats)) if chats else set()
        by_mail = runs._consumed_mails(sorted(mails)) if mails else set()
        return [
            start
            for start in starts
            if start.message_id not in answers and start.mail_id not in by_mail
        ]

    @api.model
    def _waiting_for(self, claimed):
        """Running workflows whose kind of trigger is among the claimed events.

        :return: {company id: {type of event: [[workflow id, version id, bulk]]}}
        :rtype: dict
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT w.company_id, k.event, array_agg(ARRAY[w.id, w.version_id,
                    (w.trigger_bulk IS TRUE)::int] ORDER BY w.sequence, w.id)
                FROM (SELECT DISTINCT type FROM %s c WHERE c.event_id > 0) happened
                JOIN (VALUES %s) AS k (event, kind) ON k.event = happened.type
                JOIN mini_crm_workflow w ON w.trigger = k.kind
                WHERE w.state = 'live' AND w.active AND w.version_id IS NOT NULL
                GROUP BY w.company_id, k.event""",
                claimed,
                KINDS,
            )
        )
        found = {}
        for company_id, event, workflows in self.env.cr.fetchall():
            found.setdefault(company_id, {})[event] = workflows
        return found

    @api.model
    def _starts(self, claimed, waiting):
        """Whom the events have enter which workflow, in the order of the events.

        :param dict waiting: as of ``_waiting_for``
        :rtype: list[Start]
        """
        triggers = self.env["mini_crm.workflow.version"]._triggers(
            tuple(
                version_id
                for events in waiting.values()
                for workflows in events.values()
                for _workflow_id, version_id, _bulk in workflows
            )
        )
        starts, single, any_way = [], [], []
        self.env.cr.execute(self._happened_sql(claimed, waiting))
        rows = self.env.cr.fetchall()
        for event_id, partner_id, company_id, depth, chat, mail, *told in rows:
            happened = Happened(*told)
            for workflow_id, version_id, for_bulk in waiting[company_id].get(
                happened.type, ()
            ):
                if pulls(triggers[version_id], happened):
                    start = Start(workflow_id, partner_id, event_id, depth, chat, mail)
                    starts.append(start)
                    (any_way if for_bulk else single).append(start)
        events = self.env["mini_crm.event"]
        starts = self._of_customers(starts)
        # what has been undone belongs to a batch: bulk as well
        left_out = self._led_to(single, events._follows_bulk("e"))
        left_out |= self._led_to(any_way, events._follows_undone("e"))
        return [start for start in starts if start not in left_out]

    # Asked for last, of the few events that concern anybody: planning takes its time.

    @api.model
    def _of_customers(self, starts):
        """Those starts whose contact is a customer who is not archived.

        :rtype: list[Start]
        """
        if not starts:
            return starts
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM mini_crm_profile WHERE id = ANY(%s) AND partner_active",
                sorted({start.partner_id for start in starts}),
            )
        )
        customers = {row[0] for row in rows}
        return [start for start in starts if start.partner_id in customers]

    @api.model
    def _led_to(self, starts, condition):
        """Those starts of whose events a condition is true: set[Start].

        :param SQL condition: over the event ``e``
        """
        if not starts:
            return set()
        rows = self.env.execute_query(
            SQL(
                "SELECT e.id FROM mini_crm_event e WHERE e.id = ANY(%s) AND %s",
                sorted({start.event_id for start in starts}),
                condition,
            )
        )
        found = {row[0] for row in rows}
        return {start for start in starts if start.event_id in found}

    @api.model
    def _happened_sql(self, claimed, waiting):
        """Select of what the events tell that a workflow waits for.

        An e-mail's words are those that the timeline may repeat. Messages and purchases
        are joined only where one is waited for: planning a join takes longer than it.
        """
        told = {event for events in waiting.values() for event in events}
        texts = MESSAGE if "message_received" in told else NO_MESSAGE
        amounts = PURCHASE if "purchase_made" in told else NO_PURCHASE
        return SQL(
            """SELECT e.id, e.partner_id, e.company_id, coalesce(e.depth, 0),
                %(chat)s, %(mail)s, e.type, coalesce(e.data, '{}'), %(text)s, %(amount)s
            FROM %(claimed)s c
            JOIN mini_crm_event e ON e.id = c.event_id
            %(messages)s %(purchases)s
            WHERE (e.company_id, e.type) IN (%(waiting)s)
            ORDER BY e.id""",
            claimed=claimed,
            **texts,
            **amounts,
            waiting=SQL(", ").join(
                SQL("(%s, %s)", company_id, event)
                for company_id, events in waiting.items()
                for event in events
            ),
        )

    @api.model
    def _enter(self, starts):
        """Have customers enter workflows, each of them once for each of his events.

        :param list[Start] starts: in the order of their events
        """
        together, times = {}, {}
        for start in starts:
            who = start.workflow_id, start.partner_id
            times[who] = times.get(who, 0) + 1
            key = times[who], start.workflow_id, start.depth
            together.setdefault(key, {})[start.partner_id] = start.event_id
        # a customer's second event comes after what his first has led to
        for (_time, workflow_id, depth), causes in sorted(
            together.items(), key=lambda one: one[0][0]
        ):
            # sudo: workflows run whoever has caused the event
            workflow = self.sudo().browse(workflow_id)
            partners = self.env["res.partner"].browse(causes)
            workflow._start(partners, depth=depth, causes=causes)


class MiniCrmWorkflowVersion(models.Model):
    _inherit = "mini_crm.workflow.version"

    @api.model
    @ormcache("version_ids")
    def _triggers(self, version_ids):
        """The triggers of versions, kept: a version never changes.

        :param tuple version_ids: ids of them
        :return: {id: trigger}
        :rtype: frozendict
        """
        # sudo: whoever has caused the event
        versions = self.sudo().browse(version_ids)
        return frozendict(
            {one.id: frozendict(one.definition["trigger"]) for one in versions}
        )
