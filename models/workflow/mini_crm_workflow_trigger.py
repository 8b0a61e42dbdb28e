from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, frozendict, ormcache

from ...engine.workflow_triggers import EVENTS, Happened, pulls


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

        :return: {company id: {type of event: [(workflow id, version id, bulk)]}}
        :rtype: dict
        """
        self.env.flush_all()
        kinds = [(event, kind) for event, all_of in EVENTS.items() for kind in all_of]
        self.env.cr.execute(
            SQL(
                """SELECT w.company_id, k.event, w.id, w.version_id,
                    w.trigger_bulk IS TRUE
                FROM (SELECT DISTINCT type FROM %s c WHERE c.event_id > 0) happened
                JOIN (VALUES %s) AS k (event, kind) ON k.event = happened.type
                JOIN mini_crm_workflow w ON w.trigger = k.kind
                WHERE w.state = 'live' AND w.active AND w.version_id IS NOT NULL
                ORDER BY w.sequence, w.id""",
                claimed,
                SQL(", ").join(SQL("%s", kind) for kind in kinds),
            )
        )
        found = {}
        for company_id, event, *workflow in self.env.cr.fetchall():
            found.setdefault(company_id, {}).setdefault(event, []).append(workflow)
        return found

    @api.model
    def _starts(self, claimed, waiting):
        """Whom the events have enter which workflow, in the order of the events.

        :param dict waiting: as of ``_waiting_for``
        :rtype: list[Start]
        """
        versions = self.env["mini_crm.workflow.version"].browse(
            version_id
            for events in waiting.values()
            for workflows in events.values()
            for _workflow_id, version_id, _bulk in workflows
        )
        triggers = {version.id: version._trigger() for version in versions}
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
        # what has been undone belongs to a batch: bulk as well
        left_out = self._led_to(single, events._follows_bulk("e"))
        left_out |= self._led_to(any_way, events._follows_undone("e"))
        return [start for start in starts if start not in left_out]

    @api.model
    def _led_to(self, starts, condition):
        """Those starts of whose events a condition is true: set[Start].

        Asked for last, as it takes longer to plan than all else that concerns nobody.

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

        An e-mail's words are those that the timeline may repeat.
        """
        return SQL(
            """SELECT e.id, e.partner_id, e.company_id, coalesce(e.depth, 0),
                coalesce(m.id, 0), CASE WHEN e.type = 'message_received'
                    AND e.res_model = 'mail.message' THEN e.res_id ELSE 0 END,
                e.type, coalesce(e.data, '{}'),
                coalesce(m.body, concat_ws(' ', e.data ->> 'subject', e.summary)),
                coalesce(b.amount_company, e.amount, 0)::float8
            FROM %(claimed)s c
            JOIN mini_crm_event e ON e.id = c.event_id
            JOIN mini_crm_profile pr ON pr.id = e.partner_id AND pr.partner_active
            LEFT JOIN mini_crm_message m
                ON e.res_model = 'mini_crm.message' AND m.id = e.res_id
            LEFT JOIN mini_crm_purchase b
                ON e.res_model = 'mini_crm.purchase' AND b.id = e.res_id
            WHERE (e.company_id, e.type) IN (%(waiting)s)
            ORDER BY e.id""",
            claimed=claimed,
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

    @ormcache("self.id")
    def _trigger(self):
        """The trigger of this version, kept: a version never changes.

        :rtype: frozendict
        """
        # sudo: whoever has caused the event
        return frozendict(self.sudo().definition["trigger"])
