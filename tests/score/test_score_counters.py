from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged

from ...models.score.chosen import Chosen
from ...models.score.counter_sql import COUNTERS
from ..common import MiniCrmCase
from ..factories import drop_birth_date, make_customer, make_purchase
from .histories import details_of, enter_events, enter_purchases, expected, shown

NOW = fields.Datetime.to_datetime("2026-06-01 12:00:00")
SHOP = {"full_spent": 1000, "full_order": 200, "custom_fields": 0}

# Few distinct hours, so that equal times, answers within and after 72 h, and events
# that arrive out of order are frequent.
hours = st.integers(0, 12).map(lambda n: NOW - timedelta(hours=36 * n))
things = st.one_of(
    st.tuples(st.sampled_from(["in", "out", "call", "referral"]), hours),
    st.tuples(
        st.just("purchase"), hours, st.integers(0, 50_000).map(lambda c: c / 100)
    ),
    st.tuples(st.just("refund"), hours, st.integers(1, 50_000).map(lambda c: -c / 100)),
    st.just("settle"),
)


@tagged("post_install", "-at_install")
class TestScoreCounters(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        drop_birth_date(cls.env)
        cls.company.write({"mini_crm_full_spent": 1000, "mini_crm_full_order": 200})
        cls.profiles = cls.env["mini_crm.profile"]
        cls.customer = make_customer(cls.env)
        cls.env.cr.flush()

    def counters(self):
        """Counters of the customer as they are stored."""
        self.env.cr.execute(
            f"SELECT {', '.join(COUNTERS)} FROM mini_crm_profile WHERE id = %s",
            [self.customer.id],
        )
        return dict(zip(COUNTERS, self.env.cr.fetchone(), strict=True))

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(things, max_size=14))
    def test_any_order_of_events_counts_like_a_recount_and_like_the_oracle(
        self, happened
    ):
        with self.env.cr.savepoint() as savepoint:
            self.live_through(happened)
            by_increments = self.counters()
            self.profiles._recount(Chosen.among(self.customer.ids))
            self.assertEqual(by_increments, self.counters())
            self.profiles._rescore(now=NOW)
            talk = [t for t in happened if len(t) == 2]
            bought = [t for t in happened if len(t) == 3]
            must = expected(talk, bought, details_of(self.customer, []), SHOP, NOW)
            self.assertEqual(shown(self.customer, must), must)
            savepoint.rollback()
        self.env.invalidate_all()

    def live_through(self, happened):
        """Enter things one by one; the pipeline runs wherever it says settle."""
        for number, thing in enumerate(happened):
            if thing == "settle":
                self.settle()
            elif len(thing) == 2:
                enter_events(self.env, [(self.customer, *thing)])
            else:
                enter_purchases(self.env, [(self.customer, *thing)], start=number)
        self.settle()

    def test_events_in_order_take_the_short_way(self):
        calls = self.count_recounts()
        for number in range(5):
            self.customer._log("message_received", date=NOW + timedelta(hours=number))
            self.settle()
            make_purchase(
                self.env, self.customer, 10, date=NOW + timedelta(days=number)
            )
            self.settle()
        self.assertEqual(calls, [])
        self.assertEqual(self.customer.total_interactions, 5)
        self.assertEqual(self.customer.total_spent, 50)

    def test_an_event_from_the_past_is_counted_anew(self):
        calls = self.count_recounts()
        self.customer._log("message_received", date=NOW)
        self.settle()
        self.customer._log("message_sent", date=NOW - timedelta(hours=1))
        self.settle()
        self.assertEqual(len(calls), 1)
        self.assertEqual(self.customer.response_rate, 1)

    def count_recounts(self):
        """List that grows with every recount from now on."""
        calls = []
        original = type(self.profiles)._recount
        self.patch(
            type(self.profiles),
            "_recount",
            lambda model, chosen: (calls.append(1), original(model, chosen))[1],
        )
        return calls

    def test_processing_again_changes_nothing(self):
        for hour in (5, 3, 4):
            self.customer._log("message_received", date=NOW - timedelta(hours=hour))
        make_purchase(self.env, self.customer, 12.5)
        self.settle()
        before = self.counters()
        self.env.cr.execute(
            """INSERT INTO mini_crm_queue (event_id, partner_id, type)
            SELECT id, partner_id, type FROM mini_crm_event WHERE partner_id = %s""",
            [self.customer.id],
        )
        self.settle()
        self.assertEqual(self.counters(), before)
        self.env.cr.execute(
            """INSERT INTO mini_crm_queue (event_id, partner_id, type)
            SELECT id, partner_id, type FROM mini_crm_event WHERE partner_id = %s
            AND type = 'message_received' ORDER BY date DESC LIMIT 1""",
            [self.customer.id],
        )
        self.settle()
        self.assertEqual(self.counters(), before)

    def test_a_refund_lowers_the_net_but_not_the_number(self):
        make_purchase(self.env, self.customer, 100)
        make_purchase(self.env, self.customer, 50)
        self.settle()
        score = self.customer.crm_score
        make_purchase(self.env, self.customer, -90)
        self.settle()
        self.assertEqual(self.customer.total_purchases, 2)
        self.assertEqual(self.customer.total_spent, 60)
        self.assertEqual(self.customer.average_order_value, 30)
        self.assertLess(self.customer.crm_score, score)

    def test_a_free_purchase_counts(self):
        make_purchase(self.env, self.customer, 0)
        self.settle()
        self.assertEqual(self.customer.total_purchases, 1)
        self.assertEqual(self.customer.journey_stage, "purchase")

    def test_a_corrected_and_a_deleted_purchase_are_counted_anew(self):
        line = make_purchase(self.env, self.customer, 100)
        other = make_purchase(self.env, self.customer, 7)
        self.settle()
        line.amount = 30
        self.settle()
        self.assertEqual(self.customer.total_spent, 37)
        other.unlink()
        self.settle()
        self.assertEqual(self.customer.total_purchases, 1)
        self.assertEqual(self.customer.total_spent, 30)

    def test_a_purchase_that_moves_to_another_customer_counts_there(self):
        line = make_purchase(self.env, self.customer, 100)
        self.settle()
        second = make_customer(self.env)
        line.partner_id = second
        self.settle()
        self.assertEqual(self.customer.total_purchases, 0)
        self.assertEqual(second.total_spent, 100)

    def test_amounts_are_in_the_currency_of_the_customers_company(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "=", euro.id)]).unlink()
        for day, rate in (("2026-01-01", 0.5), ("2026-03-01", 0.25)):
            rates.create(
                {"currency_id": euro.id, "name": day, "rate": rate, "company_id": False}
            )
        second = self.env["res.company"].create(
            {"name": "Euro Shop", "currency_id": euro.id}
        )
        mine = make_customer(self.env, company_id=second.id)
        lines = [
            # (company of the sale, date, amount)
            (self.company, "2026-02-01 10:00:00", 100.0),
            (self.company, "2026-04-01 10:00:00", 100.0),
            (second, "2026-04-01 11:00:00", 10.0),
        ]
        for company, date, amount in lines:
            make_purchase(
                self.env,
                mine,
                amount,
                date=date,
                company_id=company.id,
                currency_id=company.currency_id.id,
            )
        self.settle()
        self.assertEqual(mine.mini_crm_currency_id, euro)
        self.assertEqual(mine.total_spent, 50 + 25 + 10)
        mine.company_id = False
        self.settle()
        self.assertEqual(mine.mini_crm_currency_id, self.company.currency_id)
        self.assertEqual(mine.total_spent, 100 + 100 + 40)

    def test_automated_messages_are_no_interaction(self):
        self.customer._log("message_sent", data={"automated": True})
        self.customer._log("note_added")
        self.settle()
        self.assertEqual(self.customer.total_interactions, 0)
        self.assertFalse(self.customer.last_contacted_at)
        self.assertFalse(self.customer.crm_health)

    def test_filled_details_follow_what_is_written(self):
        self.env["mini_crm.field"].create(
            [
                {
                    "name": "Size",
                    "key": "size",
                    "slot": "custom_number_1",
                    "type": "number",
                },
                {
                    "name": "Vip",
                    "key": "vip",
                    "slot": "custom_boolean_1",
                    "type": "boolean",
                },
            ]
        )
        profile = self.customer.mini_crm_profile_id

        def filled():
            self.settle()
            return profile.basic_filled, profile.custom_filled

        self.assertEqual(filled(), (1, 0))
        self.customer.write({"email": "a@example.com", "city": "Yazd"})
        self.assertEqual(filled(), (3, 0))
        self.customer.write({"custom_number_1": 4, "custom_boolean_1": True})
        self.assertEqual(filled(), (3, 1))
        self.customer.write({"custom_number_1": 0, "email": False})
        self.assertEqual(filled(), (2, 0))
