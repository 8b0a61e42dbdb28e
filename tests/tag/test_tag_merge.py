from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestTagMerge(MiniCrmCase):
    """Odoo's own merge wizard, while something is still to be followed up."""

    def test_a_rule_takes_its_tag_off_a_survivor_for_whom_it_does_not_hold(self):
        tag = self.env["res.partner.category"].create({"name": "From Shiraz"})
        self.env["mini_crm.tag.rule"].create(
            {
                "name": "From Shiraz",
                "domain": "[('city', '=', 'Shiraz')]",
                "category_id": tag.id,
            }
        )
        survivor = make_customer(self.env, city="Yazd")
        source = make_customer(self.env, city="Shiraz")
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.settle()
        self.assertEqual(source.category_id, tag)
        # rules are looked at in the middle of the merge
        source._log("message_received")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((survivor | source).ids, survivor)
        self.settle()
        self.assertFalse(survivor.category_id)

    def test_who_changes_tags_is_counted_once_among_those_without(self):
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        self.env["mini_crm.tag.rule"].create(
            [
                {
                    "name": tag.name,
                    "domain": f"[('city', '=', '{tag.name}')]",
                    "category_id": tag.id,
                }
                for tag in tags
            ]
        )
        customer = make_customer(self.env, city="A")
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.settle()
        self.env["mini_crm.customer.count"]._repair()
        self.assertIn(tags[0], customer.category_id)
        customer.city = "B"
        self.settle()
        self.assertIn(tags[1], customer.category_id)
        self.assertNotIn(tags[0], customer.category_id)
        with self.assertNoLogs("odoo.addons.mini_crm", "WARNING"):
            self.env["mini_crm.customer.count"]._repair()
