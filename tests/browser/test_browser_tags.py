from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserTags(HttpCase):
    """Tag rules are made and their tags are looked at in a browser."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        self.customer = make_customer(self.env, name="Tour Customer", city="Shiraz")
        make_purchase(self.env, self.customer, 100)
        self.tag = self.env["res.partner.category"].create({"name": "Tour tag"})
        self.env["mini_crm.queue"]._process_inline()
        self.env["mini_crm.rule"]._run_all()

    def _login(self, role="manager", lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, f"tour_{role}", f"mini_crm.mini_crm_group_{role}", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _made(self):
        rule = self.env["mini_crm.tag.rule"].search([("name", "=", "Tour tag")])
        self.env["mini_crm.rule"]._run_all()
        self.assertEqual(rule.origin_ids.partner_id, self.customer)
        self.assertIn(self.tag, self.customer.category_id)

    def test_manager_makes_a_rule_and_sees_whom_it_would_tag(self):
        self.start_tour(
            "/odoo/crm-smart-tags", "mini_crm_tag_rule_desktop", login=self._login()
        )
        self._made()

    def test_manager_makes_a_rule_on_a_phone_from_right_to_left(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/crm-smart-tags",
            "mini_crm_tag_rule_phone",
            login=self._login(lang="fa_IR"),
        )
        self._made()

    def test_agent_taps_a_tag_and_keeps_it(self):
        rule = self.env["mini_crm.tag.rule"].create(
            {
                "name": "Tour rule",
                "category_id": self.tag.id,
                "domain": "[('city', '=', 'Shiraz')]",
            }
        )
        self.env["mini_crm.rule"]._run_all()
        self.assertFalse(rule.origin_ids.by_hand)
        self.start_tour(
            f"/odoo/crm-customers/{self.customer.id}",
            "mini_crm_tag_chip",
            login=self._login("agent"),
        )
        self.env.invalidate_all()
        self.assertTrue(rule.origin_ids.by_hand)
