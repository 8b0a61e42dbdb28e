from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserDuplicates(HttpCase):
    """A manager searches, says no to a pair, takes it back and opens another."""

    def setUp(self):
        super().setUp()
        # No cron runs in a test: who wakes the worker does its work.
        batches = type(self.env["mini_crm.batch"])

        def work(model):
            while batch := model.env["mini_crm.batch"].sudo()._claim():
                batch._as_user()._step(5000)
                model.env.flush_all()

        self.startPatcher(patch.object(batches, "_wake_worker", work))
        for name, phone in (("Zeta Tour", "+989125550111"), ("Mina", "+989357712345")):
            for _copy in range(2):
                make_customer(self.env, name=name, phone=phone)

    def _decide(self, lang, size, touch):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_manager", "mini_crm.mini_crm_group_manager", lang=lang
        )
        user.odoobot_state = "disabled"
        self.browser_size = size
        self.touch_enabled = touch
        self.start_tour("/odoo/crm-duplicates", "mini_crm_duplicates", login=user.login)
        pairs = self.env["mini_crm.duplicate"].search([])
        self.assertEqual(
            sorted(pairs.mapped("state")), ["not_duplicate", "open"], pairs
        )

    def test_manager_decides_on_a_desktop(self):
        self._decide("en_US", "1366x768", False)

    def test_manager_decides_on_a_phone_from_right_to_left(self):
        self._decide("fa_IR", "390x844", True)

    def test_who_types_a_known_customer_is_told(self):
        user = new_test_user(self.env, "tour_agent", "mini_crm.mini_crm_group_agent")
        user.odoobot_state = "disabled"
        marks = self.env["mini_crm.duplicate.mark"]
        marks._compare(self.env["res.partner"].search([("name", "like", "Zeta")]).ids)
        self.browser_size = "1366x768"
        self.start_tour(
            "/odoo/crm-customers/new", "mini_crm_look_alikes", login=user.login
        )
