from datetime import timedelta

from odoo import models

from ...engine import scoring

DAY = timedelta(days=1)
ASK_WAITS = timedelta(hours=scoring.ASK_HOURS)


class MiniCrmProfile(models.Model):
    """One profile as the pure engine wants it."""

    _inherit = "mini_crm.profile"

    def _score_facts(self, now):
        """What is known of this customer at a moment (UTC): ``scoring.Facts``."""
        self.ensure_one()
        waits = self.ask_open_at and self.ask_open_at <= now - ASK_WAITS
        contacted, since = self.last_contacted_at, self.customer_since
        return scoring.Facts(
            interactions=self.total_interactions,
            asked=self.asks_closed + int(bool(waits)),
            answered=self.asks_answered,
            contact_age=max(0.0, (now - contacted) / DAY) if contacted else None,
            purchases=self.total_purchases,
            spent=self.total_spent,
            average=self.average_order_value,
            basic_filled=self.basic_filled,
            custom_filled=self.custom_filled,
            customer_age=max(0.0, (now - since) / DAY) if since else 0.0,
        )

    def _explained_settings(self, now):
        """Settings that hold for this customer: ``scoring.Settings``."""
        self.ensure_one()
        settings = self._score_settings(now)
        company = self.partner_id.company_id.id or settings.first_company_id
        spent, order = settings.full_marks[company]
        return scoring.Settings(
            spent,
            order,
            settings.custom_fields,
            settings.weights,
            settings.full_counts,
            settings.half_life,
        )

    def _explained_state(self):
        """Health and stage with their labels: part of ``get_score_explanation``."""
        self.ensure_one()
        label = self.env._("Not enough data yet")
        healths = dict(self._fields["crm_health"]._description_selection(self.env))
        stages = dict(self._fields["journey_stage"]._description_selection(self.env))
        held = self.journey_hold_until
        return {
            "health": self.crm_health,
            "health_label": healths.get(self.crm_health, label),
            "stage": self.journey_stage,
            "stage_label": stages[self.journey_stage],
            "stage_held_until": held.isoformat() if held else False,
        }
