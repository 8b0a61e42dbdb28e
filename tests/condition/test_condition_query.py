import json
from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase

ZONES = ("Asia/Tehran", "Pacific/Kiritimati", "America/New_York")


@tagged("post_install", "-at_install")
class TestConditionQuery(MiniCrmCase):
    """A condition finds whom it says, as its owner in his company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.condition = cls.env["mini_crm.condition"]

    def found(self, domain, among, user=None, company=None):
        """Those of some customers for whom a condition holds."""
        self.env.flush_all()
        ids = SQL("SELECT unnest(%s::int[])", among.ids)
        query = self.condition._query(
            domain, user or self.manager, company or self.company, ids
        )
        return among.browse(query.get_result_ids())

    def test_figures_tags_and_fields_are_compared(self):
        tag = self.env["res.partner.category"].create({"name": "Loud"})
        one = make_customer(self.env, city="Yazd", category_id=[(4, tag.id)])
        two = make_customer(self.env, city="Rasht")
        make_purchase(self.env, two, 50)
        self.settle()
        both = one + two
        self.assertEqual(self.found([("city", "=", "Yazd")], both), one)
        self.assertEqual(self.found([("total_purchases", ">=", 1)], both), two)
        self.assertEqual(self.found([("category_id", "in", [tag.id])], both), one)
        self.assertEqual(self.found(["!", ("category_id", "in", [tag.id])], both), two)
        self.assertEqual(self.found([], both), both)
        self.assertFalse(self.found([(0, "=", 1)], both))

    def test_a_number_that_is_zero_is_known(self):
        self.env["mini_crm.field"].create(
            {
                "name": "Shoes",
                "key": "shoes",
                "type": "number",
                "slot": "custom_number_9",
            }
        )
        for place, number in enumerate((0.0, 5.0, False)):
            customer = make_customer(self.env, custom_number_9=number)
            self.settle()
            for domain, wanted in (
                ([("custom_number_9", "!=", False)], place < 2),
                ([("custom_number_9", "=", False)], place == 2),
                (["!", ("custom_number_9", "=", False)], place < 2),
                (
                    [("custom_number_9", "=", 0), ("custom_number_9", "!=", False)],
                    place == 0,
                ),
            ):
                with self.subTest(number=number, domain=domain):
                    found = self.found(domain, customer)
                    self.assertEqual(bool(found), wanted)

    def test_purchases_and_events_are_asked_for_by_their_own_fields(self):
        buyer, idle = make_customer(self.env), make_customer(self.env)
        day = fields.Datetime.now() - timedelta(days=10)
        make_purchase(self.env, buyer, 50, date=day)
        self.settle()
        both = buyer + idle
        lately = [("date", ">=", "today -30d")]
        long_ago = [("date", "<", "today -30d")]
        dear = [("amount", ">", 60), *lately]
        bought = [("type", "=", "purchase_made"), *lately]
        self.assertEqual(self.found([("purchase_ids", "any", lately)], both), buyer)
        self.assertEqual(self.found([("purchase_ids", "not any", lately)], both), idle)
        self.assertFalse(self.found([("purchase_ids", "any", long_ago)], both))
        self.assertFalse(self.found([("purchase_ids", "any", dear)], both))
        self.assertEqual(self.found([("event_ids", "any", bought)], both), buyer)
        self.assertEqual(
            self.found(["!", ("event_ids", "not any", bought)], both), buyer
        )

    def test_only_customers_are_found(self):
        customer = make_customer(self.env)
        archived = make_customer(self.env, active=False)
        staff = self.agent.partner_id
        self.settle()
        everybody = customer + archived + staff
        self.assertEqual(self.found([], everybody), customer)

    def test_customers_of_another_company_are_not_found(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.company_ids += other
        ours = make_customer(self.env, company_id=self.company.id)
        theirs = make_customer(self.env, company_id=other.id)
        shared = make_customer(self.env)
        self.settle()
        all_of_them = ours + theirs + shared
        self.assertEqual(self.found([], all_of_them), ours + shared)
        self.assertEqual(self.found([], all_of_them, company=other), theirs + shared)

    def test_purchases_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        shared = make_customer(self.env)
        make_purchase(
            self.env, shared, 50, company_id=other.id, currency_id=other.currency_id.id
        )
        self.settle()
        self.assertFalse(self.found([("purchase_ids", "any", [])], shared))

    def test_record_rules_of_the_owner_hold(self):
        mine = make_customer(self.env, user_id=self.manager.id)
        yours = make_customer(self.env, user_id=self.agent.id)
        self.settle()
        self.env["ir.rule"].create(
            {
                "name": "Own customers only",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('user_id', '=', user.id)]",
                "groups": [(4, self.env.ref("mini_crm.mini_crm_group_manager").id)],
            }
        )
        self.assertEqual(self.found([], mine + yours), mine)

    def test_owner_without_rights_finds_nothing(self):
        customer = make_customer(self.env)
        with self.assertRaises(AccessError):
            self.found([("crm_score", ">=", 0)], customer, user=self.portal)
        with self.assertRaises(AccessError):
            self.found([("event_ids", "any", [])], customer, user=self.portal)

    def test_days_begin_at_the_midnight_of_the_shop(self):
        for name in ZONES:
            zone = ZoneInfo(name)
            self.company.mini_crm_tz = name
            for clock in ("00:10", "23:50"):
                now = datetime.fromisoformat(f"2026-03-22 {clock}")
                now = now.replace(tzinfo=zone)
                with self.subTest(f"{name} at {clock}"), freeze_time(_utc(now)):
                    self._check_midnight(now)

    def _check_midnight(self, now):
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        before, after = make_customer(self.env), make_customer(self.env)
        make_purchase(self.env, before, 50, date=_utc(midnight) - timedelta(seconds=1))
        make_purchase(self.env, after, 50, date=_utc(midnight))
        self.settle()
        both = before + after
        for name in ("last_purchase_at", "purchase_ids"):
            inner = name if name == "last_purchase_at" else "date"
            leaf = (inner, ">=", "today")
            domain = [leaf] if inner == name else [(name, "any", [leaf])]
            self.assertEqual(self.found(domain, both), after)
        month = [("last_purchase_at.day_of_month", "=", midnight.day)]
        self.assertEqual(self.found(month, both), after)

    def test_dates_of_custom_fields_are_the_days_of_the_shop(self):
        self.company.mini_crm_tz = "Pacific/Kiritimati"  # 14 hours ahead
        born = make_customer(self.env, custom_date_1="2026-03-23")
        self.settle()
        with freeze_time("2026-03-22 12:00:00"):
            self.assertEqual(self.found([("custom_date_1", "=", "today")], born), born)
        with freeze_time("2026-03-22 09:00:00"):
            self.assertFalse(self.found([("custom_date_1", "=", "today")], born))

    def test_condition_on_an_archived_field_is_refused_not_run(self):
        definition = self.env.ref("mini_crm.mini_crm_field_birth_date")
        domain = [(definition.slot, "!=", False)]
        self.condition._check(domain)
        definition.action_archive()
        with self.assertRaisesRegex(ValidationError, "archived"):
            self.condition._check(domain)
        self.assertTrue(self.condition._problems([("birthday_period", "=", "today")]))

    def test_every_type_of_slot_is_told_when_its_field_is_gone(self):
        for kind in ("text", "number", "date", "boolean", "email", "phone", "url"):
            with self.subTest(kind):
                field = self.env["mini_crm.field"].create(
                    {"name": f"My {kind}", "type": kind}
                )
                domain = [(field.slot, "=", False)]
                self.assertFalse(self.condition._problems(domain))
                self.found(domain, make_customer(self.env))
                field.action_archive()
                self.assertTrue(self.condition._problems(domain))

    def test_query_is_kept_right_when_values_change(self):
        field = self.env["mini_crm.field"].create({"name": "Size", "type": "text"})
        customer = make_customer(self.env)
        self.settle()
        domain = [(field.slot, "=", "XXL")]
        query = self.condition._query(domain, self.manager, self.company)
        select = query.select()
        self.assertFalse(self.env.execute_query(select))
        customer[field.slot] = "XXL"
        self.env.flush_all()
        self.assertEqual(self.env.execute_query(select), [(customer.id,)])

    def test_topics_of_figures_are_the_profile(self):
        for name, spec in self.condition._condition_fields().items():
            field = self.env["res.partner"]._fields[name]
            from_profile = (field.related or "").startswith("mini_crm_profile_id.")
            self.assertEqual(spec.topic == "profile", from_profile, name)

    def test_the_list_of_fields_is_made_once_for_many_checks(self):
        self.condition._check("[('city', '=', 'Yazd')]")
        with patch.object(type(self.condition), "_condition_fields") as made:
            self.condition._check("[('city', '=', 'Yazd')]")
            self.condition._sentence("[('city', '=', 'Yazd')]")
        made.assert_not_called()

    def test_the_list_of_fields_follows_definitions_and_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        persian = self.condition.with_context(lang="fa_IR")
        slot = self.env.ref("mini_crm.mini_crm_field_birth_date").slot
        labels = [one._known_fields()[slot].label for one in (self.condition, persian)]
        self.assertNotEqual(*labels)
        definition = self.env.ref("mini_crm.mini_crm_field_birth_date")
        definition.name = "Born on"
        self.assertEqual(self.condition._known_fields()[slot].label, "Born on")
        definition.action_archive()
        self.assertTrue(self.condition._known_fields()[slot].gone)

    def test_every_plain_field_is_watched(self):
        watched = self.env["res.partner"]._watched_fields()
        for name, spec in self.condition._condition_fields().items():
            if spec.topic.startswith("field:"):
                self.assertIn(name, watched)

    def test_template_gets_the_columns_of_this_shop(self):
        given = [["custom:birth_date", "!=", False], ["crm_score", ">=", 80]]
        slot = self.env.ref("mini_crm.mini_crm_field_birth_date").slot
        text = self.condition._from_template(json.dumps(given))
        self.assertEqual(
            text, f"['&', ('{slot}', '!=', False), ('crm_score', '>=', 80)]"
        )
        self.condition._check(text)

    def test_template_of_a_missing_field_has_no_condition(self):
        given = [["custom:no_such_field", "=", True]]
        self.assertIsNone(self.condition._from_template(json.dumps(given)))

    def test_conditions_of_every_industry_can_be_stored(self):
        industries = self.env["mini_crm.industry"].search([])
        self.assertGreaterEqual(len(industries), 20)
        for industry in industries:
            with self.subTest(industry.key):
                point = self.env.cr.savepoint()
                industry.apply()
                for rule in (*industry.segments, *industry.tag_rules):
                    text = self.condition._from_template(json.dumps(rule["domain"]))
                    self.assertTrue(text, rule["key"])
                    self.condition._check(text)
                point.rollback()
                self.env.invalidate_all()
                point.close(rollback=False)


def _utc(moment):
    """An aware moment as naive UTC."""
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
