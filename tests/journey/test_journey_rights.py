from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .journey_case import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyRights(JourneyCase):
    """Who may see the map, and of whom."""

    def test_only_agents_see_the_map(self):
        employee = new_test_user(self.env, "plain_employee", "base.group_user")
        for user in (employee, self.portal):
            with self.assertRaises(AccessError):
                self.env["mini_crm.journey"].with_user(user).get_map()

    def test_unknown_period_is_told_with_those_that_there_are(self):
        with self.assertRaisesRegex(UserError, "no period 7.*30, 90, 365, all"):
            self.map_of(period="7")

    def test_rule_of_another_add_on_narrows_every_number(self):
        histories = self.make_histories(30)
        mine = histories[::2]
        for history in mine:
            history.partner.user_id = self.agent
        self.env["ir.rule"].create(
            {
                "name": "Only their own",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('user_id', '=', user.id)]",
            }
        )
        self.env["mini_crm.journey.day"]._write_days(
            self.company, self.utc("2026-05-20 09:30:00")
        )
        self.assertEqual(self.said(self.map_of()), self.expected(mine, "all"))

    def test_rule_about_stages_narrows_the_moves_too(self):
        histories = self.make_histories(40)
        stages = ["purchase", "retention"]
        mine = [h for h in histories if self.stage_of(h) in stages]
        self.env["ir.rule"].create(
            {
                "name": "Only buyers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('journey_stage', 'in', {stages})]",
            }
        )
        self.env["mini_crm.journey.day"]._write_days(
            self.company, self.utc("2026-05-20 09:30:00")
        )
        self.assertEqual(self.said(self.map_of()), self.expected(mine, "all"))
