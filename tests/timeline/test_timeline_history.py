from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.timeline.mini_crm_field_change import PER_EVENT
from ..common import MiniCrmCase
from ..factories import make_customer


@tagged("post_install", "-at_install")
class TestTimelineHistory(MiniCrmCase):
    """Changes of custom fields are told by key, and listed with who, how and what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env, name="Sara")
        cls.size, cls.shoe = cls.env["mini_crm.field"].create(
            [
                {"name": "Size", "key": "size", "type": "text"},
                {"name": "Shoe", "key": "shoe", "type": "number", "slot": False},
            ]
        )
        cls.env.cr.flush()

    def told(self):
        self.settle()
        events = self.events(self.customer, "field_updated")
        return [(event.through, event.data) for event in events]

    def changes(self, *domain):
        return self.env["mini_crm.field.change"].search(
            [("partner_id", "=", self.customer.id), *domain]
        )

    def test_change_is_told_by_key_with_what_was_stored(self):
        self.customer.write({self.size.slot: " L ", "custom_fields_extra": {"shoe": 4}})
        self.assertEqual(
            self.told(), [("program", {"shoe": [None, 4.0], "size": [None, "L"]})]
        )

    def test_number_that_was_unset_is_not_told_as_zero(self):
        points = self.env["mini_crm.field"].create({"name": "Points", "type": "number"})
        self.customer.write({points.slot: 0})
        self.customer.write({points.slot: 5})
        self.settle()
        self.customer.write({points.slot: 0})
        self.settle()
        self.customer.write({points.slot: False})
        self.assertEqual(
            [data["points"] for _way, data in self.told()],
            [[None, 5.0], [5.0, 0.0], [0.0, None]],
        )

    def test_value_written_again_is_no_change(self):
        self.customer._set_custom({"size": "L", "shoe": 4})
        self.settle()
        self.customer._set_custom({"size": " L", "shoe": "4"})
        self.assertEqual(len(self.told()), 1)
        self.assertEqual(self.customer.custom_fields_extra, {"shoe": 4.0})

    def test_change_says_by_what_way_it_came(self):
        slot = self.size.slot
        self.customer.web_save({slot: "a"}, {"id": {}})
        self.settle()
        other = make_customer(self.env)
        (self.customer | other).web_save({slot: "b"}, {"id": {}})
        self.settle()
        self.customer._set_custom({"size": "c"}, through="api")
        self.settle()
        self.env["res.partner"].load([".id", slot], [[str(self.customer.id), "d"]])
        self.settle()
        self.customer.with_context(mini_crm_through="nonsense").write({slot: "e"})
        self.assertEqual(
            [way for way, _data in self.told()],
            ["form", "list", "api", "import", "program"],
        )

    def test_value_is_told_under_the_field_that_had_the_slot(self):
        self.customer._set_custom({"size": "L"})
        self.size.action_archive()
        self.size.release_slot()
        hat = self.env["mini_crm.field"].create({"name": "Hat", "type": "text"})
        self.assertEqual(hat.slot, "custom_text_1")
        self.customer._set_custom({"hat": "blue"})
        self.assertEqual(
            [data for _way, data in self.told()],
            [{"size": [None, "L"]}, {"hat": [None, "blue"]}],
        )

    def test_history_lists_every_field_of_an_event(self):
        self.customer.with_user(self.agent).web_save(
            {self.size.slot: "L", "city": "Qom", "custom_fields_extra": {"shoe": 4}},
            {"id": {}},
        )
        self.settle()
        found = self.changes()
        self.assertEqual(
            sorted(zip(found.mapped("label"), found.mapped("new_value"), strict=True)),
            [("City", "Qom"), ("Shoe", "4"), ("Size", "L")],
        )
        self.assertEqual(found.author_id, self.agent)
        self.assertEqual(set(found.mapped("through")), {"form"})
        event = self.events(self.customer, "field_updated")
        self.assertEqual(
            sorted(found.ids), [event.id * PER_EVENT + n for n in (1, 2, 3)]
        )

    def test_archiving_is_told_as_yes_and_no(self):
        self.customer.action_archive()
        self.settle()
        change = self.changes()
        self.assertEqual(
            (change.key, change.old_value, change.new_value), ("active", "Yes", "No")
        )
        (event,) = self.customer.get_timeline(types=["field_updated"])["events"]
        self.assertEqual(
            event["data"]["active"], {"label": "Active", "old": "Yes", "new": "No"}
        )

    def test_history_is_searched_by_field_person_and_way(self):
        self.customer.with_user(self.agent).web_save({self.size.slot: "L"}, {"id": {}})
        self.settle()
        self.customer.city = "Qom"
        self.settle()
        self.size.action_archive()
        for condition, keys in (
            (("label", "ilike", "SIZE"), ["size"]),
            (("label", "=", "City"), ["city"]),
            (("author_id", "=", self.agent.id), ["size"]),
            (("through", "=", "program"), ["city"]),
            (("date", ">=", "today"), ["city", "size"]),
            (("key", "=", "size"), ["size"]),
        ):
            found = self.changes(condition)
            self.assertEqual(sorted(found.mapped("key")), keys, condition)

    def test_history_speaks_the_viewers_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        born = self.env.ref("mini_crm.mini_crm_field_birth_date")
        born.with_context(lang="fa_IR").name = "تولد"
        self.customer._set_custom({"birth_date": "1989-03-21"})
        self.settle()
        change = self.changes().with_context(lang="fa_IR")
        self.assertEqual((change.label, change.new_value), ("تولد", "۱۳۶۸/۰۱/۰۱"))

    def test_history_of_a_customer_opens_from_the_form(self):
        self.customer._set_custom({"size": "L"})
        other = make_customer(self.env)
        other.write({"city": "Qom"})
        self.settle()
        action = self.customer.with_user(self.agent).action_open_field_history()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.partner_id, self.customer)
        self.assertTrue(found.filtered(lambda change: change.key == "size"))

    def test_nobody_else_reads_the_history(self):
        with self.assertRaises(AccessError):
            self.env["mini_crm.field.change"].with_user(self.portal).search([])

    def test_merge_keeps_values_of_every_kind_of_place(self):
        released = self.env["mini_crm.field"].create({"name": "Old", "type": "text"})
        hidden = self.env["mini_crm.field"].create({"name": "Hidden", "type": "number"})
        one = make_customer(self.env)
        self.customer._set_custom({"old": "survivor", "shoe": 1})
        one._set_custom({"old": "source", "size": "L", "hidden": 7, "shoe": 2})
        two = make_customer(self.env)
        two._set_custom({"old": "second"})
        one.write({"custom_fields_extra": {"till": "x"}})
        (released | hidden).action_archive()
        released.release_slot()
        self.size.rules = {"min_length": 3}
        self.settle()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.customer | one | two).ids, self.customer)
        self.assertEqual(self.told()[-1][0], "merge")
        self.assertEqual(self.told()[-1][1]["size"], [None, "L"])
        (released | hidden).restore()
        values = self.customer._custom_values(extra=True)[self.customer.id]
        values.pop("birth_date")
        self.assertEqual(
            values,
            {"old": "survivor", "size": "L", "hidden": 7.0, "shoe": 1.0, "till": "x"},
        )
