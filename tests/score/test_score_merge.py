from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import log_messages, make_customer, make_purchase


@tagged("post_install", "-at_install")
class TestScoreMerge(MiniCrmCase):
    """Odoo's own merge wizard keeps what is known of customers."""

    def merge(self, survivor, source):
        self.settle()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((survivor | source).ids, survivor)
        self.settle()

    def test_survivor_has_the_history_of_both(self):
        first, second = make_customer(self.env), make_customer(self.env)
        log_messages(first, ("in", self.utc("2026-01-01 10:00:00")))
        log_messages(second, ("in", self.utc("2026-01-02 10:00:00")))
        make_purchase(self.env, first, 100)
        make_purchase(self.env, second, 50)
        self.merge(first, second)
        self.assertEqual(first.total_interactions, 2)
        self.assertEqual(first.total_purchases, 2)
        self.assertEqual(first.total_spent, 150)

    def test_days_in_both_histories_do_not_stop_the_merge(self):
        first, second = make_customer(self.env), make_customer(self.env)
        history = self.env["mini_crm.score.history"]
        history.create(
            [
                {"partner_id": partner.id, "date": day, "crm_score": score}
                for partner, day, score in (
                    (first, "2020-01-01", 10),
                    (second, "2020-01-01", 20),
                    (second, "2020-01-02", 30),
                )
            ]
        )
        self.merge(first, second)
        kept = history.search(
            [("partner_id", "=", first.id), ("date", "<", "2021-01-01")]
        )
        self.assertEqual(
            sorted(kept.mapped("crm_score")), [10, 30], "the survivor's day is kept"
        )

    def test_contact_that_takes_over_a_customer_becomes_one(self):
        company = make_customer(self.env, is_company=True)
        contact = self.env["res.partner"].create(
            {"name": "Person", "parent_id": company.id, "type": "contact"}
        )
        customer = make_customer(self.env)
        log_messages(customer, ("in", self.utc("2026-01-01 10:00:00")))
        self.settle()
        self.assertFalse(contact.journey_stage)
        self.merge(contact, customer)
        self.assertEqual(contact.journey_stage, "consideration")

    def test_customers_of_the_same_transaction_can_be_merged(self):
        first, second = make_customer(self.env), make_customer(self.env)
        log_messages(second, ("in", self.utc("2026-01-02 10:00:00")))
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((first | second).ids, first)
        self.settle()
        self.assertEqual(first.total_interactions, 1)
