import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from odoo.exceptions import AccessError
from odoo.tests import common, new_test_user, tagged

from ...models.channel import mini_crm_channel_polling, mini_crm_message_media
from ...models.channel.provider_client import ProviderClient
from .inbound_case import NOON, InboundCase

TOKEN = "123456789:AAF-planted-bot-token-of-the-test"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PAGE = b"<html><script>alert(1)</script></html>"


class FileProvider:
    """Telegram's getFile, getUpdates and files, and Instagram's addresses of files.

    :ivar dict files: path -> (status, bytes or a function that writes the answer)
    :ivar list updates: answers of getUpdates, one after the other
    :ivar list asked: (path, headers, JSON) as they came
    """

    def __init__(self):
        self.files, self.updates, self.asked = {}, [], []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                asked = json.loads(self.rfile.read(length) or b"{}")
                provider.asked.append((self.path, dict(self.headers), asked))
                self.answer(*provider.reply(self.path.rsplit("/", 1)[-1], asked))

            def do_GET(self):
                provider.asked.append((self.path, dict(self.headers), {}))
                self.answer(*provider.files.get(self.path, (404, b"")))

            def answer(self, status, content, headers=()):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args):
                """Nothing on the screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host = f"127.0.0.1:{self.server.server_port}"

    def reply(self, method, asked):
        """(status, bytes) of a call of the Bot API."""
        if method == "getFile":
            path = f"files/{asked['file_id']}"
            known = f"/file/bot{TOKEN}/{path}" in self.files
            answer = {"ok": True, "result": {"file_path": path}}
            if not known:
                answer = {"ok": False, "error_code": 400, "description": "no file"}
            return (200 if known else 400), json.dumps(answer).encode()
        if method == "getUpdates":
            status, answer = self.updates.pop(0) if self.updates else (200, [])
            if status == 200:
                answer = {"ok": True, "result": answer}
            return status, json.dumps(answer).encode()
        return 200, b'{"ok": true, "result": true}'

    def called(self, method):
        """What a method of the Bot API was asked, in order."""
        return [asked for path, _h, asked in self.asked if path.endswith(f"/{method}")]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class FileCase(InboundCase):
    def setUp(self):
        super().setUp()
        self.provider = FileProvider()
        self.addCleanup(self.provider.close)
        # the provider is on this machine, which Odoo's tests would not let us ask
        self.patch(requests.Session, "send", common._super_send)
        base = f"http://{self.provider.host}"
        self.patch(
            type(self.env["mini_crm.channel"]),
            "_client",
            lambda channel: ProviderClient(
                f"{base}/bot{TOKEN}" if channel.type == "telegram" else f"{base}/v23.0",
                headers={"Authorization": f"Bearer {TOKEN}"},
            ),
        )
        with self.transaction() as env:
            env["mini_crm.channel"].browse(self.channel_id).api_url = base

    def fetch(self):
        """What the scheduled job does."""
        with self.transaction() as env:
            env["mini_crm.message"]._cron_fetch_media()

    def media(self):
        """Entries of the files of the channel's messages."""
        with self.transaction() as env:
            messages = env["mini_crm.message"].search(
                [("channel_id", "=", self.channel_id)], order="id"
            )
            return [one for message in messages for one in message.media or []]

    def again(self):
        """Let it be time for another try."""
        self.rows(
            """UPDATE mini_crm_message SET media_due_at = now() AT TIME ZONE 'utc'
            WHERE channel_id = %s AND media_due_at IS NOT NULL RETURNING id""",
            self.channel_id,
        )

    def file(self, name, content, status=200):
        """A file of Telegram, and the message that brings it."""
        self.provider.files[f"/file/bot{TOKEN}/files/{name}"] = (status, content)
        return self.message(
            text=None,
            document={"file_id": name, "file_name": f"{name}.html", "file_size": 48},
            caption="Here",
        )


@tagged("post_install", "-at_install")
class TestChannelMedia(FileCase):
    """Files of Telegram."""

    def test_a_file_is_an_attachment_that_agents_of_the_company_read(self):
        self.receive(self.file("f1", PNG))
        self.assertEqual([one["state"] for one in self.media()], ["waiting"])
        self.fetch()
        [one] = self.media()
        self.assertEqual((one["state"], one["mime"]), ("fetched", "image/png"))
        self.assertTrue(one["name"].endswith(".png"))
        with self.transaction() as env:
            attachment = env["ir.attachment"].browse(one["attachment_id"])
            self.assertEqual(attachment.raw, PNG)
            other = env["res.company"].create({"name": "Other shop"})
            group = "mini_crm.mini_crm_group_agent"
            agent = new_test_user(env, "of_shop", group)
            stranger = new_test_user(
                env, "of_other", group, company_id=other.id, company_ids=other.ids
            )
            attachment.with_user(agent).check_access("read")
            with self.assertRaises(AccessError):
                attachment.with_user(stranger).check_access("read")
            self.assertFalse(env["mini_crm.message"]._claim_media())
            env.cr.rollback()

    def test_a_page_is_plain_text(self):
        self.receive(self.file("f1", PAGE))
        self.fetch()
        [one] = self.media()
        with self.transaction() as env:
            attachment = env["ir.attachment"].browse(one["attachment_id"])
            self.assertEqual(attachment.mimetype, "text/plain")
        self.assertTrue(one["name"].endswith(".txt"))

    def test_what_is_too_large_is_told_and_not_kept(self):
        limits = {**mini_crm_message_media.MAX_BYTES, "telegram": 30}
        self.patch(mini_crm_message_media, "MAX_BYTES", limits)
        self.receive(self.file("f1", PNG))
        self.fetch()
        [one] = self.media()
        self.assertEqual((one["state"], one["reason"]), ("too_large", "too_large"))
        self.assertNotIn("attachment_id", one)

    def test_another_try_is_made_some_times(self):
        self.receive(self.file("f1", b"", status=502))
        for _try in range(5):
            self.assertEqual([one["state"] for one in self.media()], ["waiting"])
            self.fetch()
            self.again()
        [one] = self.media()
        self.assertEqual((one["state"], one["reason"]), ("failed", "refused"))
        self.fetch()
        self.assertEqual(len(self.provider.called("getFile")), 5)

    def test_what_is_there_at_the_second_try_is_kept(self):
        self.receive(self.file("f1", b"", status=502))
        self.fetch()
        self.provider.files[f"/file/bot{TOKEN}/files/f1"] = (200, PNG)
        self.again()
        self.fetch()
        self.assertEqual([one["state"] for one in self.media()], ["fetched"])

    def test_a_redirect_is_not_followed(self):
        self.receive(self.file("f1", b""))
        elsewhere = [("Location", f"http://{self.provider.host}/secret")]
        self.provider.files[f"/file/bot{TOKEN}/files/f1"] = (302, b"", elsewhere)
        self.fetch()
        self.assertNotIn("/secret", [path for path, _h, _j in self.provider.asked])

    def test_no_token_stands_in_what_is_kept(self):
        self.receive(self.file("f1", b"", status=404), self.file("f2", PNG))
        self.fetch()
        self.assertNotIn(TOKEN, json.dumps(self.media()))

    def test_a_pressed_button_is_answered(self):
        update = self.message()
        message = update.pop("message")
        query = {"id": "4711", "from": message["from"], "data": "yes"}
        update["callback_query"] = {**query, "message": message}
        self.receive(update)
        self.fetch()
        self.fetch()
        self.assertEqual(
            self.provider.called("answerCallbackQuery"), [{"callback_query_id": "4711"}]
        )
        with self.transaction() as env:
            pressed = env["mini_crm.message"].search(
                [("channel_id", "=", self.channel_id)]
            )
            self.assertEqual((pressed.payload, pressed.kind), ("yes", "postback"))
            self.assertTrue(pressed.date)

    # Polling

    def poll(self, *answers):
        """One run of the scheduled job with these answers; then nobody can be asked."""
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            channel.receive = "polling"
        self.patch(mini_crm_channel_polling, "LONG_POLL", 0)
        self.patch(mini_crm_channel_polling, "SHORTEST_ROUND", 0)
        self.provider.updates = [*answers, (500, {})]
        with self.transaction() as env:
            env["mini_crm.channel"]._cron_poll()

    def test_asking_keeps_each_update_and_confirms_it_afterwards(self):
        first = {**self.message(text="One"), "update_id": 500}
        second = {**self.message(8, text="Two"), "update_id": 501}
        self.poll((200, [first, second]), (200, []))
        asked = [one.get("offset") for one in self.provider.called("getUpdates")]
        self.assertEqual(asked, [None, 502, None])
        self.work()
        self.assertEqual(sorted(self.texts()), ["One", "Two"])

    def test_numbers_may_begin_anew_after_a_quiet_week(self):
        self.poll((200, [{**self.message(text="One"), "update_id": 500}]), (200, []))
        self.poll((200, [{**self.message(text="Two"), "update_id": 7}]))
        self.work()
        self.assertEqual(sorted(self.texts()), ["One", "Two"])

    def test_another_program_that_asks_is_told_once(self):
        conflict = {"ok": False, "error_code": 409, "description": "Conflict"}
        self.poll((409, conflict), (409, conflict))
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            self.assertEqual((channel.state, channel.problem), ("broken", "conflict"))
            self.assertFalse(channel._polling())


@tagged("post_install", "-at_install")
class TestChannelMediaInstagram(FileCase):
    """Files of Instagram: at addresses that strangers name."""

    type = "instagram"

    def receive_file(self, address):
        attachment = {"type": "image", "payload": {"url": address}}
        part = {
            "sender": {"id": "90"},
            "recipient": {"id": "17841400000000000"},
            "timestamp": int(NOON.timestamp()) * 1000,
            "message": {"mid": "m1", "attachments": [attachment]},
        }
        entry = {"id": "17841400000000000", "time": 1, "messaging": [part]}
        self.receive({"object": "instagram", "entry": [entry]})

    def test_a_file_is_fetched_without_the_token(self):
        self.provider.files["/cdn/1.png"] = (200, PNG)
        self.receive_file(f"http://{self.provider.host}/cdn/1.png")
        self.fetch()
        self.assertEqual([one["state"] for one in self.media()], ["fetched"])
        [headers] = [h for path, h, _json in self.provider.asked if "/cdn/" in path]
        self.assertNotIn(TOKEN, json.dumps(headers))

    def name_of(self, answer):
        """What a person is called whose name was asked for, and how often it was."""
        self.provider.files["/v23.0/90?fields=name%2Cusername"] = answer
        self.receive_file("https://example.com/1.png")
        self.fetch()
        self.fetch()
        asked = [path for path, _h, _j in self.provider.asked if "/90?" in path]
        with self.transaction() as env:
            return self.identity(env, 90).partner_id.name, len(asked)

    def test_a_name_is_asked_for_where_messages_tell_none(self):
        told = json.dumps({"name": "Sara Amini", "username": "sara.a"}).encode()
        self.assertEqual(self.name_of((200, told)), ("Sara Amini", 1))

    def test_who_has_no_name_is_called_by_his_number(self):
        refusal = json.dumps({"error": {"code": 230, "message": "consent"}}).encode()
        self.assertEqual(self.name_of((400, refusal)), ("Instagram user 90", 1))

    def test_a_name_that_people_gave_stays(self):
        self.receive_file("https://example.com/1.png")
        with self.transaction() as env:
            self.identity(env, 90).partner_id.name = "Mrs Amini"
        told = json.dumps({"name": "sara", "username": "sara.a"}).encode()
        self.assertEqual(self.name_of((200, told)), ("Mrs Amini", 1))

    def test_no_other_host_is_asked(self):
        for address in (
            f"http://localhost:{self.provider.server.server_port}/cdn/1.png",
            f"http://127.0.0.1.:{self.provider.server.server_port}/cdn/1.png",
            f"http://x@{self.provider.host}/cdn/1.png",
            "http://169.254.169.254/latest/meta-data",
            "https://lookaside.fbsbx.com@evil.example/1.png",
            "file:///etc/passwd",
        ):
            with self.subTest(address=address):
                self.receive_file(address)
                self.fetch()
                [one] = self.media()
                self.assertEqual(
                    (one["state"], one["reason"]), ("failed", "not_allowed")
                )
                asked = [path for path, _h, _j in self.provider.asked]
                self.assertFalse([path for path in asked if "/90?" not in path])
                self.rows(
                    "DELETE FROM mini_crm_message WHERE channel_id = %s RETURNING id",
                    self.channel_id,
                )
                self.rows(
                    "DELETE FROM mini_crm_inbox WHERE channel_id = %s RETURNING id",
                    self.channel_id,
                )
