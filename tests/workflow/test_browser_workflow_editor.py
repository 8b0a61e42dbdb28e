from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserWorkflowEditor(HttpCase):
    """A manager draws "ask for the phone and save it", on a desk and on a phone."""

    browser_size = "1366x768"

    def _manager(self, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_manager", "mini_crm.mini_crm_group_manager", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _draw(self, tour, lang="en_US"):
        before = self.env["mini_crm.workflow"].search([])
        login = self._manager(lang)
        self.start_tour("/odoo/crm-workflows/new", tour, login=login)
        self.env.invalidate_all()
        workflow = self.env["mini_crm.workflow"].search([]) - before
        self.assertEqual(len(workflow), 1)
        self.assertTrue(workflow.name)
        definition = workflow.definition
        self.assertEqual(definition["trigger"], {"kind": "message_received"})
        self.assertEqual(definition["first"], "n1")
        self.assertEqual(
            definition["nodes"],
            {
                "n1": {
                    "kind": "ask",
                    "text": "What is your phone number?",
                    "answer": "phone",
                    "save_to": "phone",
                    "next": {},
                }
            },
        )
        problems = workflow.get_problems(definition)["problems"]
        self.assertEqual([one for one in problems if not one["warning"]], [])

    def test_question_is_drawn_in_under_twelve_actions_on_a_desktop(self):
        self._draw("mini_crm_workflow_ask_desktop")

    def test_question_is_drawn_in_under_twelve_actions_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._draw("mini_crm_workflow_ask_phone")

    def test_question_is_drawn_from_right_to_left(self):
        self._draw("mini_crm_workflow_ask_desktop", "fa_IR")

    def test_question_is_drawn_from_right_to_left_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._draw("mini_crm_workflow_ask_phone", "fa_IR")
