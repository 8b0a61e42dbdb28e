from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...engine.scoring import FACTORS
from .mini_crm_score_history import points_of

DAYS_SHOWN = 90
DAYS_COMPARED = 7
MOVES_SHOWN = 5
DAY = timedelta(days=1)


class ResPartner(models.Model):
    """How a customer's score has come about: day by day, and what has changed it."""

    _inherit = "res.partner"

    def get_score_history(self):
        """The score of this customer over the last 90 days, and what changed lately.

        For internal users who may read the customer. Days are UTC.

        :return: ``{days: [ISO date], scores: [score, or None without enough data],
            moves: [{date, before, after}]`` (changes of health as labels, newest
            first), ``change}``; the change since a week ago, or else the last one
            that there was: ``{since (ISO date), before, after, settings_changed,
            reasons: [{key, points, text}]}`` whose points add up to after - before, or
            no reasons at all where the day's parts were not kept yet; False when the
            score never changed. Empty for who is no customer
        :rtype: dict
        """
        self.ensure_one()
        self._check_explained()
        # sudo: whoever may read the customer may know how his score has come about
        profile = self.sudo().mini_crm_profile_id
        if not profile:
            return {}
        today = fields.Date.today()
        rows = self._history_rows(today - DAYS_SHOWN * DAY)
        now = (profile.crm_score, profile.crm_health, profile.score_parts)
        days = [today - n * DAY for n in reversed(range(DAYS_SHOWN))]
        known_from = profile.customer_since and profile.customer_since.date()
        states = [
            _state_on(day, rows, now) if known_from and day >= known_from else None
            for day in days
        ]
        return {
            "days": [day.isoformat() for day in days],
            "scores": [state[0] if state and state[1] else None for state in states],
            "moves": self._health_moves(rows),
            "change": self._last_change(rows, today, now),
        }

    def _history_rows(self, first_day):
        """Rows of the history from a day on and the one before, oldest first.

        As (date, (score, health, parts) after it, the same before it). Where the parts
        were not kept yet, neither was the health before: it counts as the later one.
        """
        history = self.env["mini_crm.score.history"].sudo()  # sudo: checked by callers
        mine = [("partner_id", "=", self.id)]
        rows = history.search([*mine, ("date", "<", first_day)], limit=1)
        rows |= history.search([*mine, ("date", ">=", first_day)])
        return [
            (
                row.date,
                (row.crm_score, row.crm_health, points_of(row.parts)),
                (
                    row.score_before,
                    row.health_before if row.parts_before else row.crm_health,
                    points_of(row.parts_before),
                ),
            )
            for row in rows.sorted("date")
        ]

    def _health_moves(self, rows):
        """The last changes of health: [{date, before, after}], labels, newest first."""
        profile = self.env["mini_crm.profile"]
        labels = dict(profile._fields["crm_health"]._description_selection(self.env))
        unknown = self.env._("Not enough data yet")
        moves = [
            {
                "date": day.isoformat(),
                "before": labels.get(before[1], unknown),
                "after": labels.get(after[1], unknown),
            }
            for day, after, before in reversed(rows)
            if (after[1] or False) != (before[1] or False)
        ]
        return moves[:MOVES_SHOWN]

    def _last_change(self, rows, today, now):
        """What ``get_score_history`` tells as ``change``."""
        since = today - DAYS_COMPARED * DAY
        before = _state_on(since, rows, now)
        if before[0] == now[0]:
            changed = [row for row in rows if row[1][0] != row[2][0]]
            if not changed:
                return False
            day, now, before = changed[-1]
            since = day - DAY
        settings = self.env["mini_crm.score.setting"].sudo()  # sudo: only whether
        return {
            "since": since.isoformat(),
            "before": before[0],
            "after": now[0],
            "settings_changed": bool(
                settings.search_count([("date", ">=", since + DAY)], limit=1)
            ),
            "reasons": self._change_reasons(since, before[2], now[2]),
        }

    def _change_reasons(self, since, before, after):
        """Why the points of the factors are others: [{key, points, text}]."""
        if not before or not after:
            return []
        happened = self._happened_after(since)
        return [
            {
                "key": factor,
                "points": after[factor] - before[factor],
                "text": self._reason(factor, after[factor] > before[factor], happened),
            }
            for factor in FACTORS
            if after[factor] != before[factor]
        ]

    def _happened_after(self, day):
        """What happened after a day (UTC): counts, and days since the last contact."""
        self.env.cr.execute(
            SQL(
                """SELECT
                    (SELECT count(*) FROM mini_crm_event
                        WHERE partner_id = %(id)s AND interaction IS NOT NULL
                            AND undone_by IS NULL
                            AND date >= %(first)s),
                    (SELECT count(*) FROM mini_crm_purchase WHERE partner_id = %(id)s
                        AND kind = 'purchase' AND date >= %(first)s),
                    (SELECT count(*) FROM mini_crm_purchase WHERE partner_id = %(id)s
                        AND kind = 'refund' AND date >= %(first)s)""",
                id=self.id,
                first=fields.Datetime.to_datetime(day + DAY),
            )
        )
        talked, bought, refunded = self.env.cr.fetchone()
        contacted = self.sudo().last_contacted_at  # sudo: checked by callers
        quiet = (fields.Datetime.now() - contacted).days if contacted else None
        return {
            "talked": talked,
            "bought": bought,
            "refunded": refunded,
            "quiet": quiet,
        }

    def _reason(self, factor, better, happened):
        """Why a factor has more or less points than before (str)."""
        reasons = {
            "engagement": self._talk_reason,
            "purchases": self._purchase_reason,
            "completeness": self._detail_reason,
            "loyalty": self._loyalty_reason,
        }
        return reasons[factor](better, happened)

    def _talk_reason(self, better, happened):
        talked, quiet = happened["talked"], happened["quiet"]
        if better and talked == 1:
            return self.env._("One more message or call")
        if better and talked:
            return self.env._("%s more messages and calls", talked)
        if better:
            return self.env._("Engagement counts more")
        if quiet is None:
            return self.env._("No contact any more")
        if talked:
            return self.env._("Messages without an answer")
        if quiet == 1:
            return self.env._("No contact for one day")
        return self.env._("No contact for %s days", quiet)

    def _purchase_reason(self, better, happened):
        bought, refunded = happened["bought"], happened["refunded"]
        if better and bought == 1:
            return self.env._("One more purchase")
        if better and bought:
            return self.env._("%s more purchases", bought)
        if better:
            return self.env._("Purchases count more")
        if refunded:
            return self.env._("A refund")
        if bought:
            return self.env._("Smaller orders than before")
        return self.env._("Purchases count less: full marks take more now")

    def _detail_reason(self, better, _happened):
        if better:
            return self.env._("More details filled in")
        return self.env._("Fewer details filled in, or more to fill in")

    def _loyalty_reason(self, better, happened):
        if better and happened["bought"]:
            return self.env._("Came back to buy")
        if better:
            return self.env._("A customer for longer")
        return self.env._("Fewer purchases count")


def _state_on(day, rows, now):
    """(score, health, parts) at the end of a day.

    :param rows: as ``_history_rows`` gives them
    :param now: the state today
    """
    for row_day, after, _before in reversed(rows):
        if row_day <= day:
            return after
    return rows[0][2] if rows else now
