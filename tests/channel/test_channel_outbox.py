from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.channel.provider_client import ProviderClient
from ..factories import make_message
from .outbox_case import OutboxCase
from .scripted_provider import refusal

RECORD = "odoo.addons.mini_crm.models.channel.mini_crm_outbox_record"


@tagged("post_install", "-at_install")
class TestChannelOutbox(OutboxCase):
    """Real transactions, real HTTP: what a provider says, and what becomes of it."""

    def test_accepted_message_is_sent_logged_and_ends_the_waiting(self):
        chat = self.chat("501", waiting_since="2026-01-01 10:00:00")
        (message_id,) = self.send(chat, "Salam")
        self.work()
        with self.transaction() as env:
            message = env["mini_crm.message"].browse(message_id)
            self.assertEqual(message.state, "sent")
            self.assertEqual((message.external_id, message.sequence), ("501:1", 1))
            event = env["mini_crm.event"].browse(message.event_id)
            self.assertEqual(event.type, "message_sent")
            self.assertEqual(event.interaction, "out")
            self.assertEqual(event.summary, "Salam")
            self.assertEqual(event.data["channel"], "telegram")
            self.assertFalse(message.identity_id.waiting_since)
            self.assertEqual(message.identity_id.last_message, "Salam")
        self.assertEqual(self.outbox(), [])
        self.assertEqual(self.provider.texts("501"), ["Salam"])

    def test_answer_that_waited_leaves_a_newer_question_waiting(self):
        chat = self.chat("503", waiting_since="2026-01-01 10:00:00")
        (message_id,) = self.send(chat, "Yes, in red")
        with self.transaction() as env:
            answer = env["mini_crm.message"].browse(message_id)
            answer.date = "2026-01-01 11:00:00"
            make_message(
                answer.identity_id,
                "And in blue?",
                date="2026-01-01 12:00:00",
                external_id="503:900",
            )
        self.work()
        with self.transaction() as env:
            waits = env["mini_crm.identity"].browse(chat).waiting_since
            self.assertEqual(waits, self.utc("2026-01-01 12:00:00"))

    def test_answer_in_parts_is_one_interaction(self):
        chat = self.chat("504")
        ids = self.send(chat, "word " * 1_500)
        self.work()
        with self.transaction() as env:
            messages = env["mini_crm.message"].browse(ids)
            events = env["mini_crm.event"].browse(messages.mapped("event_id"))
            self.assertEqual(events.mapped("interaction"), ["out", False])

    def test_first_part_that_is_accepted_is_the_interaction(self):
        chat = self.chat("506")
        self.provider.replies["506"] = [refusal(400, "Bad Request: no"), "cut"]
        self.send(chat, "Before")
        ids = self.send(chat, "word " * 3_000)
        self.send(chat, "After")
        for _turn in range(3):
            self.due_now()
            self.work()
        self.assertEqual(self.states(ids), ["uncertain", "sent", "sent", "sent"])
        with self.transaction() as env:
            uncertain = env["mini_crm.message"].browse(ids[0])
            uncertain._confirm_sent()
            chat_messages = uncertain.search([("identity_id", "=", chat)], order="id")
            events = env["mini_crm.event"]
            self.assertEqual(
                [events.browse(m.event_id).interaction for m in chat_messages],
                [False, False, "out", False, False, "out"],
            )

    def test_message_that_breaks_its_account_each_time_fails(self):
        chat = self.chat("505")
        self.provider.replies["505"] = [refusal(401, "Unauthorized")] * 5
        ids = self.send(chat, "Salam")
        for _mended in range(5):
            self.assertEqual(self.states(ids), ["queued"])
            self.work()
            with self.transaction() as env:
                channel = env["mini_crm.channel"].browse(self.channel_id)
                self.assertEqual(channel.state, "broken")
                channel._clear_problem()
                channel.state = "live"
            self.due_now()
        self.assertEqual(self.states(ids), ["failed"])
        self.assertEqual(self.read(ids, "reason"), ["gave_up"])

    def test_automated_message_is_no_interaction_and_leaves_him_waiting(self):
        chat = self.chat("502", waiting_since="2026-01-01 10:00:00")
        (message_id,) = self.send(chat, "We are closed", purpose="automated")
        self.work()
        with self.transaction() as env:
            message = env["mini_crm.message"].browse(message_id)
            event = env["mini_crm.event"].browse(message.event_id)
            self.assertFalse(event.interaction)
            self.assertTrue(message.identity_id.waiting_since)

    def test_messages_of_a_chat_go_in_order_a_second_apart(self):
        chats = {self.chat(f"51{n}"): f"51{n}" for n in range(3)}
        for n in range(3):
            for chat in chats:
                self.send(chat, f"text {n}")
        self.work()
        for external_id in chats.values():
            self.assertEqual(
                self.provider.texts(external_id), ["text 0", "text 1", "text 2"]
            )
            first, second, third = self.provider.times(external_id)
            self.assertGreaterEqual(second - first, 0.99)
            self.assertGreaterEqual(third - second, 0.99)

    def test_long_text_arrives_whole_and_in_order(self):
        chat = self.chat("520")
        words = [f"word{n}" for n in range(1_500)]
        ids = self.send(chat, " ".join(words))
        self.assertGreater(len(ids), 1)
        self.work()
        self.assertEqual(" ".join(self.provider.texts("520")).split(), words)

    def test_429_pauses_keeps_the_order_and_is_no_failed_attempt(self):
        chat = self.chat("530")
        self.provider.replies["530"] = [
            refusal(429, "Too Many Requests: retry after 2", retry_after=2)
        ]
        ids = self.send(chat, "first", "second")
        self.work()
        self.assertEqual(self.states(ids), ["sent", "sent"])
        self.assertEqual(self.provider.texts("530"), ["first", "first", "second"])
        refused, again, _second = self.provider.times("530")
        self.assertGreaterEqual(again - refused, 1.99)

    def test_429_counts_no_attempt_and_is_said(self):
        chat = self.chat("531")
        self.provider.replies["531"] = [
            refusal(429, "Too Many Requests: retry after 600", retry_after=600)
        ]
        ids = self.send(chat, "Salam")
        self.work()
        self.assertEqual(self.states(ids), ["queued"])
        self.assertEqual(self.read(ids, "reason"), ["paused"])
        (row,) = self.outbox()
        self.assertEqual(row["attempts"], 0)

    def test_person_who_has_blocked_us_gets_nothing_more(self):
        chat = self.chat("540")
        self.provider.replies["540"] = [
            refusal(403, "Forbidden: bot was blocked by the user")
        ]
        ids = self.send(chat, "first", "second")
        self.work()
        self.due_now()
        self.work()
        self.assertEqual(self.states(ids), ["failed", "failed"])
        self.assertEqual(self.read(ids, "reason"), ["blocked", "blocked"])
        self.assertEqual(self.provider.texts("540"), ["first"])

    def test_unauthorized_breaks_the_channel_once_and_all_waits_for_it(self):
        self.send(self.chat("550"), "first")
        self.send(self.chat("551"), "other")
        for chat in ("550", "551"):
            self.provider.replies[chat] = [refusal(401, "Unauthorized")]
        self.work()
        self.work()
        self.assertLessEqual(len(self.provider.calls), 2)
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            self.assertEqual(
                (channel.state, channel.problem), ("broken", "token_invalid")
            )
            channel._clear_problem()
        self.provider.replies.clear()
        self.work()
        self.assertEqual(self.outbox(), [])
        self.assertEqual(self.provider.texts("550")[-1], "first")

    def test_what_is_refused_fails_with_what_the_provider_said(self):
        chat = self.chat("560")
        self.provider.replies["560"] = [refusal(400, "Bad Request: PHOTO_INVALID")]
        ids = self.send(chat, "first", "second")
        self.work()
        self.assertEqual(self.states(ids), ["failed", "sent"])
        self.assertEqual(self.read(ids[:1], "reason"), ["media"])
        self.assertIn("PHOTO_INVALID", self.read(ids[:1], "detail")[0])

    def test_unreadable_markup_is_sent_again_plain_once(self):
        chat = self.chat("570")
        refused = refusal(400, "Bad Request: BUTTON_DATA_INVALID: button")
        self.provider.replies["570"] = [refused]
        buttons = [{"label": "Yes", "payload": "y"}]
        ids = self.send(chat, "Is it?", buttons=buttons)
        self.work()
        self.assertEqual(self.states(ids), ["sent"])
        first, second = (body for _at, _to, _path, body in self.provider.calls)
        self.assertIn("reply_markup", first)
        self.assertNotIn("reply_markup", second)
        self.provider.replies["570"] = [refused, refused]
        ids = self.send(chat, "Is it?", buttons=buttons)
        self.work()
        self.assertEqual(self.states(ids), ["failed"])
        self.assertEqual(len(self.provider.calls), 4)

    def test_moved_chat_is_written_to_at_its_new_id_once(self):
        chat = self.chat("580")
        self.provider.replies["580"] = [
            refusal(400, "group chat was upgraded", migrate_to_chat_id=-100580)
        ]
        ids = self.send(chat, "Salam")
        self.work()
        self.assertEqual(self.states(ids), ["sent"])
        self.assertEqual(self.provider.texts("-100580"), ["Salam"])
        with self.transaction() as env:
            identity = env["mini_crm.identity"].browse(chat)
            self.assertEqual(identity.external_id, "-100580")

    def test_no_clear_answer_is_uncertain_and_never_sent_again(self):
        replies = {
            "590": refusal(500, "Internal Server Error"),
            "591": "cut",
            "592": (502, "<html>"),
            "593": (200, {"surprise": True}),
        }
        ids = []
        for external_id, reply in replies.items():
            self.provider.replies[external_id] = [reply]
            ids += self.send(self.chat(external_id), "Salam")
        self.work()
        self.due_now()
        self.work()
        self.assertEqual(self.states(ids), ["uncertain"] * 4)
        self.assertEqual(len(self.provider.calls), 4)
        self.assertEqual(self.outbox(), [])

    def test_without_a_connection_it_is_tried_five_times_then_fails(self):
        chat = self.chat("600")
        ids = self.send(chat, "Salam")
        nobody = ProviderClient("http://127.0.0.1:9/bot1:token")
        with patch.object(
            type(self.env["mini_crm.channel"]), "_client", lambda _c: nobody
        ):
            for attempts in range(1, 5):
                self.work()
                (row,) = self.outbox()
                self.assertEqual(row["attempts"], attempts)
                self.assertEqual(self.read(ids, "reason"), ["no_connection"])
                self.due_now()
            self.work()
        self.assertEqual(self.states(ids), ["failed"])
        self.assertEqual(self.read(ids, "reason"), ["gave_up"])
        self.assertEqual(self.outbox(), [])

    def test_message_that_waits_to_be_tried_again_holds_back_its_chat_only(self):
        held, other = self.chat("610"), self.chat("611")
        ids = self.send(held, "first", "second")
        with self.transaction() as env:
            env["mini_crm.outbox"].search([("message_id", "=", ids[0])]).due_at = env[
                "mini_crm.outbox"
            ]._now() + timedelta(hours=1)
        self.send(other, "beside")
        self.work()
        self.assertEqual(self.provider.texts("610"), [])
        self.assertEqual(self.provider.texts("611"), ["beside"])

    def test_deferred_message_holds_nobody_back(self):
        chat = self.chat("615")
        ids = self.send(chat, "first", "second")
        with self.transaction() as env:
            env["mini_crm.outbox"].search([("message_id", "=", ids[0])])._defer("x")
        self.work()
        self.assertEqual(self.provider.texts("615"), ["second"])
        with self.transaction() as env:
            env["mini_crm.identity"].browse(chat)._reconsider()
        self.work()
        self.assertEqual(self.provider.texts("615"), ["second", "first"])

    def test_what_was_decided_after_queueing_counts(self):
        chat = self.chat("670")
        ids = self.send(chat, "Offer", purpose="automated")
        with self.transaction() as env:
            partner = env["mini_crm.identity"].browse(chat).partner_id
            partner._set_consent("telegram", "out", source="message", proof="stop")
        self.work()
        self.assertEqual(self.states(ids), ["failed"])
        self.assertEqual(self.read(ids, "reason"), ["opted_out"])
        self.assertEqual(self.provider.calls, [])

    def test_file_is_uploaded_and_its_text_follows(self):
        chat = self.chat("680")
        with self.transaction() as env:
            file = env["ir.attachment"].create(
                {
                    "name": "list.pdf",
                    "raw": b"%PDF-1.4 x",
                    "mimetype": "application/pdf",
                }
            )
            file_id = file.id
        self.addCleanup(self.remove_file, file_id)
        self.send(chat, "Our list", attachments=[file_id])
        self.work()
        (_, _, path, text), (_, _, upload, form) = self.provider.calls
        self.assertTrue(path.endswith("sendMessage"))
        self.assertEqual(text["text"], "Our list")
        self.assertTrue(upload.endswith("sendDocument"))
        self.assertEqual((form["chat_id"], form["document"]), ("680", 10))

    def remove_file(self, file_id):
        with self.transaction() as env:
            env["ir.attachment"].browse(file_id).unlink()

    @mute_logger("odoo.addons.mini_crm.models.channel.mini_crm_outbox_claim")
    def test_message_that_cannot_be_made_fails_alone(self):
        broken, other = self.chat("no number"), self.chat("691")
        ids = self.send(broken, "first") + self.send(other, "second")
        self.work()
        self.assertEqual(self.states(ids), ["failed", "sent"])
        self.assertEqual(self.read(ids[:1], "reason"), ["internal"])

    def test_echo_that_came_before_the_answer_is_the_same_message(self):
        chat = self.chat("700")
        ids = self.send(chat, "Salam")

        def echo(_body):
            with self.transaction() as env:
                identity = env["mini_crm.identity"].browse(chat)
                env["mini_crm.message"].create(
                    {
                        "channel_id": self.channel_id,
                        "company_id": identity.company_id.id,
                        "identity_id": chat,
                        "partner_id": identity.partner_id.id,
                        "direction": "out",
                        "date": "2026-01-01 10:00:00",
                        "external_id": "700:1",
                        "state": "sent",
                        "body": "Salam",
                    }
                )
            return

        self.provider.replies["700"] = [echo]
        self.work()
        with self.transaction() as env:
            messages = env["mini_crm.message"].search([("identity_id", "=", chat)])
            self.assertEqual(messages.ids, ids)
            self.assertEqual(messages.state, "sent")
            self.assertEqual(messages.external_id, "700:1")

    def test_echo_given_to_an_older_message_of_ours_deletes_none(self):
        chat = self.chat("701")
        self.provider.replies["701"] = ["cut"]
        first = self.send(chat, "Salam")
        self.work()
        self.assertEqual(self.states(first), ["uncertain"])
        with self.transaction() as env:  # the echo of the next comes first
            env["mini_crm.message"].browse(first)._advance("sent", external_id="701:2")
        self.provider.replies["701"] = [accepted(701, 2)]
        second = self.send(chat, "Salam")
        self.due_now()
        self.work()
        self.assertEqual(self.states(first + second), ["uncertain", "sent"])
        self.assertEqual(self.read(first + second, "external_id"), [False, "701:2"])

    def test_id_that_a_customers_message_has_takes_nothing_from_it(self):
        chat = self.chat("702")
        with self.transaction() as env:
            identity = env["mini_crm.identity"].browse(chat)
            theirs = make_message(identity, "Hello", external_id="702:1").id
        ids = self.send(chat, "Salam")
        self.provider.replies["702"] = [accepted(702, 1)]
        self.work()
        self.assertEqual(self.states([theirs, *ids]), ["received", "sent"])
        self.assertEqual(self.read([theirs, *ids], "external_id"), ["702:1", False])
        self.assertEqual(self.outbox(), [])


def accepted(chat, number):
    """What Telegram answers when it has taken a message."""
    message = {"message_id": number, "date": 1_767_000_000, "chat": {"id": chat}}
    return 200, {"ok": True, "result": message}
