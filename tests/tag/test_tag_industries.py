from odoo.exceptions import UserError
from odoo.tests import tagged

from ..factories import make_customer
from ..field.test_field_industries import IndustriesCase


@tagged("post_install", "-at_install")
class TestTagIndustries(IndustriesCase):
    """Segments and tag rules of an industry become the shop's own, and go with it."""

    def names(self, rules):
        return [rule["name"] for rule in rules]

    def rule(self, key, model="mini_crm.tag.rule"):
        rules = self.env[model].with_context(active_test=False)
        return rules.search([("key", "=", key), ("company_id", "=", self.company.id)])

    def test_applying_makes_the_segments_and_the_tag_rules(self):
        retail = self.industry("retail")
        self.assertEqual(
            {rule["status"] for rule in retail.preview()["tag_rules"]}, {"new"}
        )
        result = retail.apply()
        self.assertEqual(
            self.names(result["rules"]),
            ["Loyal buyers", "No purchase for 90 days", "VIP"],
        )
        vip = self.rule("retail.vip")
        slot = self.field("is_vip").slot
        self.assertEqual(vip.domain, f"[('{slot}', '=', True)]")
        self.assertEqual(vip.category_id.name, "VIP")
        self.assertEqual(
            {rule["status"] for rule in retail.preview()["tag_rules"]}, {"present"}
        )

    def test_rules_of_an_industry_work_at_once(self):
        self.industry("retail").apply()
        customer = make_customer(self.env, **{self.field("is_vip").slot: True})
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(customer.category_id.name, "VIP")
        self.assertIn(
            self.rule("retail.vip").id,
            [origin["rule_id"] for origin in customer.tag_origins.values()],
        )

    def test_applying_again_adds_nothing(self):
        retail = self.industry("retail")
        retail.apply()
        again = retail.apply()
        self.assertEqual(again["rules"], [])
        self.assertEqual(len(self.rule("retail.vip")), 1)

    def test_every_industry_can_be_applied_whole(self):
        for industry in self.env["mini_crm.industry"].search([]):
            with self.subTest(industry.key), self.env.cr.savepoint() as savepoint:
                result = industry.with_user(self.admin).apply()
                self.assertEqual(result["rules_skipped"], [])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_removing_takes_away_what_nobody_changed(self):
        retail = self.industry("retail")
        retail.apply()
        self.rule("retail.loyal_buyers", "mini_crm.segment").name = "Mine"
        result = retail.remove()
        self.assertCountEqual(
            result["rules_removed"], ["No purchase for 90 days", "VIP"]
        )
        self.assertEqual(
            result["rules_kept"],
            [{"name": "Mine", "reason": "changed", "industry": ""}],
        )
        self.assertIn("used", [entry["reason"] for entry in result["kept"]])
        self.assertFalse(self.rule("retail.vip"))

    def test_removing_leaves_the_segment_that_another_asks_for(self):
        retail = self.industry("retail")
        retail.apply()
        loyal = self.rule("retail.loyal_buyers", "mini_crm.segment")
        self.env["mini_crm.segment"].create(
            {"name": "Other", "domain": f"[('segment_ids', 'in', [{loyal.id}])]"}
        )
        self.assertEqual(
            retail.remove()["rules_kept"],
            [{"name": "Loyal buyers", "reason": "used", "industry": ""}],
        )
        self.assertTrue(loyal.exists())

    def test_undo_takes_the_rules_of_that_click_back(self):
        retail = self.industry("retail")
        result = retail.apply()
        undone = retail.remove(result["undo"], result["undo_rules"])
        self.assertEqual(len(undone["rules_removed"]), 3)
        self.assertFalse(undone["rules_kept"] or undone["kept"])

    def test_rule_that_two_industries_share_stays_with_the_other(self):
        retail, other = self.industry("retail"), self.industry("other")
        retail.apply()
        self.assertNotIn("VIP", self.names(other.apply()["rules"]))
        kept = retail.remove()["rules_kept"]
        self.assertEqual(
            kept, [{"name": "VIP", "reason": "shared", "industry": other.name}]
        )
        self.assertIn("VIP", other.remove()["rules_removed"])

    def test_removing_takes_a_tag_that_came_with_it_and_nobody_carries(self):
        tags = self.env["res.partner.category"]
        tags.search([("name", "=", "Organic")]).unlink()
        farm = self.industry("agriculture")
        farm.apply()
        self.assertTrue(tags.search([("name", "=", "Organic")]))
        farm.remove()
        self.assertFalse(tags.search([("name", "=", "Organic")]))

    def test_rule_whose_field_is_left_out_is_left_out_too(self):
        self.env["mini_crm.field"].create(
            {"name": "Points", "key": "loyalty_points", "type": "text"}
        )
        retail = self.industry("retail")
        shown = {rule["key"]: rule["status"] for rule in retail.preview()["segments"]}
        self.assertEqual(shown["loyal_buyers"], "skipped")
        result = retail.apply()
        self.assertEqual(result["rules_skipped"], ["Loyal buyers"])

    def test_persian_shop_reads_persian_names(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.industry("retail").apply()
        rule = self.rule("retail.loyal_buyers", "mini_crm.segment")
        self.assertNotEqual(self.persian(rule), rule.name)

    def test_field_tells_the_rules_that_ask_for_it_and_archiving_breaks_them(self):
        self.industry("retail").apply()
        self.env["mini_crm.rule"]._run_all()
        field, rule = self.field("is_vip"), self.rule("retail.vip")
        self.assertIn(
            ("mini_crm.tag.rule", rule.id),
            [(use["model"], use["id"]) for use in field.with_user(self.admin).usages()],
        )
        self.assertEqual(rule.status, "ready")
        field.action_archive()
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(rule.status, "broken")
        self.assertIn("archived", rule.problem)
        with self.assertRaisesRegex(UserError, "VIP"):
            field.release_slot()
        with self.assertRaisesRegex(UserError, "VIP"):
            field.unlink()
        field.restore()
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual((rule.status, rule.problem), ("ready", False))
