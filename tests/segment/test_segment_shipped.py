from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import MiniCrmCase

COLOURS = {
    "vip": "#FFD700",
    "inactive": "#CCCCCC",
    "new": "#4CAF50",
    "high_value": "#2196F3",
    "regular": "#00BCD4",
}


@tagged("post_install", "-at_install")
class TestSegmentShipped(MiniCrmCase):
    """Every company begins with five segments, and may make them its own."""

    def _of(self, company):
        return self.env["mini_crm.segment"].search(
            [("company_id", "=", company.id), ("key", "!=", False)]
        )

    def test_a_company_has_five_segments_in_their_colours(self):
        segments = self._of(self.company)
        self.assertEqual({one.key: one.color for one in segments}, COLOURS)
        self.assertEqual(segments.mapped("key"), list(COLOURS))

    def test_a_new_company_begins_with_them_and_they_wait_for_the_worker(self):
        company = self.env["res.company"].create({"name": "Second shop"})
        segments = self._of(company)
        self.assertEqual({one.key: one.color for one in segments}, COLOURS)
        self.assertEqual(set(segments.mapped("status")), {"waiting"})

    def test_shipping_again_changes_nothing(self):
        vip = self._of(self.company).filtered(lambda one: one.key == "vip")
        vip.write({"name": "Friends", "active": False})
        made = self.env["mini_crm.segment"]._ship()
        self.assertFalse(made)
        self.assertEqual((vip.name, vip.active), ("Friends", False))

    def test_a_language_that_comes_into_use_has_their_names(self):
        vip, inactive = (
            self._of(self.company).filtered(lambda one, key=key: one.key == key)
            for key in ("vip", "inactive")
        )
        self.env["res.lang"]._activate_lang("fa_IR")
        inactive.with_context(lang="fa_IR").name = "خفته"
        self.env["res.lang"]._lang_get("fa_IR")._translate_rules()
        self.assertEqual(vip.with_context(lang="fa_IR").name, "مشتری ویژه")
        self.assertEqual(inactive.with_context(lang="fa_IR").name, "خفته")

    def test_the_shipped_condition_comes_back(self):
        vip = self._of(self.company).filtered(lambda one: one.key == "vip")
        shipped = vip.domain
        vip = vip.with_user(self.manager)
        vip.write({"domain": "[('crm_score', '>=', 1)]", "active": False})
        vip.restore()
        self.assertEqual((vip.domain, vip.active), (shipped, True))
        with self.assertRaises(AccessError):
            vip.with_user(self.agent).restore()

    def test_a_segment_made_by_hand_has_nothing_to_bring_back(self):
        segment = self.env["mini_crm.segment"].create({"name": "Own"})
        with self.assertRaisesRegex(UserError, "Own was made by hand"):
            segment.restore()
