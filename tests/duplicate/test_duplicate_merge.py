from odoo.tests import tagged

from ..factories import make_customer
from .duplicate_case import DuplicateCase


@tagged("post_install", "-at_install")
class TestDuplicateMerge(DuplicateCase):
    """Odoo's own merge of contacts leaves the pairs in order."""

    def test_pairs_of_the_source_end_and_decisions_move_on(self):
        one, other = self.pair_up()
        third = make_customer(self.env, name=one.name, phone=one.phone)
        self.full_run()
        self.found(other, third).with_user(self.agent).action_not_duplicate()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((one | other).ids, one)
        self.env.invalidate_all()
        self.assertEqual(self.found(one, third).state, "not_duplicate")
        self.assertEqual(len(self.pairs.search([])), 1)
        self.compare_changes()
        self.assertEqual(self.found(one, third).state, "not_duplicate")
