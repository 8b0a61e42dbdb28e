from odoo.exceptions import UserError
from odoo.tests import tagged

from ..factories import make_customer
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeWizard(MergeCase):
    """Odoo's own merge of contacts stays Odoo's."""

    def wizard(self, *people, user=None):
        self.settle()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        if user:
            wizard = wizard.with_user(user)
        ids = [partner.id for partner in people]
        wizard._merge(ids, people[0].with_env(wizard.env))
        self.settle()

    def test_who_was_merged_already_is_refused(self):
        one, two, three = (make_customer(self.env) for _number in range(3))
        self.merge(one, two)
        for people in ((three, two), (two, three)):
            with self.assertRaisesRegex(UserError, "already"):
                self.wizard(*people)
        self.assertEqual(two.merged_into_id, one)

    def test_it_deletes_whom_it_merges_as_odoo_does(self):
        one = self.portal.partner_id
        two = make_customer(self.env, email=one.email)
        make_customer(self.env)
        self.wizard(one, two)
        self.assertFalse(two.exists())
