from odoo.tests import tagged

from ..factories import make_customer
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeConditions(MergeCase):
    """Stored domains that name a customer by id name the survivor after a merge."""

    def setUp(self):
        super().setUp()
        self.one, self.two, self.friend, self.other = (
            make_customer(self.env, name=name) for name in "ABCD"
        )
        self.friend.referred_by_id = self.two
        self.other.referred_by_id = self.one
        text = f"[('referred_by_id', 'in', [{self.two.id}])]"
        self.by_two = self.env["mini_crm.segment"].create(
            {"name": "By B", "domain": text}
        )
        tag = self.env["res.partner.category"].create({"name": "By B"})
        self.rule = self.env["mini_crm.tag.rule"].create(
            {"name": "By B", "domain": text, "category_id": tag.id}
        )
        filters = self.env["ir.filters"]
        self.filter, self.orders, self.figure = filters.create(
            [
                {"name": model, "model_id": model, "domain": domain}
                for model, domain in (
                    (
                        "res.partner",
                        f"[('parent_id.id', '=', {self.two.id}), ('color', '=', uid)]",
                    ),
                    ("mail.activity", f"[('user_id.partner_id', '=', {self.two.id})]"),
                    ("mail.message", f"[('res_id', '=', {self.two.id})]"),
                )
            ]
        )
        condition = {"kind": "condition", "domain": text, "next": {}}
        self.workflow = self.env["mini_crm.workflow"].create({"name": "W"})
        self.workflow.definition = {"nodes": {"a": condition}, "audience": text}
        self.settle()

    def settle(self):
        super().settle()
        self.env["mini_crm.rule"]._run_all()
        super().settle()

    def domains(self):
        self.env.invalidate_all()
        return [
            self.by_two.domain,
            self.rule.domain,
            *(self.filter | self.orders | self.figure).mapped("domain"),
            self.workflow.definition,
        ]

    def test_all_that_name_a_source_name_the_survivor(self):
        before = repr(self.domains())
        self.assertEqual(self.by_two.member_ids.partner_id, self.friend)
        batch = self.merge(self.one, self.two)
        old, new = f"{self.two.id}", f"{self.one.id}"
        after = repr(self.domains())
        stays = f"('res_id', '=', {old})"
        self.assertIn(stays, after)
        after, expected = after.replace(stays, ""), before.replace(stays, "")
        self.assertEqual(after, expected.replace(old, new))
        self.assertEqual(self.by_two.member_ids.partner_id, self.friend | self.other)
        self.assertEqual(self.undo(batch), 0)
        self.assertEqual(repr(self.domains()), before)
        self.assertEqual(self.by_two.member_ids.partner_id, self.friend)
        self.assertIn(self.rule.category_id, self.friend.category_id)
        self.assertNotIn(self.rule.category_id, self.other.category_id)

    def test_a_domain_that_was_changed_since_stays_and_is_told(self):
        batch = self.merge(self.one, self.two)
        self.by_two.domain = "[('city', '=', 'Yazd')]"
        self.settle()
        self.assertGreater(self.undo(batch), 0)
        self.assertEqual(self.by_two.domain, "[('city', '=', 'Yazd')]")
        kept = batch.line_ids.filtered(lambda line: line.state == "kept")
        self.assertIn("Segment", " ".join(kept.mapped("message")))
