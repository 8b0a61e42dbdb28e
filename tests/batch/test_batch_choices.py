from odoo.tests import tagged

from ..factories import make_customer
from .batch_case import BatchCase


@tagged("post_install", "-at_install")
class TestBatchChoices(BatchCase):
    """By what customers are recognised, and what becomes of those who are or not."""

    def test_existing_and_missing_customers_are_chosen_apart(self):
        rows = [["id", "name"], ["A1", "Changed"], ["A2", "New"]]
        for existing, missing, counts in (
            ("update", "create", {"updated": 1, "created": 1}),
            ("skip", "create", {"skipped": 1, "created": 1}),
            ("update", "skip", {"updated": 1, "skipped": 1}),
            ("skip", "skip", {"skipped": 2}),
            ("create", "create", {"created": 2}),
        ):
            with self.subTest(existing=existing, missing=missing):
                self.env["res.partner"].search([("ref", "like", "A_")]).unlink()
                make_customer(self.env, ref="A1", name="Sara")
                self.settle()
                options = {"existing": existing, "missing": missing}
                batch = self.run_import("customers", rows, options=options)
                self.assertEqual(self.counts(batch), counts)

    def test_any_custom_field_may_be_the_key(self):
        card = self.env["mini_crm.field"].create({"name": "Card", "type": "text"})
        size = self.env["mini_crm.field"].create({"name": "Number", "type": "number"})
        sara = make_customer(self.env, name="Sara", **{card.slot: "C-1", size.slot: 7})
        self.settle()
        rows = [["card", "number", "city"], ["C-1", "", "Yazd"], ["C-2", "", "Qom"]]
        batch = self.run_import("customers", rows, key=f"custom:{card.key}")
        self.assertEqual(self.counts(batch), {"updated": 1, "created": 1})
        self.assertEqual(sara.city, "Yazd")
        rows = [["card", "number", "city"], ["", "7.0", "Tehran"], ["", "7", "Ahvaz"]]
        batch = self.run_import("customers", rows, key=f"custom:{size.key}")
        self.assertEqual(self.counts(batch), {"updated": 1, "failed": 1})
        self.assertEqual(sara.city, "Tehran")
        self.assertEqual(batch.line_ids.filtered("message").column, "number")

    def test_the_last_of_several_rows_may_be_the_one_that_counts(self):
        batch = self.run_import(
            "customers",
            [["id", "name"], ["A1", "First"], ["A2", "B"], ["A1", "Last"]],
            options={"repeated": "last"},
        )
        self.assertEqual(self.counts(batch), {"created": 2, "skipped": 1})
        self.assertEqual(self.problems(batch), [(2, "duplicate_in_file")])
        self.assertEqual(self.customer("A1").name, "Last")

    def test_who_may_be_known_already_is_told_and_skipped_on_request(self):
        make_customer(self.env, ref="OLD", name="Sara", phone="+98 912 345 6789")
        make_customer(self.env, name="Gone", email="g@x.com").active = False
        self.settle()
        rows = [
            ["id", "name", "phone", "e-mail"],
            ["A1", "Sara A.", "09123456789", ""],
            ["A2", "Ali", "", "ali@example.com"],
            ["A3", "Ali R.", "", "ALI@example.com"],
            ["A4", "Reza", "", "g@x.com"],
        ]
        found = [(2, "similar_customer"), (4, "similar_row")]
        skipping = {"similar": "skip"}
        batch = self.run_import("customers", rows, options=skipping)
        self.assertEqual(self.counts(batch), {"created": 2, "skipped": 2})
        self.assertEqual(self.problems(batch), found)
        self.assertIn("Sara", batch.line_ids[0].message)
        self.env["res.partner"].search([("ref", "like", "A_")]).unlink()
        batch = self.run_import("customers", rows, options={"similar": "create"})
        self.assertEqual(self.counts(batch), {"created": 4})
        self.assertEqual(self.problems(batch), found)
        told = batch.with_user(self.manager).progress()["rows"]
        self.assertEqual([row["state"] for row in told], ["note", "note"])

    def test_two_rows_about_one_customer_by_different_keys_are_one_too_many(self):
        sara = make_customer(
            self.env, ref="A1", name="Sara", email="s@x.com", phone="+98 912 345 6789"
        )
        self.settle()
        rows = [
            ["id", "e-mail", "phone", "city"],
            ["A1", "new@x.com", "", "Yazd"],
            ["", "s@x.com", "", "Qom"],
            ["", "", "09123456789", "Ahvaz"],
        ]
        batch = self.run_import("customers", rows, key="any")
        self.assertEqual(self.counts(batch), {"updated": 1, "failed": 2})
        self.assertEqual(self.problems(batch), [(3, "second_row"), (4, "second_row")])
        self.assertEqual((sara.city, sara.email), ("Yazd", "new@x.com"))

    def test_a_word_in_a_cell_empties_the_value(self):
        Field = self.env["mini_crm.field"]
        size = Field.create({"name": "Size", "type": "number"})
        beyond = Field.create({"name": "Beyond", "type": "text", "slot": False})
        country = self.env.ref("base.de")
        sara = make_customer(
            self.env,
            ref="A1",
            name="Sara",
            email="s@x.com",
            city="Yazd",
            country_id=country.id,
            custom_fields_extra={beyond.key: "x", "other": "stays"},
            **{size.slot: 7},
        )
        self.settle()
        rows = [
            ["id", "e-mail", "city", "country", "size", "beyond"],
            ["A1", "[clear]", "", "[clear]", "[clear]", "[clear]"],
        ]
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual((sara.email, sara.email_normalized), (False, False))
        self.assertEqual((sara.city, sara.country_id), ("Yazd", country.browse()))
        self.assertEqual(sara[size.slot], 0)
        self.assertEqual(sara.custom_fields_extra, {"other": "stays"})
        told = self.events(sara, "field_updated").data
        self.assertEqual(told["email"], ["s@x.com", None])
        again = self.run_import("customers", rows)
        self.assertEqual(self.counts(again), {"unchanged": 1})

    def test_a_company_with_people_can_be_emptied_as_well(self):
        company = make_customer(
            self.env, ref="A1", name="Acme", is_company=True, street="Old street 1"
        )
        person = make_customer(self.env, name="Joe", parent_id=company.id)
        self.settle()
        rows = [["id", "name", "street"], ["A1", "", "[clear]"]]
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertFalse(company.street or person.street)

    def test_a_default_is_for_new_customers_only(self):
        self.env["ir.default"].set(
            "res.partner", "city", "Default", user_id=self.manager.id
        )
        sara = make_customer(self.env, ref="A1", name="Sara", city=False)
        self.settle()
        rows = [["id", "name", "city"], ["A1", "Sara A.", ""], ["A2", "John", ""]]
        self.run_import("customers", rows)
        self.assertFalse(sara.city)
        self.assertEqual(self.customer("A2").city, "Default")

    def test_an_owner_is_found_by_name_login_or_e_mail(self):
        rows = [
            ["id", "owner"],
            ["A1", self.agent.name],
            ["A2", self.agent.login],
            ["A3", "Nobody here"],
        ]
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"created": 2, "failed": 1})
        self.assertEqual(self.problems(batch), [(4, "owner_unknown")])
        self.assertEqual(self.customer("A1").user_id, self.agent)
        self.assertEqual(self.customer("A2").user_id, self.agent)

    def test_customers_join_segments_that_are_picked_by_hand(self):
        segment = self.env["mini_crm.segment"].create(
            {"name": "Friends", "kind": "static"}
        )
        sara = make_customer(self.env, ref="A1", name="Sara")
        self.settle()
        rows = [
            ["id", "name", "segments"],
            ["A1", "Sara", "friends"],
            ["A2", "Ali", "Friends"],
            ["A3", "Reza", "Nobody's"],
        ]
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"updated": 1, "created": 1, "failed": 1})
        self.assertEqual(self.problems(batch), [(4, "segment_unknown")])
        self.assertEqual(segment.member_ids.partner_id, sara | self.customer("A2"))
        again = self.run_import("customers", rows)
        self.assertEqual(self.counts(again), {"unchanged": 2, "failed": 1})

    def test_choices_are_remembered_for_files_with_the_same_columns(self):
        options = {"existing": "skip", "similar": "skip", "date_orders": {"1": "mdy"}}
        self.run_import(
            "customers", [["id", "since"], ["A1", "03/04/2020"]], options=options
        )
        batch = self.start("customers", [["id", "since"], ["A2", "05/06/2020"]])
        for name, value in options.items():
            self.assertEqual(batch.settings[name], value)
