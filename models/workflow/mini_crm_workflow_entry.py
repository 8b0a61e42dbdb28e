import json
import secrets

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.workflow import State
from ...engine.workflow_entry import DAY, HOUR, History, objection
from ..timeline.mini_crm_event import MAX_DEPTH

SEEDS = 2**31


class MiniCrmWorkflow(models.Model):
    """The door "start": who may enter, judged for many at once."""

    _inherit = "mini_crm.workflow"

    def _start(self, partners, *, event_id=0, depth=0, causes=None):
        """Have customers enter, as far as entry policy, audience and limits let them.

        The first steps of a few are made at once, those of more by the worker. Whom no
        event has enter, but time or a person, starts when his turn comes: as many in an
        hour as it allows. More events than that are a loop, and pause it.

        :param partners: records of ``res.partner``, some thousands at most
        :param int event_id: the event that starts them, 0: none
        :param int depth: of that event
        :param dict | None causes: {partner id: id of his event} where they differ
        :return: the new runs
        :raises psycopg2.errors.SerializationFailure: somebody else looks at the same
            customers: roll back and try again
        """
        self.ensure_one()
        workflow = self.sudo()  # sudo: runs are the machine's, whoever caused them
        runs = workflow.run_ids.browse()
        if not partners or depth > MAX_DEPTH or not workflow._is_going():
            return runs
        caused_by = list(causes.values()) if causes else [event_id]
        if depth == MAX_DEPTH and workflow._pause_if_loop(partners.ids, caused_by):
            return runs
        entering, refused = workflow._entering(partners.ids)
        if refused:
            workflow._note_refused(refused)
        if not entering:
            return runs
        if any(caused_by):
            moments = workflow._moments_of_events(len(entering))
        else:
            moments = workflow._turns(len(entering))
        if not moments:
            return runs
        events = [(causes or {}).get(one, event_id) for one in entering]
        runs = workflow._insert_runs(entering, events, depth, moments)
        runs._begin()
        return runs

    def _is_going(self):
        """Whether its runs go on now."""
        return self.state == "live" and self.active

    def _entering(self, partner_ids):
        """Judge who may enter.

        Whoever may is marked, as customers are whose memberships are looked at: of two
        transactions that judge the same customer side by side one fails and is done
        again on what the first has left, so that nobody enters twice.

        :return: (ids that enter, ids that a limit keeps out)
        :rtype: tuple[list[int], list[int]]
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        entry = self.version_id.definition.get("entry")
        found = {"": [], "too_many": []}
        for partner_id, history in self._histories(partner_ids, now):
            found.setdefault(objection(entry, history, now), []).append(partner_id)
        entering = self._in_audience(found[""])
        if entering or found["too_many"]:
            self.env["mini_crm.rule.mark"]._touch(
                SQL("SELECT unnest(%s::int[])", entering + found["too_many"])
            )
        return entering, found["too_many"]

    def _histories(self, partner_ids, now):
        """(partner id, ``History``) of those who are customers of this company."""
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id, coalesce(h.active, FALSE), h.last, h.of_one, h.of_all
                FROM res_partner p CROSS JOIN LATERAL (
                    SELECT bool_or(r.workflow_id = %(workflow)s
                            AND r.state IN ('running', 'waiting')) AS active,
                        max(r.started_at) FILTER (
                            WHERE r.workflow_id = %(workflow)s) AS last,
                        count(*) FILTER (WHERE r.workflow_id = %(workflow)s
                            AND r.started_at > %(since)s) AS of_one,
                        count(*) FILTER (WHERE r.started_at > %(since)s) AS of_all
                    FROM mini_crm_workflow_run r
                    WHERE r.partner_id = p.id
                        AND r.outcome IS DISTINCT FROM 'too_many') h
                WHERE p.id = ANY(%(ids)s) AND p.active
                    AND (p.company_id IS NULL OR p.company_id = %(company)s)
                    AND %(customer)s
                ORDER BY p.id""",
                workflow=self.id,
                since=now - DAY,
                ids=partner_ids,
                company=self.company_id.id,
                customer=self.env["res.partner"]._customer_filter("p"),
            )
        )
        return [(row[0], History(*row[1:])) for row in rows]

    def _in_audience(self, partner_ids):
        """Those for whom the condition of the workflow holds, as the shop sees them."""
        audience = self.version_id.definition.get("audience")
        if not partner_ids or not audience or audience == "[]":
            return partner_ids
        acting = self._as_actor()
        try:
            chosen = acting.env["mini_crm.condition"]._subselect(
                audience,
                acting.env.user,
                acting.env.company,
                SQL("SELECT unnest(%s::int[])", partner_ids),
            )
        except UserError:
            self._pause("audience")
            return []
        return sorted(row[0] for row in self.env.execute_query(chosen))

    def _as_actor(self):
        """These workflows as the user of workflows sees them in their company."""
        return self.with_user(self.env.ref("mini_crm.user_workflow")).with_context(
            allowed_company_ids=self.sudo().company_id.ids
        )

    def _moments_of_events(self, number):
        """When customers whom events have enter start: now, each of them.

        :return: list of datetimes; none where they are too many for an hour: then the
            workflow has paused
        """
        now = fields.Datetime.now()
        since = max(now - HOUR, self.resumed_at or now - HOUR)
        most = max(self.max_runs_per_hour, 0)
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (SELECT FROM mini_crm_workflow_run
                WHERE workflow_id = %s AND started_at BETWEEN %s AND %s
                    AND event_id > 0 LIMIT %s) lately""",
                self.id,
                since,
                now,
                most + 1,
            )
        )
        if rows[0][0] + number <= most:
            return [now] * number
        self._pause("flood")
        return []

    def _insert_runs(self, partner_ids, event_ids, depth, moments):
        """Make runs; the worker finds them, should nobody make their first step.

        :param list[int] event_ids: of each customer
        :param list[datetime] moments: when each of them starts, UTC
        """
        positions = [
            json.dumps(State(seed=secrets.randbelow(SEEDS)).as_json())
            for _partner_id in partner_ids
        ]
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO mini_crm_workflow_run (workflow_id, version_id,
                    company_id, partner_id, state, position, node, started_at, due_at,
                    event_id, depth)
                SELECT %(workflow)s, %(version)s, %(company)s, c.partner_id,
                    CASE WHEN c.moment > %(now)s THEN 'waiting' ELSE 'running' END,
                    c.position, '', c.moment, c.moment, c.event_id, %(depth)s
                FROM unnest(%(ids)s::int[], %(positions)s::jsonb[], %(events)s::int[],
                        %(moments)s::timestamp[])
                    WITH ORDINALITY AS c (partner_id, position, event_id, moment, n)
                ORDER BY c.n
                ON CONFLICT (workflow_id, partner_id)
                    WHERE state IN ('running', 'waiting') DO NOTHING
                RETURNING id""",
                workflow=self.id,
                version=self.version_id.id,
                company=self.company_id.id,
                now=fields.Datetime.now(),
                ids=partner_ids,
                positions=positions,
                events=event_ids,
                moments=moments,
                depth=depth,
            )
        )
        self.invalidate_recordset(["run_ids"], flush=False)
        return self.run_ids.browse(row[0] for row in rows)

    def _note_refused(self, partner_ids):
        """Tell in the log of customers, once a day, that a limit kept them out."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_workflow_run (workflow_id, version_id,
                    company_id, partner_id, state, outcome, node, started_at, ended_at,
                    event_id, depth)
                SELECT %(workflow)s, %(version)s, %(company)s, c.id, 'stopped',
                    'too_many', '', %(now)s, %(now)s, 0, 0
                FROM unnest(%(ids)s::int[]) AS c (id)
                WHERE NOT EXISTS (SELECT FROM mini_crm_workflow_run r
                    WHERE r.partner_id = c.id AND r.workflow_id = %(workflow)s
                        AND r.outcome = 'too_many' AND r.started_at > %(since)s)""",
                workflow=self.id,
                version=self.version_id.id,
                company=self.company_id.id,
                ids=partner_ids,
                now=now,
                since=now - DAY,
            )
        )
        self.invalidate_recordset(["run_ids"], flush=False)
