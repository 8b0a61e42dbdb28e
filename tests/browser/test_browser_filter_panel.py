from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserFilterPanel(HttpCase):
    """Customers are filtered in the panel: desktop, phone, right to left."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        tag = self.env["res.partner.category"].create({"name": "Tour tag"})
        tagged_ones = {"category_id": [(6, 0, tag.ids)]}
        make_customer(self.env, name="Other Customer", **tagged_ones)
        self.customer = make_customer(self.env, name="Tour Customer", **tagged_ones)
        for _number in range(2):
            make_purchase(self.env, self.customer)
        self.env["mini_crm.queue"]._process_inline()
        self.assertEqual(self.customer.total_purchases, 2)

    def _login(self, role, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, f"tour_{role}", f"mini_crm.mini_crm_group_{role}", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user

    def _saved(self):
        favorite = self.env["ir.filters"].search([("name", "=", "Tour favorite")])
        self.assertEqual(favorite.domain, '[("crm_health", "in", ["red"])]')
        self.assertEqual(favorite.model_id, "res.partner")
        return favorite

    def _filters(self, tour, user):
        self.start_tour("/odoo/crm-customers", tour, login=user.login)

    def test_manager_filters_saves_and_shares(self):
        self._filters("mini_crm_filter_panel_desktop", self._login("manager"))
        self.assertFalse(self._saved().user_ids)

    def test_manager_filters_from_right_to_left(self):
        manager = self._login("manager", "fa_IR")
        self._filters("mini_crm_filter_panel_desktop", manager)
        self.assertFalse(self._saved().user_ids)

    def test_agent_filters_and_saves_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        agent = self._login("agent", "fa_IR")
        self._filters("mini_crm_filter_panel_phone", agent)
        self.assertEqual(self._saved().user_ids, agent)
