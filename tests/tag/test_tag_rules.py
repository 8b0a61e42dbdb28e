from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..factories import make_customer, make_purchase
from .tag_case import TagCase


@tagged("post_install", "-at_install")
class TestTagRules(TagCase):
    """What managers make of rules: previews, circles, and those that ship."""

    def test_preview_tells_who_would_be_tagged_and_who_untagged(self):
        kept, tagged_by_hand, new = (make_customer(self.env) for _n in range(3))
        (kept | tagged_by_hand | new).write({"ref": "preview"})
        tagged_by_hand.category_id = self.tag
        self.settle()
        self.hold(self.rule, self.one | kept)
        preview = self.rule.with_user(self.manager).preview("[('ref', '=', 'preview')]")
        samples = preview.pop("samples")
        self.assertEqual(
            preview,
            {
                "add": 1,
                "remove": 1,
                "keep": 1,
                "by_hand": 1,
                "declined": 0,
                "problems": [],
            },
        )
        self.assertCountEqual(
            samples,
            [
                {"id": new.id, "name": new.name, "change": "add"},
                {"id": self.one.id, "name": self.one.name, "change": "remove"},
            ],
        )

    def test_preview_of_a_rule_that_is_not_saved(self):
        self.one.ref = "preview"
        rules = self.env["mini_crm.tag.rule"].with_user(self.manager)
        preview = rules.preview("[('ref', '=', 'preview')]", False)
        self.assertEqual((preview["add"], preview["remove"]), (1, 0))

    def test_preview_says_what_it_does_once_saved(self):
        self.one.ref = "preview"
        self.two.ref = "preview"
        self.settle()
        self.hold(self.rule, self.two)
        self.two.category_id = False
        preview = self.rule.preview("[('ref', '=', 'preview')]")
        self.assertEqual((preview["add"], preview["declined"]), (1, 1))
        self.assertEqual(self.hold(self.rule, self.one | self.two), (1, 0))

    def test_preview_of_a_broken_condition_says_what_is_wrong(self):
        preview = self.rule.preview("[('no_such_field', '=', 1)]")
        self.assertEqual(len(preview["problems"]), 1)
        self.assertEqual(preview["add"], 0)

    def test_the_timeline_names_rule_and_tag_as_the_reader_does(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.rule.with_context(lang="fa_IR").name = "قاعدهٔ طلایی"
        self.tag.with_context(lang="fa_IR").name = "طلایی"
        self.hold(self.rule, self.one)
        reader = self.one.with_user(self.agent)

        def told(lang):
            page = reader.with_context(lang=lang).get_timeline(types=["tag_added"])
            return [(e["data"]["rule"], e["data"]["tag"]) for e in page["events"]]

        self.assertEqual(told("fa_IR"), [("قاعدهٔ طلایی", "طلایی")])
        self.assertEqual(told("en_US"), [("Golden rule", "Golden")])
        self.rule.active = False
        self.assertEqual(told("fa_IR"), [("قاعدهٔ طلایی", "طلایی")])

    def test_a_page_of_the_timeline_reads_names_by_one_query_a_kind(self):
        self.hold(self.rule, self.one)
        event = self.events(self.one, "tag_added")
        event.flush_model()
        counts = []
        for many in (1, 20):
            for _n in range(many):
                self.one._log("tag_added", data=event.data)
            self.settle()
            before = self.env.cr.sql_log_count
            self.one.get_timeline(types=["tag_added"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_agents_cannot_preview(self):
        with self.assertRaises(AccessError):
            self.rule.with_user(self.agent).preview()

    def test_what_goes_with_a_rule_is_told_before(self):
        other = self._rule("Other rule")
        third = make_customer(self.env)
        third.category_id = self.tag
        self.settle()
        self.hold(self.rule, self.one | self.two | third)
        self.hold(other, self.two)
        self.assertEqual(self.rule.what_goes(), {"remove": 1, "keep": 2})
        self.switch_off(self.rule)
        self.assertFalse(self.one.category_id)
        self.assertEqual((self.two | third).category_id, self.tag)

    def test_rule_that_asks_for_its_own_tag_is_refused(self):
        for domain in (
            f"[('category_id', 'in', [{self.tag.id}])]",
            f"['!', ('category_id', 'in', [{self.tag.id}])]",
            "[('category_id', '=', False)]",
        ):
            with (
                self.subTest(domain),
                self.assertRaisesRegex(ValidationError, "Golden"),
            ):
                self.rule.domain = domain

    def test_circle_through_rules_and_segments_is_refused(self):
        silver = self.tag.create({"name": "Silver"})
        self._rule(
            "Silver",
            category_id=silver.id,
            domain=f"[('category_id', 'in', [{self.tag.id}])]",
        )
        segment = self.env["mini_crm.segment"].create(
            {"name": "Silvers", "domain": f"[('category_id', 'in', [{silver.id}])]"}
        )
        with self.assertRaisesRegex(
            ValidationError, "Golden → Silver → Silvers → Golden"
        ):
            self.rule.domain = f"[('segment_ids', 'in', [{segment.id}])]"

    def test_segment_that_closes_a_circle_is_refused(self):
        segment = self.env["mini_crm.segment"].create({"name": "Innocent"})
        self.rule.domain = f"[('segment_ids', 'in', [{segment.id}])]"
        with self.assertRaisesRegex(ValidationError, "Innocent → Golden → Innocent"):
            segment.domain = f"[('category_id', 'in', [{self.tag.id}])]"

    def test_circle_through_the_stage_of_advocates_is_refused(self):
        stage = "[('journey_stage', '!=', 'advocacy')]"
        self.tag.mini_crm_advocate = True
        with self.assertRaisesRegex(ValidationError, "Golden → Journey Stage → Golden"):
            self.rule.domain = stage
        self.tag.mini_crm_advocate = False
        self.rule.domain = stage
        with self.assertRaisesRegex(ValidationError, "Golden → Journey Stage → Golden"):
            self.tag.mini_crm_advocate = True

    def test_segment_that_is_picked_by_hand_closes_no_circle(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Picked", "domain": f"[('category_id', 'in', [{self.tag.id}])]"}
        )
        segment.kind = "static"
        self.rule.domain = f"[('segment_ids', 'in', [{segment.id}])]"
        with self.assertRaisesRegex(ValidationError, "Picked → Golden → Picked"):
            segment.kind = "dynamic"

    def test_rules_may_build_on_each_other(self):
        silver = self.tag.create({"name": "Silver"})
        rule = self._rule(
            "Silver",
            category_id=silver.id,
            domain=f"[('category_id', 'in', [{self.tag.id}])]",
        )
        self.assertTrue(rule.id)

    def test_new_rule_is_called_as_its_tag(self):
        form = Form(self.env["mini_crm.tag.rule"].with_user(self.manager))
        form.category_id = self.tag
        self.assertEqual(form.name, "Golden")


@tagged("post_install", "-at_install")
class TestTagShipped(TagCase):
    """Five rules for every company, and one tag of a name."""

    def test_new_company_has_the_rules_that_ship(self):
        company = self.env["res.company"].create({"name": "New shop"})
        rules = self.env["mini_crm.tag.rule"].search([("company_id", "=", company.id)])
        self.assertEqual(
            rules.mapped("key"),
            ["vip", "birthday", "high_spender", "regular", "inactive"],
        )

    def test_companies_share_tags_and_none_is_doubled(self):
        tags = self.env["res.partner.category"]
        before = tags.search_count([])
        self.env["res.company"].create({"name": "New shop"})
        self.assertEqual(tags.search_count([]), before)
        rules = self.env["mini_crm.tag.rule"].search([("key", "=", "vip")])
        self.assertEqual(len(rules.category_id), 1)

    def test_tag_of_the_same_name_in_another_language_is_taken(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        mine = self.tag.with_context(lang="fa_IR").create({"name": "مال من"})
        found = self.env["mini_crm.tag.rule"]._tag_named(
            {"en_US": "Never heard of", "fa_IR": "مال من"}
        )
        self.assertEqual(found, mine)

    def test_shipped_rules_and_tags_have_persian_names(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        rule = self.env["mini_crm.tag.rule"].search(
            [("key", "=", "birthday"), ("company_id", "=", self.company.id)]
        )
        rule = rule.with_context(lang="fa_IR")
        self.assertEqual(rule.name, "تولد در این ماه")
        self.assertEqual(rule.category_id.name, "تولد در این ماه")

    def test_shipping_again_keeps_what_a_person_changed(self):
        rules = self.env["mini_crm.tag.rule"]
        vip = rules.search([("key", "=", "vip"), ("company_id", "=", self.company.id)])
        vip.domain = "[('crm_score', '>=', 90)]"
        vip.action_archive()
        self.assertFalse(rules._ship())
        self.assertEqual(vip.domain, "[('crm_score', '>=', 90)]")
        self.assertFalse(vip.active)

    def test_high_spenders_are_those_who_spent_two_million(self):
        make_purchase(self.env, self.one, 2_000_000)
        make_purchase(self.env, self.two, 1_999_999)
        self.settle()
        rule = self.env["mini_crm.tag.rule"].search(
            [("key", "=", "high_spender"), ("company_id", "=", self.company.id)]
        )
        self.assertIn(
            self.one.id,
            [one["id"] for one in rule.preview()["samples"]]
            + rule.origin_ids.partner_id.ids,
        )
        self.assertNotIn(
            self.two.id,
            [one["id"] for one in rule.preview()["samples"]]
            + rule.origin_ids.partner_id.ids,
        )
