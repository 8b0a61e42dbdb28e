from odoo.tests import new_test_user, tagged

from ..factories import make_customer
from .api_case import ApiCase


@tagged("post_install", "-at_install")
class TestApiUpsert(ApiCase):
    def test_new_ones_are_created_known_ones_changed_equal_ones_left_alone(self):
        known = make_customer(self.env, name="Old", ref="U-1")
        same = make_customer(self.env, name="Same", ref="U-2")
        results = self.upsert(
            {"ref": "U-1", "name": "New", "custom": {"points": 5, "is_vip": True}},
            {"ref": "U-2", "name": "Same"},
            {
                "ref": "U-3",
                "name": "Nika",
                "phone": "+98 912 123 4567",
                "country": "IR",
            },
        )
        self.assertEqual(
            [item["status"] for item in results["items"]],
            ["updated", "unchanged", "created"],
        )
        self.assertEqual((results["created"], results["updated"]), (1, 1))
        self.assertEqual(results["items"][0]["id"], known.id)
        self.assertEqual(
            (known.name, known._custom_values()[known.id]["points"]), ("New", 5)
        )
        nika = self.by_ref("U-3")
        self.assertEqual(results["items"][2]["id"], nika.id)
        self.assertEqual(nika.phone_sanitized, "+989121234567")
        self.assertEqual(nika.complete_name, "Nika")
        self.assertEqual(nika.journey_stage, "awareness")
        self.assertFalse(self.events(same, "field_updated"))
        self.assertTrue(self.events(nika, "customer_created"))

    def test_it_ends_as_if_each_had_been_written_by_hand(self):
        values = {
            "name": "Zoe Ray",
            "email": "Zoe@Example.com",
            "phone": "+1 212 555 0123",
            "company_name": "Ray Ltd",
            "city": "Rome",
            "zip": "00100",
        }
        by_hand = make_customer(self.env, name="x", ref="H-1")
        by_hand.write(values)
        by_hand._set_custom(
            {"points": 3, "favorite": "Tea", "birth_date": "1990-01-02"}
        )
        make_customer(self.env, name="y", ref="A-1")
        custom = {"points": "3", "favorite": "Tea", "birth_date": "1990-01-02"}
        self.upsert({"ref": "A-1", **values, "custom": custom})
        self.upsert({"ref": "A-2", **values, "custom": custom})
        ignored = {
            *("id", "ref", "create_date", "write_date", "write_uid", "phone", "name"),
            *("commercial_partner_id", "create_uid"),
        }
        columns = {
            name
            for name, field in by_hand._fields.items()
            if field.store and field.column_type and name not in ignored
        }
        for ref in ("A-1", "A-2"):
            other = self.by_ref(ref)
            for name in sorted(columns):
                self.assertEqual(other[name], by_hand[name], f"{ref} {name}")
            self.assertEqual(other.commercial_partner_id, other)

    def test_the_change_is_one_event_by_keys_through_the_api(self):
        known = make_customer(self.env, ref="U-1", city="Rome")
        self.upsert({"ref": "U-1", "city": "Oslo", "custom": {"points": 5}})
        (event,) = self.events(known, "field_updated")
        self.assertEqual(event.data, {"city": ["Rome", "Oslo"], "points": [None, 5]})
        self.assertEqual(event.through, "api")
        self.assertEqual(event.author_id, self.users["agent"])

    def test_null_empties_what_is_left_out_stays(self):
        known = make_customer(
            self.env, ref="U-1", city="Rome", phone="+989121234567", zip="1"
        )
        known._set_custom({"points": 5, "is_vip": True})
        self.upsert(
            {"ref": "U-1", "phone": None, "zip": "", "custom": {"points": None}}
        )
        self.assertEqual((known.city, known.phone, known.zip), ("Rome", False, False))
        self.assertFalse(known.phone_sanitized)
        values = known._custom_values()[known.id]
        self.assertEqual((values["points"], values["is_vip"]), (None, True))

    def test_all_or_nothing_writes_nothing_and_tells_every_error(self):
        body = {
            "match": "ref",
            "items": [
                {"ref": "U-1", "name": "Fine"},
                {"ref": "U-2", "custom": {"birth_date": "soon", "shoe/size": 1}},
                {"name": "No key"},
                {"ref": "U-1", "name": "Twice"},
            ],
        }
        problem = self.refused(422, "POST", "/customers/upsert", body)
        self.assertEqual(
            {(e["pointer"], e["code"]) for e in problem["errors"]},
            {
                ("/items/1/custom/birth_date", "date_unknown"),
                ("/items/1/custom/shoe~1size", "key_syntax"),
                ("/items/2/ref", "key_missing"),
                ("/items/3/ref", "repeated"),
            },
        )
        self.assertFalse(self.by_ref("U-1"))

    def test_per_item_does_the_others(self):
        results = self.upsert(
            {"ref": "U-1", "name": "Fine"},
            {"ref": "U-2", "phone": 5},
            {"ref": "U-3", "email": "nonsense"},
            mode="per_item",
        )
        self.assertEqual((results["created"], results["failed"]), (1, 2))
        self.assertEqual(results["items"][1]["errors"][0]["pointer"], "/items/1/phone")
        self.assertEqual(results["items"][2]["errors"][0]["code"], "email_unknown")
        self.assertTrue(self.by_ref("U-1"))
        self.assertFalse(self.by_ref("U-3"))

    def test_an_item_is_checked_however_many_before_it_are_wrong(self):
        wrong = [{"ref": f"W-{i}", "nonsense": 1} for i in range(150)]
        results = self.upsert(
            *wrong,
            5,
            {"ref": "U-2", "nonsense": 1},
            {"ref": "U-3", "name": "Right"},
            mode="per_item",
        )
        self.assertEqual((results["created"], results["failed"]), (1, 152))
        self.assertTrue(self.by_ref("U-3"))

    def test_archived_customers_are_not_changed_unseen(self):
        make_customer(self.env, ref="U-1", name="Gone").action_archive()
        results = self.upsert({"ref": "U-1", "city": "Rome"}, mode="per_item")
        self.assertEqual(results["items"][0]["errors"][0]["code"], "archived")

    def test_several_that_a_key_fits_are_not_named(self):
        for name in ("Anna Secret", "Berta Secret"):
            make_customer(self.env, name=name, phone="+989121234567")
        results = self.upsert(
            {"phone": "+989121234567"}, match="phone", mode="per_item"
        )
        (problem,) = results["items"][0]["errors"]
        self.assertEqual(problem["code"], "ambiguous")
        self.assertNotIn("Secret", problem["detail"])

    def test_who_may_not_create_such_a_contact_creates_none(self):
        self.env["ir.rule"].create(
            {
                "name": "Own ones only",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": "[('user_id', '=', user.id)]",
                "perm_read": False,
                "perm_write": False,
                "perm_unlink": False,
            }
        )
        item = {"ref": "U-1", "name": "New"}
        body = {"match": "ref", "items": [item]}
        self.refused(403, "POST", "/customers/upsert", body)
        self.assertFalse(self.by_ref("U-1"))

    def test_phone_and_email_recognise_in_any_writing(self):
        known = make_customer(self.env, email="zoe@example.com", phone="+989121234567")
        results = self.upsert(
            {"phone": "0098 912 123 45 67", "city": "Rome"}, match="phone"
        )
        self.assertEqual(results["items"][0]["id"], known.id)
        results = self.upsert(
            {"email": "ZOE@example.com", "city": "Oslo"}, match="email"
        )
        self.assertEqual(results["items"][0]["id"], known.id)
        self.assertEqual((known.city, known.email), ("Oslo", "zoe@example.com"))

    def test_two_that_fit_and_the_own_staff_are_refused(self):
        make_customer(self.env, ref="U-1")
        make_customer(self.env, ref="U-1")
        employee = new_test_user(self.env, "api_staff", "base.group_user")
        employee.partner_id.ref = "U-2"
        self.env.company.partner_id.ref = "U-3"
        refs = ("U-1", "U-2", "U-3")
        results = self.upsert(
            *({"ref": ref, "city": "Rome"} for ref in refs), mode="per_item"
        )
        codes = [item["errors"][0]["code"] for item in results["items"]]
        self.assertEqual(codes, ["ambiguous", "internal_user", "own_company"])
        self.assertFalse(employee.partner_id.city)

    def test_unknown_keys_are_kept_only_when_asked_and_beside_the_others(self):
        known = make_customer(self.env, ref="U-1")
        known._set_custom({"hat_size": 7, "shoe_size": 41}, extra=True)
        item = {"ref": "U-1", "custom": {"shoe_size": 42}}
        results = self.upsert(item, mode="per_item")
        self.assertEqual(results["items"][0]["errors"][0]["code"], "key_unknown")
        self.upsert(item, query="?extra=true")
        self.assertEqual(known.custom_fields_extra, {"hat_size": 7, "shoe_size": 42})
        event = self.events(known, "field_updated")[-1]
        self.assertEqual(event.data, {"shoe_size": [41, 42]})
        item["custom"] = {"shoe_size": None}
        self.upsert(item, query="?extra=true")
        self.assertEqual(known.custom_fields_extra, {"hat_size": 7})
        results = self.upsert(item, query="?extra=true")
        self.assertEqual(results["unchanged"], 1)

    def test_who_stands_in_a_hierarchy_is_written_with_its_consequences(self):
        company = make_customer(self.env, name="Ray Ltd", is_company=True, ref="U-1")
        child = make_customer(self.env, name="Zoe", parent_id=company.id)
        self.upsert({"ref": "U-1", "name": "Sun Ltd", "custom": {"points": 2}})
        self.assertEqual(child.complete_name, "Sun Ltd, Zoe")
        (event,) = self.events(company, "field_updated")
        self.assertEqual(
            event.data, {"name": ["Ray Ltd", "Sun Ltd"], "points": [None, 2]}
        )

    def test_the_new_name_is_found_at_once(self):
        make_customer(self.env, name="Old", ref="U-1")
        self.upsert({"ref": "U-1", "name": "Behnaz"}, {"ref": "U-2", "name": "Farhad"})
        Partner = self.env["res.partner"]
        for name in ("Behnaz", "Farhad"):
            found = Partner.search([("crm_search", "ilike", name)])
            self.assertEqual(len(found), 1, name)

    def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(self):
        headers = {"Idempotency-Key": "order-17"}
        item = {"ref": "U-1", "name": "Once"}
        first = self.upsert(item, headers=headers)
        self.by_ref("U-1").name = "Changed since"
        self.assertEqual(self.upsert(item, headers=headers), first)
        self.assertEqual(self.by_ref("U-1").name, "Changed since")
        body = {"match": "ref", "items": [{**item, "name": "Other"}]}
        problem = self.refused(422, "POST", "/customers/upsert", body, headers=headers)
        self.assertEqual(problem["code"], "idempotency_key_reused")
        # of another user it is another key
        answer = self.ok(
            "POST", "/customers/upsert", body, headers=headers, role="manager"
        )
        self.assertEqual(answer["updated"], 1)

    def test_a_refused_request_leaves_its_idempotency_key_free(self):
        headers = {"Idempotency-Key": "order-18"}
        body = {"match": "ref", "items": [{"ref": "U-1", "email": "nonsense"}]}
        self.refused(422, "POST", "/customers/upsert", body, headers=headers)
        self.upsert({"ref": "U-1", "name": "Right"}, headers=headers)
        self.assertTrue(self.by_ref("U-1"))

    def test_an_idempotency_key_must_be_visible_text(self):
        body = {"match": "ref", "items": [{"ref": "U-1"}]}
        for key in ("a b", "x" * 201, "é"):
            headers = {"Idempotency-Key": key.encode("latin-1")}
            self.refused(400, "POST", "/customers/upsert", body, headers=headers)

    def test_the_number_of_queries_does_not_grow_with_the_items(self):
        def count(number, first):
            items = [
                {"ref": f"Q-{first + n}", "name": f"N {n}", "custom": {"points": n}}
                for n in range(number)
            ]
            arguments = {"extra": False}
            body = {"match": "ref", "items": items}
            api = self.env(user=self.users["agent"])["mini_crm.api"]
            before = self.env.cr.sql_log_count
            api._do_upsert_customers(arguments, body)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(5, 0)
        few = count(5, 100)
        self.assertLess(count(200, 1000), few + 15)
