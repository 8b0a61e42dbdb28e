from odoo.tests import tagged

from .api_case import ApiCase


@tagged("post_install", "-at_install")
class TestApiFields(ApiCase):
    def create(self, **values):
        body = {"key": "shoe_size", "type": "number", "label": "Shoe size", **values}
        return self.ok("POST", "/fields", body, status=201, role="admin")

    def test_a_field_is_created_read_and_changed_by_its_key(self):
        made = self.create(rules={"minimum": 20, "maximum": 60}, required=True)
        self.assertEqual(made["slot"].rpartition("_")[0], "custom_number")
        self.assertEqual(made["rules"], {"minimum": 20, "maximum": 60})
        changed = self.ok(
            "PATCH", "/fields/shoe_size", {"label": "Size", "help": "EU"}, role="admin"
        )
        self.assertEqual((changed["label"], changed["help"]), ("Size", "EU"))
        self.assertTrue(changed["required"])
        self.assertEqual(self.ok("GET", "/fields/shoe_size"), changed)
        self.assertIn(changed, self.ok("GET", "/fields")["items"])

    def test_labels_of_other_languages_are_kept(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.create(labels={"fa_IR": "شماره کفش"})
        headers = {"Accept-Language": "fa"}
        field = self.ok("GET", "/fields/shoe_size", headers=headers)
        self.assertEqual(field["label"], "شماره کفش")
        body = {"labels": {"xx_XX": "?"}}
        problem = self.refused(422, "PATCH", "/fields/shoe_size", body, role="admin")
        self.assertEqual(problem["errors"][0]["pointer"], "/labels")

    def test_choices_keep_their_codes_and_are_archived_when_left_out(self):
        self.create(
            key="level",
            type="select",
            options=[
                {"code": "low", "label": "Low"},
                {"code": "high", "label": "High"},
            ],
        )
        body = {"options": [{"code": "high"}, {"code": "top", "label": "Top"}]}
        field = self.ok("PATCH", "/fields/level", body, role="admin")
        self.assertEqual(
            [(o["code"], o["label"], o["active"]) for o in field["options"]],
            [("high", "High", True), ("top", "Top", True), ("low", "Low", False)],
        )

    def test_an_archived_field_comes_back(self):
        self.ok("POST", "/fields/points/archive", role="admin")
        keys = [field["key"] for field in self.ok("GET", "/fields")["items"]]
        self.assertNotIn("points", keys)
        archived = self.ok("GET", "/fields?archived=true")["items"]
        self.assertIn(("points", False), [(f["key"], f["active"]) for f in archived])
        self.assertTrue(
            self.ok("POST", "/fields/points/restore", role="admin")["active"]
        )

    def test_fields_are_put_in_another_order(self):
        body = {"keys": ["points", "favorite"]}
        found = self.ok("POST", "/fields/reorder", body, role="admin")["items"]
        self.assertEqual([field["key"] for field in found[:2]], body["keys"])
        body = {"keys": ["points", "unknown"]}
        problem = self.refused(422, "POST", "/fields/reorder", body, role="admin")
        self.assertEqual(problem["errors"][0]["pointer"], "/keys/1")

    def test_what_cannot_be_is_told(self):
        body = {"key": "points", "type": "number", "label": "Points"}
        problem = self.refused(409, "POST", "/fields", body, role="admin")
        self.assertEqual(problem["errors"][0]["code"], "key_taken")
        body = {"key": "Bad Key", "type": "colour", "label": " ", "color": 1}
        problem = self.refused(422, "POST", "/fields", body, role="admin")
        self.assertEqual(
            {e["pointer"] for e in problem["errors"]},
            {"/key", "/type", "/label", "/color"},
        )
        body = {"rules": {"minimum": 5, "maximum": 1}}
        self.refused(422, "PATCH", "/fields/points", body, role="admin")
        self.refused(422, "PATCH", "/fields/points", {}, role="admin")
        self.refused(404, "PATCH", "/fields/nothing", {"label": "x"}, role="admin")
        self.refused(404, "GET", "/fields/UPPER")

    def test_the_last_slot_of_a_type_is_told(self):
        for number in range(10):
            definitions = self.env["mini_crm.field"]
            if not definitions.slots()["boolean"]["free"]:
                break
            self.define("boolean", f"flag_{number}")
        body = {"key": "one_more", "type": "boolean", "label": "One more"}
        problem = self.refused(422, "POST", "/fields", body, role="admin")
        self.assertEqual(problem["code"], "refused")

    def test_sections_are_created_and_used(self):
        body = {"key": "sizes", "name": "Sizes"}
        self.ok("POST", "/sections", body, status=201, role="admin")
        self.refused(409, "POST", "/sections", body, role="admin")
        self.assertEqual(self.create(section="sizes")["section"], "sizes")
        body = {"section": "nowhere"}
        self.refused(422, "PATCH", "/fields/shoe_size", body, role="admin")

    def test_the_template_of_an_industry_is_applied_by_administrators(self):
        listed = {row["key"]: row for row in self.ok("GET", "/industries")["items"]}
        wanted = set(listed["retail"]["fields"])
        self.assertIn("loyalty_points", wanted)
        path = "/industries/retail/apply"
        self.refused(403, "POST", path, role="manager")
        self.refused(404, "POST", "/industries/none/apply", role="admin")
        for _time in range(2):
            found = self.ok("POST", path, role="admin")["items"]
            keys = [field["key"] for field in found]
            self.assertLessEqual(wanted, set(keys))
            self.assertEqual(len(keys), len(set(keys)))
