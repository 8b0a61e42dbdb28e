from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestMergeTour(HttpCase):
    """An agent merges two customers from the list and takes it back."""

    def _merge(self, lang, size, touch):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_agent", "mini_crm.mini_crm_group_agent", lang=lang
        )
        user.odoobot_state = "disabled"
        one, two = self.env["res.partner"].create(
            [
                {"name": "Tourmerge Sara", "phone": "+989125550071"},
                {
                    "name": "Tourmerge Sara Ahmadi",
                    "email": "sara@tour.example",
                    "phone": "+989125550072",
                },
            ]
        )
        self.env.cr.flush()
        self.browser_size = size
        self.touch_enabled = touch
        action = self.env.ref("mini_crm.mini_crm_customer_action")
        url = f"/odoo/{action.path}/{one.id}"
        self.start_tour(url, "mini_crm_merge", login=user.login)
        batch = self.env["mini_crm.batch"].search([("kind", "=", "merge")], limit=1)
        self.assertEqual(batch.state, "undone")
        self.assertTrue(one.active and two.active)
        self.assertEqual((one.name, one.email), ("Tourmerge Sara", False))

    def test_agent_merges_on_a_desktop(self):
        self._merge("en_US", "1366x768", False)

    def test_agent_merges_on_a_phone_from_right_to_left(self):
        self._merge("fa_IR", "390x844", True)
