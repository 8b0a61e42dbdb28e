from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine.fields import SLOTS, slot_type
from ..factories import PIXEL, make_customer
from .merge_case import MergeCase

TEXT = st.sampled_from([False, "Sara", "Sara Ahmadi", "سارا"])
VALUES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Sara", "Sara Ahmadi", "سارا"]),
        "function": TEXT,
        "city": st.sampled_from([False, "Shiraz", "Yazd"]),
        "street": st.sampled_from([False, "A", "Long street 12"]),
        "website": st.sampled_from([False, "http://x.example"]),
        "is_company": st.booleans(),
        "custom_number_1": st.sampled_from([False, 0, 5]),
        "custom_boolean_1": st.booleans(),
        "custom_date_1": st.sampled_from([False, "2000-01-01"]),
        "custom_text_1": TEXT,
    }
)


@tagged("post_install", "-at_install")
class TestMergeChoices(MergeCase):
    """What is shown before is what is there afterwards."""

    def test_preview_is_the_result_for_random_people_and_choices(self):
        @settings(
            max_examples=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            st.lists(VALUES, min_size=2, max_size=4),
            st.dictionaries(
                st.sampled_from(["name", "function", "city", "custom_number_1"]),
                st.integers(0, 1),
            ),
        )
        def look(people, chosen):
            customers = self.env["res.partner"].create(people)
            self.settle()
            survivor, others = customers[0], customers[1:]
            choices = {name: customers[n].id for name, n in chosen.items()}
            merging = self.merging.with_user(self.manager)
            shown = merging.preview(survivor.id, others.ids, choices)
            self.merge(survivor, *others, choices=choices)
            stored = self.merging._stored_values(survivor.ids)[survivor.id]
            for name, value in shown.items():
                have = stored[name]
                have = have.isoformat() if hasattr(have, "isoformat") else have
                self.assertEqual(have, value, name)

        look()

    def test_no_and_zero_of_the_survivor_stay(self):
        booleans = [slot for slot in SLOTS if slot_type(slot) == "boolean"]
        numbers = [slot for slot in SLOTS if slot_type(slot) == "number"]
        nothing = dict.fromkeys(booleans, False) | dict.fromkeys(numbers, 0)
        something = dict.fromkeys(booleans, True) | dict.fromkeys(numbers, 5)
        one = make_customer(self.env, **nothing)
        two = make_customer(self.env, **something)
        choices = dict.fromkeys([*booleans, *numbers], one.id)
        self.merge(one, two, choices=choices)
        stored = self.merging._stored_values(one.ids)[one.id]
        self.assertEqual({name: stored[name] for name in nothing}, nothing)

    def test_empty_fields_are_filled_hidden_ones_too(self):
        one = make_customer(self.env)
        two = make_customer(self.env, custom_text_7="hidden", custom_number_3=4)
        self.assertNotIn(
            "custom_text_7", self.env["mini_crm.field"]._rules_by_slot(), "hidden"
        )
        self.merge(one, two)
        self.assertEqual((one.custom_text_7, one.custom_number_3), ("hidden", 4))

    def test_photo_of_another_one_is_taken_and_given_back(self):
        one, two = make_customer(self.env), make_customer(self.env, image_1920=PIXEL)
        self.settle()
        batch = self.merge(one, two)
        self.assertTrue(one.image_1920)
        self.undo(batch)
        self.assertFalse(one.image_1920)
        self.assertTrue(two.image_1920)

    def test_an_address_is_one_customers(self):
        one = make_customer(self.env, city="Yazd")
        two = make_customer(self.env, street="Hafez 1", city="Shiraz", zip="71")
        look = self.merging.with_user(self.manager).look([one.id, two.id], one.id)
        by_name = {field["name"]: field for field in look["fields"]}
        self.assertEqual(by_name["city"]["chosen"], two.id)
        self.assertEqual(by_name["city"]["reason"], "address")
        self.merge(one, two)
        self.assertEqual((one.street, one.city, one.zip), ("Hafez 1", "Shiraz", "71"))

    def test_what_a_user_may_not_read_is_merged_unseen(self):
        one = make_customer(self.env)
        two = make_customer(self.env, function="Secret")
        self.settle()
        field = self.env.registry["res.partner"]._fields["function"]
        merging = self.merging.with_user(self.agent)
        with patch.object(field, "groups", "base.group_system"):
            shown = merging.preview(one.id, two.ids)
            self.assertNotIn("function", shown)
            with self.assertRaisesRegex(UserError, "nothing to choose"):
                merging.preview(one.id, two.ids, {"function": two.id})
            merging.merge(one.id, two.ids)
        self.env.invalidate_all()
        self.assertEqual(one.function, "Secret")

    def test_look_says_what_differs_and_what_moves(self):
        workflow = self.live(self.wait())
        one, two = (self.rich(workflow, n) for n in (1, 2))
        look = self.merging.with_user(self.agent).look([one.id, two.id])
        self.assertIn(look["survivor_id"], (one.id, two.id))
        self.assertFalse(look["refusal"])
        differing = {field["name"] for field in look["fields"] if field["differs"]}
        self.assertLessEqual({"name", "email", "phone", "city"}, differing)
        moves = {move["label"]: move["count"] for move in look["moves"]}
        self.assertEqual((moves["Purchases"], moves["Messages"]), (1, 2))

    def test_look_says_why_it_cannot_be(self):
        one = make_customer(self.env)
        two = make_customer(self.env)
        self.merge(one, two)
        three = make_customer(self.env)
        look = self.merging.with_user(self.manager).look([three.id, two.id])
        self.assertIn("already", look["refusal"])

    def test_overflow_is_merged_key_by_key(self):
        one = make_customer(self.env, custom_fields_extra={"a": 1})
        two = make_customer(self.env, custom_fields_extra={"a": 2, "b": 0})
        self.merge(one, two)
        self.assertEqual(one.custom_fields_extra, {"a": 1, "b": 0})
