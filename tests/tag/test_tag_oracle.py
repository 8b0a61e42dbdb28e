import os
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from freezegun import configure, freeze_time

from odoo import fields
from odoo.tests import tagged

from ..batch.batch_case import BatchCase
from ..score import oracle, raw_rows
from . import rule_oracle
from .changing_shop import ChangingShop

FULL = os.environ.get("MINI_CRM_FULL")
CUSTOMERS, CHANGES = (2_000, 1_000) if FULL else (60, 150)
SEED = int(os.environ.get("MINI_CRM_CHANCE") or 20260601)
MARKS = {"full_spent": 1_000, "full_order": 100}
ZONES = ("Asia/Tehran", "Pacific/Kiritimati", "America/New_York")
FIGURES = {
    "crm_score": "score",
    "score_parts": "parts",
    "journey_stage": "stage",
    "total_interactions": "total_interactions",
    "total_purchases": "total_purchases",
}
# Pure logic has no clock, and is particular about what is a date.
configure(extend_ignore_list=["odoo.addons.mini_crm.engine"])


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
        rng = Random(SEED)
        self.company.mini_crm_tz = self.zone = rng.choice(ZONES)
        moment = self.now().replace(microsecond=0)
        with freeze_time(moment) as clock:
            self.shop = ChangingShop(self, rng, CUSTOMERS)
            self.env["mini_crm.profile"]._rescore(now=moment)
            self._bring_up_to_date()
            self.story = []
            self._compare("at first")
            for number in range(CHANGES):
                if rng.random() < 0.04:
                    days = rng.randrange(1, 41)
                    clock.tick(timedelta(days=days, minutes=rng.randrange(1440)))
                    self.shop.a_day_passes()
                    self._bring_up_to_date()
                    told = f"{days} days pass"
                else:
                    told = self.shop.step(self.now())
                    self.settle()
                self.story.append(f"{number} {told}")
                self._compare(f"change {number}: {told}")

    def _bring_up_to_date(self):
        self.settle()
        self.env["mini_crm.rule"]._run_all()
        self.settle()

    def _compare(self, after):
        """Everybody against the oracle."""
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
