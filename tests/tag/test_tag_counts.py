from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.condition import mini_crm_rule_preview
from ..factories import make_customer
from .tag_case import TagCase


@tagged("post_install", "-at_install")
class TestTagCounts(TagCase):
    """How many carry a rule's tag is counted where it changes, not when it is shown."""

    def counted(self, rule=None):
        rule = rule or self.rule
        self.env.flush_all()
        rule.invalidate_recordset(["tagged_count"])
        origins = self.env["mini_crm.tag.origin"].search_count(
            [("rule_id", "=", rule.id), ("declined", "=", False)]
        )
        self.assertEqual(rule.tagged_count, origins)
        return origins

    def test_the_count_follows_rules_and_people(self):
        both = self.one + self.two
        self.hold(self.rule, both)
        self.assertEqual(self.counted(), 2)
        self.one.category_id -= self.tag  # declined
        self.settle()
        self.assertEqual(self.counted(), 1)
        self.one.category_id += self.tag  # by hand now
        self.settle()
        self.assertEqual(self.counted(), 2)
        self.hold(self.rule, self.two)
        self.assertEqual(self.counted(), 1)
        self.two.unlink()
        self.assertEqual(self.counted(), 0)

    def test_each_rule_has_its_own_count_which_goes_with_it(self):
        other = self._rule("Other")
        self.hold(self.rule, self.one + self.two)
        self.hold(other, self.two)
        self.assertEqual((self.counted(), self.counted(other)), (2, 1))
        other.unlink()
        self.assertEqual(self.counted(), 2)

    def test_adding_up_changes_no_count_and_leaves_one_row(self):
        for partners in (self.one, self.one + self.two, self.two):
            self.hold(self.rule, partners)
        counts = self.env["mini_crm.tag.count"]
        self.env["mini_crm.segment.count"]._cron_sizes()
        self.assertEqual(self.counted(), 1)
        self.assertEqual(counts.search_count([("rule_id", "=", self.rule.id)]), 1)

    def test_what_was_there_before_the_counts_is_counted(self):
        self.hold(self.rule, self.one + self.two)
        self.env.cr.execute("DELETE FROM mini_crm_tag_count")
        self.env["mini_crm.tag.origin"].init()
        self.assertEqual(self.counted(), 2)
        self.env["mini_crm.tag.origin"].init()
        self.assertEqual(self.counted(), 2)

    def test_showing_the_count_reads_no_origin(self):
        self.hold(self.rule, self.one)
        self.rule.invalidate_recordset()
        self.env.cr.execute("SAVEPOINT count")
        self.env.cr.execute("ALTER TABLE mini_crm_tag_origin RENAME TO away")
        self.assertEqual(self.rule.tagged_count, 1)
        self.env.cr.execute("ROLLBACK TO SAVEPOINT count")

    def test_what_goes_is_not_waited_for_longer_than_a_count(self):
        slow = SQL("SELECT 1 FROM pg_sleep(1)")
        kind = type(self.rule)
        row = kind._in_time
        with (
            patch.object(mini_crm_rule_preview, "TIMEOUT", 20),
            patch.object(kind, "_in_time", lambda rule, _query: row(rule, slow)),
        ):
            answer = self.rule.with_user(self.manager).what_goes()
        self.assertEqual(answer, {"remove": None, "keep": None})
        self.assertTrue(make_customer(self.env).exists())
