from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_customer


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestExportTour(HttpCase):
    """A manager exports customers from the list and the cards."""

    def _export(self, lang, size, touch):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_manager", "mini_crm.mini_crm_group_manager", lang=lang
        )
        user.odoobot_state = "disabled"
        for number in range(3):
            make_customer(self.env, name=f"Tour {number}")
        self.browser_size = size
        self.touch_enabled = touch
        self.start_tour("/odoo/crm-customers", "mini_crm_export", login=user.login)
        export = self.env["mini_crm.export.log"].search([], limit=1)
        self.assertEqual(export.user_id, user)
        self.assertEqual(export.format, "csv")
        self.assertNotIn("ref", export.column_names)
        self.assertIn("name", export.column_names)

    def test_manager_exports_on_a_desktop(self):
        self._export("en_US", "1366x768", False)

    def test_manager_exports_on_a_phone_from_right_to_left(self):
        self._export("fa_IR", "390x844", True)

    def test_who_may_not_export_is_not_offered_it(self):
        user = new_test_user(
            self.env, "tour_agent", "mini_crm.mini_crm_group_agent", lang="en_US"
        )
        user.odoobot_state = "disabled"
        make_customer(self.env, name="Tour 1")
        self.start_tour("/odoo/crm-customers", "mini_crm_export_no", login=user.login)
