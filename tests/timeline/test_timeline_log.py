from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.timeline.mini_crm_event import MAX_DEPTH
from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestTimelineLog(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env)

    def test_same_key_is_logged_once(self):
        first = self.customer._log("message_received", external_key="tg:1")
        self.assertTrue(first)
        self.assertIsNone(self.customer._log("message_received", external_key="tg:1"))
        self.assertEqual(len(self.events(self.customer, "message_received")), 1)

    def test_unknown_type_is_refused(self):
        with self.assertRaises(ValueError):
            self.customer._log("made_up")

    def test_many_are_logged_by_one_statement(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {n}"} for n in range(150)]
        )
        self.settle()
        with self.assertQueryCount(1, flush=False):
            count = self.env["mini_crm.event"]._log_many(
                {"partner_id": SQL("p.id"), "type": SQL("'message_received'")},
                SQL("FROM res_partner p WHERE p.id = ANY(%s)", list(customers.ids)),
            )
        self.assertEqual(count, 150)

    def test_messages_of_machines_are_no_interaction(self):
        self.customer._log("message_sent", data={"automated": True})
        self.customer._log("message_sent")
        self.assertEqual(
            self.events(self.customer, "message_sent").mapped("interaction"),
            [False, "out"],
        )

    def test_deep_events_are_stored_and_not_followed(self):
        queue = self.env["mini_crm.queue"]
        caused = self.customer.with_context(mini_crm_cause=(None, MAX_DEPTH + 1))
        before = queue.search_count([])
        self.assertTrue(caused._log("message_received"))
        self.assertEqual(queue.search_count([]), before)

    def test_nobody_writes_history_by_hand(self):
        event = self.env["mini_crm.event"].browse(self.customer._log("call_logged"))
        with self.assertRaises(UserError):
            event.summary = "never happened"
        with self.assertRaises(UserError):
            event.unlink()
        with self.assertRaises(UserError):
            event.create({"partner_id": self.customer.id, "type": "call_logged"})

    def test_call_is_logged_by_an_agent_with_its_outcome(self):
        customer = self.customer.with_user(self.agent)
        customer.action_log_call("no_answer", "Try on Monday")
        call = self.events(self.customer, "call_logged")
        self.assertEqual(call.data["outcome"], "no_answer")
        self.assertEqual(call.summary, "Try on Monday")
        self.assertEqual(call.author_id, self.agent)
        with self.assertRaises(UserError):
            customer.action_log_call("unclear")

    def test_portal_user_logs_no_call(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.portal).action_log_call("answered")
