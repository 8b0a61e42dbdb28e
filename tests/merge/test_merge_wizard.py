from odoo.exceptions import UserError
from odoo.tests import tagged

from ..factories import make_customer
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeWizard(MergeCase):
    """Odoo's own merge of contacts goes our way."""

    def wizard(self, *people, user=None):
        self.settle()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        if user:
            wizard = wizard.with_user(user)
        ids = [partner.id for partner in people]
        wizard._merge(ids, people[0].with_env(wizard.env))
        self.settle()

    def test_it_archives_redirects_and_can_be_undone(self):
        workflow = self.live(self.wait())
        one, two = (self.rich(workflow, n) for n in (1, 2))
        before = self.photograph()
        self.wizard(one, two)
        self.assertTrue(two.exists())
        self.assertFalse(two.active)
        self.assertEqual(two.merged_into_id, one)
        self.assertEqual(one.name, "Rich 1", "the survivor's values stand")
        batch = self.env["mini_crm.batch"].search([("kind", "=", "merge")], limit=1)
        self.undo(batch)
        self.assert_same(before, self.photograph())

    def test_it_keeps_odoos_rule_about_addresses(self):
        one = make_customer(self.env, email="a@example.com")
        two = make_customer(self.env, email="b@example.com")
        with self.assertRaisesRegex(UserError, "administrators"):
            self.wizard(one, two, user=self.agent)

    def test_who_was_merged_already_is_refused(self):
        one, two, three = (make_customer(self.env) for _number in range(3))
        self.merge(one, two)
        for people in ((three, two), (two, three)):
            with self.assertRaisesRegex(UserError, "already"):
                self.wizard(*people)
        self.assertEqual(two.merged_into_id, one)

    def test_contacts_with_a_user_still_go_odoos_way(self):
        one = self.portal.partner_id
        two = make_customer(self.env, email=one.email)
        make_customer(self.env)
        self.wizard(one, two)
        self.assertFalse(two.exists())
