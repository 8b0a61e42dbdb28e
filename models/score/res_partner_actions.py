from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .chosen import Chosen

STEP = 5000  # customers of one statement


class ResPartner(models.Model):
    """What agents do by hand with scores and stages."""

    _inherit = "res.partner"

    def action_recalculate_score(self):
        """Count these customers anew from all events and purchases, and score them.

        For agents; those of the records that are no customers are left out.

        :return: client action that says so
        """
        self.check_access("read")
        self._check_agent()
        profiles = self.env["mini_crm.profile"]
        for start in range(0, len(self), STEP):
            profiles._refresh(Chosen.among(self.ids[start : start + STEP]))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The scores are up to date."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_set_journey_stage(self, stage, until=False):
        """Set the journey stage by hand; it holds to a day, then follows the facts.

        For agents.

        :param str | bool stage: a stage; False: let it follow the facts again from now
        :param str until: the last day that it holds, ISO 8601; ignored without a stage
        :raises UserError: on an unknown stage, or a day that is missing or past
        """
        self.check_access("write")
        self._check_agent()
        profiles = self.env["mini_crm.profile"]
        if stage:
            profiles._hold_stage(self.ids, stage, self._checked_hold(stage, until))
        else:
            profiles._release_stage(self.ids)
        return True

    def _checked_hold(self, stage, until):
        """The last day of a hold as a date.

        :raises UserError: see ``action_set_journey_stage``
        """
        known = dict(self._fields["journey_stage"]._description_selection(self.env))
        if stage not in known:
            raise UserError(
                self.env._(
                    "There is no stage %(stage)s. Choose one of: %(stages)s.",
                    stage=stage,
                    stages=", ".join(known),
                )
            )
        try:
            day = fields.Date.to_date(until)
        except ValueError:
            day = None
        if not day or day < fields.Date.today():
            raise UserError(
                self.env._(
                    "Choose the day until which the stage holds: today or later."
                )
            )
        return day

    def _check_agent(self):
        """:raises AccessError: when the user is no agent"""
        if not self.env.user.has_group("mini_crm.mini_crm_group_agent"):
            raise AccessError(
                self.env._("This is for agents. Ask an administrator for the role.")
            )
