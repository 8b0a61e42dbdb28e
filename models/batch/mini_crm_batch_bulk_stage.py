import json

from odoo import fields, models
from odoo.tools import SQL


class MiniCrmBatch(models.Model):
    """The journey stage of many customers, set by hand until a day.

    ``before`` is ``{"stage", "until", "since"}`` of the profile.
    """

    _inherit = "mini_crm.batch"

    def _bulk_read_stage(self, values):
        partners = self.env["res.partner"]
        stage = str(values.get("stage") or "")
        until = partners._checked_hold(stage, values.get("until"))
        return {"stage": stage, "until": until.isoformat()}

    def _bulk_name_stage(self, settings, action):
        stages = dict(
            self.env["res.partner"]
            ._fields["journey_stage"]
            ._description_selection(self.env)
        )
        return self._bulk_name_default(settings, action, stages[settings["stage"]])

    def _bulk_plan_stage(self):
        self._refuse_others()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET before = jsonb_build_object(
                    'stage', pr.journey_stage, 'until', pr.journey_hold_until,
                    'since', pr.stage_since)
                FROM mini_crm_profile pr
                WHERE pr.id = c.partner_id AND c.outcome IS NULL AND NOT %s""",
                self._as_set(),
            )
        )
        self._settle("unchanged", SQL("c.before IS NULL"))

    def _refuse_others(self):
        """Leave out contacts that are no customers."""
        self._refuse(
            "bulk_no_customer",
            SQL(
                "NOT EXISTS (SELECT FROM mini_crm_profile pr WHERE pr.id ="
                " c.partner_id)"
            ),
        )

    def _as_set(self):
        """Condition over the profile ``pr``: it is what this batch writes."""
        return SQL(
            """(pr.journey_stage IS NOT DISTINCT FROM %s
            AND pr.journey_hold_until IS NOT DISTINCT FROM %s::date)""",
            self.settings["stage"],
            self.settings["until"],
        )

    def _bulk_apply_stage(self):
        self.env.cr.execute(
            "SELECT partner_id FROM mini_crm_chunk WHERE outcome = 'updated'"
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if ids:
            until = fields.Date.to_date(self.settings["until"])
            profiles = self.env["mini_crm.profile"]
            profiles._hold_stage(ids, self.settings["stage"], until)

    def _bulk_undo_stage(self):
        was = SQL(
            """(pr.journey_stage IS NOT DISTINCT FROM c.before ->> 'stage'
            AND pr.journey_hold_until IS NOT DISTINCT FROM
                (c.before ->> 'until')::date)"""
        )
        self._refuse(
            "undo_changed",
            SQL(
                """NOT EXISTS (SELECT FROM mini_crm_profile pr
                WHERE pr.id = c.partner_id AND (%s OR %s))""",
                self._as_set(),
                was,
            ),
            "kept",
        )
        self._settle("restored", SQL("TRUE"))
        self._put_stage_back()

    def _put_stage_back(self):
        """Write the stages before, take the moves of this batch out, tell of it."""
        ctes = SQL(
            """restored AS (
                UPDATE mini_crm_profile pr SET
                    journey_stage = c.before ->> 'stage',
                    journey_hold_until = (c.before ->> 'until')::date,
                    stage_since = (c.before ->> 'since')::timestamp
                FROM mini_crm_chunk c
                WHERE pr.id = c.partner_id AND c.outcome = 'restored' AND %(as_set)s
                RETURNING pr.id AS partner_id, pr.journey_stage AS stage
            ), moves AS (
                DELETE FROM mini_crm_journey_transition t USING mini_crm_chunk c
                WHERE t.partner_id = c.partner_id AND c.outcome = 'restored'
                    AND t.from_stage = c.before ->> 'stage' AND t.to_stage = %(stage)s
                    AND t.author_id = %(author)s AND t.date >= %(started)s
            ), told AS (SELECT * FROM restored WHERE stage <> %(stage)s)""",
            as_set=self._as_set(),
            stage=self.settings["stage"],
            author=self.user_id.id,
            started=self.started_at,
        )
        data = SQL(
            "jsonb_build_object('stage', jsonb_build_array(%s::jsonb, r.stage))",
            json.dumps(self.settings["stage"]),
        )
        self._bulk_log("stage_changed", data, ctes, "told")
        self.env["mini_crm.profile"]._forget_cache()
        self.env.cr.execute(
            "SELECT partner_id FROM mini_crm_chunk WHERE outcome = 'restored'"
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if ids:  # the facts may have moved on meanwhile
            self.env["mini_crm.profile"]._rescore(SQL("pr.id = ANY(%s)", ids))
