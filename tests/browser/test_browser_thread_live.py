import json
import logging
import time

from odoo.tests import common, new_test_user, tagged

from ...engine.telegram import read_body
from ..factories import make_channel, make_customer, make_identity
from .touch_case import TouchCase

_logger = logging.getLogger(__name__)

MANY = 5_000  # messages of a customer
CHAT = "700"
TAB = ".o_notebook_headers [name=communication]"
READY = "document.querySelector('.o_mini_crm_conversation[data-status=ready]')"
TIMELINE = "document.querySelector('.o_mini_crm_timeline[data-status=ready]')"
BODIES = """[...document.querySelectorAll('.o_mini_crm_said_body')]
    .map((body) => body.textContent)"""
PHONES = """[...document.querySelectorAll(
    '.o_mini_crm_header [name=phone] input, .o_mini_crm_header [name=phone] a')]
    .map((element) => (element.value || element.href).replace(/[^0-9]/g, ''))"""
# Odoo's tests have no websocket: what the server has sent is handed to the page as the
# worker that holds the websocket would.
NOTIFY = """(() => {
    const {worker} = odoo.__WOWL_DEBUG__.root.env.services.worker_service;
    const message = {type: 'mini_crm.conversation', payload: {partner_ids: %s}};
    (worker.port || worker).dispatchEvent(new MessageEvent('message', {data: {
        type: 'BUS:NOTIFICATION', data: [{id: 1, message}]}}));
})()"""
OPEN_AND_MEASURE = """(() => {
    const began = performance.now();
    performance.clearResourceTimings();
    const look = new MutationObserver(() => {
        if (document.querySelectorAll('.o_mini_crm_said').length >= 50) {
            window.opened = performance.now() - began;
            look.disconnect();
        }
    });
    look.observe(document.body, {childList: true, subtree: true});
    document.querySelector('%s').click();
})()"""
REQUESTS = """performance.getEntriesByType('resource')
    .filter((one) => one.name.includes('/web/dataset/'))
    .map((one) => [one.name.split('/').pop(), one.decodedBodySize])"""


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserThreadLive(TouchCase):
    """A conversation that is open follows what happens; a long one opens at once."""

    browser_size = "1366x768"
    touch_enabled = False

    def setUp(self):
        super().setUp()
        self.channel = make_channel(self.env, name="Our bot")
        self.customer = make_customer(self.env, name="Sara Ahmadi")
        self.identity = make_identity(
            self.env, self.customer, self.channel, external_id=CHAT
        )
        user = new_test_user(self.env, "live_agent", "mini_crm.mini_crm_group_agent")
        user.odoobot_state = "disabled"
        action = self.env.ref("mini_crm.mini_crm_customer_action").path
        self.path = f"/odoo/{action}/{self.customer.id}"
        self.told = []
        self.patch(
            type(self.env["mini_crm.message"]),
            "_tell_changed",
            lambda _model, ids: self.told.extend(ids),
        )

    def play(self, scene):
        """Open the customer's form and play a scene on it."""

        def opened(finger):
            finger.wait(f"document.querySelector('{TAB}')", "the customer's form")
            scene(finger)

        self.touch(self.path, "live_agent", opened)

    def arrives(self, finger, number, **content):
        """Telegram delivers a message of the customer, and the page hears of it."""
        update = {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": int(time.time()),
                "chat": {"id": int(CHAT), "type": "private"},
                "from": {"id": int(CHAT), "is_bot": False, "first_name": "Sara"},
                **content,
            },
        }
        with common._registry_test_lock:
            for item in read_body(json.dumps(update).encode()):
                self.channel._receive(item)
            self.env.cr.flush()
        finger.see(NOTIFY % json.dumps(self.told))

    def test_message_and_shared_phone_show_without_a_reload(self):
        def scene(finger):
            finger.see(f"document.querySelector('{TAB}').click()")
            finger.wait(READY, "the conversation")
            finger.see("window.stays = true")
            self.arrives(finger, 1, text="Is the blue one there?")
            finger.wait(f"{BODIES}.includes('Is the blue one there?')", "the message")
            contact = {
                "phone_number": "989120009999",
                "first_name": "Sara",
                "user_id": int(CHAT),
            }
            self.arrives(finger, 2, contact=contact)
            finger.wait(f"{PHONES}.includes('989120009999')", "the phone number")
            self.assertTrue(finger.see("window.stays"), "The page was loaded again")

        self.play(scene)
        self.assertEqual(set(self.told), {self.customer.id})
        self.customer.invalidate_recordset()
        self.assertEqual(
            self.customer.phone_sanitized, "+989120009999", self.customer.phone
        )

    def test_tab_of_many_messages_costs_two_requests(self):
        self.env.cr.execute(
            """INSERT INTO mini_crm_message (channel_id, company_id, identity_id,
                partner_id, direction, kind, body, date, sequence, state)
            SELECT %s, %s, %s, %s, CASE WHEN n %% 2 = 0 THEN 'in' ELSE 'out' END,
                'text', repeat('A message of some words. ', 4),
                timestamp '2025-01-01' + n * interval '1 hour', n,
                CASE WHEN n %% 2 = 0 THEN 'received' ELSE 'read' END
            FROM generate_series(1, %s) n""",
            [
                *(self.channel.id, self.channel.company_id.id, self.identity.id),
                *(self.customer.id, MANY),
            ],
        )

        def scene(finger):
            # on a slow machine the tab before may still be asking
            finger.wait(TIMELINE, "the timeline of the tab before")
            finger.see(OPEN_AND_MEASURE % TAB)
            finger.wait("window.opened", "fifty messages")
            requests = finger.see(REQUESTS)
            _logger.info(
                "A tab of %s messages: %.0f ms, %s",
                MANY,
                finger.see("window.opened"),
                requests,
            )
            ours = sorted(name for name, _size in requests)
            self.assertEqual(ours, ["get_conversation", "get_reply_options"])
            self.assertLess(sum(size for _name, size in requests), 100_000)

        self.play(scene)
