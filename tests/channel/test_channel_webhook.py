import hashlib
import hmac
import http.client
import json
import logging
import threading
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urlsplit

from werkzeug.exceptions import ServiceUnavailable

from odoo.sql_db import Cursor
from odoo.tests import HttpCase, tagged

from ... import controllers
from ...engine.token_bucket import Limiter
from ...models.channel.mini_crm_inbox import MAX_BODY
from .channel_case import SecretsFolder

TELEGRAM = "X-Telegram-Bot-Api-Secret-Token"
META = "X-Hub-Signature-256"
SECRET = "planted-secret-of-the-webhook"
APP_SECRET = "planted-app-secret"
VERIFY = "planted-verify-token"
# Meta signs its own escaped bytes, not what JSON would be written again.
BODY = b'{"object":"instagram","entry":[],"note":"\\u0633\\u0644\\u0627\\u0645 \\/"}'


def signed(body, secret=APP_SECRET):
    """The header with which Meta signs a body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {META: f"sha256={digest}"}


@tagged("post_install", "-at_install")
class TestChannelWebhook(SecretsFolder, HttpCase):
    """Deliveries over HTTP: who may deliver, and what is kept."""

    def setUp(self):
        super().setUp()
        self.patch(controllers.webhook, "_bad", Limiter())
        self.telegram = self.make("telegram", webhook_secret=SECRET)
        self.instagram = self.make(
            "instagram", app_secret=APP_SECRET, verify_token=VERIFY
        )
        self.headers = {TELEGRAM: SECRET}

    def make(self, kind, **secrets):
        """A connected channel with secrets."""
        channel = self.env["mini_crm.channel"].create({"name": kind, "type": kind})
        channel.state = "live"
        for name, value in secrets.items():
            channel._set_secret(name, value)
        return channel

    def post(self, channel, body=b"{}", headers=None, key=None, method="POST"):
        """Status of a delivery."""
        self.env.flush_all()
        response = self.url_open(
            f"/mini_crm/webhook/{key or channel.key}",
            data=body,
            headers={"Content-Type": "application/json", **(headers or {})},
            method=method,
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response.status_code

    def stored(self, channel=None):
        """Bytes that are kept of a channel's deliveries, or of all."""
        domain = [("channel_id", "=", channel.id)] if channel else []
        rows = self.env["mini_crm.inbox"].search(domain, order="id")
        return list(rows._bodies().values())

    def test_what_the_provider_sends_is_kept_byte_by_byte(self):
        for body in (b'{"update_id": 1}', b"\xff\x00 no JSON", b""):
            self.assertEqual(self.post(self.telegram, body, self.headers), 200)
            self.assertIn(body, self.stored(self.telegram))
        self.assertEqual(self.post(self.instagram, BODY, signed(BODY)), 200)
        self.assertEqual(self.stored(self.instagram), [BODY])

    def test_the_same_delivery_is_kept_once_and_answered_the_same(self):
        for _again in range(3):
            self.assertEqual(self.post(self.telegram, b"{}", self.headers), 200)
        self.assertEqual(len(self.stored(self.telegram)), 1)

    def test_any_type_of_content_is_taken(self):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "x"):
            body = f"a={kind}".encode()
            headers = {**self.headers, "Content-Type": kind}
            self.assertEqual(self.post(self.telegram, body, headers), 200)
            self.assertIn(body, self.stored(self.telegram))

    def test_the_worker_is_woken_once(self):
        cron = self.env.ref("mini_crm.ir_cron_mini_crm_inbox")
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", cron.id)]
        triggers.search(domain).unlink()
        for n in range(3):
            self.post(self.telegram, f"{n}".encode(), self.headers)
        self.assertEqual(triggers.search_count(domain), 1)

    def test_a_delivery_costs_two_statements(self):
        accounts = [
            self.make("instagram", app_secret=APP_SECRET) for _times in range(3)
        ]
        body = self.accounts(*accounts)
        deliveries = [
            (self.telegram, b"{}", self.headers, 1),
            (self.telegram, b"{}", self.headers, 0),
            (accounts[0], body, signed(body), 3),
        ]
        # what is asked once for all requests
        self.assertEqual(self.post(self.telegram, b"first", self.headers), 200)
        for channel, sent, headers, new in deliveries:
            with self.subTest(channel=channel.name, new=new):
                before = len(self.stored())
                with self.statements() as statements:
                    self.assertEqual(self.post(channel, sent, headers), 200)
                self.assertEqual(len(self.stored()), before + new)
                self.assertEqual(len(statements), 2, statements)

    @contextmanager
    def statements(self):
        """Statements (list of str) of requests made in the block, without those by
        which tests keep them apart."""
        found, original = [], Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if (
                threading.current_thread() is not here
                and "SAVEPOINT" not in text
                and "pg_notify" not in text
            ):
                found.append(text)
            return original(cursor, query, *args, **kwargs)

        here = threading.current_thread()
        with patch.object(Cursor, "execute", execute):
            yield found

    def test_an_address_that_no_database_could_hold_is_nobodys(self):
        status = self.post(None, b"{}", self.headers, key="nobodys%00")
        self.assertEqual(status, 404)

    def test_without_the_database_the_provider_is_told_to_come_again(self):
        dispatcher = controllers.webhook.WebhookDispatcher(SimpleNamespace(db=None))
        with self.assertRaises(ServiceUnavailable):
            dispatcher.dispatch(None, {"key": self.telegram.key})

    def test_forgeries_are_refused_and_leave_nothing(self):
        right = signed(BODY)[META]
        no_secret = self.make("telegram")
        no_secret_meta = self.make("instagram")
        forgeries = [
            (self.telegram, {}),
            (self.telegram, {TELEGRAM: ""}),
            (self.telegram, {TELEGRAM: SECRET.upper()}),
            (self.telegram, {TELEGRAM: f"{SECRET} x"}),
            (self.telegram, {TELEGRAM: APP_SECRET}),
            (self.telegram, {META: right}),
            (no_secret, {}),
            (no_secret, {TELEGRAM: ""}),
            (no_secret, {TELEGRAM: "None"}),
            (no_secret_meta, signed(BODY, "")),
            (self.instagram, {}),
            (self.instagram, {META: ""}),
            (self.instagram, {META: right.upper()}),
            (self.instagram, {META: right.removeprefix("sha256=")}),
            (self.instagram, {META: right.replace("sha256", "sha1")}),
            (self.instagram, signed(BODY + b" ")),
            (self.instagram, signed(json.dumps(json.loads(BODY)).encode())),
            (self.instagram, signed(BODY, SECRET)),
            (self.instagram, {"X-Hub-Signature": right}),
        ]
        for channel, headers in forgeries:
            with self.subTest(channel=channel.name, headers=headers):
                self.assertEqual(self.post(channel, BODY, headers), 403)
        self.assertEqual(self.post(None, BODY, self.headers, key="nobodys"), 404)
        self.assertEqual(self.stored(), [])

    def accounts(self, *channels):
        """Give channels accounts; a delivery of Meta for all of them, in bytes."""
        for number, channel in enumerate(channels, start=1):
            channel.account_id = f"1784140000000000{number}"
        entries = [{"id": channel.account_id} for channel in channels]
        return json.dumps({"object": "instagram", "entry": entries}).encode()

    def test_one_address_of_a_meta_app_serves_all_its_accounts(self):
        beside = self.make("instagram", app_secret="x", other_app_secret=APP_SECRET)
        foreign = self.make("instagram", app_secret="another app's")
        draft, absent = (
            self.make("instagram", app_secret=APP_SECRET) for _times in range(2)
        )
        draft.state = "draft"
        body = self.accounts(self.instagram, beside, foreign, draft)
        absent.account_id = "17841400000000009"
        for _again in range(2):
            self.assertEqual(self.post(self.instagram, body, signed(body)), 200)
        self.assertEqual(self.stored(self.instagram), [body])
        self.assertEqual(self.stored(beside), [body])
        self.assertEqual(len(self.stored()), 2, "not for whom it has not proved itself")

    def test_an_account_is_served_while_the_one_of_the_address_is_off(self):
        beside = self.make("instagram", app_secret=APP_SECRET)
        both = self.accounts(self.instagram, beside)
        alone = both.replace(beside.account_id.encode(), b"9")
        self.instagram.state = "off"
        self.assertEqual(self.post(self.instagram, both, signed(both)), 200)
        self.assertEqual(self.post(self.instagram, alone, signed(alone)), 403)
        self.assertEqual(self.post(self.instagram, both, signed(both, "x")), 403)
        self.assertEqual(self.post(self.telegram, both, signed(both)), 403)
        self.assertEqual(self.stored(), [both])
        self.assertEqual(self.stored(beside), [both])

    def test_a_channel_that_is_not_connected_takes_nothing(self):
        for state in ("draft", "off"):
            self.telegram.state = state
            self.assertEqual(self.post(self.telegram, b"{}", self.headers), 403)
        self.telegram.state = "broken"
        self.assertEqual(self.post(self.telegram, b"{}", self.headers), 200)
        self.telegram.active = False
        self.assertEqual(self.post(self.telegram, b"[]", self.headers), 404)

    def test_a_replaced_secret_is_taken_for_a_day(self):
        self.telegram._set_secret("webhook_secret", "the-new-one")
        self.assertEqual(self.post(self.telegram, b"1", self.headers), 200)
        headers = {TELEGRAM: "the-new-one"}
        self.assertEqual(self.post(self.telegram, b"2", headers), 200)

    def test_bodies_up_to_a_megabyte_are_taken(self):
        body = b"x" * MAX_BODY
        self.assertEqual(self.post(self.telegram, body, self.headers), 200)
        self.assertEqual(self.post(self.telegram, body + b"x", self.headers), 413)
        self.assertEqual(self.stored(self.telegram), [body])

    def test_a_body_in_pieces_has_the_same_limit(self):
        def pieces(size):
            for _ in range(size // 50_000):
                yield b"y" * 50_000

        self.assertEqual(self.in_pieces(pieces(MAX_BODY)), 200)
        self.assertEqual(self.in_pieces(pieces(MAX_BODY + 50_000)), 413)
        self.assertEqual(len(self.stored(self.telegram)), 1)

    def in_pieces(self, pieces):
        """Status of a delivery without a length."""
        self.env.flush_all()
        address = urlsplit(self.base_url())
        connection = http.client.HTTPConnection(address.hostname, address.port)
        try:
            with self.allow_requests(all_requests=True):
                connection.request(
                    "POST",
                    f"/mini_crm/webhook/{self.telegram.key}",
                    body=pieces,
                    headers={
                        **self.headers,
                        "Transfer-Encoding": "chunked",
                        "Cookie": f"test_request_key={self.http_request_key}",
                    },
                    encode_chunked=True,
                )
                return connection.getresponse().status
        finally:
            connection.close()
            self.env.invalidate_all()

    def test_only_bad_requests_are_limited(self):
        most = 3  # so few that none flows in during the test
        self.patch(controllers.webhook, "BAD_PER_MINUTE", most)
        statuses = [self.post(self.telegram) for _ in range(most + 2)]
        self.assertEqual(statuses[:most], [403] * most)
        self.assertEqual(set(statuses[most:]), {429})
        self.assertEqual(self.post(self.telegram, b"{}", self.headers), 200)

    def test_meta_is_answered_its_challenge(self):
        def asked(token, channel=self.instagram, mode="subscribe"):
            self.env.flush_all()
            return self.url_open(
                f"/mini_crm/webhook/{channel.key}",
                params={
                    "hub.mode": mode,
                    "hub.verify_token": token,
                    "hub.challenge": "<b>1158</b>",
                },
            )

        right = asked(VERIFY)
        self.assertEqual((right.status_code, right.text), (200, "<b>1158</b>"))
        self.assertTrue(right.headers["Content-Type"].startswith("text/plain"))
        self.instagram.state = "draft"
        self.assertEqual(asked(VERIFY).status_code, 200)
        for wrong in (asked(""), asked("x"), asked(VERIFY, mode="x")):
            self.assertEqual(wrong.status_code, 403)
        self.assertEqual(asked("", self.telegram).status_code, 403)
        self.assertEqual(asked(VERIFY, self.make("instagram")).status_code, 403)

    def test_the_log_does_not_tell_the_verify_token(self):
        line = f"GET /mini_crm/webhook/k?hub.verify_token={VERIFY}&x=1 HTTP/1.1"
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            logging.getLogger("werkzeug").info('"%s" %s', line, 200)
        self.assertNotIn(VERIFY, "".join(logs.output))
        self.assertIn("hub.verify_token=***&x=1", "".join(logs.output))
