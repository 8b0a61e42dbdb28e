from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestThreadCalls(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env).with_user(cls.agent)

    def call(self, *args, **values):
        self.customer.action_log_call(*args, **values)
        return self.events(self.customer, "call_logged")[-1]

    def test_two_taps_are_enough(self):
        call = self.call("answered")
        self.assertEqual(call.data, {"outcome": "answered", "direction": "out"})
        self.assertEqual(call.interaction, "call")

    def test_who_called_and_how_long_is_told(self):
        call = self.call("answered", "Wants blue", minutes=12, direction="in")
        self.assertEqual(
            call.data, {"outcome": "answered", "direction": "in", "minutes": 12}
        )
        self.assertEqual(call.summary, "Wants blue")

    def test_nonsense_is_refused_with_a_reason(self):
        for minutes in (-1, 1.5, "3", True, 1441):
            with self.assertRaisesRegex(UserError, "whole number of minutes"):
                self.customer.action_log_call("answered", minutes=minutes)
        with self.assertRaisesRegex(UserError, "Who called"):
            self.customer.action_log_call("answered", direction="up")
        self.assertFalse(self.events(self.customer, "call_logged"))

    def test_calls_belong_to_the_company_s_phone(self):
        phone = self.env["mini_crm.channel"].create({"name": "Desk", "type": "phone"})
        other = self.env["res.company"].create({"name": "Other shop"})
        self.env["mini_crm.channel"].create(
            {"name": "Theirs", "type": "phone", "company_id": other.id, "sequence": 1}
        )
        call = self.call("no_answer")
        self.assertEqual(call.data["channel_id"], phone.id)
        self.assertEqual(call.data["channel"], "phone")
