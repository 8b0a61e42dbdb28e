from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestFieldIndustriesTour(HttpCase):
    """An administrator chooses an industry, and has its fields on a customer."""

    def setUp(self):
        super().setUp()
        definitions = self.env["mini_crm.field"].with_context(active_test=False)
        definitions.search([("active", "=", True)]).action_archive()
        definitions.search([]).unlink()

    def _admin(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_admin", "mini_crm.mini_crm_group_admin", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _choose_retail(self, login):
        self.start_tour("/odoo/crm-industries", "mini_crm_industries", login=login)
        definitions = self.env["mini_crm.field"].search([])
        retail = self.env["mini_crm.industry"].search([("key", "=", "retail")])
        self.assertEqual(
            set(definitions.mapped("key")), set(retail.field_ids.mapped("key"))
        )
        self.assertTrue(retail.is_applied)

    def test_admin_chooses_retail_and_fills_in_its_fields(self):
        self.browser_size = "1366x768"
        login = self._admin("en_US")
        self._choose_retail(login)
        customer = make_customer(self.env, name="Sara")
        self.start_tour(
            f"/odoo/crm-customers/{customer.id}",
            "mini_crm_industry_customer",
            login=login,
        )
        self.assertIs(customer[self._slot("is_vip")], True)
        self.assertEqual(customer[self._slot("loyalty_points")], 1200)

    def _slot(self, key):
        return self.env["mini_crm.field"].search([("key", "=", key)]).slot

    def test_admin_chooses_retail_on_a_phone_from_right_to_left(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._choose_retail(self._admin("fa_IR"))
