from odoo.tests import new_test_user, tagged

from ..factories import make_customer
from .api_case import ApiCase


@tagged("post_install", "-at_install")
class TestApiCustomers(ApiCase):
    def setUp(self):
        super().setUp()
        self.sara = make_customer(
            self.env,
            name="Sara",
            ref="C-1",
            email="Sara@Example.com",
            phone="+989121234567",
            country_id=self.env.ref("base.ir").id,
        )

    def test_a_customer_is_read_with_custom_fields_by_key(self):
        self.sara._set_custom(
            {"birth_date": "1990-05-17", "is_vip": True, "points": 12}
        )
        row = self.ok("GET", f"/customers/{self.sara.id}")
        self.assertEqual(row["name"], "Sara")
        self.assertEqual(row["country"], "IR")
        self.assertEqual(row["custom"]["birth_date"], "1990-05-17")
        self.assertEqual(row["custom"]["points"], 12)
        self.assertIs(row["custom"]["is_vip"], True)
        self.assertIsNone(row["custom"]["favorite"])
        self.assertEqual(row["stage"], "awareness")

    def test_a_customer_is_found_by_ref_phone_and_email_in_any_writing(self):
        for query in (
            "key=C-1",
            "phone=%2B98%20912%20123%204567",
            "email=sara@EXAMPLE.com",
        ):
            found = self.ok("GET", f"/customers?{query}")
            self.assertEqual([row["id"] for row in found["items"]], self.sara.ids)
        self.assertEqual(self.ok("GET", "/customers?key=C-99")["items"], [])
        problem = self.refused(422, "GET", "/customers?phone=none")
        self.assertEqual(problem["errors"][0]["pointer"], "phone")

    def test_pages_follow_each_other_and_miss_nobody(self):
        for _number in range(5):
            make_customer(self.env)
        everybody = self.env["res.partner"].search(
            [("journey_stage", "!=", False)], order="id"
        )
        found, query = [], "limit=2"
        while True:
            page = self.ok("GET", f"/customers?{query}")
            found += [row["id"] for row in page["items"]]
            if not page["next_cursor"]:
                break
            query = f"limit=2&cursor={page['next_cursor']}"
        self.assertEqual(found, everybody.ids)

    def test_who_became_one_of_the_staff_does_not_end_the_list(self):
        kim = make_customer(self.env, name="Kim")
        kim._log("call_logged")
        self.env.flush_all()
        last = make_customer(self.env, name="Last")
        new_test_user(self.env, "kim", "base.group_user", partner_id=kim.id)
        seen, cursor = [], ""
        while cursor is not None:
            query = f"&cursor={cursor}" if cursor else ""
            page = self.ok("GET", f"/customers?limit=1{query}")
            seen += [row["id"] for row in page["items"]]
            cursor = page["next_cursor"]
        self.assertIn(last.id, seen)
        self.assertNotIn(kim.id, seen)

    def test_those_changed_since_are_listed(self):
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01'")
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2026-01-02' WHERE id = %s",
            self.sara.ids,
        )
        found = self.ok("GET", "/customers?updated_since=2026-01-01T00:00:00Z")
        self.assertEqual([row["id"] for row in found["items"]], self.sara.ids)
        self.refused(422, "GET", "/customers?updated_since=yesterday")

    def test_wrong_parameters_are_told(self):
        for query in ("limit=0", "limit=x", "cursor=abc", "limits=5", "key=%00"):
            problem = self.refused(422, "GET", f"/customers?{query}")
            self.assertEqual(len(problem["errors"]), 1, query)

    def test_nobody_finds_the_own_staff_or_who_is_no_customer(self):
        employee = new_test_user(self.env, "api_staff", "base.group_user")
        for partner in (employee.partner_id, self.env.company.partner_id):
            self.refused(404, "GET", f"/customers/{partner.id}")
            self.refused(404, "PATCH", f"/customers/{partner.id}", {"city": "Rome"})
        for number in ("0", "-1", "x", "2147483648", "9" * 30, "%00", "1.5"):
            self.refused(404, "GET", f"/customers/{number}")

    def test_a_change_is_one_event_through_the_api(self):
        row = self.ok(
            "PATCH",
            f"/customers/{self.sara.id}",
            {"city": "Rome", "custom": {"points": "12.5", "birth_date": "1369/02/27"}},
        )
        self.assertEqual(row["custom"]["points"], 12.5)
        self.assertEqual(row["custom"]["birth_date"], "1990-05-17")
        (event,) = self.events(self.sara, "field_updated")
        self.assertEqual(event.through, "api")
        self.assertEqual(event.author_id, self.users["agent"])
        self.assertEqual(
            event.data,
            {
                "city": [None, "Rome"],
                "points": [None, 12.5],
                "birth_date": [None, "1990-05-17"],
            },
        )

    def test_null_empties_and_the_same_value_changes_nothing(self):
        path = f"/customers/{self.sara.id}"
        self.ok("PATCH", path, {"phone": "0912 123 4567", "email": "sara@example.com"})
        self.assertFalse(self.events(self.sara, "field_updated"))
        row = self.ok("PATCH", path, {"phone": None, "custom": {"favorite": None}})
        self.assertIsNone(row["phone"])

    def test_one_wrong_value_refuses_all_and_every_one_is_told(self):
        problem = self.refused(
            422,
            "PATCH",
            f"/customers/{self.sara.id}",
            {
                "city": "Rome",
                "email": "nonsense",
                "custom": {"birth_date": "soon", "unknown": 1},
            },
        )
        self.assertEqual(
            {(e["pointer"], e["key"]) for e in problem["errors"]},
            {
                ("/email", "email"),
                ("/custom/birth_date", "birth_date"),
                ("/custom/unknown", "unknown"),
            },
        )
        self.assertFalse(self.sara.city)

    def test_unknown_keys_are_kept_only_when_asked(self):
        path = f"/customers/{self.sara.id}"
        body = {"custom": {"shoe_size": 42}}
        problem = self.refused(422, "PATCH", path, body)
        self.assertEqual(problem["errors"][0]["code"], "key_unknown")
        row = self.ok("PATCH", f"{path}?extra=true", body)
        self.assertEqual(row["extra"], {"shoe_size": 42})
        row = self.ok("PATCH", f"{path}?extra=true", {"custom": {"hat_size": 7}})
        self.assertEqual(row["extra"], {"shoe_size": 42, "hat_size": 7})

    def test_what_stands_there_passes_though_the_rules_became_stricter(self):
        self.sara._set_custom({"points": 12})
        points = self.env["mini_crm.field"].search([("key", "=", "points")])
        points.rules = {"maximum": 10}
        path = f"/customers/{self.sara.id}"
        self.ok("PATCH", path, {"city": "Rome", "custom": {"points": 12}})
        self.refused(422, "PATCH", path, {"custom": {"points": 13}})

    def test_a_source_is_created_once(self):
        for _time in range(2):
            row = self.ok("PATCH", f"/customers/{self.sara.id}", {"source": "Fair"})
            self.assertEqual(row["source"], "Fair")
        self.assertEqual(
            self.env["utm.source"].search_count([("name", "=", "Fair")]), 1
        )
