from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import MiniCrmCase
from ..factories import log_messages, make_customer, make_purchase

FIGURES = (
    "crm_score",
    "crm_health",
    "journey_stage",
    "journey_hold_until",
    "last_contacted_at",
    "total_interactions",
    "total_purchases",
    "total_spent",
    "customer_since",
    "has_photo",
)


@tagged("post_install", "-at_install")
class TestScoreClientRead(MiniCrmCase):
    """What the web client reads of the figures, and how the list finds its page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.busy = make_customer(cls.env, name="Busy")
        cls.quiet = make_customer(cls.env, name="Quiet")
        cls.colleague = cls.agent.partner_id
        log_messages(cls.busy, ("in", cls.env.cr.now()))
        make_purchase(cls.env, cls.busy, 120)

    def setUp(self):
        super().setUp()
        self.settle()

    def read(self, partners, *names, **specified):
        specification = {name: {} for name in names} | specified
        return partners.with_user(self.agent).web_read(specification)

    def test_client_reads_the_same_as_the_orm(self):
        partners = self.busy | self.quiet | self.colleague
        rows = self.read(partners, "name", *FIGURES)
        self.env.invalidate_all()
        for row, partner in zip(rows, partners, strict=True):
            self.assertEqual(row["id"], partner.id)
            self.assertEqual(row["name"], partner.name)
            for name in FIGURES:
                value = partner[name]
                if isinstance(value, datetime):
                    value = value.replace(microsecond=0)
                self.assertEqual(row[name], value, f"{name} of {partner.name}")

    def test_a_page_without_customers_is_empty(self):
        found = (
            self.env["res.partner"]
            .with_user(self.agent)
            .web_search_read(
                [("name", "=", "Nobody is called this")], {"name": {}, "crm_score": {}}
            )
        )
        self.assertEqual(found, {"length": 0, "records": []})

    def test_figures_alone_are_read_too(self):
        rows = self.read(self.busy, "total_purchases")
        self.assertEqual(rows, [{"id": self.busy.id, "total_purchases": 1}])

    def test_currency_comes_in_the_form_that_is_asked_for(self):
        currency = self.busy.mini_crm_currency_id
        for specification, expected in (
            ({}, currency.id),
            ({"fields": {}}, {"id": currency.id}),
            (
                {"fields": {"display_name": {}}},
                {"id": currency.id, "display_name": currency.display_name},
            ),
        ):
            [row] = self.read(self.busy, mini_crm_currency_id=specification)
            self.assertEqual(row["mini_crm_currency_id"], expected)

    def test_a_save_answers_with_the_new_figures(self):
        before = self.busy.crm_score
        [row] = self.busy.with_user(self.agent).web_save(
            {"city": "Shiraz", "email": "busy@example.com"}, {"crm_score": {}}
        )
        self.assertGreater(row["crm_score"], before)

    def test_portal_user_reads_no_figure(self):
        with self.assertRaises(AccessError):
            self.portal.partner_id.with_user(self.portal).web_read({"crm_score": {}})

    def test_who_may_not_read_the_contact_reads_no_figure(self):
        other = self.env["res.company"].create({"name": "Another shop"})
        self.busy.company_id = other
        self.env.flush_all()
        for names in (["crm_score"], ["id", "crm_score"], ["name", "crm_score"]):
            with self.assertRaises(AccessError):
                self.read(self.busy, *names)

    def assert_no_sort(self, domain, order):
        query = (
            self.env["res.partner"]
            .with_user(self.agent)
            ._search([("journey_stage", "!=", False), *domain], order=order, limit=80)
        )
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
        )
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        text = "\n".join(row[0] for row in plan)
        self.assertNotIn("Sort", text)
        self.assertIn("mini_crm_profile_", text)

    def test_first_page_is_read_from_an_index_in_its_order(self):
        for name in ("crm_score", "last_contacted_at", "total_spent"):
            for direction in ("desc", "asc"):
                self.assert_no_sort([], f"{name} {direction}, id {direction}")

    def test_stage_filters_are_read_from_an_index_in_order_of_score(self):
        for stage in ("awareness", "advocacy"):
            self.assert_no_sort(
                [("journey_stage", "=", stage)], "crm_score desc, id desc"
            )

    def test_health_filters_are_read_from_an_index_in_order_of_score(self):
        for health in ("green", "yellow", "red", False):
            self.assert_no_sort(
                [("crm_health", "=", health)], "crm_score desc, id desc"
            )
