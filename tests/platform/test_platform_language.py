from odoo.tests import HttpCase, new_test_user, tagged

RTL = "web.assets_web.rtl"


@tagged("post_install", "-at_install")
class TestPlatformLanguage(HttpCase):
    def test_page_runs_in_the_direction_of_the_language_just_chosen(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        user = new_test_user(
            self.env, "mini_reader", groups="mini_crm.mini_crm_group_agent"
        )
        self.authenticate("mini_reader", "mini_reader")
        self.assertNotIn(RTL, self.url_open("/odoo").text)
        user.lang = "fa_IR"
        self.assertIn(RTL, self.url_open("/odoo").text)
        user.lang = "en_US"
        self.assertNotIn(RTL, self.url_open("/odoo").text)
