from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..factories import make_customer
from .tag_case import TagCase


@tagged("post_install", "-at_install")
class TestTagHands(TagCase):
    """Whatever door a person comes through, his word stands."""

    def test_tag_taken_off_by_hand_stays_off_while_the_condition_holds(self):
        self.hold(self.rule, self.one)
        self.one.write({"category_id": [Command.unlink(self.tag.id)]})
        self.assertTrue(self.origin(self.one).declined)
        self.hold(self.rule, self.one)
        self.assertFalse(self.one.category_id)
        self.hold(self.rule, self.two)
        self.hold(self.rule, self.one)
        self.assertEqual(self.one.category_id, self.tag, "it holds anew")

    def test_tag_put_on_after_the_rule_did_stays(self):
        self.hold(self.rule, self.one)
        self.one.write({"category_id": [Command.link(self.tag.id)]})
        self.assertTrue(self.origin(self.one).by_hand)
        self.hold(self.rule, self.two)
        self.assertEqual(self.one.category_id, self.tag)

    def test_writing_back_the_same_tags_makes_none_of_them_a_persons(self):
        self.hold(self.rule, self.one)
        self.one.write({"category_id": [Command.set(self.one.category_id.ids)]})
        self.assertFalse(self.origin(self.one).by_hand)

    def test_declined_tag_that_a_person_puts_on_again_stays(self):
        self.hold(self.rule, self.one)
        self.one.category_id = False
        self.one.category_id = self.tag
        self.hold(self.rule, self.two)
        self.assertEqual(self.one.category_id, self.tag)

    def test_tags_own_list_of_contacts_is_a_door_too(self):
        self.hold(self.rule, self.one)
        self.tag.write({"partner_ids": [Command.unlink(self.one.id)]})
        self.assertTrue(self.origin(self.one).declined)
        self.tag.write({"partner_ids": [Command.link(self.two.id)]})
        self.hold(self.rule, self.two)
        self.assertTrue(self.origin(self.two).by_hand)
        self.assertEqual(
            self.tag_events(self.one),
            [("tag_added", "Golden rule"), ("tag_removed", None)],
        )
        self.assertEqual(self.tag_events(self.two), [("tag_added", None)])

    def test_link_to_a_rules_tag_from_its_own_list_is_a_hand(self):
        self.hold(self.rule, self.one)
        self.tag.write({"partner_ids": [Command.link(self.one.id)]})
        self.assertTrue(self.origin(self.one).by_hand)

    def test_import_of_a_file_is_a_hand(self):
        self.hold(self.rule, self.two)
        result = self.env["res.partner"].load(
            ["name", "category_id"], [["Imported", "Golden"]]
        )
        imported = self.env["res.partner"].browse(result["ids"])
        self.settle()
        self.hold(self.rule, imported)
        self.hold(self.rule, self.two)
        self.assertEqual(imported.category_id, self.tag)

    def test_person_and_rule_in_one_transaction_are_told_apart(self):
        self.one.write({"category_id": [Command.create({"name": "By me"})]})
        self.env["mini_crm.queue"]._process_inline()
        self.hold(self.rule, self.one)
        self.assertEqual(self.tag_events(self.one), [("tag_added", "Golden rule")])

    def test_form_tells_whose_a_tag_is(self):
        mine = self.tag.create({"name": "Mine"})
        self.one.category_id = mine
        self.hold(self.rule, self.one)
        told = self.one.with_user(self.agent).tag_origins
        self.assertEqual(list(told), [str(self.tag.id)])
        self.assertIn("Golden rule", told[str(self.tag.id)]["text"])
        self.assertFalse(told[str(self.tag.id)]["by_hand"])

    def test_tag_of_a_rule_cannot_be_deleted_unawares(self):
        self.hold(self.rule, self.one)
        with self.assertRaisesRegex(UserError, r"Golden rule: 1 customers"):
            self.tag.unlink()
        self.rule.unlink()
        self.tag.unlink()

    def test_deleted_tag_is_told_in_the_timeline(self):
        tag = self.tag.create({"name": "Soon gone"})
        self.one.category_id = tag
        self.settle()
        tag.unlink()
        self.settle()
        self.assertEqual(
            [event.type for event in self.events(self.one, "tag_added", "tag_removed")],
            ["tag_added", "tag_removed"],
        )


@tagged("post_install", "-at_install")
class TestTagMerge(TagCase):
    """Odoo's own merge of contacts: the survivor has the tags, and whose they are."""

    def merge(self, survivor, source):
        self.env["res.partner"].sudo()._log_changes()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((survivor | source).ids, survivor)
        self.env.invalidate_all()

    def test_origins_of_both_become_one(self):
        other = self._rule("Other rule")
        self.hold(self.rule, self.one | self.two)
        self.hold(other, self.two)
        self.merge(self.one, self.two)
        self.assertEqual(len(self.origin(self.one)), 1)
        self.assertEqual(len(self.origin(self.one, other)), 1)
        self.assertFalse(self.origin(self.one).by_hand)
        self.assertFalse(self.origin(self.one).declined)

    def test_hand_of_the_source_counts_for_the_survivor(self):
        self.two.category_id = self.tag
        self.hold(self.rule, self.one)
        self.merge(self.one, self.two)
        self.assertTrue(self.origin(self.one).by_hand)
        self.hold(self.rule, make_customer(self.env))
        self.assertEqual(self.one.category_id, self.tag)

    def test_declined_tag_comes_back_with_a_source_that_carries_it(self):
        self.hold(self.rule, self.one | self.two)
        self.one.category_id = False
        self.merge(self.one, self.two)
        self.assertEqual(self.one.category_id, self.tag)
        self.assertFalse(self.origin(self.one).declined)
        self.assertFalse(self.origin(self.one).by_hand)

    def test_declined_by_both_stays_off(self):
        self.hold(self.rule, self.one | self.two)
        (self.one | self.two).write({"category_id": False})
        self.merge(self.one, self.two)
        self.assertFalse(self.one.category_id)
        self.assertTrue(self.origin(self.one).declined)
