from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ...engine.api_operations import BASE, MAX_BODY
from ...models.api import mini_crm_api_customers
from ..factories import make_customer
from .api_case import ApiCase


@tagged("post_install", "-at_install")
class TestApiAccess(ApiCase):
    def test_without_a_key_or_with_a_wrong_one_nothing_is_told(self):
        problem = self.refused(401, "GET", "/customers", role=None)
        self.assertEqual(problem["code"], "unauthorized")
        headers = {"Authorization": "Bearer 0123456789abcdef"}
        self.refused(401, "GET", "/customers", role=None, headers=headers)
        headers = {"Authorization": f"Basic {self.keys['agent']}"}
        self.refused(401, "GET", "/customers", role=None, headers=headers)

    def test_a_session_is_no_key(self):
        self.authenticate("api_admin", "api_admin")
        headers = {
            "Sec-Fetch-Dest": "document",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Site": "same-origin",
            "Sec-Fetch-User": "?1",
        }
        self.refused(401, "GET", "/fields", role=None, headers=headers)
        self.refused(401, "POST", "/fields", {}, role=None, headers=headers)

    def test_a_key_for_everything_works_one_of_another_purpose_does_not(self):
        agent = self.users["agent"]
        for scope, status in ((None, 200), ("rpc", 200), ("odoo.plugin.outlook", 401)):
            headers = {"Authorization": f"Bearer {self.make_key(agent, scope)}"}
            response = self.call("GET", "/fields", role=None, headers=headers)
            self.assertEqual(response.status_code, status, scope)

    def test_a_key_of_ours_opens_nothing_but_the_api(self):
        headers = {"Authorization": f"Bearer {self.keys['admin']}"}
        response = self.url_open(
            "/json/2/res.partner/search_count",
            data='{"domain": []}',
            headers={"Content-Type": "application/json", **headers},
        )
        self.assertEqual(response.status_code, 401)

    def test_a_portal_user_and_an_employee_are_refused(self):
        self.refused(403, "GET", "/customers", role="portal")
        employee = new_test_user(self.env, "api_employee", "base.group_user")
        self.keys["employee"] = self.make_key(employee)
        self.refused(403, "GET", "/fields", role="employee")

    def test_an_agent_may_not_change_definitions(self):
        body = {"key": "shoe_size", "type": "number", "label": "Shoe size"}
        self.refused(403, "POST", "/fields", body)
        self.refused(403, "PATCH", "/fields/points", {"label": "P"}, role="manager")
        self.refused(403, "POST", "/fields/points/archive")

    def test_an_unknown_address_is_told_as_a_problem(self):
        for path in ("", "/", "/nothing", "/customers/1/2/3", "//fields", "/fields//"):
            problem = self.refused(404, "GET", path)
            self.assertEqual(problem["code"], "no_such_address", path)

    def test_a_method_that_the_address_does_not_know_is_told(self):
        for method in ("DELETE", "PUT", "OPTIONS"):
            response = self.call(method, "/customers/1")
            self.assertEqual(response.status_code, 405)
            self.assertEqual(response.headers["Allow"], "GET, PATCH")

    def test_a_body_that_cannot_be_read_is_refused(self):
        nested = b"[" * 100_000 + b"]" * 100_000
        for raw in (
            *(b"", b"{", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff\xfe", nested),
            *(b'{"a": 1e999}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}'),
            b'{"a": ' + b"9" * 5_000 + b"}",
        ):
            self.refused(400, "POST", "/customers/upsert", raw=raw)

    def test_only_json_of_at_most_one_megabyte_is_read(self):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.refused(415, "POST", "/customers/upsert", raw=b"a=1", headers=form)
        self.refused(413, "POST", "/customers/upsert", raw=b" " * (MAX_BODY + 1))

    def test_a_key_that_asks_too_often_has_to_wait(self):
        self.env["ir.config_parameter"].set_param(
            "mini_crm.api_requests_per_minute", "3"
        )
        statuses = [self.call("GET", "/fields").status_code for _n in range(4)]
        self.assertEqual(statuses, [200, 200, 200, 429])
        response = self.call("GET", "/fields")
        self.assertGreater(int(response.headers["Retry-After"]), 0)
        self.assertEqual(self.call("GET", "/fields", role="admin").status_code, 200)

    def test_the_answer_is_in_the_language_that_is_asked_for(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        english = self.refused(404, "GET", "/customers/2000000000")
        headers = {"Accept-Language": "fa,en;q=0.5"}
        persian = self.refused(404, "GET", "/customers/2000000000", headers=headers)
        self.assertEqual(english["detail"], "There is no such thing here.")
        self.assertNotEqual(persian["detail"], english["detail"])
        self.users["agent"].lang = "fa_IR"
        own = self.refused(404, "GET", "/customers/2000000000")
        self.assertEqual(own["detail"], persian["detail"])

    def test_a_company_must_be_one_of_the_owners(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.refused(403, "GET", "/customers", headers={"X-Company": str(other.id)})
        self.refused(403, "GET", f"/customers?company={other.id}")
        self.users["agent"].company_ids += other
        ours = make_customer(self.env, company_id=self.env.company.id)
        theirs = make_customer(self.env, company_id=other.id)
        headers = {"X-Company": str(other.id)}
        self.ok("GET", f"/customers/{theirs.id}", headers=headers)
        self.refused(404, "GET", f"/customers/{ours.id}", headers=headers)
        self.refused(404, "GET", f"/customers/{theirs.id}")

    def test_the_document_names_custom_fields_only_to_who_has_a_key(self):
        response = self.call("GET", "/openapi.json", role=None)
        document = response.json()
        self.assertEqual(document["openapi"], "3.1.0")
        self.assertNotIn(
            "birth_date",
            str(document["components"]["schemas"]["Custom"]["additionalProperties"]),
        )
        self.assertNotIn("properties", document["components"]["schemas"]["Custom"])
        own = self.call("GET", "/openapi.json").json()
        custom = own["components"]["schemas"]["Custom"]["properties"]
        self.assertEqual(custom["is_vip"]["title"], "is vip")

    def test_the_document_names_no_custom_field_for_a_cookie(self):
        self.authenticate("api_admin", "api_admin")
        answer = self.call("GET", "/openapi.json", role=None)
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("favorite", answer.text)

    def test_our_own_mistake_is_told_without_its_reason(self):
        broken = patch.object(
            mini_crm_api_customers.MiniCrmApi,
            "_do_list_customers",
            side_effect=RuntimeError("secret"),
        )
        with broken, self.assertLogs("odoo.http", "ERROR"):
            problem = self.refused(500, "GET", "/customers")
        self.assertNotIn("secret", str(problem))

    def test_the_cookie_of_a_session_is_never_set(self):
        response = self.url_open(
            f"{BASE}/fields", headers={"Authorization": f"Bearer {self.keys['agent']}"}
        )
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))
