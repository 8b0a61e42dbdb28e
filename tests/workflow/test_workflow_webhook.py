import base64
import json
from datetime import timedelta
from unittest.mock import patch

from cryptography.hazmat.primitives import hashes, hmac

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import config

from ...models.workflow.mini_crm_workflow_call_worker import LEASE
from ...models.workflow.webhook_texts import problem_text
from .webhook_case import WebhookCase


def signature(secret, request):
    """What the header must hold, by another implementation than the product's."""
    headers = request["headers"]
    maker = hmac.HMAC(base64.b64decode(secret[len("whsec_") :]), hashes.SHA256())
    maker.update(headers["webhook-id"].encode() + b".")
    maker.update(headers["webhook-timestamp"].encode() + b"." + request["body"])
    return f"v1,{base64.b64encode(maker.finalize()).decode()}"


@tagged("post_install", "-at_install")
class TestWorkflowWebhook(WebhookCase):
    """Other programs are told once, signed, and again until they have heard."""

    def test_receiver_is_told_of_the_customer_by_key(self):
        call = self.queue(fields=["name", "email", "phone", "gone"])
        self.work()
        (request,) = self.receiver.requests
        self.assertEqual(request["path"], "/hook")
        body = json.loads(request["body"])
        self.assertEqual(body["type"], "workflow.webhook")
        self.assertEqual(
            body["data"],
            {
                "workflow": {"id": self.workflow.id, "name": "Welcome"},
                "run": self.run_at_node.id,
                "node": "n2",
                "customer": {
                    "id": self.customer.id,
                    "fields": {
                        "name": "سارا",
                        "email": "sara@example.com",
                        "phone": None,
                        "gone": None,
                    },
                },
            },
        )
        self.assertEqual((call.state, call.tries, call.status), ("done", 1, 200))
        self.assertFalse(call.problem_text)

    def test_call_is_signed_with_the_company_s_secret_and_the_one_before(self):
        secrets = self.env["mini_crm.webhook.secret"]
        old = secrets._renew(self.company)
        self.queue()
        self.work()
        new = secrets._renew(self.company)
        self.receiver.status = 500
        self.run_at_node.position = {"node": "n2", "visit": 2}
        self.queue()
        self.work()
        first, second = self.receiver.requests
        self.assertEqual(first["headers"]["webhook-signature"], signature(old, first))
        self.assertEqual(
            second["headers"]["webhook-signature"],
            f"{signature(new, second)} {signature(old, second)}",
        )
        self.assertNotEqual(
            first["headers"]["webhook-id"], second["headers"]["webhook-id"]
        )

    def test_secret_is_stored_sealed_and_shown_once(self):
        settings = self.env["res.config.settings"].create({})
        shown = settings.action_mini_crm_new_webhook_secret()["params"]["message"]
        self.assertTrue(shown.startswith("whsec_"))
        secrets = self.env["mini_crm.webhook.secret"]
        self.assertNotIn(shown[6:], "".join(secrets.search([]).mapped("value")))
        self.assertEqual(secrets._signing(self.company), [shown])
        with self.assertRaises(AccessError):
            settings.with_user(self.manager).action_mini_crm_new_webhook_secret()

    def test_nothing_is_called_unsigned_when_the_key_is_missing(self):
        self.env["mini_crm.webhook.secret"]._renew(self.company)
        call = self.queue()
        with patch.dict("os.environ", {"MINI_CRM_SECRETS": self.keys + "-other"}):
            self.work()
        self.assertEqual((call.state, call.problem), ("waiting", "key_missing"))
        self.assertEqual(self.receiver.requests, [])
        self.later()
        self.work()
        self.assertEqual(call.state, "done")

    def test_same_visit_is_told_once(self):
        self.queue()
        self.queue()
        self.work()
        self.work()
        self.assertEqual(len(self.receiver.requests), 1)

    def test_call_is_tried_again_for_a_day_and_a_half_then_given_up(self):
        self.receiver.status = 503
        call, waits = self.queue(), []
        for _try in range(7):
            before = self.env["mini_crm.outbox"]._now()
            self.work()
            self.work()  # nothing is due before its time
            waits.append(call.due_at and round((call.due_at - before).seconds / 60))
            self.later()
        self.assertEqual(waits, [1, 5, 30, 120, 480, 0, False])  # 0: a whole day
        self.assertEqual((call.state, call.tries), ("failed", 7))
        self.assertIn("503", call.problem_text)
        ids = {r["headers"]["webhook-id"] for r in self.receiver.requests}
        self.assertEqual((len(self.receiver.requests), len(ids)), (7, 1))

    def test_manager_has_a_given_up_call_made_again(self):
        self.receiver.status = 410
        call = self.queue()
        self.work()
        self.assertEqual((call.state, call.problem), ("failed", "gone"))
        self.receiver.status = 204
        with self.assertRaises(AccessError):
            call.with_user(self.agent).action_retry()
        call.with_user(self.manager).action_retry()
        self.work()
        self.assertEqual((call.state, call.tries), ("done", 1))
        with self.assertRaises(UserError):
            call.with_user(self.manager).action_retry()

    def test_private_address_is_called_only_when_odoo_conf_opens_it(self):
        with patch.dict(config.options, {"mini_crm_webhook_private": ""}):
            call = self.queue()
            self.work()
        self.assertEqual((call.state, call.problem), ("failed", "private"))
        self.assertIn("private network", call.problem_text)
        self.assertEqual(self.receiver.requests, [])

    def test_option_that_cannot_be_read_stops_all_calls(self):
        call = self.queue()
        with (
            patch.dict(config.options, {"mini_crm_webhook_private": "all"}),
            self.assertRaises(ValueError),
        ):
            self.calls._cron_call()
        self.assertEqual((call.state, call.tries), ("waiting", 0))

    def test_paused_workflow_calls_nobody_until_it_runs_again(self):
        call = self.queue()
        self.workflow.state = "paused"
        self.work()
        self.assertEqual(self.receiver.requests, [])
        self.workflow.state = "live"
        self.work()
        self.assertEqual(call.state, "done")

    def test_claim_of_a_dead_worker_is_free_after_a_while(self):
        call = self.queue()
        self.assertEqual(len(self.calls._claim_due(16)), 1)  # and dies
        self.work()
        self.assertEqual(self.receiver.requests, [])
        self.assertGreater(call.due_at, call.claimed_at + LEASE - timedelta(seconds=2))
        self.later()
        self.work()
        self.assertEqual((call.state, call.tries), ("done", 2))

    def test_late_result_of_another_worker_is_not_kept(self):
        call = self.queue()
        (late,) = self.calls._claim_due(16)
        self.later()
        self.work()
        self.calls._record(late, 500, "status")
        self.calls.invalidate_model()
        self.assertEqual((call.state, call.status), ("done", 200))

    def test_claims_are_committed_before_anybody_is_called(self):
        self.queue()
        called_at = []
        commit = self.commit

        def note(done, remaining):
            called_at.append(len(self.receiver.requests))
            return commit(done, remaining)

        self.commit = note
        self.work()
        self.assertEqual(called_at[:3], [0, 0, 1])

    def test_many_calls_are_made_at_once_and_each_once(self):
        for visit in range(1, 41):
            self.run_at_node.position = {"node": "n2", "visit": visit}
            self.queue()
        self.work()
        ids = [r["headers"]["webhook-id"] for r in self.receiver.requests]
        self.assertEqual((len(ids), len(set(ids))), (40, 40))

    def test_body_that_is_too_large_is_not_sent(self):
        self.customer.name = "x" * 70_000
        call = self.queue(fields=["name"])
        self.work()
        self.assertEqual((call.state, call.problem), ("failed", "too_large"))

    def test_what_was_told_of_a_customer_goes_with_him(self):
        call = self.queue(fields=["name"])
        self.customer.unlink()
        self.assertFalse(call.exists())

    def test_every_problem_has_words_of_its_own(self):
        codes = "url scheme user host port private redirect gone dns no_connection tls"
        codes += " timeout answer too_large key_missing copied status"
        texts = {problem_text(self.env, code, 500) for code in codes.split()}
        self.assertEqual(len(texts), len(codes.split()))
        self.assertNotIn(problem_text(self.env, "internal"), texts)
