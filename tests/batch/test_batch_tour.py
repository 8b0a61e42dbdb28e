from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBatchTour(HttpCase):
    """A manager imports customers and then their purchases on the import screen."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        # No cron runs in a test: who wakes the worker does its work.
        batches = type(self.env["mini_crm.batch"])

        def work(model):
            while batch := model.env["mini_crm.batch"].sudo()._claim():
                batch._as_user()._step(5000)
                model.env.flush_all()

        self.startPatcher(patch.object(batches, "_wake_worker", work))

    def _import(self, lang, size, touch):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_manager", "mini_crm.mini_crm_group_manager", lang=lang
        )
        user.odoobot_state = "disabled"
        self.browser_size = size
        self.touch_enabled = touch
        self.start_tour("/odoo/crm-import", "mini_crm_import", login=user.login)
        batches = self.env["mini_crm.batch"].search([], order="id")
        self.assertEqual(batches.mapped("state"), ["done", "done"])
        self.assertEqual(batches.mapped("done"), [2, 3])
        self.assertEqual(batches.mapped("failed"), [1, 1])
        sara = self.env["res.partner"].search([("ref", "=", "TOUR-1")])
        self.assertEqual(sara.purchase_ids.mapped("amount"), [20.0, 12.5])

    def test_manager_imports_on_a_desktop(self):
        self._import("en_US", "1366x768", False)

    def test_manager_imports_on_a_phone_from_right_to_left(self):
        self._import("fa_IR", "390x844", True)
