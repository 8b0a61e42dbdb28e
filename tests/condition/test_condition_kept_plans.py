from unittest.mock import patch

from psycopg2.errors import DivisionByZero

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.condition import kept_plans
from ...models.condition.kept_plans import THESE, select_by_kept_plan
from ..common import MiniCrmCase
from ..factories import make_customer

CITY = "50 % of Shiraz"
SETTINGS = (
    *("plan_cache_mode", "enable_seqscan"),
    *("max_parallel_workers_per_gather", "jit"),
)


@tagged("post_install", "-at_install")
class TestConditionKeptPlans(MiniCrmCase):
    """Queries about a few customers that are planned once for a connection."""

    def kept(self):
        self.env.cr.execute(
            r"SELECT name FROM pg_prepared_statements WHERE name LIKE 'mini\_crm\_%'"
        )
        return {row[0] for row in self.env.cr.fetchall()}

    def settings(self):
        return [
            self.env.execute_query(SQL("SELECT current_setting(%s)", name))
            for name in SETTINGS
        ]

    def in_city(self, *customers):
        query = SQL(
            "SELECT id FROM res_partner WHERE id = ANY(%s) AND city = %s", THESE, CITY
        )
        self.env.flush_all()
        ids = [customer.id for customer in customers]
        return [row[0] for row in select_by_kept_plan(self.env.cr, query, ids)]

    def test_a_kept_plan_sees_what_has_changed(self):
        one, two = (make_customer(self.env, city="Tabriz") for _each in range(2))
        self.assertEqual(self.in_city(one, two), [])
        kept, before = self.kept(), self.settings()
        one.city = CITY
        self.assertEqual(self.in_city(one, two), [one.id])
        self.assertEqual(self.in_city(two), [])
        self.assertEqual(self.kept(), kept, "nothing is planned again")
        self.assertEqual(self.settings(), before, "others go on as they were")

    def test_the_oldest_plan_goes_where_many_are_kept(self):
        with patch.object(kept_plans, "MOST", 2):
            names = []
            for number in range(4):
                query = SQL("SELECT %s WHERE 1 = ANY(%s)", number, THESE)
                rows = select_by_kept_plan(self.env.cr, query, [1])
                self.assertEqual(rows, [(number,)])
                names.append(self.kept())
        self.assertEqual([len(each) for each in names[1:]], [2, 2, 2])
        self.assertFalse(names[1] & names[3])

    def test_a_query_that_fails_is_undone_by_who_asked(self):
        before = self.settings()
        query = SQL("SELECT 1 / (1 - 1) WHERE 1 = ANY(%s)", THESE)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(DivisionByZero),
            self.env.cr.savepoint(),
        ):
            select_by_kept_plan(self.env.cr, query, [1])
        self.assertEqual(self.settings(), before)
