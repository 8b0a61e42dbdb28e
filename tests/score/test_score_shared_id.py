from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase

CUSTOMERS = [("journey_stage", "!=", False)]
NOW = fields.Datetime.to_datetime("2026-06-01 12:00:00")


@tagged("post_install", "-at_install")
class TestScoreSharedId(MiniCrmCase):
    """Figures of the profile are fields of the contact like any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"]
        cls.ada, cls.bob, cls.cy = (
            make_customer(cls.env, name=name, ref="figures")
            for name in ("Ada", "Bob", "Cy")
        )
        cls.nobody = cls.partners.with_context(mini_crm_no_customer=True).create(
            {"name": "Nobody", "ref": "figures"}
        )
        cls.ada._log("message_received", date=NOW)
        cls.bob._log("message_received", date=NOW - timedelta(days=9))
        for amount in (10, 20):
            make_purchase(cls.env, cls.bob, amount)
        cls.env.cr.flush()
        cls.env.invalidate_all()

    def found(self, domain, order=None, user=None):
        """Names found by a domain among our contacts."""
        partners = self.partners.with_user(user or self.agent)
        return partners.search([("ref", "=", "figures"), *domain], order=order).mapped(
            "name"
        )

    def test_search_by_figures(self):
        self.assertEqual(set(self.found(CUSTOMERS)), {"Ada", "Bob", "Cy"})
        self.assertEqual(self.found([("journey_stage", "=", False)]), ["Nobody"])
        self.assertEqual(self.found([("total_purchases", ">=", 2)]), ["Bob"])
        self.assertEqual(self.found([("journey_stage", "=", "consideration")]), ["Ada"])
        self.assertEqual(
            self.found([("total_spent", "=", 30), ("crm_score", ">", 0)]), ["Bob"]
        )

    def test_sort_puts_the_empty_last_when_descending(self):
        self.assertEqual(
            self.found(CUSTOMERS, "last_contacted_at desc"), ["Ada", "Bob", "Cy"]
        )
        self.assertEqual(
            self.found(CUSTOMERS, "last_contacted_at asc"), ["Cy", "Bob", "Ada"]
        )
        self.assertEqual(self.found(CUSTOMERS, "total_spent desc")[0], "Bob")
        self.assertEqual(self.found([], "total_spent desc")[-1], "Nobody")

    def test_sort_follows_further_terms_and_explicit_nulls(self):
        self.assertEqual(
            self.found(CUSTOMERS, "last_contacted_at desc nulls first, name"),
            ["Cy", "Ada", "Bob"],
        )
        self.assertEqual(
            self.found(CUSTOMERS, "journey_stage, crm_score desc"), ["Cy", "Ada", "Bob"]
        )

    def test_the_first_page_by_a_figure_is_an_index_scan_in_both_directions(self):
        """The planner may not sort; on a large table it would not want to either."""
        self.env.cr.execute(
            "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off"
        )
        partners = self.partners.with_user(self.agent)
        for figure in ("crm_score", "last_contacted_at", "total_spent"):
            for direction in ("desc", "asc"):
                query = partners._search(
                    CUSTOMERS, order=f"{figure} {direction}", limit=80
                )
                rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
                plan = "\n".join(row[0] for row in rows)
                with self.subTest(figure=figure, direction=direction):
                    self.assertNotIn("Sort", plan)
                    self.assertIn("using mini_crm_profile_", plan)

    def test_group_and_average(self):
        groups = self.partners.with_user(self.agent)._read_group(
            [("ref", "=", "figures"), *CUSTOMERS],
            ["journey_stage"],
            ["__count", "total_spent:sum", "crm_score:avg"],
        )
        self.assertEqual(
            {stage: (count, spent) for stage, count, spent, _score in groups},
            {"awareness": (1, 0), "consideration": (1, 0), "retention": (1, 30)},
        )
        scores = {stage: score for stage, _count, _spent, score in groups}
        self.assertEqual(scores["retention"], self.bob.crm_score)

    def test_group_for_the_web_client(self):
        result = self.partners.with_user(self.agent).web_read_group(
            [("ref", "=", "figures"), *CUSTOMERS], ["crm_health"], ["crm_score:avg"]
        )
        self.assertEqual(sum(group["__count"] for group in result["groups"]), 3)

    def test_export(self):
        self.agent.group_ids |= self.env.ref("base.group_allow_export")
        rows = (
            self.partners.with_user(self.agent)
            .browse(self.bob.id)
            .export_data(["name", "total_spent", "journey_stage"])["datas"]
        )
        self.assertEqual(rows, [["Bob", 30.0, "Retention"]])

    def test_filtered_domain_agrees_with_search(self):
        everybody = (self.ada | self.bob | self.cy | self.nobody).with_user(self.agent)
        for domain in (
            CUSTOMERS,
            [("crm_score", ">=", self.bob.crm_score)],
            [("last_contacted_at", ">", NOW - timedelta(days=1))],
        ):
            self.assertEqual(
                set(everybody.filtered_domain(domain).mapped("name")),
                set(self.found(domain)),
            )

    def test_reading_a_contact_without_figures_costs_no_query_more(self):
        self.env.invalidate_all()
        self.ada.mapped("active")
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            (self.ada | self.bob).mapped("name")

    def test_an_ordinary_employee_sees_figures(self):
        employee = new_test_user(self.env, "figures_employee", "base.group_user")
        self.assertEqual(self.found(CUSTOMERS, "crm_score desc", employee)[0], "Bob")

    def test_figures_follow_the_contacts_company_rule(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.bob.company_id = other
        self.settle()
        self.assertNotIn("Bob", self.found(CUSTOMERS))

    def test_no_row_of_contacts_is_written_by_the_machine(self):
        self.env.flush_all()
        query = SQL("SELECT id, ctid, xmin FROM res_partner ORDER BY id")
        before = self.env.execute_query(query)
        self.ada._log("message_received", date=NOW + timedelta(days=1))
        self.settle()
        self.env["mini_crm.profile"]._recalculate_range(0, self.nobody.id, NOW)
        self.assertEqual(self.env.execute_query(query), before)

    def test_portal_users_learn_nothing(self):
        for model in ("res.partner", "res.users"):
            mine = self.env[model].with_user(self.portal)
            ours = [
                name
                for name, field in mine._fields.items()
                if (field.related_field._module if field.inherited else field._module)
                == "mini_crm"
            ]
            self.assertIn("crm_score", ours)
            self.assertFalse(set(ours) & set(mine.fields_get()))
            for name in ours:
                field = mine._fields[name]
                with self.subTest(model=model, field=name):
                    self.assertRaises(AccessError, mine.search, [(name, "!=", False)])
                    with self.assertRaises(AccessError):
                        mine.browse(self.portal.partner_id.id).read([name])
                    if field.type in ("integer", "float", "char", "selection", "date"):
                        with self.assertRaises(AccessError):
                            mine.search([], order=name)
                        with self.assertRaises(AccessError):
                            mine._read_group([], [name])
