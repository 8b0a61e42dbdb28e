import os
from datetime import timedelta
from zoneinfo import ZoneInfo

from freezegun import configure, freeze_time
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo import fields
from odoo.tests import tagged

from ..batch.batch_case import BatchCase
from ..score import oracle, raw_rows
from . import rule_oracle
from .changing_shop import HAPPENS, ChangingShop

FULL = os.environ.get("MINI_CRM_FULL")
# Shops, their customers, and what happens to each shop.
SHOPS, CUSTOMERS, CHANGES = (5, 400, 200) if FULL else (3, 40, 40)
SEED = int(os.environ.get("MINI_CRM_CHANCE") or 20260601)
# A seed of its own for each change: what it does in detail can be repeated.
CHANCES = st.randoms(use_true_random=True)
MARKS = {"full_spent": 1_000, "full_order": 100}
ZONES = ("Asia/Tehran", "Pacific/Kiritimati", "America/New_York")
FIGURES = {
    "crm_score": "score",
    "score_parts": "parts",
    "journey_stage": "stage",
    "total_interactions": "total_interactions",
    "total_purchases": "total_purchases",
}
# As often as each happens.
OFTEN = {**HAPPENS, "days pass": 5}
NAMES = [name for name, times in OFTEN.items() for _time in range(times)]
# Pure logic has no clock, and is particular about what is a date.
configure(extend_ignore_list=["odoo.addons.mini_crm.engine", "hypothesis"])


class ShopGoesOn(RuleBasedStateMachine):
    """A shop to which things happen and for which days pass, compared after each."""

    case = None  # the test

    def __init__(self):
        super().__init__()
        self.began = self.case.now().replace(microsecond=0)
        self.savepoint = self.case.env.cr.savepoint()
        self.freezer = freeze_time(self.began)
        self.clock = self.freezer.start()

    def teardown(self):
        self.freezer.stop()
        self.savepoint.close(rollback=True)

    @initialize(rng=CHANCES, zone=st.sampled_from(ZONES))
    def open(self, rng, zone):
        self.case.open_shop(rng, zone)

    @rule(name=st.sampled_from(NAMES), rng=CHANCES)
    def happens(self, name, rng):
        if name == "days pass":
            days = rng.randrange(1, 41)
            self.clock.tick(timedelta(days=days, minutes=rng.randrange(1440)))
            self.case.days_pass(days)
        else:
            self.case.happens(name, rng)

    @invariant()
    def everybody_is_as_the_oracle_says(self):
        self.case.compare()


@tagged("post_install", "-at_install")
class TestTagOracle(BatchCase):
    """Scores, segments and tags against plain Python, while a shop goes on.

    ``MINI_CRM_FULL`` for the full size, ``MINI_CRM_CHANCE`` for another seed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({f"mini_crm_{name}": value for name, value in MARKS.items()})
        domain = [("company_id", "=", cls.company.id), ("key", "!=", False)]
        cls.segments = cls.env["mini_crm.segment"].search(domain)
        cls.tag_rules = cls.env["mini_crm.tag.rule"].search(domain)

    def now(self):
        """Now (UTC), as the test has set the clock."""
        return fields.Datetime.now()

    def test_what_ships_is_what_the_oracle_knows(self):
        self.assertEqual(
            sorted(self.segments.mapped("key")), sorted(rule_oracle.SEGMENTS)
        )
        self.assertEqual(
            sorted(self.tag_rules.mapped("key")), sorted(rule_oracle.TAG_RULES)
        )

    def test_everything_equals_the_oracle_after_each_change(self):
        machine = type("ShopOfTest", (ShopGoesOn,), {"case": self})
        run_state_machine_as_test(
            seed(SEED)(machine),
            settings=settings(
                max_examples=SHOPS,
                stateful_step_count=CHANGES,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    def open_shop(self, rng, zone):
        """A shop whose customers have a history.

        :param Random rng: decides which
        :param str zone: time zone of its company
        """
        self.company.mini_crm_tz = self.zone = zone
        self.story = ["at first"]
        self.shop = ChangingShop(self, rng, CUSTOMERS)
        self.env["mini_crm.profile"]._rescore(now=self.now())
        self._bring_up_to_date()

    def happens(self, name, rng):
        """One thing of those that happen to a shop; ``rng`` decides the details."""
        self.story.append(self.shop.step(self.now(), name, rng))
        self.settle()

    def days_pass(self, days):
        """The clock was turned: what the scheduled jobs do then."""
        self.story.append(f"{days} days pass")
        self.shop.a_day_passes()
        self._bring_up_to_date()

    def _bring_up_to_date(self):
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.settle()

    def compare(self):
        """Everybody against the oracle."""
        after = self.story[-1]
        now, zone = self.now(), ZoneInfo(self.zone)
        ids = ",".join(map(str, self.shop.customers.ids))
        which = f"p.id = ANY(ARRAY[{ids}])"
        truth = raw_rows.judged(oracle.judge, self._rows, now, which, MARKS)
        profiles = {
            row["id"]: row
            for row in self._rows("SELECT * FROM mini_crm_profile p WHERE " + which)
        }
        members, tags = self._members(which), self._tags(which)
        self.assertEqual(profiles.keys(), truth.keys(), after)
        for customer, facts in truth.items():
            told = f"seed {SEED}, {after}, {self._told_of(customer)}: {facts}"
            shown = {name: profiles[customer][name] for name in FIGURES}
            self.assertEqual(
                shown, {name: facts[key] for name, key in FIGURES.items()}, told
            )
            self.assertEqual(profiles[customer]["crm_health"], facts["health"], told)
            self.assertEqual(
                members.get(customer, set()),
                set(rule_oracle.segments(facts, now, zone)),
                told,
            )
            self._compare_tags(customer, facts, tags.get(customer, set()), told)

    def _told_of(self, customer):
        """What has happened to a customer alone, as far as the shop tells."""
        known = [told for told in self.story if str(customer) in told.split()]
        return f"customer {customer} ({'; '.join(known)})"

    def _compare_tags(self, customer, facts, tags, told):
        holding = rule_oracle.tag_rules(facts, self.now(), ZoneInfo(self.zone))
        carried = self.shop.carried[customer]
        carried.rules_hold(
            {
                rule.key: rule.category_id.id
                for rule in self.tag_rules
                if rule.key in holding
            }
        )
        self.assertEqual(tags, carried.tags, told)

    def _members(self, which):
        """{customer: keys of his segments}, from the table of members."""
        found = {}
        keys = {segment.id: segment.key for segment in self.segments}
        for row in self._rows(
            f"""SELECT m.partner_id, m.segment_id FROM mini_crm_segment_member m
            JOIN res_partner p ON p.id = m.partner_id WHERE {which}"""
        ):
            if row["segment_id"] in keys:
                found.setdefault(row["partner_id"], set()).add(keys[row["segment_id"]])
        return found

    def _tags(self, which):
        """{customer: ids of his tags}."""
        found = {}
        for row in self._rows(
            f"""SELECT g.partner_id, g.category_id
            FROM res_partner_res_partner_category_rel g
            JOIN res_partner p ON p.id = g.partner_id WHERE {which}"""
        ):
            found.setdefault(row["partner_id"], set()).add(row["category_id"])
        return found

    def _rows(self, query):
        self.env.flush_all()
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()
