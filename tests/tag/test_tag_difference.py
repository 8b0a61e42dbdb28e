from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.tag.hand_sql import LINKS
from ..factories import make_customer
from ..score.counts_case import CountsCase
from .tag_case import TagCase


@tagged("post_install", "-at_install")
class TestTagDifference(TagCase):
    """What a rule does to tags, and what it leaves to people."""

    def test_customers_are_tagged_while_the_condition_holds(self):
        self.assertEqual(self.hold(self.rule, self.one | self.two), (2, 0))
        self.assertEqual(self.one.category_id, self.tag)
        self.assertEqual(self.hold(self.rule, self.two), (0, 1))
        self.assertFalse(self.one.category_id)
        self.assertEqual(self.two.category_id, self.tag)
        self.assertFalse(self.origin(self.one))

    def test_timeline_tells_the_rule_and_the_reason(self):
        self.hold(self.rule, self.one)
        self.hold(self.rule, self.two)
        self.settle()
        added, removed = self.events(self.one, "tag_added", "tag_removed")
        self.assertEqual((added.type, removed.type), ("tag_added", "tag_removed"))
        for event in (added, removed):
            self.assertEqual(
                event.data,
                {
                    "tag_id": self.tag.id,
                    "tag": "Golden",
                    "rule_id": self.rule.id,
                    "rule": "Golden rule",
                    "reason": self.rule.sentence,
                },
            )
            self.assertFalse(event.author_id)

    def test_running_again_changes_and_logs_nothing(self):
        self.hold(self.rule, self.one)
        self.assertEqual(self.hold(self.rule, self.one), (0, 0))
        self.assertEqual(self.tag_events(self.one), [("tag_added", "Golden rule")])

    def test_only_customers_in_the_scope_are_looked_at(self):
        self.hold(self.rule, self.one)
        self.hold(self.rule, self.two, scope=self.two)
        self.assertEqual(self.one.category_id, self.tag)
        self.assertEqual(self.two.category_id, self.tag)

    def test_tag_that_was_put_on_by_hand_stays(self):
        self.one.category_id = self.tag
        self.settle()
        self.hold(self.rule, self.one)
        self.assertTrue(self.origin(self.one).by_hand)
        self.hold(self.rule, self.two)
        self.assertEqual(self.one.category_id, self.tag)
        self.assertEqual(self.tag_events(self.one), [("tag_added", None)])

    def test_tag_stays_while_another_rule_holds_it(self):
        other = self._rule("Other rule")
        self.hold(self.rule, self.one)
        self.hold(other, self.one)
        self.assertFalse(self.origin(self.one, other).by_hand)
        self.hold(self.rule, self.two)
        self.assertEqual(self.one.category_id, self.tag)
        self.hold(other, self.two)
        self.assertFalse(self.one.category_id)

    def test_second_rule_knows_of_the_hand(self):
        other = self._rule("Other rule")
        self.one.category_id = self.tag
        self.hold(self.rule, self.one)
        self.hold(other, self.one)
        self.hold(self.rule, self.two)
        self.hold(other, self.two)
        self.assertEqual(self.one.category_id, self.tag)

    def test_archived_rule_lets_go_and_remembers_who_declined(self):
        self.hold(self.rule, self.one | self.two)
        self.two.category_id = False
        self.switch_off(self.rule)
        self.assertFalse(self.one.category_id)
        self.assertFalse(self.origin(self.one))
        self.rule.action_unarchive()
        self.hold(self.rule, self.one | self.two)
        self.assertEqual(self.one.category_id, self.tag)
        self.assertFalse(self.two.category_id, "a person took it off")

    def test_deleted_rule_takes_its_tags_with_it_but_none_of_a_person(self):
        self.two.category_id = self.tag
        self.hold(self.rule, self.one | self.two)
        self.rule.unlink()
        self.assertFalse(self.one.category_id)
        self.assertEqual(self.two.category_id, self.tag)
        self.assertEqual(
            self.tag_events(self.one),
            [("tag_added", "Golden rule"), ("tag_removed", "Golden rule")],
        )

    def test_rule_with_another_tag_takes_the_old_one_off(self):
        self.hold(self.rule, self.one | self.two)
        self.two.category_id = False
        self.rule.category_id = self.tag.create({"name": "Silver"})
        self.assertEqual(self.rule.status, "waiting")
        self.hold(self.rule, self.one | self.two)
        self.assertEqual(self.one.category_id.name, "Silver")
        self.assertEqual(self.two.category_id.name, "Silver", "not declined yet")
        self.settle()
        told = self.events(self.one, "tag_removed")
        self.assertEqual(told.data["tag"], "Golden")
        self.assertIn("another tag", told.data["reason"])

    def test_rule_that_got_another_tag_and_is_switched_off_leaves_neither(self):
        self.hold(self.rule, self.one)
        self.rule.category_id = self.tag.create({"name": "Silver"})
        self.switch_off(self.rule)
        self.assertFalse(self.one.category_id)
        self.assertFalse(self.rule.origin_ids)

    def test_deleted_customer_takes_his_origins_along(self):
        self.hold(self.rule, self.one)
        self.one.unlink()
        self.env.flush_all()
        self.assertFalse(
            self.env["mini_crm.tag.origin"].search([("rule_id", "=", self.rule.id)])
        )

    def test_tagged_count_leaves_out_who_declined(self):
        self.hold(self.rule, self.one | self.two)
        self.two.category_id = False
        self.assertEqual(self.rule.tagged_count, 1)


@tagged("post_install", "-at_install")
class TestTagDifferenceCounts(TagCase, CountsCase):
    """The stored counts follow the links that rules write."""

    def test_counts_by_tag_hold_after_rules_put_on_and_take_off(self):
        people = self.one | self.two | make_customer(self.env)
        self.settle()
        self.hold(self.rule, people)
        self.assert_counts_hold("putting on")
        self.hold(self.rule, self.two)
        self.assert_counts_hold("taking off")
        self.switch_off(self.rule)
        self.assert_counts_hold("archiving")

    def test_raw_link_of_another_program_is_a_hand(self):
        self.hold(self.rule, self.one)
        self.env.cr.execute(
            SQL("DELETE FROM %s WHERE category_id = %s", LINKS, self.tag.id)
        )
        self.env.invalidate_all()
        self.assertTrue(self.origin(self.one).declined)
        self.one.write({"category_id": [Command.link(self.tag.id)]})
        self.assertFalse(self.origin(self.one).declined)
