import random
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...engine.score_settings import DEFAULTS
from ...engine.scoring import FACTORS
from ..common import MiniCrmCase
from ..factories import drop_birth_date, make_customer, make_purchase
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


@tagged("post_install", "-at_install")
class TestScoreSettings(MiniCrmCase):
    """The settings of the score: tried out, used, put back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        drop_birth_date(cls.env)
        cls.company.write({"mini_crm_full_spent": 1000, "mini_crm_full_order": 200})
        cls.profiles = cls.env["mini_crm.profile"]
        cls.factors = cls.env["mini_crm.score.factor"].with_user(cls.admin)

    def shop(self, count=40, seed=11):
        """Customers with random histories: [(customer, events, purchases)]."""
        rng = random.Random(seed)
        customers = self.env["res.partner"].create(
            [{"name": str(n), "phone": rng.choice([False, "1"])} for n in range(count)]
        )
        known = [
            (c, random_events(rng, NOW), random_purchases(rng, NOW)) for c in customers
        ]
        enter_events(self.env, [(c, *e) for c, found, _b in known for e in found])
        enter_purchases(self.env, [(c, *p) for c, _e, found in known for p in found])
        self.settle()
        return known

    def random_changes(self, rng):
        """Settings, and the same as the oracle wants them."""
        weights = {key: rng.randint(0, 20) / 20 + 0.01 for key in FACTORS}
        weights |= {
            f"{factor}.{part}": rng.randint(1, 20) / 20
            for factor, parts in FACTORS.items()
            for part in parts
        }
        weights = {key: min(1.0, weight) for key, weight in weights.items()}
        names = ("engagement.interactions", "purchases.count", "loyalty.since")
        full = {key: rng.choice([1, 3, 20, 500]) for key in (*names, "loyalty.repeat")}
        changes = {
            "weights": weights,
            "full_counts": full,
            "half_life": rng.choice([1, 7, 45, 3650]),
            "full_spent": float(rng.choice([10, 500, 100_000])),
            "full_order": float(rng.choice([5, 80])),
        }
        return changes, {
            "weights": {
                factor: (weights[factor], {p: weights[f"{factor}.{p}"] for p in parts})
                for factor, parts in FACTORS.items()
            },
            "full": dict(
                zip(
                    ("interactions", "purchases", "days", "repeats"),
                    full.values(),
                    strict=True,
                )
            ),
            "half_life": changes["half_life"],
            "full_spent": changes["full_spent"],
            "full_order": changes["full_order"],
            "custom_fields": 0,
        }

    def test_with_any_settings_every_score_equals_the_oracle(self):
        known, rng = self.shop(), random.Random(5)
        for _each in range(6):
            changes, shop = self.random_changes(rng)
            self.factors.apply(changes)
            self.profiles._rescore(now=NOW)
            self.env.invalidate_all()
            for customer, events, bought in known:
                must = expected(events, bought, details_of(customer, []), shop, NOW)
                self.assertEqual(shown(customer, must), must)

    def test_a_preview_shows_what_using_it_then_makes_of_the_scores(self):
        self.shop()
        self.profiles._rescore(now=NOW)
        self.env.invalidate_all()
        changes, _shop = self.random_changes(random.Random(3))
        with patch.object(fields.Datetime, "now", lambda *_args: NOW):
            told = self.factors.preview(changes)
        before = self.counted()
        self.factors.apply(changes)
        self.profiles._rescore(now=NOW)
        self.env.invalidate_all()
        after = self.counted()
        self.assertEqual(told["bars"], {"before": before[0], "after": after[0]})
        self.assertEqual(told["bands"], {"before": before[1], "after": after[1]})
        self.assertEqual(told["unknown"], after[2])
        self.assertEqual(told["customers"], sum(after[0]) + after[2])
        self.assertGreater(told["crossed"], 0)
        customers = self.env["res.partner"]
        for example in told["examples"]:
            partner = customers.browse(example["id"])
            self.assertEqual(partner.crm_score, example["after"])
            self.assertEqual(partner.display_name, example["name"])

    def counted(self):
        """Customers by tens of their score, by health, and without enough data."""
        bars, bands, unknown = [0] * 10, {"green": 0, "yellow": 0, "red": 0}, 0
        for customer in self.env["res.partner"].search(
            [("journey_stage", "!=", False)]
        ):
            if customer.crm_health:
                bars[min(9, customer.crm_score // 10)] += 1
                bands[customer.crm_health] += 1
            else:
                unknown += 1
        return bars, bands, unknown

    def test_a_preview_writes_nothing(self):
        self.shop(5)
        tables = ("profile", "event", "score_history", "score_run", "score_setting")
        marks = "SELECT max(xmin::text::bigint), count(*) FROM mini_crm_{}"

        def state():
            self.env.flush_all()
            found = []
            for table in (*tables, "score_factor"):
                self.env.cr.execute(marks.format(table))
                found.append(self.env.cr.fetchone())
            return found

        before = state()
        told = self.factors.preview({"half_life": 1})
        self.assertEqual(state(), before)
        self.assertGreater(told["moved"], 0)

    def test_the_settings_in_use_change_nothing(self):
        self.shop(10)
        told = self.factors.preview({})
        self.assertEqual((told["moved"], told["crossed"], told["examples"]), (0, 0, []))
        self.assertEqual(told["bars"]["before"], told["bars"]["after"])
        runs = self.env["mini_crm.score.run"].search_count([])
        self.assertFalse(self.factors.apply({})["previous"])
        self.assertEqual(self.env["mini_crm.score.run"].search_count([]), runs)

    def test_of_very_many_customers_a_sample_is_looked_at(self):
        self.shop(30)
        module = "odoo.addons.mini_crm.models.score.mini_crm_score_factor_screen"
        with patch(f"{module}.LOOKED_AT", 10):
            told = self.factors.preview({})
        self.assertGreaterEqual(told["all"], 30)
        self.assertLess(told["customers"], told["all"])

    def test_customers_of_other_companies_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        before = self.factors.preview({"half_life": 1})["all"]
        for company, more in ((other, 0), (self.company, 1)):
            make_purchase(self.env, make_customer(self.env, company_id=company.id))
            self.settle()
            after = self.factors.preview({"half_life": 1})["all"]
            self.assertEqual(after, before + more)

    def test_using_settings_scores_everybody_anew_and_keeps_the_last_ones(self):
        runs = self.env["mini_crm.score.run"]
        runs.search([]).write({"state": "done"})
        done = self.factors.apply({"weights": {"engagement": 0.8}, "half_life": 60})
        self.assertEqual(done["settings"]["half_life"], 60)
        self.assertEqual(done["before"]["half_life"], 30)
        self.assertTrue(runs.search([("state", "=", "running"), ("kind", "=", "age")]))
        self.assertEqual(done["run"]["done"], 0)
        kept = done["previous"]["settings"]
        self.assertEqual(
            kept, {key: done["before"][key] for key in ("weights", "half_life")}
        )
        self.assertEqual(done["previous"]["author"], self.admin.name)
        undone = self.factors.apply(done["previous"]["settings"])
        self.assertEqual(undone["settings"], done["before"])
        self.assertEqual(self.factors.describe()["settings"], done["before"])

    def test_putting_back_leaves_alone_what_others_have_changed_since(self):
        self.factors.apply({"half_life": 60})
        # as the monthly renewal does it
        self.company.with_context(mini_crm_full_marks=("renewed", 40)).write(
            {"mini_crm_full_spent": 4321, "mini_crm_full_order": 87}
        )
        previous = self.factors.describe()["previous"]
        self.assertEqual(previous["settings"], {"half_life": 30})
        back = self.factors.apply(previous["settings"])["settings"]
        self.assertEqual((back["full_spent"], back["full_order"]), (4321, 87))
        self.assertEqual(back["half_life"], 30)

    def test_what_is_common_is_put_back_in_whichever_company_it_was_changed(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.admin.company_ids |= other
        theirs = self.factors.with_context(allowed_company_ids=other.ids)
        self.factors.apply({"half_life": 60, "full_spent": 500})
        theirs.apply({"half_life": 90, "full_spent": 700})
        previous = self.factors.describe()["previous"]
        self.assertEqual(previous["settings"], {"half_life": 60})
        self.assertEqual(previous["author"], self.admin.name)
        theirs.apply({"full_order": 70})  # of no concern to us
        self.assertEqual(self.factors.describe()["previous"], previous)
        own = theirs.describe()["previous"]["settings"]
        self.assertEqual(own, {"full_order": 0})

    def test_an_amount_taken_away_is_chosen_from_the_shops_own_buyers(self):
        customers = self.env["res.partner"].create(
            [{"name": str(number)} for number in range(30)]
        )
        enter_purchases(
            self.env,
            [
                (customer, "purchase", NOW, 10.0 * number)
                for number, customer in enumerate(customers, 1)
            ],
        )
        self.settle()
        self.profiles._rescore(now=NOW)
        # 0.95 of 10, 20, ... 300, both of spending and of orders
        shop = {"full_spent": 285.5, "full_order": 285.5}
        with patch.object(fields.Datetime, "now", lambda *_args: NOW):
            wanted = self.factors.preview(shop)
            told = self.factors.preview({"full_spent": 0})
        self.assertEqual(told, wanted)
        self.assertGreater(told["moved"], 0)
        self.company.mini_crm_full_marks_date = "2026-01-01"
        settings = self.factors.apply({"full_spent": 0})["settings"]
        self.assertAlmostEqual(settings["full_spent"], 285.5)
        self.assertAlmostEqual(settings["full_order"], 285.5)
        self.assertEqual(self.company.mini_crm_full_marks_date, fields.Date.today())

    def test_an_amount_taken_away_waits_for_enough_buyers(self):
        self.company.mini_crm_full_marks_date = "2026-01-01"
        settings = self.factors.apply({"full_spent": 0})["settings"]
        self.assertEqual((settings["full_spent"], settings["full_order"]), (0, 200))
        # empty, so that the daily run sets them as soon as there are
        self.assertFalse(self.company.mini_crm_full_marks_date)

    def test_all_weight_may_move_from_one_sister_to_the_other(self):
        weights = {"loyalty.since": 1.0, "loyalty.repeat": 0.0}
        self.factors.apply({"weights": weights})
        weights = {"loyalty.since": 0.0, "loyalty.repeat": 1.0}
        done = self.factors.apply({"weights": weights})
        self.assertEqual(done["settings"]["weights"]["loyalty.repeat"], 1.0)

    def test_the_defaults_are_those_of_the_documents(self):
        described = self.factors.describe()
        self.assertEqual(described["defaults"], DEFAULTS)
        shipped = {**described["settings"], "full_spent": 0.0, "full_order": 0.0}
        self.assertEqual(shipped, DEFAULTS)

    def test_a_wrong_setting_is_named_and_nothing_written(self):
        before = self.factors.describe()["settings"]
        wrong = [
            ({"half_life": 0}, "Recency: enter a number from 1 to 3650."),
            ({"full_counts": {"purchases.count": 2.5}}, "Number of purchases"),
            ({"weights": {"engagement": "x"}}, "Engagement: enter a number."),
            ({"luck": 1}, "The score has no setting luck."),
            ({"weights": dict.fromkeys(FACTORS, 0)}, "Engagement, Purchases"),
            ([], "known form"),
        ]
        for changes, text in wrong:
            for method in (self.factors.preview, self.factors.apply):
                with self.subTest(text), self.assertRaisesRegex(ValidationError, text):
                    method(changes)
        self.assertEqual(self.factors.describe()["settings"], before)
        with self.assertRaisesRegex(ValidationError, "from 1 to 100000"):
            self.factors.search([("key", "=", "loyalty.since")]).full_marks = 0

    def test_only_administrators_may(self):
        for user in (self.agent, self.manager, self.portal):
            factors = self.factors.with_user(user)
            for call in (
                factors.describe,
                factors.progress,
                lambda factors=factors: factors.preview({}),
                lambda factors=factors: factors.apply({"half_life": 9}),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_scoring_a_hundred_times_writes_once(self):
        self.shop(15)
        self.profiles._rescore(now=NOW)
        self.env.cr.execute("SELECT id, ctid::text FROM mini_crm_profile ORDER BY id")
        stored = self.env.cr.fetchall()
        events = self.env["mini_crm.event"].search_count([])
        for _each in range(100):
            self.assertEqual(self.profiles._rescore(now=NOW), 0)
        self.env.cr.execute("SELECT id, ctid::text FROM mini_crm_profile ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), stored)
        self.assertEqual(self.env["mini_crm.event"].search_count([]), events)
