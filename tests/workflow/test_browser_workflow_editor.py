from odoo.tests import HttpCase, new_test_user, tagged

from ..common import MiniCrmCase
from ..factories import make_channel, make_customer, make_identity, make_message


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserWorkflowEditor(HttpCase):
    """A manager draws "ask for the phone and save it", on a desk and on a phone, tries
    it on a customer, publishes and pauses it."""

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
        customer = make_customer(self.env, name="Tried Customer")
        chat = make_identity(self.env, customer, make_channel(self.env))
        MiniCrmCase.settle(self)
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
        self._use(workflow, chat)

    def _use(self, workflow, chat):
        """What was tried has left nothing; resumed, it asks who writes."""
        self.assertEqual((workflow.state, workflow.pause_reason), ("paused", False))
        self.assertFalse(workflow.run_ids)
        self.assertEqual(self._told(chat), [])
        self._write(chat)
        self.assertFalse(workflow.run_ids)
        workflow.action_resume()
        self._write(chat)
        run = workflow.run_ids
        self.assertEqual((run.partner_id, run.node), (chat.partner_id, "n1"))
        self.assertEqual((run.state, run.question), ("waiting", "open"))
        (asked,) = self._told(chat)
        self.assertIn("What is your phone number?", asked)

    def _told(self, chat):
        """Texts that were queued for a chat."""
        messages = self.env["mini_crm.message"]
        own = [("identity_id", "=", chat.id), ("direction", "=", "out")]
        return messages.search(own).mapped("body")

    def _write(self, chat):
        """The customer writes in his chat."""
        message = make_message(chat, "Hello")
        self.env.flush_all()
        chat.partner_id._log(
            "message_received",
            data={"channel": chat.type},
            record=message,
            summary=message.body,
            author_id=None,
        )
        MiniCrmCase.settle(self)

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
