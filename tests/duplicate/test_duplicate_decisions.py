from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..factories import make_customer
from .duplicate_case import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateDecisions(DuplicateCase):
    """What people decide, who may, and that it is remembered."""

    def setUp(self):
        super().setUp()
        self.one, self.other = self.pair_up()
        self.full_run()
        self.pair = self.found(self.one, self.other)

    def test_not_a_duplicate_is_remembered_by_runs_and_changes(self):
        self.pair.with_user(self.agent).action_not_duplicate()
        self.full_run()
        self.other.email = "ali@example.com"
        self.one.email = "ali@example.com"
        self.compare_changes()
        self.assertEqual(self.pair.state, "not_duplicate")
        self.assertEqual(self.pair.decided_by_id, self.agent)
        self.assertFalse(self.waiting(self.one, self.other))

    def test_it_can_be_taken_back(self):
        pair = self.pair.with_user(self.agent)
        pair.action_not_duplicate()
        pair.action_reopen()
        self.assertEqual(self.pair.state, "open")
        self.assertFalse(self.pair.decided_by_id)

    def test_the_second_of_two_is_told_that_somebody_was_faster(self):
        self.pair.with_user(self.agent).action_not_duplicate()
        with self.assertRaisesRegex(UserError, "somebody else"):
            self.pair.with_user(self.manager).action_not_duplicate()

    def test_nobody_writes_pairs_past_the_actions(self):
        for user in (self.agent, self.manager, self.admin):
            with self.assertRaises(AccessError):
                self.pair.with_user(user).write({"state": "gone"})
        with self.assertRaises(AccessError):
            self.pair.with_user(self.portal).action_not_duplicate()

    def test_review_opens_both_customers(self):
        action = self.pair.with_user(self.agent).action_review()
        self.assertIn(action["type"], ("ir.actions.act_window", "ir.actions.client"))

    def test_the_threshold_decides_what_is_shown(self):
        settings = self.env["res.config.settings"]
        settings.create({"mini_crm_duplicate_threshold": 99}).execute()
        family = make_customer(self.env, name=self.one.name, city="قم")
        self.assertTrue(family)
        self.pair.sudo().score = 98
        self.assertFalse(self.waiting(self.one, self.other))
        settings.create({"mini_crm_duplicate_threshold": 50}).execute()
        self.assertTrue(self.waiting(self.one, self.other))
        with self.assertRaises(ValidationError):
            settings.create({"mini_crm_duplicate_threshold": 5})
