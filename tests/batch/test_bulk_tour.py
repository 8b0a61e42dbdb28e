from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBulkTour(HttpCase):
    """A manager changes many customers, undoes it, deletes them and puts one back."""

    def setUp(self):
        super().setUp()
        # No cron runs in a test: who wakes the worker does its work.
        batches = type(self.env["mini_crm.batch"])

        def work(model):
            while batch := model.env["mini_crm.batch"].sudo()._claim():
                batch._as_user()._step(5000)
                model.env.flush_all()

        self.startPatcher(patch.object(batches, "_wake_worker", work))
        customers = self.env["res.partner"].search([("journey_stage", "!=", False)])
        customers.active = False
        self.customers = self.env["res.partner"].concat(
            *(make_customer(self.env, name=f"Tour {n}") for n in range(3))
        )
        self.env.flush_all()

    def _go(self, lang, size, touch):
        self.env["res.lang"]._activate_lang(lang)
        self.user = new_test_user(
            self.env, "tour_manager", "mini_crm.mini_crm_group_manager", lang=lang
        )
        self.user.odoobot_state = "disabled"
        self.browser_size = size
        self.touch_enabled = touch

    def tour(self, name, path="crm-customers"):
        self.start_tour(f"/odoo/{path}", name, login=self.user.login)

    def test_manager_tags_many_on_a_desktop_and_undoes_it(self):
        self._go("en_US", "1366x768", False)
        self.tour("mini_crm_bulk_desktop")
        batch = self.env["mini_crm.batch"].search([("kind", "=", "bulk")])
        self.assertEqual((batch.state, batch.restored), ("undone", 3))
        self.tour("mini_crm_bulk_delete")
        self.assertFalse(any(self.customers.mapped("active")))
        self.tour("mini_crm_bin", "crm-bin")
        self.assertEqual(len(self.customers.filtered("active")), 1)

    def test_manager_tags_all_on_a_phone_from_right_to_left(self):
        self._go("fa_IR", "390x844", True)
        self.tour("mini_crm_bulk_phone")
        batch = self.env["mini_crm.batch"].search([("kind", "=", "bulk")])
        self.assertEqual((batch.state, batch.restored), ("undone", 3))
