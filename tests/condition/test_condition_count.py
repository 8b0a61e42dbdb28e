from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.condition import mini_crm_condition_count
from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install")
class TestConditionCount(MiniCrmCase):
    """What an editor shows while a manager writes a condition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.condition = cls.env["mini_crm.condition"].with_user(cls.manager)

    def test_count_tells_how_many_and_the_best_five(self):
        customers = make_customer(self.env)
        for _number in range(6):
            customers += make_customer(self.env, city="Yazd")
        best = customers[3]
        make_purchase(self.env, best, 500)
        self.settle()
        answer = self.condition.count("[('city', '=', 'Yazd')]")
        self.assertEqual(answer["count"], 6)
        self.assertEqual(len(answer["sample"]), 5)
        self.assertEqual(answer["sample"][0], {"id": best.id, "name": best.name})
        self.assertEqual(answer["sentence"], "city is “Yazd”")
        self.assertEqual(answer["problems"], [])
        self.assertGreaterEqual(answer["seconds"], 0)

    def test_count_of_stored_counts_is_that_of_the_query(self):
        for number in range(3):
            make_purchase(self.env, make_customer(self.env), 10 * number + 1)
        self.settle()
        for domain in ([], [("journey_stage", "=", "purchase")]):
            query = self.condition._query(domain, self.manager, self.company)
            answer = self.condition.count(domain)
            self.assertEqual(answer["count"], len(query))
            self.assertEqual(len(answer["sample"]), min(5, len(query)))

    def test_count_of_own_sql_does_not_take_the_stored_counts_for_it(self):
        make_customer(self.env)
        self.settle()
        partners = self.env["res.partner"].with_user(self.manager)
        domain = [("journey_stage", "!=", False), ("birthday_period", "=", "today")]
        self.assertEqual(partners.search_count(domain), 0)

    def test_wrong_condition_is_told_not_raised(self):
        answer = self.condition.count("[('crm_score', '>=', 'many')]")
        self.assertIsNone(answer["count"])
        self.assertEqual(answer["sentence"], "")
        self.assertEqual(
            answer["problems"],
            [
                "Comparison 1: Score: “many” is no number. Write a number without"
                " quotes."
            ],
        )

    def test_count_that_takes_too_long_is_given_up_and_leaves_the_session_well(self):
        make_customer(self.env, city="Yazd")
        self.settle()
        limit = self.env.execute_query(SQL("SHOW statement_timeout"))

        def sleeping(records, domain, **options):
            query = search(records, domain, **options)
            query.add_where(SQL("(SELECT pg_sleep(5)) IS NOT NULL"))
            return query

        partners = type(self.env["res.partner"])
        search = partners._search
        with (
            patch.object(mini_crm_condition_count, "TIMEOUT", 50),
            patch.object(partners, "_search", sleeping),
        ):
            answer = self.condition.count("[('city', '=', 'Yazd')]")
        self.assertIsNone(answer["count"])
        self.assertIn("took longer", answer["problems"][0])
        self.assertEqual(self.env.execute_query(SQL("SHOW statement_timeout")), limit)
        self.assertEqual(self.condition.count("[('city', '=', 'Yazd')]")["count"], 1)

    def test_agents_do_not_count(self):
        for user in (self.agent, self.portal):
            with self.assertRaises(AccessError):
                self.env["mini_crm.condition"].with_user(user).count("[]")
            with self.assertRaises(AccessError):
                self.env["mini_crm.condition"].with_user(user).fields_for_editor()

    def test_editor_gets_labels_choices_and_operators(self):
        fields = {field["name"]: field for field in self.condition.fields_for_editor()}
        self.assertEqual(fields["crm_score"]["kind"], "integer")
        self.assertIn(["green", "Healthy"], fields["crm_health"]["choices"])
        self.assertEqual(fields["category_id"]["model"], "res.partner.category")
        self.assertEqual(fields["category_id"]["kind"], "records")
        self.assertIn(["purchase_made", "Purchase"], fields["event_ids"]["choices"])
        self.assertNotIn("custom_text_1", fields)
        slot = self.env.ref("mini_crm.mini_crm_field_birth_date").slot
        self.assertEqual(fields[slot]["label"], "Birth date")
        groups = {field["group"] for field in fields.values()}
        self.assertLessEqual(
            groups, {"figures", "happened", "person", "groups", "custom"}
        )

    def test_every_operator_of_the_editor_is_accepted(self):
        values = {
            "integer": 5,
            "number": 5,
            "text": "x",
            "boolean": True,
            "date": "today",
            "datetime": "today",
            "records": 1,
            "rows": [],
        }
        for field in self.condition.fields_for_editor():
            for operator in field["operators"]:
                value = values.get(field["kind"])
                if field["kind"] == "choice":
                    value = field["choices"][0][0]
                if operator in ("in", "not in"):
                    value = [value]
                domain = [(field["name"], operator, value)]
                with self.subTest(str(domain)):
                    self.assertEqual(self.condition._problems(domain), [])
                    answer = self.condition.count(domain)
                    self.assertIsInstance(answer["count"], int)
