from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..factories import make_channel, make_customer, make_identity, make_message


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserThread(HttpCase):
    """Answering customers: from the list of who waits to the answer."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        now = fields.Datetime.now()
        self.channel = make_channel(self.env, name="Our bot")
        self.customer = make_customer(self.env, name="Sara Ahmadi")
        self.identity = make_identity(
            self.env,
            self.customer,
            self.channel,
            username="sara",
            waiting_since=now - timedelta(days=2),
            last_message_at=now - timedelta(days=2),
            last_message="First words",
        )
        make_message(
            self.identity, "First words", date=now - timedelta(days=2), sequence=1
        )
        make_identity(
            self.env,
            make_customer(self.env, name="رضا کریمی"),
            self.channel,
            waiting_since=now - timedelta(minutes=5),
            last_message="سلام",
        )

    def _agent(self, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "thread_agent", "mini_crm.mini_crm_group_agent", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _answered(self):
        message = self.env["mini_crm.message"].search(
            [("identity_id", "=", self.identity.id), ("direction", "=", "out")]
        )
        self.assertEqual(message.body, "Yes, it is.")
        self.assertEqual(message.author_id.login, "thread_agent")

    def test_agent_answers_who_waits_longest(self):
        self.start_tour("/odoo/crm-waiting", "mini_crm_thread", login=self._agent())
        self._answered()
        self.assertFalse(self.identity.waiting_since)

    def test_agent_answers_from_right_to_left(self):
        self.start_tour(
            "/odoo/crm-waiting", "mini_crm_thread", login=self._agent("fa_IR")
        )
        self._answered()

    def test_agent_answers_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/crm-waiting", "mini_crm_thread_phone", login=self._agent()
        )
        self._answered()
        calls = self.env["mini_crm.event"].search(
            [("partner_id", "=", self.customer.id), ("type", "=", "call_logged")]
        )
        self.assertEqual(len(calls), 1)
