from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...engine.provider_answers import Outcome
from .outbox_case import OutboxCase
from .scripted_provider import meta_refusal


@tagged("post_install", "-at_install")
class TestChannelInstagramSending(OutboxCase):
    """Instagram's window, tag and errors."""

    type = "instagram"

    def opened(self, **age):
        """When a window was opened that is so old."""
        return fields.Datetime.now() - timedelta(**age)

    def test_window_keeps_messages_until_the_customer_writes(self):
        chat = self.chat("ig1", window_opened_at=self.opened(hours=25))
        ids = self.send(chat, "Salam", purpose="automated")
        self.work()
        self.assertEqual(self.states(ids), ["queued"])
        self.assertEqual(self.read(ids, "reason"), ["window_closed"])
        with self.transaction() as env:
            identity = env["mini_crm.identity"].browse(chat)
            identity.window_opened_at = fields.Datetime.now()
            identity._reconsider()
        self.work()
        self.assertEqual(self.states(ids), ["sent"])

    def test_only_a_person_gets_the_human_agent_tag(self):
        with self.transaction() as env:
            env["mini_crm.channel"].browse(self.channel_id).human_agent = True
        chat = self.chat("ig2", window_opened_at=self.opened(days=3))
        automated = self.send(chat, "We miss you", purpose="automated")
        answer = self.send(chat, "Here is your answer")
        self.work()
        self.assertEqual(self.states(automated + answer), ["queued", "sent"])
        ((_at, _to, _path, body),) = self.provider.calls
        self.assertEqual(body["tag"], "HUMAN_AGENT")
        self.assertEqual(body["message"]["text"], "Here is your answer")

    def test_inside_the_window_there_is_no_tag(self):
        chat = self.chat("ig3", window_opened_at=self.opened(hours=1))
        self.send(chat, "Salam")
        self.work()
        ((_at, _to, path, body),) = self.provider.calls
        self.assertNotIn("tag", body)
        self.assertTrue(path.endswith("me/messages"))

    def test_window_that_the_provider_calls_closed_is_open_to_people_with_the_tag(self):
        with self.transaction() as env:
            env["mini_crm.channel"].browse(self.channel_id).human_agent = True
        chat = self.chat("ig5", window_opened_at=self.opened(hours=23))
        self.provider.replies["ig5"] = [meta_refusal(10, 2534022)]
        ids = self.send(chat, "Salam")
        self.work()
        self.assertEqual(self.states(ids), ["sent"])
        self.assertEqual(self.provider.calls[-1][3]["tag"], "HUMAN_AGENT")

    def test_window_that_he_opens_meanwhile_stays_open(self):
        chat = self.chat("ig6", window_opened_at=self.opened(hours=23))
        ids = self.send(chat, "Salam")
        now = fields.Datetime.now() + timedelta(seconds=2)
        with self.transaction() as env:
            (claimed,) = env["mini_crm.outbox"].search([("message_id", "in", ids)])
            claimed.claimed_at = now - timedelta(seconds=1)
            claimed.message_id.state = "sending"
            claimed.identity_id.window_opened_at = now
            claimed._end_window_closed(None)
            self.assertEqual(claimed.identity_id.window_opened_at, now)
        self.work()
        self.assertEqual(self.states(ids), ["sent"])

    def test_window_that_the_provider_calls_closed_is_closed(self):
        chat = self.chat("ig4", window_opened_at=self.opened(hours=23))
        self.provider.replies["ig4"] = [meta_refusal(10, 2534022)]
        ids = self.send(chat, "Salam")
        self.work()
        self.work()
        self.assertEqual(self.states(ids), ["queued"])
        self.assertEqual(self.read(ids, "reason"), ["window_closed"])
        self.assertEqual(len(self.provider.calls), 1)

    def test_tag_without_approval_is_switched_off(self):
        with self.transaction() as env:
            env["mini_crm.channel"].browse(self.channel_id).human_agent = True
        chat = self.chat("ig5", window_opened_at=self.opened(days=3))
        self.provider.replies["ig5"] = [meta_refusal(100, 2018276)]
        told = []
        self.patch(
            type(self.env["mini_crm.channel"]),
            "_tell_administrators",
            lambda _channel, code: told.append(code),
        )
        ids = self.send(chat, "Salam")
        self.work()
        self.assertEqual(self.read(ids, "reason"), ["human_agent"])
        self.assertEqual(told, ["human_agent"])
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            self.assertFalse(channel.human_agent)
            self.assertEqual((channel.state, channel.problem), ("live", "human_agent"))
            late = env["mini_crm.outbox"].create(  # was on its way meanwhile
                {"message_id": ids[0], "identity_id": chat, "channel_id": channel.id}
            )
            channel._clear_problem()
            late._end_refused(Outcome("refused", reason="human_agent"))
        self.assertEqual(told, ["human_agent"])

    def test_invalid_token_stops_all_and_loops_nowhere(self):
        for name in ("ig6", "ig7"):
            self.provider.replies[name] = [meta_refusal(190)] * 9
            self.send(self.chat(name, window_opened_at=self.opened(hours=1)), "Salam")
        for _turn in range(3):
            self.work()
        self.assertLessEqual(len(self.provider.calls), 2)
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            self.assertEqual(channel.problem, "token_invalid")

    def test_rate_limit_of_the_account_holds_back_everybody(self):
        status, body = meta_refusal(80002)
        minutes = '{"1": [{"estimated_time_to_regain_access": 60}]}'
        usage = {"X-Business-Use-Case-Usage": minutes}
        self.provider.replies["ig8"] = [(status, body, usage)]
        first = self.send(
            self.chat("ig8", window_opened_at=self.opened(hours=1)), "Salam"
        )
        self.work()
        other = self.send(
            self.chat("ig9", window_opened_at=self.opened(hours=1)), "Salam"
        )
        self.work()
        self.assertEqual(self.states(first + other), ["queued", "queued"])
        self.assertEqual(self.provider.texts("ig9"), [])

    def test_persian_is_split_by_bytes_between_words(self):
        chat = self.chat("ig10", window_opened_at=self.opened(hours=1))
        words = [f"سلام{n}" for n in range(200)]
        self.send(chat, " ".join(words))
        self.work()
        texts = self.provider.texts("ig10")
        self.assertGreater(len(texts), 1)
        self.assertLessEqual(max(len(text.encode()) for text in texts), 1000)
        self.assertEqual(" ".join(texts).split(), words)
