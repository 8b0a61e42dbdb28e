from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestSegmentWizard(MiniCrmCase):
    """What a new segment can begin with, and what comes out."""

    def _wizard(self, **values):
        wizards = self.env["mini_crm.segment.wizard"].with_user(self.manager)
        return wizards.create({"name": "Friends", **values})

    def test_every_beginning_is_a_condition_that_may_be_stored(self):
        wizard = self.env["mini_crm.segment.wizard"].with_user(self.manager)
        found = {one["key"]: one for one in wizard.beginnings()}
        self.assertLessEqual(
            {
                "silent",
                "birthday",
                "spent",
                "vip",
                "inactive",
                "new",
                "high_value",
                "regular",
                "tag",
                "empty",
                "static",
            },
            set(found),
        )
        for one in found.values():
            self.assertEqual(
                self.env["mini_crm.condition"]._problems(one["domain"]), [], one["key"]
            )
            self.assertTrue(one["sentence"], one["key"])

    def test_every_field_stands_below_a_heading_of_the_editor(self):
        # The headings of static/src/condition/condition_fields.js.
        known = {"figures", "happened", "groups", "person", "custom"}
        fields = self.env["mini_crm.condition"].with_user(self.manager)
        groups = {one["group"] for one in fields.fields_for_editor()}
        self.assertEqual(groups, known)

    def test_a_shop_on_instagram_and_its_industry_are_offered(self):
        self.env["utm.source"].create({"name": "Instagram"})
        self.env["mini_crm.industry"].search([("key", "=", "retail")]).apply()
        wizard = self.env["mini_crm.segment.wizard"].with_user(self.manager)
        found = {one["key"]: one for one in wizard.beginnings()}
        self.assertEqual(found["source"]["name"], "Came from Instagram")
        loyal = found["retail.loyal_buyers"]
        self.assertEqual(loyal["name"], "Loyal buyers")
        points = self.env["mini_crm.field"].search([("key", "=", "loyalty_points")])
        self.assertIn(points.slot, loyal["domain"])

    def test_a_segment_of_an_industry_whose_field_is_another_here_is_left_out(self):
        self.env["mini_crm.field"].create(
            {"name": "Points", "key": "loyalty_points", "type": "text"}
        )
        self.env["mini_crm.industry"].search([("key", "=", "retail")]).apply()
        wizard = self.env["mini_crm.segment.wizard"].with_user(self.manager)
        keys = [one["key"] for one in wizard.beginnings()]
        self.assertNotIn("retail.loyal_buyers", keys)
        self.assertIn("retail.not_bought_lately", keys)

    def test_beginnings_are_named_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        wizard = self.env["mini_crm.segment.wizard"].with_user(self.manager)
        found = wizard.with_context(lang="fa_IR").beginnings()
        names = {one["key"]: one["name"] for one in found}
        self.assertEqual(names["vip"], "مشتری ویژه")
        self.assertEqual(names["static"], "انتخاب دستی")

    def test_a_segment_comes_out_as_it_was_gathered(self):
        wizard = self._wizard(
            name="  Friends ", color="#E91E63", domain="[('crm_score', '>=', 50)]"
        )
        segment = self.env["mini_crm.segment"].browse(wizard.create_segment())
        self.assertEqual(
            (segment.name, segment.color, segment.domain, segment.kind),
            ("Friends", "#E91E63", "[('crm_score', '>=', 50)]", "dynamic"),
        )
        self.assertEqual(segment.user_id, self.manager)

    def test_its_customers_are_in_it_at_once(self):
        customer = make_customer(self.env, city="Shiraz")
        self.env.cr.flush()
        wizard = self._wizard(domain="[('city', '=', 'Shiraz')]")
        segment = self.env["mini_crm.segment"].browse(wizard.create_segment())
        self.assertEqual(segment.member_ids.partner_id, customer)
        self.assertEqual(segment.status, "ready")

    def test_a_condition_that_cannot_be_kept_is_refused_whole(self):
        before = self.env["mini_crm.segment"].search_count([])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._wizard(domain="[('password', '=', 'x')]").create_segment()
        self.assertEqual(self.env["mini_crm.segment"].search_count([]), before)

    def test_a_segment_without_a_name_is_refused(self):
        with self.assertRaisesRegex(UserError, "Give the segment a name"):
            self._wizard(name="  ").create_segment()

    def test_agents_make_no_segments(self):
        with self.assertRaises(AccessError):
            self.env["mini_crm.segment.wizard"].with_user(self.agent).beginnings()
