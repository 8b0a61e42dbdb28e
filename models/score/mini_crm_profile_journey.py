from odoo import api, fields, models
from odoo.tools import SQL


class MiniCrmProfile(models.Model):
    """Journey stages that people set by hand."""

    _inherit = "mini_crm.profile"

    @api.model
    def _release_stage(self, ids):
        """Let the stage of customers follow the facts again.

        :param list[int] ids: customers
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_profile SET journey_hold_until = NULL"
                " WHERE id = ANY(%s)",
                list(ids),
            )
        )
        self._rescore(SQL("pr.id = ANY(%s)", list(ids)))
        self._untold(list(ids))

    @api.model
    def _hold_stage(self, ids, stage, until):
        """Set the stage of customers by hand; it holds through a day.

        :param list[int] ids: customers
        :param str stage: the stage
        :param date until: the last day that it holds
        """
        ctes = SQL(
            """held AS (
                UPDATE mini_crm_profile pr
                SET journey_stage = %(stage)s, journey_hold_until = %(until)s,
                    stage_since = CASE WHEN was.journey_stage = %(stage)s
                        THEN was.stage_since ELSE %(now)s::timestamp END
                FROM mini_crm_profile was
                WHERE was.id = pr.id AND pr.id = ANY(%(ids)s)
                RETURNING pr.id, was.journey_stage AS stage_before,
                    was.stage_since AS since_before
            ), moved AS (
                INSERT INTO mini_crm_journey_transition
                    (partner_id, from_stage, to_stage, date, since, author_id)
                SELECT id, stage_before, %(stage)s, %(now)s::timestamp, since_before,
                    %(author)s
                FROM held WHERE stage_before <> %(stage)s)""",
            stage=stage,
            until=until,
            ids=list(ids),
            now=fields.Datetime.now(),
            author=self.env.uid,
        )
        columns = {
            "partner_id": SQL("h.id"),
            "company_id": SQL("coalesce(p.company_id, %s)", self.env.company.id),
            "type": SQL("'stage_changed'"),
            "data": SQL(
                """jsonb_build_object('stage', jsonb_build_array(h.stage_before,
                    %s::text), 'until', %s::text)""",
                stage,
                until.isoformat(),
            ),
        }
        source = SQL(
            "FROM held h JOIN res_partner p ON p.id = h.id WHERE h.stage_before <> %s",
            stage,
        )
        self.env["mini_crm.event"]._log_many(columns, source, ctes=ctes)
        self._forget_cache()
