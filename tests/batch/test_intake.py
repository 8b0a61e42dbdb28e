from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .intake_case import IntakeCase


@tagged("post_install", "-at_install")
class TestIntake(IntakeCase):
    """Values of other fields come into custom fields, each by the one way in."""

    def offer(self, source):
        found = {one["source"]: one for one in self.intake.get_offer()["sources"]}
        return found.get(source)

    def test_each_kind_of_place_is_offered_with_what_it_would_become(self):
        expected = {
            "x_shoe": ("Shoe", "own", 7, "text"),
            "x_day": ("First visit", "own", 7, "date"),
            "x_land": ("Home", "own", 3, "text"),
            "x_likes": ("Likes", "own", 2, "text"),
            "x_points": ("Points", "own", 6, "number"),
            "x_level": ("Level", "own", 7, "select"),
            "property:taste": ("Taste", "property", 3, "select"),
            "property:habits": ("Habits", "property", 1, "text"),
            "property:visits": ("Visits", "property", 6, "number"),
            "function": ("Job Position", "column", 5, "text"),
        }
        found = {one["source"]: one for one in self.intake.get_offer()["sources"]}
        for source, told in expected.items():
            one = found[source]
            self.assertEqual(
                (one["label"], one["kind"], one["count"], one["type"]), told, source
            )
        self.assertEqual(found["x_likes"]["samples"][0], "Tea, Nuts")
        self.assertEqual(found["x_level"]["samples"], ["Golden", "Silver ware"])
        for name in ("name", "email", "phone", "city", "lang", "property:line"):
            self.assertNotIn(name, found)
        self.assertFalse([name for name in found if name.startswith("custom_")])

    def test_values_come_in_as_their_labels_say(self):
        names = (
            *("x_day", "x_land", "x_likes", "x_points", "x_level"),
            *("property:taste", "property:habits", "function"),
        )
        batch = self.bring([{"source": name} for name in names])
        got = {
            name: self.values(self.field_of(batch, index))
            for index, name in enumerate(names)
        }
        (told,) = [
            one["examples"]
            for one in batch.progress()["sources"]
            if one["label"] == "Level"
        ]
        self.assertEqual([one["from"] for one in told], ["Golden", "Silver ware"])
        self.assertEqual(got["x_day"][0], date(2020, 1, 1))
        self.assertEqual(got["x_land"][:2], [None, "Iran"])
        self.assertEqual(got["x_likes"][1:3], ["Tea, Nuts", None])
        self.assertEqual(got["x_points"][:3], [None, 1.0, 2.0])
        self.assertEqual(got["x_level"][:2], ["gold", "silver"])
        self.assertEqual(got["property:taste"][2:4], ["salty", None])
        self.assertEqual(got["property:habits"][4], "Comes late, Pays cash")
        self.assertEqual(got["function"][4:6], ["Baker 4", None])
        self.assertEqual(self.partners[0].x_day, date(2020, 1, 1))
        self.assertEqual(self.partners[1].function, "Baker 1")

    def test_one_event_tells_each_customer_of_all_that_came(self):
        batch = self.bring([{"source": "x_day"}, {"source": "x_level"}])
        day, level = self.field_of(batch, 0), self.field_of(batch, 1)
        (event,) = self.events(self.partners[0], "field_updated").filtered("batch_id")
        self.assertEqual(event.batch_id, batch)
        self.assertEqual(
            event.data, {day.key: [None, "2020-01-01"], level.key: [None, "gold"]}
        )

    def test_labels_of_field_and_choices_come_in_both_languages(self):
        batch = self.bring([{"source": "x_level"}])
        level = self.field_of(batch)
        persian = level.with_context(lang="fa_IR")
        self.assertEqual((level.name, persian.name), ("Level", "سطح"))
        self.assertEqual(level.option_ids.mapped("code"), ["gold", "silver"])
        self.assertEqual(level.option_ids.mapped("name"), ["Golden", "Silver ware"])
        self.assertEqual(persian.option_ids[0].name, "طلایی")

    def test_a_persian_administrator_reads_his_own_labels(self):
        self.admin.lang = "fa_IR"
        self.intake = self.intake.with_context(lang="fa_IR")
        self.assertEqual(self.offer("x_level")["label"], "سطح")
        self.assertEqual(self.offer("x_level")["samples"][0], "طلایی")
        names = ("x_level", "x_day", "x_points")
        batch = self.bring([{"source": name} for name in names])
        shown = [one["examples"][0]["to"] for one in batch.progress()["sources"]]
        self.assertEqual(shown, ["طلایی", "1398/10/11", "1"])
        level = self.field_of(batch)
        self.assertEqual(level.with_context(lang="fa_IR").name, "سطح")
        self.assertEqual(level.with_context(lang="en_US").name, "Level")

    def test_what_does_not_fit_is_listed_and_the_rest_comes_in(self):
        batch = self.bring(
            [{"source": "x_shoe", "type": "number"}, {"source": "x_day"}]
        )
        self.assertEqual((batch.updated, batch.failed), (13, 1))
        line = batch.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual((line.column, line.value), ("Shoe", "large"))
        self.assertEqual(line.partner_id, self.partners[6])
        self.assertIn("not a number", line.message)
        self.assertEqual(self.values(self.field_of(batch))[5:], [35.0, None])
        self.assertEqual(self.partners[6].x_shoe, "large")

    def test_a_value_of_the_customer_stays_unless_it_is_to_be_replaced(self):
        field = self.env["mini_crm.field"].create({"name": "Shoe", "type": "text"})
        self.assertEqual(self.offer("x_shoe")["key"], field.key)
        self.partners[0]._set_custom({field.key: "40"})
        self.partners[1]._set_custom({field.key: "31"})
        self.settle()
        batch = self.bring([{"source": "x_shoe"}])
        self.assertEqual((batch.updated, batch.unchanged, batch.skipped), (5, 1, 1))
        self.assertEqual(self.values(field)[:3], ["40", "31", "32"])
        again = self.bring([{"source": "x_shoe", "replace": True}])
        self.assertEqual((again.updated, again.unchanged, again.skipped), (1, 6, 0))
        self.assertEqual(self.values(field)[0], "30")

    def test_a_choice_finds_its_like_in_another_field_by_its_label(self):
        field = self.env["mini_crm.field"].create({"name": "Rank", "type": "select"})
        self.env["mini_crm.field.option"].create(
            [
                {"field_id": field.id, "name": "golden", "code": "g1"},
                {"field_id": field.id, "name": "Bronze", "code": "b1"},
            ]
        )
        batch = self.bring([{"source": "x_level", "key": field.key}])
        self.assertEqual((batch.updated, batch.failed), (4, 3))
        self.assertEqual(self.values(field)[:2], ["g1", None])

    def test_where_the_slots_are_taken_values_go_beyond_them(self):
        free = self.env["mini_crm.field"]._free_slots()["date"]
        self.env["mini_crm.field"].create(
            [{"name": f"Date {n}", "type": "date"} for n in range(len(free))]
        )
        batch = self.check([{"source": "x_day"}])
        self.assertIn("First visit", batch.progress()["warnings"][0])
        batch = self.bring([{"source": "x_day"}])
        field = self.field_of(batch)
        self.assertFalse(field.slot)
        self.assertEqual(self.values(field)[1], date(2020, 1, 2))

    def test_only_who_may_make_fields_makes_some(self):
        offer = self.intake.with_user(self.manager).get_offer()
        self.assertFalse(offer["may_create"])
        with self.assertRaises(AccessError):
            self.check([{"source": "x_shoe"}], self.manager)
        field = self.env["mini_crm.field"].create({"name": "Size", "type": "text"})
        choice = [{"source": "x_shoe", "key": field.key}]
        self.assertEqual(self.bring(choice, self.manager).updated, 7)
        with self.assertRaises(AccessError):
            self.intake.with_user(self.agent).get_offer()

    def test_nobody_runs_what_somebody_else_has_chosen(self):
        batch = self.check([{"source": "x_shoe"}])
        with self.assertRaises(AccessError):
            self.intake.with_user(self.manager).run(batch.id)

    def test_choices_that_cannot_be_are_refused_with_the_reason(self):
        for choices in (
            [],
            [{"source": "x_none"}],
            [{"source": "email"}],
            [{"source": "x_shoe", "type": "select"}],
            [{"source": "x_shoe", "type": "colour"}],
            [{"source": "x_shoe", "key": "none"}],
            [{"source": "x_shoe"}, {"source": "x_shoe"}],
            "x_shoe",
        ):
            with self.assertRaises(UserError, msg=choices):
                self.intake.check(choices)

    def test_a_field_for_other_eyes_is_not_offered(self):
        field = self.env["res.partner"]._fields["x_shoe"]
        self.patch(field, "groups", "base.group_portal")
        self.assertFalse(self.offer("x_shoe"))
        with self.assertRaises(UserError):
            self.intake.check([{"source": "x_shoe"}])

    def test_customers_of_another_company_are_not_touched(self):
        other = self.env["res.company"].create({"name": "Branch"})
        self.partners[0].company_id = other
        self.settle()
        batch = self.bring([{"source": "x_shoe"}])
        self.assertEqual(batch.total, 6)
        self.assertEqual(self.values(self.field_of(batch))[:2], [None, "31"])

    def test_who_has_another_company_alone_sees_nothing_of_the_first(self):
        other = self.env["res.company"].create({"name": "Branch"})
        self.partners.company_id = self.company
        self.settle()
        admin = new_test_user(
            self.env,
            "branch",
            "mini_crm.mini_crm_group_admin",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        intake = self.env(user=admin)["mini_crm.intake"]
        self.assertFalse(intake.with_company(other).get_offer()["sources"])
