from contextlib import contextmanager
from itertools import product
from unittest.mock import patch

from odoo.sql_db import Cursor

from ..common import MiniCrmCase

CUSTOMERS = [("journey_stage", "!=", False)]
# What the list asks for, with the sums of its columns, and the cards.
LIST = ("__count", "crm_score:avg", "total_purchases:sum", "total_spent:sum")
GROUPS = ([], ["journey_stage"], ["crm_health"], ["category_id"])
QUESTIONS = [
    (CUSTOMERS, groups, LIST, order)
    for groups, order in (
        *((groups, None) for groups in GROUPS),
        (["journey_stage"], "crm_score:avg DESC, journey_stage"),
        (["crm_health"], "__count DESC, crm_health DESC"),
        (["category_id"], "total_spent:sum DESC, category_id"),
        (["category_id", "crm_health"], "category_id, crm_health"),
    )
] + [
    ([*CUSTOMERS, ("crm_health", "=", False)], ["category_id"], ["__count"], None),
    ([("journey_stage", "in", ["purchase", "retention"])], [], ["__count"], None),
    ([*CUSTOMERS, ("active", "=", False)], ["category_id"], LIST, None),
    (
        ["&", *CUSTOMERS, "|", ("crm_health", "=", "red"), ("company_id", "=", False)],
        ["journey_stage"],
        LIST,
        None,
    ),
]


class CountsCase(MiniCrmCase):
    """The stored counts against what Odoo reads from the contacts themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env["res.company"]
        cls.other = companies.create({"name": "Other shop"})
        cls.branch = companies.create({"name": "Branch", "parent_id": cls.company.id})
        cls.companies = cls.company | cls.other | cls.branch
        for user in (cls.agent, cls.manager, cls.admin):
            user.company_ids = cls.companies

    def assert_counts_hold(self, said=None):
        """Whoever asks with whatever companies gets what Odoo would say."""
        self.env.flush_all()
        for partners in self.asked():
            for question in QUESTIONS:
                with self.subTest(question, user=partners.env.user.login, after=said):
                    self.assertIsNotNone(partners._domain_of_counts(question[0]))
                    stored = self.answer(partners, question)
                    with self.live() as refused:
                        self.assertEqual(stored, self.answer(partners, question))
                    self.assertTrue(refused, "Odoo itself was asked")

    def asked(self):
        """Contacts as different users see them in different companies."""
        chosen = (self.company, self.other, self.branch, self.companies)
        for user, companies in product((self.agent, self.admin), chosen):
            yield self.partners_of(user, companies)
        agent = self.partners_of(self.agent, self.companies)
        yield agent.with_context(active_test=False)
        yield agent.sudo()

    def partners_of(self, user, companies):
        return (
            self.env["res.partner"]
            .with_context(allowed_company_ids=companies.ids)
            .with_user(user)
        )

    def answer(self, partners, question):
        """Groups, and the number; amounts to the cent."""
        domain, groups, aggregates, order = question
        rows = partners._read_group(domain, groups, aggregates, order=order)
        rounded = [
            tuple(round(v, 2) if isinstance(v, float) else v for v in row)
            for row in rows
        ]
        return rounded, partners.search_count(domain)

    @contextmanager
    def live(self):
        """Have Odoo itself answer: yields the list of what was asked."""
        asked = []
        partner = type(self.env["res.partner"])
        with patch.object(
            partner, "_domain_of_counts", lambda *args: asked.append(args)
        ):
            yield asked

    @contextmanager
    def statements(self):
        """Yields the list of statements that are executed meanwhile."""
        seen = []
        execute = Cursor.execute

        def noted(cr, query, *args, **kwargs):
            seen.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        with patch.object(Cursor, "execute", noted):
            yield seen
