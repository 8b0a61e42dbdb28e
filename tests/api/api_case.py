"""Requests to the API as another program makes them, with the key of each role."""

import json

from odoo.tests import HttpCase, new_test_user

from ...engine.api_operations import BASE, find_operation
from ...engine.json_input import violations
from ...models.api import ir_http

PROBLEM = "application/problem+json"


class ApiCase(HttpCase):
    """A key of each role, and a limit that nobody reaches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.users = {
            role: new_test_user(
                cls.env, f"api_{role}", f"mini_crm.mini_crm_group_{role}"
            )
            for role in ("agent", "manager", "admin")
        }
        cls.users["portal"] = new_test_user(cls.env, "api_portal", "base.group_portal")
        cls.keys = {role: cls.make_key(user) for role, user in cls.users.items()}
        cls.define("text", "favorite")
        cls.define("date", "birth_date")
        cls.define("number", "points")
        cls.define("boolean", "is_vip")

    def setUp(self):
        super().setUp()
        self.patch(ir_http, "_limiter", ir_http.Limiter())

    @classmethod
    def make_key(cls, user, scope="mini_crm"):
        """An API key of a user (str)."""
        keys = cls.env(user=user)["res.users.apikeys"].sudo()
        return keys.with_user(user).sudo()._generate(scope, "test", False)

    @classmethod
    def define(cls, kind, key, **values):
        """A custom field; one with this key that is there already is replaced."""
        definitions = cls.env["mini_crm.field"].with_context(active_test=False)
        there = definitions.search([("key", "=", key)])
        if there:
            return there
        return definitions.create(
            {"name": key.replace("_", " "), "key": key, "type": kind, **values}
        )

    def call(self, method, path, body=None, *, role="agent", raw=None, headers=None):
        """The response to a request.

        :param body: sent as JSON
        :param bytes raw: sent as it is instead
        """
        headers = {"Content-Type": "application/json", **(headers or {})}
        if role:
            headers["Authorization"] = f"Bearer {self.keys[role]}"
        data = raw if raw is not None else None if body is None else json.dumps(body)
        self.env.flush_all()
        response = self.url_open(
            BASE + path, data=data, headers=headers, method=method, timeout=60
        )
        self.env.invalidate_all()
        return response

    def ok(self, method, path, body=None, *, status=200, **options):
        """The JSON of an answer that is as its schema says."""
        response = self.call(method, path, body, **options)
        self.assertEqual(response.status_code, status, response.text)
        answer = response.json()
        operation = find_operation(method, path.partition("?")[0]).operation
        self.assertEqual(violations(answer, operation.answer), [])
        return answer

    def refused(self, status, method, path, body=None, **options):
        """The problem that a request is answered with."""
        response = self.call(method, path, body, **options)
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(response.headers["Content-Type"], PROBLEM)
        problem = response.json()
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["detail"])
        return problem

    def upsert(self, *items, match="ref", query="", **body):
        """Results of an upsert."""
        headers = body.pop("headers", None)
        return self.ok(
            "POST",
            f"/customers/upsert{query}",
            {"match": match, "items": list(items), **body},
            headers=headers,
        )

    def by_ref(self, ref):
        """Contacts with a reference."""
        return self.env["res.partner"].search([("ref", "=", ref)])

    def events(self, partner, *types):
        """Events of a customer of given types, oldest first."""
        domain = [("partner_id", "=", partner.id), ("type", "in", types)]
        return self.env["mini_crm.event"].search(domain, order="id")
