from odoo.tests import tagged

from ..factories import make_customer
from .batch_case import BatchCase


@tagged("post_install", "-at_install")
class TestBatchCustomers(BatchCase):
    def test_new_customers_have_details_profile_score_and_one_event(self):
        batch = self.run_import(
            "customers",
            [
                ["id", "name", "e-mail", "phone", "city", "country", "tags", "source"],
                [
                    "A1",
                    "Sara",
                    "Sara@Example.com",
                    "09123456789",
                    "Tehran",
                    "Iran",
                    "VIP, Import only",
                    "Instagram",
                ],
                ["A2", "John", "", "", "", "", "", ""],
            ],
        )
        self.assertEqual(self.counts(batch), {"created": 2})
        self.assertEqual(batch.state, "done")
        sara = self.customer("A1")
        self.assertEqual(sara.email_normalized, "sara@example.com")
        self.assertEqual(sara.phone, "+98 912 345 6789")
        self.assertEqual(sara.phone_sanitized, "+989123456789")
        self.assertEqual(sara.country_id.code, "IR")
        self.assertEqual(sara.source_id.name, "Instagram")
        self.assertEqual(set(sara.category_id.mapped("name")), {"VIP", "Import only"})
        self.assertEqual(sara.journey_stage, "awareness")
        self.assertTrue(sara.crm_score)
        (event,) = self.events(sara)
        self.assertEqual((event.type, event.batch_id), ("customer_created", batch))
        self.assertEqual(event.author_id, self.manager)

    def test_the_same_file_twice_changes_nothing(self):
        rows = [
            [
                "id",
                "name",
                "e-mail",
                "phone",
                "tags",
                "source",
                "notes",
                "since",
                "zip",
            ],
            [
                "A1",
                "Sara",
                "Sara@Example.com",
                "09123456789",
                "VIP",
                "Shop",
                "x < y",
                "2020-01-31",
                "۱۲۳",
            ],
            ["A2", "John", "", "", "", "", "", "", ""],
        ]
        self.run_import("customers", rows)
        partners = self.customer("A1") | self.customer("A2")
        before = partners.read(["write_date", "name", "comment"])
        events = self.env["mini_crm.event"].search_count([])
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"unchanged": 2})
        self.assertEqual(self.env["mini_crm.event"].search_count([]), events)
        self.assertEqual(partners.read(["write_date", "name", "comment"]), before)
        self.assertEqual(self.env["res.partner"].search_count([("ref", "=", "A1")]), 1)

    def test_an_empty_cell_keeps_and_a_filled_one_changes(self):
        sara = make_customer(
            self.env, ref="A1", name="Sara", city="Tehran", email="old@example.com"
        )
        self.settle()
        batch = self.run_import(
            "customers",
            [["id", "name", "city", "e-mail"], ["A1", "", "", "new@example.com"]],
        )
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(sara.name, "Sara")
        self.assertEqual(sara.city, "Tehran")
        self.assertEqual(sara.email_normalized, "new@example.com")
        self.assertEqual(
            batch.line_ids.before,
            {"email": "old@example.com", "email_normalized": "old@example.com"},
        )
        self.assertEqual(
            batch.line_ids.after,
            {"email": "new@example.com", "email_normalized": "new@example.com"},
        )
        self.assertEqual(batch.line_ids.res_id, sara.id)
        event = self.events(sara, "field_updated")
        self.assertEqual(event.data, {"email": ["old@example.com", "new@example.com"]})
        self.assertEqual(event.batch_id, batch)

    def test_an_update_keeps_stored_fields_that_depend_on_it_right(self):
        sara = make_customer(self.env, ref="A1", name="Sara", company_name="Old")
        self.run_import(
            "customers",
            [
                ["id", "name", "company", "phone", "country", "source"],
                ["A1", "Sara A.", "New", "+98 912 345 6789", "DE", "Shop"],
            ],
        )
        self.assertEqual(sara.complete_name, "New, Sara A.")
        self.assertEqual(sara.commercial_company_name, "New")
        self.assertEqual(sara.phone_sanitized, "+989123456789")
        data = self.events(sara, "field_updated").data
        self.assertEqual(data["country_id"], [None, "Germany"])
        self.assertEqual(data["source_id"], [None, "Shop"])

    def test_a_company_with_people_passes_its_new_address_on(self):
        company = make_customer(
            self.env, ref="A1", name="Acme", is_company=True, street="Old street 1"
        )
        person = make_customer(self.env, name="Joe", parent_id=company.id)
        self.assertEqual(person.street, "Old street 1")
        batch = self.run_import(
            "customers", [["id", "name", "street"], ["A1", "Acme Ltd", "New street 2"]]
        )
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(person.street, "New street 2")
        self.assertEqual(person.complete_name, "Acme Ltd, Joe")
        self.assertEqual(len(self.events(company, "field_updated")), 1)

    def test_new_tags_are_added_and_none_is_taken_away(self):
        tag = self.env["res.partner.category"].create({"name": "ويژه"})
        other = self.env["res.partner.category"].create({"name": "Other"})
        sara = make_customer(self.env, ref="A1", category_id=other.ids)
        self.settle()
        batch = self.run_import("customers", [["id", "tags"], ["A1", "ویژه; other"]])
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(sara.category_id, tag | other)
        event = self.events(sara, "tag_added")
        self.assertEqual(event.data["tag_id"], tag.id)
        again = self.run_import("customers", [["id", "tags"], ["A1", "VIP;ویژه"]])
        self.assertEqual(self.counts(again), {"updated": 1})
        self.assertEqual(len(sara.category_id), 3)

    def test_customers_who_are_to_be_skipped_are_skipped(self):
        make_customer(self.env, ref="A1", name="Sara")
        rows = [["id", "name"], ["A1", "Changed"], ["A2", "New"]]
        batch = self.run_import("customers", rows, options={"mode": "create"})
        self.assertEqual(self.counts(batch), {"created": 1, "skipped": 1})
        self.assertEqual(self.customer("A1").name, "Sara")
        rows = [["id", "name"], ["A1", "Changed"], ["A3", "New"]]
        batch = self.run_import("customers", rows, options={"mode": "update"})
        self.assertEqual(self.counts(batch), {"updated": 1, "skipped": 1})
        self.assertFalse(self.customer("A3"))
        self.assertEqual(self.problems(batch), [(3, "no_such_customer")])

    def test_a_customer_twice_in_the_file_is_imported_once_and_named(self):
        batch = self.run_import(
            "customers",
            [["id", "name"], ["A1", "First"], ["A2", "B"], ["A1", "Second"]],
        )
        self.assertEqual(self.counts(batch), {"created": 2, "failed": 1})
        self.assertEqual(self.problems(batch), [(4, "duplicate_in_file")])
        self.assertIn("2", batch.line_ids[-1].message)
        self.assertEqual(self.customer("A1").name, "First")

    def test_the_key_may_be_whichever_the_row_has(self):
        make_customer(self.env, name="By phone", phone="+98 912 345 6789")
        batch = self.run_import(
            "customers",
            [
                ["name", "e-mail", "phone"],
                ["By phone", "", "۰۹۱۲۳۴۵۶۷۸۹"],
                ["By mail", "m@example.com", ""],
                ["Both", "b@example.com", "09121111111"],
                ["Again", "", "09121111111"],
                ["Nobody", "", ""],
            ],
            key="any",
        )
        self.assertEqual(
            self.counts(batch), {"unchanged": 1, "created": 2, "failed": 2}
        )
        self.assertEqual(
            self.problems(batch), [(5, "duplicate_in_file"), (6, "key_missing")]
        )

    def test_two_customers_who_fit_are_not_chosen_from(self):
        make_customer(self.env, name="One", email="same@example.com")
        make_customer(self.env, name="Two", email="Same@Example.com")
        batch = self.run_import(
            "customers", [["e-mail", "city"], ["same@example.com", "Tehran"]]
        )
        self.assertEqual(self.counts(batch), {"failed": 1})
        self.assertEqual(self.problems(batch), [(2, "ambiguous")])
        self.assertIn("One, Two", batch.line_ids.message)

    def test_an_active_customer_goes_before_an_archived_one(self):
        active = make_customer(self.env, email="same@example.com", name="Here")
        make_customer(self.env, email="same@example.com", name="Gone").active = False
        batch = self.run_import(
            "customers", [["e-mail", "city"], ["same@example.com", "Tehran"]]
        )
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(active.city, "Tehran")

    def test_the_contact_of_a_colleague_is_refused(self):
        self.admin.partner_id.write({"ref": "BOSS", "email": "boss@example.com"})
        self.company.partner_id.ref = "OURS"
        self.portal.partner_id.ref = "PORTAL"
        batch = self.run_import(
            "customers",
            [
                ["id", "e-mail"],
                ["BOSS", "thief@example.com"],
                ["OURS", "thief@example.com"],
                ["PORTAL", "customer@example.com"],
            ],
        )
        self.assertEqual(self.counts(batch), {"failed": 2, "updated": 1})
        self.assertEqual(
            self.problems(batch), [(2, "internal_user"), (3, "own_company")]
        )
        self.assertEqual(self.admin.partner_id.email, "boss@example.com")

    def test_customers_of_another_company_are_never_matched(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = make_customer(self.env, ref="A1", name="Theirs", company_id=other.id)
        batch = self.run_import("customers", [["id", "name"], ["A1", "Ours"]])
        self.assertEqual(self.counts(batch), {"created": 1})
        self.assertEqual(theirs.name, "Theirs")
        ours = self.customer("A1") - theirs
        self.assertEqual(ours.name, "Ours")
        self.assertEqual(ours.company_id, self.company)

    def test_a_contact_that_was_no_customer_becomes_one(self):
        self.env["ir.config_parameter"].set_param("mini_crm.customer_rule", "active")
        contact = make_customer(self.env, ref="A1", name="Contact")
        self.settle()
        self.assertFalse(contact.journey_stage)
        batch = self.run_import("customers", [["id", "name"], ["A1", "Contact"]])
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(contact.journey_stage, "awareness")
        self.assertEqual(len(self.events(contact, "customer_created")), 1)

    def test_since_when_somebody_is_a_customer_is_taken_over(self):
        rows = [["id", "since"], ["A1", "۱۳۹۹/۰۱/۰۱"], ["A2", "2030-01-01"]]
        batch = self.run_import("customers", rows)
        self.assertEqual(self.problems(batch), [(3, "date_future")])
        sara = self.customer("A1")
        self.assertEqual(sara.customer_since, self.utc("2020-03-20 00:00:00"))
        batch = self.run_import("customers", [["id", "since"], ["A1", "2019-01-01"]])
        self.assertEqual(self.counts(batch), {"updated": 1})
        self.assertEqual(sara.customer_since, self.utc("2019-01-01 00:00:00"))
        self.assertEqual(
            batch.line_ids.before, {"imported_since": "2020-03-20T00:00:00"}
        )

    def test_each_bad_cell_is_named_and_the_good_rows_are_imported(self):
        rows = [["id", "e-mail", "phone", "country"]]
        rows += [[f"A{i}", f"a{i}@example.com", "", "Iran"] for i in range(300)]
        rows[10][1], rows[100][2], rows[200][3] = "nobody", "12345", "Atlantis"
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"created": 297, "failed": 3})
        bad = batch.line_ids.filtered("message")
        self.assertEqual(bad.mapped("row"), [11, 101, 201])
        self.assertEqual(bad.mapped("column"), ["e-mail", "phone", "country"])
        self.assertEqual(bad.mapped("value"), ["nobody", "12345", "Atlantis"])

    def test_persian_in_windows_1256_is_read(self):
        text = "شناسه مشتري;نام;موبايل\nم1;علي كريمي;09123456789\n"
        batch = self.run_import("customers", text.encode("cp1256"))
        self.assertEqual(self.counts(batch), {"created": 1})
        customer = self.customer("م1")
        self.assertEqual(customer.name, "علی کریمی")
        self.assertEqual(customer.phone_sanitized, "+989123456789")

    def test_a_persian_shop_without_a_country_has_iranian_numbers(self):
        rows = [["id", "name", "phone"], ["A1", "Sara", "09123456789"]]
        self.company.country_id = False
        batch = self.run_import("customers", rows)
        self.assertEqual(self.problems(batch), [(2, "phone_home")])
        self.env["res.lang"]._activate_lang("fa_IR")
        self.manager.lang = "fa_IR"
        batch = self.run_import("customers", rows)
        self.assertEqual(self.counts(batch), {"created": 1})
        self.assertEqual(self.customer("A1").phone_sanitized, "+989123456789")

    def test_hostile_text_is_only_text(self):
        batch = self.run_import(
            "customers",
            [
                ["id", "name", "notes", "tags"],
                ["A1", "<b>Bold</b>", "<script>alert(1)</script>", "%s %(x)s {0}"],
                ["A2", "=HYPERLINK(1)", "'+98", "x' OR 1=1 --"],
            ],
        )
        self.assertEqual(self.counts(batch), {"created": 2})
        self.assertEqual(self.customer("A1").name, "<b>Bold</b>")
        self.assertNotIn("<script", self.customer("A1").comment)
        self.assertEqual(self.customer("A2").name, "=HYPERLINK(1)")
