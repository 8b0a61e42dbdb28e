from odoo.tests import tagged

from ..factories import make_customer
from .tag_case import TagCase


@tagged("post_install", "-at_install")
class TestTagTakeBack(TagCase):
    """What the add-on leaves of its tags when it goes."""

    def shipped(self, key):
        return self.env["mini_crm.tag.rule"].search(
            [("key", "=", key), ("company_id", "=", self.env.company.id)]
        )

    def test_tags_of_rules_go_and_those_of_people_stay(self):
        spender, inactive = self.shipped("high_spender"), self.shipped("inactive")
        kept, gone = spender.category_id, inactive.category_id
        both = make_customer(self.env)
        self.hold(spender, self.one | both)
        self.hold(inactive, self.two)
        self.hold(self.rule, self.one)
        both.category_id |= kept
        self.settle()
        both.category_id -= kept
        self.settle()
        both.category_id |= kept
        self.settle()
        self.env["mini_crm.tag.rule"]._take_back()
        self.assertFalse(gone.exists())
        self.assertEqual(kept.partner_ids, both)
        self.assertFalse(self.one.category_id)
        self.assertTrue(self.tag.exists())  # people have made it
        known = self.env["ir.model.data"].search([("module", "=", "__mini_crm__")])
        self.assertFalse(known)
