from odoo.tests import new_test_user, tagged

from ..factories import make_customer
from .api_case import ApiCase


@tagged("post_install", "-at_install")
class TestApiLedger(ApiCase):
    def setUp(self):
        super().setUp()
        self.sara = make_customer(self.env, ref="C-1", email="sara@example.com")

    def purchase(self, **values):
        return {
            "customer": {"ref": "C-1"},
            "reference": "O-1",
            "date": "2026-01-31T12:30:00Z",
            "amount": 99.5,
            **values,
        }

    def event(self, **values):
        return {
            "customer": {"ref": "C-1"},
            "external_key": "E-1",
            "type": "call",
            **values,
        }

    def test_purchases_are_entered_once_with_their_currency(self):
        self.env.ref("base.CHF").active = True
        items = [
            self.purchase(currency="CHF"),
            self.purchase(
                reference="O-2", amount=-10, customer={"email": "SARA@example.com"}
            ),
        ]
        first = self.ok("POST", "/purchases", {"items": items})
        self.assertEqual(first["created"], 2)
        line, refund = self.env["mini_crm.purchase"].browse(
            item["id"] for item in first["items"]
        )
        self.assertEqual(line.partner_id, self.sara)
        self.assertEqual((line.amount, line.currency_id.name), (99.5, "CHF"))
        self.assertEqual(str(line.date), "2026-01-31 12:30:00")
        self.assertEqual((refund.kind, refund.amount), ("refund", -10))
        again = self.ok("POST", "/purchases", {"items": items})
        self.assertEqual(again["unchanged"], 2)
        self.assertEqual(again["items"][0]["id"], line.id)
        self.assertEqual(len(self.events(self.sara, "purchase_made")), 1)

    def test_a_reference_with_another_amount_is_refused_and_nothing_entered(self):
        self.ok("POST", "/purchases", {"items": [self.purchase()]})
        items = [self.purchase(reference="O-2"), self.purchase(amount=5)]
        problem = self.refused(422, "POST", "/purchases", {"items": items})
        (error,) = problem["errors"]
        self.assertEqual(
            (error["pointer"], error["code"]),
            ("/items/1/reference", "purchase_differs"),
        )
        self.assertEqual(self.sara.total_purchases, 1)
        results = self.ok("POST", "/purchases", {"items": items, "mode": "per_item"})
        self.assertEqual((results["created"], results["failed"]), (1, 1))

    def test_wrong_items_are_told_one_by_one(self):
        items = [
            self.purchase(customer={"ref": "C-99"}),
            self.purchase(reference="O-2", date="tomorrow"),
            self.purchase(reference="O-3", date="2199-01-01"),
            self.purchase(reference="O-4", currency="XXX"),
            self.purchase(reference="O-5", customer={"phone": "none"}),
            self.purchase(reference="O-6", customer={"ref": "C-1", "id": 1}),
            self.purchase(reference="O-6", amount="much"),
            self.purchase(reference="O-7"),
            self.purchase(reference="O-7"),
        ]
        results = self.ok("POST", "/purchases", {"items": items, "mode": "per_item"})
        self.assertEqual((results["created"], results["failed"]), (1, 8))
        found = [
            (e["pointer"].split("/", 3)[3], e["code"])
            for item in results["items"]
            for e in item["errors"]
        ]
        self.assertEqual(
            found,
            [
                ("customer", "customer_unknown"),
                ("date", "date_unknown"),
                ("date", "date_future"),
                ("currency", "currency_inactive"),
                ("customer", "phone_unknown"),
                ("customer", "maxProperties"),
                ("amount", "type"),
                ("reference", "repeated"),
            ],
        )

    def test_events_are_logged_once_and_counted(self):
        items = [
            self.event(
                outcome="answered", text="Asked for tea", date="2026-01-31T08:00Z"
            ),
            self.event(external_key="E-2", type="note", text="Likes tea"),
            self.event(external_key="E-3", type="message_received", text="Hi"),
            self.event(external_key="E-4", type="message_sent", automated=True),
        ]
        for status in ("created", "unchanged"):
            self.assertEqual(self.ok("POST", "/events", {"items": items})[status], 4)
        events = self.events(
            self.sara, "call_logged", "note_added", "message_received", "message_sent"
        )
        self.assertEqual(
            events.mapped("summary"), ["Asked for tea", "Likes tea", "Hi", False]
        )
        self.assertEqual(events[0].data, {"outcome": "answered"})
        self.assertEqual(events.mapped("interaction"), ["call", False, "in", False])
        self.assertEqual(self.sara.total_interactions, 2)

    def test_an_external_key_with_another_event_is_refused(self):
        self.ok("POST", "/events", {"items": [self.event(text="One")]})
        problem = self.refused(
            422, "POST", "/events", {"items": [self.event(text="Two")]}
        )
        self.assertEqual(problem["errors"][0]["code"], "event_differs")

    def test_nothing_is_logged_about_the_own_staff(self):
        employee = new_test_user(self.env, "api_staff", "base.group_user").partner_id
        for path, item in (
            ("/events", self.event(customer={"id": employee.id})),
            ("/purchases", self.purchase(customer={"id": employee.id})),
        ):
            problem = self.refused(422, "POST", path, {"items": [item]})
            self.assertEqual(problem["errors"][0]["code"], "internal_user")

    def test_a_repeated_request_is_answered_as_before(self):
        headers = {"Idempotency-Key": "k1"}
        body = {"items": [self.purchase()]}
        first = self.ok("POST", "/purchases", body, headers=headers)
        self.assertEqual(self.ok("POST", "/purchases", body, headers=headers), first)
        self.assertEqual(first["created"], 1)
