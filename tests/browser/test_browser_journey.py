from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserJourney(HttpCase):
    """The journey map on a desktop, on a phone, and right to left."""

    browser_size = "1366x768"

    def _agent(self, lang="en_US", customers=True):
        self.env.cr.execute("DELETE FROM mini_crm_profile")
        self.env.invalidate_all()
        if customers:
            make_customer(self.env, name="Stayer")
            for name in ("Mover One", "Mover Two"):
                customer = make_customer(self.env, name=name)
                self.env["mini_crm.queue"]._process_inline()
                make_purchase(self.env, customer)
                self.env["mini_crm.queue"]._process_inline()
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "map_agent", "mini_crm.mini_crm_group_agent", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def test_agent_opens_those_who_moved(self):
        self.start_tour(
            "/odoo/crm-journey", "mini_crm_journey_desktop", login=self._agent()
        )

    def test_agent_opens_those_who_moved_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/crm-journey", "mini_crm_journey_phone", login=self._agent()
        )

    def test_map_works_from_right_to_left(self):
        self.start_tour(
            "/odoo/crm-journey", "mini_crm_journey_desktop", login=self._agent("fa_IR")
        )

    def test_new_shop_is_told_what_to_do(self):
        self.start_tour(
            "/odoo/crm-journey",
            "mini_crm_journey_empty",
            login=self._agent(customers=False),
        )
