from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserTours(HttpCase):
    """An agent's first ways through the screens: desktop, phone, right to left."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        make_purchase(self.env, make_customer(self.env, name="Regular Customer"))
        self.customer = make_customer(
            self.env, name="Tour Customer", phone="+989120009999"
        )

    def _agent(self, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_agent", "mini_crm.mini_crm_group_agent", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _called(self):
        self.env["mini_crm.queue"]._process_inline()
        events = self.env["mini_crm.event"].search(
            [("partner_id", "=", self.customer.id), ("type", "=", "call_logged")]
        )
        told = [{"outcome": "answered", "direction": "out"}]
        self.assertEqual(events.mapped("data"), told)
        self.assertEqual(self.customer.total_interactions, 1)

    def test_agent_finds_a_customer_and_logs_a_call(self):
        self.start_tour(
            "/odoo/crm-customers", "mini_crm_customer_desktop", login=self._agent()
        )
        self._called()

    def test_agent_adds_a_customer_with_a_purchase(self):
        self.start_tour(
            "/odoo/crm-customers", "mini_crm_customer_new", login=self._agent()
        )
        customer = self.env["res.partner"].search([("name", "=", "Newest Customer")])
        self.assertEqual(customer.total_purchases, 1)
        self.assertFalse(customer.journey_hold_until)
        self.assertEqual(customer.journey_stage, "purchase")

    def test_agent_logs_a_call_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/crm-customers", "mini_crm_customer_phone", login=self._agent()
        )
        self._called()

    def test_agent_works_from_right_to_left(self):
        self.start_tour(
            "/odoo/crm-customers",
            "mini_crm_customer_desktop",
            login=self._agent("fa_IR"),
        )
        self._called()
