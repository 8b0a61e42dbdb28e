import random

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...hooks import drop_triggers
from ...models.score import count_sql, mini_crm_customer_count
from ...models.score.count_sql import LINKS
from ..factories import log_messages, make_customer, make_purchase
from .counts_case import CUSTOMERS, LIST, CountsCase

_LINK = SQL("%s (category_id, partner_id)", LINKS)


@tagged("post_install", "-at_install")
class TestScoreCounts(CountsCase):
    """Stored counts equal the live ones, whatever door a change comes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tags = cls.env["res.partner.category"].create(
            [{"name": f"Tag {n}"} for n in range(4)]
        )
        cls.customers = cls.env["res.partner"].union(
            *(
                make_customer(
                    cls.env,
                    company_id=company.id,
                    category_id=[Command.set(tags.ids)],
                    email=f"{company.id}@example.com",
                )
                for company in (cls.env["res.company"], *cls.companies)
                for tags in (cls.tags[:0], cls.tags[0], cls.tags[:2], cls.tags[1:3])
            )
        )
        for number, partner in enumerate(cls.customers):
            if number % 3:
                log_messages(partner, ("in", cls.env.cr.now()))
            if number % 4 == 1:
                make_purchase(cls.env, partner, 10.25 + number)

    def setUp(self):
        super().setUp()
        self.settle()

    def test_counts_hold_from_the_start(self):
        self.assert_counts_hold()
        self.customers[3:6].active = False
        self.assert_counts_hold("archived")

    def test_counts_hold_after_single_edits(self):
        first, second, third, *_rest = self.customers
        doors = {
            "tags": lambda: first.write({"category_id": [Command.set(self.tags.ids)]}),
            "no tags": lambda: first.write({"category_id": [Command.clear()]}),
            "company": lambda: self.customers[:5].write({"company_id": self.other.id}),
            "no company": lambda: second.write({"company_id": False}),
            "archived": lambda: self.customers[2:9].action_archive(),
            "back": lambda: third.action_unarchive(),
            "stage": lambda: first.action_set_journey_stage("advocacy", "2100-01-01"),
            "event": lambda: log_messages(first, ("in", self.env.cr.now())),
            "purchase": lambda: make_purchase(self.env, second, 33.3),
            "refund": lambda: make_purchase(self.env, second, -3.3),
            "user": lambda: new_test_user(
                self.env, "count_in", "base.group_user", partner_id=third.id
            ),
            "unlinked": lambda: self.customers[10].unlink(),
        }
        for name, door in doors.items():
            door()
            self.settle()
            self.assert_counts_hold(name)

    def test_counts_hold_after_changes_of_tags(self):
        used, unused, gone = self.tags[0], self.tags[1], self.tags[2]
        (used | unused).active = False  # both in one statement
        self.assert_counts_hold("two tags archived")
        self.customers[0].category_id = used
        self.customers[2].category_id = gone
        self.assert_counts_hold("archived tag given")
        unused.active = True
        self.assert_counts_hold("tag back in use")
        gone.unlink()
        used.unlink()
        self.assert_counts_hold("tags deleted")

    def test_counts_hold_after_plain_sql(self):
        tags, ids = self.tags.ids, self.customers.ids
        statements = (
            SQL("DELETE FROM %s WHERE category_id = %s", LINKS, tags[0]),
            SQL(
                """INSERT INTO %s (partner_id, category_id)
                SELECT id, %s FROM unnest(%s) p(id)""",
                LINKS,
                tags[3],
                ids,
            ),
            SQL(
                "UPDATE %s SET category_id = %s WHERE category_id = %s",
                LINKS,
                tags[0],
                tags[3],
            ),
            SQL("UPDATE res_partner SET active = id %% 2 = 0 WHERE id = ANY(%s)", ids),
            SQL(
                "UPDATE res_partner SET company_id = %s WHERE id = ANY(%s)",
                self.branch.id,
                ids[:9],
            ),
            SQL("UPDATE mini_crm_profile SET crm_health = 'red', crm_score = 7"),
            SQL("UPDATE res_partner_category SET active = FALSE"),
            SQL("DELETE FROM res_partner_category WHERE id = ANY(%s)", tags[:2]),
            SQL("DELETE FROM mini_crm_profile WHERE id = ANY(%s)", ids[:2]),
            SQL("DELETE FROM mini_crm_purchase"),
            SQL("DELETE FROM res_partner WHERE id = ANY(%s)", ids[4:8]),
        )
        for statement in statements:
            self.env.cr.execute(statement)
            self.env.invalidate_all()
            self.assert_counts_hold(statement.code)

    def test_counts_hold_for_few_and_for_many_at_once(self):
        partners = self.env["res.partner"].create(
            [{"name": f"One of many {n}"} for n in range(count_sql._FEW + 2)]
        )
        self.settle()
        profiles, tags = SQL("UPDATE mini_crm_profile SET"), self.tags.ids
        for ids in (partners.ids[2:], partners.ids):  # kept plan, planned anew
            these = SQL("partner_id = ANY(%s)", ids)
            for statement in (
                SQL("INSERT INTO %s SELECT %s, unnest(%s)", _LINK, tags[0], ids),
                SQL("UPDATE %s SET category_id = %s WHERE %s", LINKS, tags[1], these),
                SQL("%s crm_score = id %% 90 WHERE id = ANY(%s)", profiles, ids),
                SQL("%s total_spent = id WHERE id = ANY(%s)", profiles, ids),
                SQL("%s crm_score = 9 WHERE FALSE", profiles),
                SQL("DELETE FROM %s WHERE %s", LINKS, these),
                SQL("DELETE FROM %s WHERE FALSE", LINKS),
            ):
                self.env.cr.execute(statement)
                self.env.invalidate_all()
                self.assert_counts_hold(f"{len(ids)}: {statement.code}")
        for ids in (partners.ids[:1], partners.ids):
            gone = SQL("DELETE FROM mini_crm_profile WHERE id = ANY(%s)", ids)
            self.env.cr.execute(gone)
            self.assert_counts_hold(f"{len(ids)}: {gone.code}")

    def test_counts_hold_after_a_merge(self):
        self.customers[1].company_id = False
        self.settle()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge(self.customers[:3].ids, self.customers[0])
        self.settle()
        self.assert_counts_hold()

    def test_counts_hold_when_the_rule_of_customers_changes(self):
        parameters = self.env["ir.config_parameter"]
        for rule in ("active", "all"):
            parameters.set_param("mini_crm.customer_rule", rule)
            self.env["mini_crm.profile"]._apply_customer_rule()
            self.assert_counts_hold(rule)

    def test_counts_hold_after_anything_in_any_order(self):
        chance = random.Random(19)
        for number in range(40):
            self.something(chance)()
            self.settle()
            if number % 5 == 4:
                self.assert_counts_hold(number)

    def something(self, chance):
        """Something that happens to some customers or tags: a function."""
        left = self.customers.exists()
        some = left.browse(chance.sample(left.ids, 3))
        useless = some.filtered(lambda p: not p.total_purchases)[:1]
        tags = self.tags.browse(chance.sample(self.tags.ids, 2))
        kept = chance.random() < 0.5
        company = chance.choice([False, *self.companies.ids])
        amount = chance.randint(1, 400) / 4  # sums are exact: ties are ties
        return chance.choice(
            (
                lambda: some.write({"category_id": [Command.set(tags.ids)]}),
                lambda: some.write({"category_id": [Command.unlink(tags[0].id)]}),
                lambda: some.write({"company_id": company}),
                lambda: some.write({"active": kept}),
                lambda: tags.write({"active": kept}),
                lambda: make_purchase(self.env, some[0], amount),
                lambda: log_messages(some[1], ("in", self.env.cr.now())),
                self.env["mini_crm.profile"]._rescore,
                self.env["mini_crm.customer.count"]._cron_compact,
                useless.unlink,
            )
        )

    # Which way is taken

    def test_heads_of_groups_and_the_number_read_no_contact(self):
        agent = self.partners_of(self.agent, self.companies)
        for group in ("journey_stage", "crm_health", "category_id"):
            agent.web_read_group(CUSTOMERS, [group], LIST[1:], limit=80)  # caches
            with self.statements() as statements:
                agent.web_read_group(CUSTOMERS, [group], LIST[1:], limit=80)
                agent.search_count(CUSTOMERS)
            self.assertEqual(sum("customer_count" in text for text in statements), 2)
            read = [s for s in statements if '"res_partner"' in s or "profile" in s]
            self.assertEqual(read, [])

    def test_other_questions_are_left_to_odoo(self):
        agent = self.partners_of(self.agent, self.companies)
        self.env["ir.rule"].create(
            {
                "name": "Own customers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('user_id', '=', user.id)]",
                "groups": [self.env.ref("mini_crm.mini_crm_group_manager").id],
            }
        )
        self.assertIsNotNone(agent._domain_of_counts(CUSTOMERS))
        manager = self.partners_of(self.manager, self.companies)
        self.assertIsNone(manager._domain_of_counts(CUSTOMERS), "a rule on more")
        for domain in (
            [],
            [("crm_health", "=", False)],
            [("journey_stage", "=", False)],
            [("journey_stage", "not in", ["purchase"])],
            ["|", *CUSTOMERS, ("active", "=", True)],
            ["!", *CUSTOMERS],
            [*CUSTOMERS, ("name", "ilike", "a")],
            [*CUSTOMERS, ("company_id", "child_of", self.company.id)],
            [*CUSTOMERS, ("category_id", "in", self.tags.ids)],
        ):
            self.assertIsNone(agent._domain_of_counts(domain), domain)

    def test_rule_on_tags_leaves_groups_by_tag_to_odoo(self):
        agent = self.partners_of(self.agent, self.companies)
        self.env["ir.rule"].create(
            {
                "name": "Some tags",
                "model_id": self.env["ir.model"]._get_id("res.partner.category"),
                "domain_force": "[('id', '!=', 0)]",
            }
        )
        self.assertIsNone(agent._domain_of_counts(CUSTOMERS, by_tag=True))
        self.assertIsNotNone(agent._domain_of_counts(CUSTOMERS))

    def test_portal_user_is_told_no_number(self):
        partners = self.env["res.partner"].with_user(self.portal)
        with self.assertRaises(AccessError):
            partners.search_count(CUSTOMERS)
        with self.assertRaises(AccessError):
            partners._read_group(CUSTOMERS, ["journey_stage"], ["__count"])

    def test_number_stops_at_a_limit(self):
        agent = self.partners_of(self.agent, self.companies)
        self.assertEqual(agent.search_count(CUSTOMERS, limit=3), 3)

    def test_page_of_groups_is_the_one_asked_for(self):
        agent = self.partners_of(self.agent, self.companies)
        every = agent._read_group(CUSTOMERS, ["category_id"], ["__count"])
        page = agent._read_group(
            CUSTOMERS, ["category_id"], ["__count"], offset=1, limit=2
        )
        self.assertEqual(page, every[1:3])

    def test_contacts_that_move_together_are_counted_by_one_statement(self):
        before = self.rows()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET active = FALSE WHERE id = ANY(%s)",
                self.customers.ids,
            )
        )
        keys = len(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT %s FROM mini_crm_customer_count
                    ORDER BY 1""",
                    count_sql.KEY,
                )
            )
        )
        self.assertLessEqual(self.rows() - before, keys)
        self.assertEqual(
            self.env.execute_query(SQL("SELECT FROM mini_crm_customer_moved")), []
        )

    # Care of the table

    def rows(self):
        return self.env.execute_query(
            SQL("SELECT count(*) FROM mini_crm_customer_count")
        )[0][0]

    def test_many_differences_become_one_row_for_each_key(self):
        counts = self.env["mini_crm.customer.count"]
        for score in range(20):
            self.env.cr.execute(
                SQL("UPDATE mini_crm_profile SET crm_score = %s", score + 1)
            )
        before = self.rows()
        self.patch(mini_crm_customer_count, "SURPLUS_ROWS", before)
        counts._cron_compact()
        self.assertEqual(self.rows(), before, "not worth it yet")
        self.patch(mini_crm_customer_count, "SURPLUS_ROWS", 10)
        counts._cron_compact()
        self.assertEqual(self.env.execute_query(count_sql.SURPLUS), [(0,)])
        self.assertLess(self.rows(), before)
        self.assert_counts_hold()

    def test_daily_run_repairs_what_is_wrong_and_says_so(self):
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_customer_count WHERE id = (
                    SELECT max(id) FROM mini_crm_customer_count);
                ALTER TABLE mini_crm_profile DISABLE TRIGGER USER;
                UPDATE mini_crm_profile SET partner_active = FALSE WHERE id = %s;
                ALTER TABLE mini_crm_profile ENABLE TRIGGER USER""",
                self.customers[0].id,
            )
        )
        self.env["mini_crm.score.run"].search([]).unlink()
        logger = "odoo.addons.mini_crm.models.score.mini_crm_customer_count"
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 0)
        with self.assertLogs(logger, "WARNING") as log:
            self.env["mini_crm.profile"]._cron_daily()
        self.assertIn("1 profiles, ", log.output[0])
        self.assert_counts_hold()
        self.assertEqual(self.env["mini_crm.customer.count"]._repair(), 0)

    def test_change_of_a_contact_works_when_the_counts_are_gone(self):
        self.env.cr.execute("DROP TABLE mini_crm_customer_count")
        partner = self.customers[0]
        self.env.cr.execute(
            SQL("UPDATE res_partner SET active = FALSE WHERE id = %s", partner.id)
        )
        self.env.cr.execute(SQL("DELETE FROM res_partner WHERE id = %s", partner.id))
        self.env.cr.execute("DELETE FROM res_partner_category")
        self.assertFalse(partner.exists())

    def test_uninstalling_takes_the_triggers_away(self):
        drop_triggers(self.env)
        left = self.env.execute_query(
            SQL(
                r"""SELECT tgname FROM pg_trigger
                WHERE tgname LIKE 'mini\_crm\_%%' AND NOT tgisinternal
                UNION ALL SELECT proname FROM pg_proc
                WHERE proname LIKE 'mini\_crm\_%%'
                UNION ALL SELECT relname FROM pg_class
                WHERE relname LIKE 'mini\_crm\_customer\_moved%%'"""
            )
        )
        self.assertEqual(left, [])
