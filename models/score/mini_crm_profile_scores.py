from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.scoring import FULL_COUNTS, normal
from .chosen import Chosen
from .counter_sql import rate
from .mini_crm_score_factor import RECENCY
from .mini_crm_score_history import points_text
from .score_sql import ScoreSettings, scored

# Before the shop has buyers enough: what earns full marks, in euros.
DEFAULT_SPENT = 1000
DEFAULT_ORDER = 100


class MiniCrmProfile(models.Model):
    """Scores: computed from the counters, written where they differ, told by events."""

    _inherit = "mini_crm.profile"

    @api.model
    def _rescore(
        self, condition=None, now=None, *, quiet=False, causes=None, few=False
    ):
        """Compute scores, health and stages anew from the stored counters.

        Only rows that differ are written, and what changed is kept in
        ``mini_crm.score.history`` and ``mini_crm.journey.transition`` and logged as
        score_changed, health_changed and stage_changed; all by one SQL statement. The
        first scoring of a customer logs nothing.

        :param SQL | None condition: on ``mini_crm_profile pr``; none: everybody
        :param datetime | None now: UTC; default the present
        :param bool quiet: do not log score_changed: only time or settings have moved on
        :param dict[int, int] | None causes: customer -> event that caused this
        :param bool few: a handful of customers: the events are logged by a statement of
            their own, as there rarely are any and planning for them takes its time
        :return: number of events logged
        :rtype: int
        """
        now = now or fields.Datetime.now()
        if not few:
            self._prepare_bulk()
        ctes = SQL(
            """scored AS (%(scored)s),
            changed AS (%(update)s),
            kept AS (%(history)s),
            moved AS (%(transitions)s)""",
            scored=scored(self._score_settings(now), now, condition, quiet=quiet),
            update=SQL(_UPDATE, now),
            history=_history(now),
            transitions=SQL(_TRANSITIONS, now),
        )
        if few:
            logged = self._log_few_scores(now, ctes, causes)
        else:
            logged = self._log_scores(now, SQL("changed"), causes, ctes=ctes)
        self._forget_cache()
        return logged

    @api.model
    def _prepare_bulk(self):
        """Have PostgreSQL work well on many rows until the end of the transaction.

        Compiling these expressions takes longer than evaluating them, and with the
        memory of the default setting a join of all profiles goes through the disk.
        """
        self.env.cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")

    @api.model
    def _log_few_scores(self, now, ctes, causes):
        """Rescore, then log the events that are due if there are any: their number."""
        names = SQL(", ").join(SQL.identifier(name) for name in _CHANGE)
        self.env.cr.execute(
            SQL("WITH %s SELECT %s FROM changed ch WHERE %s", ctes, names, _DUE)
        )
        rows = self.env.cr.fetchall()
        if not rows:
            return 0
        values = SQL(", ").join(SQL("%s", row) for row in rows)
        changes = SQL("(SELECT * FROM (VALUES %s) AS c(%s))", values, names)
        return self._log_scores(now, changes, causes)

    @api.model
    def _log_scores(self, now, changes, causes, ctes=None):
        """Log the events that are due after a rescoring: their number.

        :param SQL changes: relation with the columns ``_CHANGE``
        :param SQL | None ctes: the rescoring itself, when it is part of this statement
        """
        columns = {
            "partner_id": SQL("ch.id"),
            "company_id": SQL("coalesce(p.company_id, %s)", self.env.company.id),
            "type": SQL("due.type"),
            "date": SQL("%s::timestamp", now),
            "author_id": SQL("NULL::int"),
            "data": SQL("due.data"),
        }
        source = SQL(
            """FROM %s ch
            JOIN res_partner p ON p.id = ch.id
            CROSS JOIN LATERAL (VALUES
                ('score_changed', ch.log_score, jsonb_build_object(
                    'score', jsonb_build_array(ch.score_logged, ch.score),
                    'health', jsonb_build_array(ch.crm_health, ch.health))),
                ('health_changed', ch.log_health, jsonb_build_object(
                    'health', jsonb_build_array(ch.health_logged, ch.health),
                    'score', ch.score)),
                ('stage_changed', ch.log_stage, jsonb_build_object(
                    'stage', jsonb_build_array(ch.journey_stage, ch.stage)))
            ) AS due(type, wanted, data)""",
            changes,
        )
        if causes:
            columns["cause_id"] = SQL("cause.event_id")
            columns["depth"] = SQL("coalesce(ce.depth, 0) + 1")
            source = SQL(
                """%s LEFT JOIN unnest(%s::int[], %s::int[]) AS cause(id, event_id)
                    ON cause.id = ch.id
                LEFT JOIN mini_crm_event ce ON ce.id = cause.event_id""",
                source,
                list(causes),
                list(causes.values()),
            )
        return self.env["mini_crm.event"]._log_many(
            columns, SQL("%s WHERE %s AND due.wanted", source, _DUE), ctes=ctes
        )

    @api.model
    def _refresh(self, chosen, now=None, *, details=True, quiet=False):
        """Count chosen customers anew from everything there is, then score them.

        :param Chosen chosen: which customers
        :param datetime | None now: UTC; default the present
        :param bool details: count their filled details as well
        :param bool quiet: see ``_rescore``; the caller sees to ``_untold`` then, and
            also when the customers are not named
        """
        self.env.flush_all()
        self._recount(chosen)
        if details:
            self._recount_details(chosen)
        self._rescore(chosen.on(SQL("pr.id")), now, quiet=quiet, few=not chosen.many)
        if not quiet and chosen.ids:
            self._untold(chosen.ids)

    @api.model
    def _untold(self, ids, *, membership=False):
        """Extension: profiles have changed in ways that need not have an event.

        A score may move by a point, and a first scoring tells nothing.

        :param ids: list of ids of customers; None: they are too many to be named
        :param bool membership: they became customers just now, or stopped being some
        """

    @api.model
    def _recalculate_range(self, first_id, last_id, now=None):
        """Count and score all customers in a range of ids; both ends included.

        For recalculation by hand in steps: see ``mini_crm.score.run`` for the steps.

        :param datetime | None now: UTC; default the present
        :return: number of customers in the range
        :rtype: int
        """
        self._refresh(Chosen.between(first_id, last_id), now)
        return self.sudo().search_count([("id", ">=", first_id), ("id", "<=", last_id)])

    @api.model
    def _score_settings(self, now):
        """What the score needs besides the counters, read at once.

        :rtype: ScoreSettings
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT (SELECT jsonb_object_agg(key,
                    jsonb_build_array(weight, full_marks, half_life_days))
                FROM mini_crm_score_factor),
                (SELECT count(*) FROM mini_crm_field
                    WHERE active AND type <> 'boolean'),
                (SELECT jsonb_agg(jsonb_build_array(
                    id, mini_crm_full_spent, mini_crm_full_order) ORDER BY id)
                FROM res_company)"""
        )
        factors, custom_fields, companies = self.env.cr.fetchone()
        marks = {company: (spent, order) for company, spent, order in companies}
        if not all(spent and order for spent, order in marks.values()):
            marks = self._with_default_marks(marks, now)
        # sudo: settings of the shop, not of the user
        parameter = self.env["ir.config_parameter"].sudo().get_param
        return ScoreSettings(
            weights=normal({key: weight for key, (weight, *_) in factors.items()}),
            custom_fields=custom_fields,
            full_marks=marks,
            first_company_id=companies[0][0],
            advocacy_score=int(parameter("mini_crm.advocacy_score", 80)),
            advocacy_purchases=int(parameter("mini_crm.advocacy_purchases", 5)),
            full_counts={key: factors[key][1] for key in FULL_COUNTS},
            half_life=factors[RECENCY][2],
        )

    @api.model
    def _with_default_marks(self, marks, now):
        """S and A of each company, euros at the rate of the day where they are not set.

        :param dict marks: company id -> (S or nothing, A or nothing)
        """
        euro = self.env["ir.model.data"]._xmlid_to_res_id("base.EUR") or 0
        day, path = SQL("%s::date", now), SQL("c.parent_path")
        self.env.cr.execute(
            SQL(
                "SELECT c.id, (%s / %s)::float8 FROM res_company c",
                rate(SQL("c.currency_id"), day, path),
                rate(SQL("%s", euro), day, path),
            )
        )
        factors = dict(self.env.cr.fetchall())
        return {
            company: (
                spent or DEFAULT_SPENT * factors[company],
                order or DEFAULT_ORDER * factors[company],
            )
            for company, (spent, order) in marks.items()
        }


# What the events of a rescoring are told from, and whether there are any.
_CHANGE = (
    "id",
    "score",
    "health",
    "stage",
    "crm_health",
    "journey_stage",
    "score_logged",
    "health_logged",
    "log_score",
    "log_health",
    "log_stage",
)
_DUE = SQL("(ch.log_score OR ch.log_health OR ch.log_stage)")

_UPDATE = """UPDATE mini_crm_profile pr SET
        crm_score = s.score, score_parts = s.parts, response_rate = s.response_rate,
        crm_health = s.health, journey_stage = s.stage,
        stage_since = CASE WHEN s.log_stage THEN %s::timestamp
            WHEN pr.crm_score IS NOT NULL THEN pr.stage_since
            WHEN s.stage = 'awareness' THEN pr.customer_since
            WHEN s.stage = 'consideration' THEN pr.first_interaction_at
            WHEN s.stage = 'purchase' THEN pr.first_purchase_at END,
        score_logged = s.new_score_logged, health_logged = s.new_health_logged
    FROM scored s
    WHERE pr.id = s.id AND (pr.crm_score, pr.score_parts, pr.response_rate,
        pr.crm_health, pr.journey_stage, pr.score_logged, pr.health_logged)
    IS DISTINCT FROM (s.score, s.parts, s.response_rate,
        s.health, s.stage, s.new_score_logged, s.new_health_logged)
    RETURNING s.*"""

_TRANSITIONS = """INSERT INTO mini_crm_journey_transition
        (partner_id, from_stage, to_stage, date, since)
    SELECT ch.id, ch.journey_stage, ch.stage, %s::timestamp, ch.stage_since
    FROM changed ch WHERE ch.log_stage"""


def _history(now):
    """Keep the new score of the day where score or health ``changed``."""
    return SQL(
        """INSERT INTO mini_crm_score_history
            (partner_id, date, crm_score, crm_health, parts,
            score_before, health_before, parts_before)
        SELECT ch.id, %s::date, ch.score, ch.health, ch.points,
            ch.crm_score, ch.crm_health, %s
        FROM changed ch
        WHERE (ch.crm_score, ch.crm_health) IS DISTINCT FROM (ch.score, ch.health)
            AND ch.crm_score IS NOT NULL
        ON CONFLICT (partner_id, date) DO UPDATE
            SET crm_score = EXCLUDED.crm_score, crm_health = EXCLUDED.crm_health,
                parts = EXCLUDED.parts""",
        now,
        points_text(SQL("ch.score_parts")),
    )
