import random
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import MiniCrmCase
from ..factories import PIXEL, drop_birth_date, make_customer
from . import oracle
from .histories import (
    details_of,
    enter_events,
    enter_purchases,
    expected,
    random_events,
    random_purchases,
    shown,
)

NOW = fields.Datetime.to_datetime("2026-06-01 12:00:00")
SLOTS = ["custom_text_1", "custom_number_1", "custom_date_1", "custom_select_1"]


def create_definitions(env, slots):
    return env["mini_crm.field"].create(
        [
            {"name": f"The {slot}", "slot": slot, "type": slot.split("_")[1]}
            for slot in slots
        ]
    )


@tagged("post_install", "-at_install")
class TestScoreFormula(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        drop_birth_date(cls.env)
        cls.company.write({"mini_crm_full_spent": 1000, "mini_crm_full_order": 200})
        cls.profiles = cls.env["mini_crm.profile"]

    def worked_example(self):
        """The customer of docs/architecture.md: (customer, events, purchases)."""
        create_definitions(self.env, SLOTS)
        customer = make_customer(
            self.env,
            email="ada@example.com",
            phone="+982112345678",
            custom_text_1="tea",
            custom_number_1=3,
        )
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s",
            [NOW - timedelta(days=365), customer.id],
        )
        # four asks, two of them answered in time; the last contact 30 days ago
        talk = [
            *(("out", days) for days in (100, 90, 70, 60)),
            *(("in", days) for days in (99, 80, 69)),
            *(("call", days) for days in (50, 45, 40, 35, 30)),
        ]
        talk = [(kind, NOW - timedelta(days=days)) for kind, days in talk]
        bought = [
            ("purchase", NOW - timedelta(days=days), 100.0) for days in (200, 150, 110)
        ]
        enter_events(self.env, [(customer, *event) for event in talk])
        enter_purchases(self.env, [(customer, *line) for line in bought])
        self.settle()
        return customer, talk, bought

    def test_worked_example_comes_out_to_the_digit(self):
        customer, talk, bought = self.worked_example()
        self.profiles._rescore(now=NOW)
        self.assertEqual(customer.crm_score, 58)
        self.assertEqual(
            customer.score_parts,
            {"engagement": 22, "purchases": 21, "completeness": 10, "loyalty": 5},
        )
        self.assertEqual(customer.crm_health, "yellow")
        self.assertEqual(customer.journey_stage, "retention")
        self.assertEqual(customer.response_rate, 0.5)
        details = details_of(customer, SLOTS)
        shop = {"full_spent": 1000, "full_order": 200, "custom_fields": 4}
        judged = oracle.judge(talk, bought, details, shop, NOW)
        points = [f"{value:.3f}" for value in judged["points"].values()]
        self.assertEqual(points, ["21.828", "20.978", "10.000", "5.000", "57.806"])
        self.assertEqual(judged["stars"], 2)

    def test_two_hundred_random_customers_equal_the_oracle(self):
        rng = random.Random(20260601)
        create_definitions(self.env, [*SLOTS, "custom_boolean_1"])
        self.env["mini_crm.field"].create(
            [
                {"name": "Shoe", "key": "shoe", "type": "number", "slot": False},
                {"name": "Pets", "key": "pets", "type": "text", "slot": False},
                {"name": "Paid", "key": "paid", "type": "boolean", "slot": False},
            ]
        )
        source = self.env["utm.source"].create({"name": "Bazaar"})
        customers = make_many(self.env, rng, source, 200)
        talks, ledgers = {}, {}
        for customer in customers:
            talks[customer] = random_events(rng, NOW)
            ledgers[customer] = random_purchases(rng, NOW)
        enter_events(self.env, [(c, *e) for c, found in talks.items() for e in found])
        enter_purchases(
            self.env, [(c, *p) for c, found in ledgers.items() for p in found]
        )
        self.settle()
        self.profiles._rescore(now=NOW)
        shop = {"full_spent": 1000, "full_order": 200, "custom_fields": 6}
        seen = set()
        for customer in customers:
            must = expected(
                talks[customer],
                ledgers[customer],
                details_of(customer, SLOTS, ("shoe", "pets")),
                shop,
                NOW,
            )
            self.assertEqual(shown(customer, must), must)
            seen |= {must["crm_health"], must["journey_stage"]}
        # the histories reach every corner that they can
        self.assertLessEqual({"red", "yellow", False, "retention", "awareness"}, seen)

    def test_every_score_moves_with_time_alone_as_the_oracle_says(self):
        customer = make_customer(self.env)
        talk = [("out", NOW - timedelta(hours=71)), ("call", NOW - timedelta(hours=80))]
        enter_events(self.env, [(customer, *event) for event in talk])
        self.settle()
        shop = {"full_spent": 1000, "full_order": 200, "custom_fields": 0}
        self.env.cr.execute("UPDATE mini_crm_profile SET customer_since = %s", [NOW])
        self.env.cr.execute("UPDATE res_partner SET create_date = %s", [NOW])
        for hours in (0, 1, 2, 24 * 30, 24 * 365, 24 * 365 * 150):
            now = NOW + timedelta(hours=hours)
            self.profiles._recalculate_range(0, customer.id, now)
            customer.invalidate_recordset()
            must = expected(talk, [], details_of(customer, []), shop, now)
            self.assertEqual(shown(customer, must), must)

    def test_settings_of_the_customers_company_decide(self):
        second = self.env["res.company"].create(
            {
                "name": "Second",
                "mini_crm_full_spent": 10,
                "mini_crm_full_order": 10,
                "currency_id": self.company.currency_id.id,
            }
        )
        first, other = (
            make_customer(self.env, company_id=company.id)
            for company in (self.company, second)
        )
        bought = [("purchase", NOW, 10.0)]
        enter_purchases(self.env, [(c, *p) for c in (first, other) for p in bought])
        self.settle()
        self.profiles._rescore(now=NOW)
        for customer, full in ((first, (1000, 200)), (other, (10, 10))):
            shop = {"full_spent": full[0], "full_order": full[1], "custom_fields": 0}
            must = expected([], bought, details_of(customer, []), shop, NOW)
            self.assertEqual(shown(customer, must), must)
        self.assertGreater(other.crm_score, first.crm_score)

    def test_weights_of_the_shop_decide(self):
        customer = make_customer(self.env, email="a@example.com")
        factors = self.env["mini_crm.score.factor"].search([("parent_key", "=", False)])
        factors.weight = 0.25
        self.profiles._rescore(now=customer.create_date)
        self.env.invalidate_all()
        weights = {name: (0.25, parts) for name, (_w, parts) in oracle.WEIGHTS.items()}
        shop = {
            "full_spent": 1000,
            "full_order": 200,
            "custom_fields": 0,
            "weights": weights,
        }
        must = expected([], [], details_of(customer, []), shop, customer.create_date)
        self.assertEqual(shown(customer, must), must)
        self.assertEqual(customer.score_parts["completeness"], 8)

    def test_weights_that_add_up_to_nothing_are_refused(self):
        factors = self.env["mini_crm.score.factor"].search([("parent_key", "=", False)])
        with self.assertRaisesRegex(Exception, "Give at least one of them a weight"):
            factors.weight = 0

    def test_before_the_shop_has_buyers_euros_earn_full_marks(self):
        euro, currency = self.env.ref("base.EUR"), self.company.currency_id
        self.assertNotEqual(euro, currency)
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "in", (euro | currency).ids)]).unlink()
        for money, rate in ((euro, 0.5), (currency, 2.0)):
            rates.create({"currency_id": money.id, "name": "2020-01-01", "rate": rate})
        self.company.write({"mini_crm_full_spent": 0, "mini_crm_full_order": 0})
        marks = self.profiles._score_settings(NOW).full_marks[self.company.id]
        self.assertEqual(marks, (4000.0, 400.0))


def make_many(env, rng, source, count):
    """Customers of whom more or less is known."""
    return env["res.partner"].create(
        [
            {
                "name": f"Random {number}",
                "email": rng.choice([False, f"r{number}@example.com"]),
                "phone": rng.choice([False, f"+98912{number:07}"]),
                "city": rng.choice([False, "Shiraz"]),
                "source_id": rng.choice([False, source.id]),
                "image_1920": rng.choice([False, False, False, PIXEL]),
                "custom_text_1": rng.choice([False, "x"]),
                "custom_number_1": rng.choice([0, 7.5]),
                "custom_date_1": rng.choice([False, "2000-02-29"]),
                "custom_boolean_1": rng.choice([False, True]),
                "custom_fields_extra": {
                    "shoe": rng.choice([None, 0, 42]),
                    "pets": rng.choice([None, "a cat"]),
                    "paid": rng.choice([None, True, False]),
                    "till": "x",
                },
            }
            for number in range(count)
        ]
    )
