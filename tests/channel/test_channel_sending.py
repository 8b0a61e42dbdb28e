from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ... import takeout
from ...engine.send_gate import Verdict
from ..common import MiniCrmCase
from ..factories import make_customer

NEUTRALIZE = Path(__file__).parents[2] / "data" / "neutralize.sql"


@tagged("post_install", "-at_install")
class TestChannelSending(MiniCrmCase):
    """What is queued, deferred, dropped, cancelled; nothing is called here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.telegram = cls._chat("telegram", "9001")
        cls.instagram = cls._chat("instagram", "ig9001")

    @classmethod
    def _chat(cls, kind, external_id):
        channel = cls.env["mini_crm.channel"].create({"name": kind, "type": kind})
        channel.state = "live"
        return cls.env["mini_crm.identity"].create(
            {
                "channel_id": channel.id,
                "company_id": cls.company.id,
                "partner_id": make_customer(cls.env).id,
                "external_id": external_id,
            }
        )

    def rows(self, messages):
        return self.env["mini_crm.outbox"].search([("message_id", "in", messages.ids)])

    def file(self, size=10, mime="image/png", user=None):
        attachments = self.env["ir.attachment"].with_user(user or self.agent)
        file = attachments.create({"name": "Plan.png", "raw": b"x", "mimetype": mime})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET file_size = %s, mimetype = %s WHERE id = %s",
            [size, mime, file.id],
        )
        file.invalidate_recordset()
        return file

    # Queueing

    def test_agent_queues_what_he_may_not_write_as_a_row(self):
        chat = self.telegram.with_user(self.agent)
        message = chat._send(" Salam ")
        self.assertEqual((message.body, message.state), ("Salam", "queued"))
        self.assertEqual(message.author_id, self.agent)
        self.assertEqual(len(self.rows(message)), 1)
        with self.assertRaises(AccessError):
            message.body = "other"

    def test_double_click_gives_the_same_messages_back(self):
        text = "word " * 2_000
        first = self.telegram._send(text, key="click")
        again = self.telegram._send(text, key="click")
        self.assertGreater(len(first), 1)
        self.assertEqual(again, first)
        self.assertEqual(len(self.rows(first)), len(first))

    def test_key_of_another_chat_is_no_double_click(self):
        self.telegram._send("Salam", key="click")
        other = self.telegram.copy({"external_id": "9002"})
        with self.assertRaises(ValueError):
            other._send("Salam", key="click")

    def test_nothing_to_say_is_refused_with_words(self):
        for text in ("", "  \n", None):
            with self.assertRaisesRegex(UserError, "Write something first"):
                self.telegram._send(text)

    def test_text_for_more_than_twenty_messages_is_refused(self):
        with self.assertRaisesRegex(UserError, "at most 20"):
            self.telegram._send("word " * 20_000)

    def test_channel_that_cannot_send_says_so(self):
        phone = self._chat("phone", "+989121234567")
        with self.assertRaisesRegex(UserError, "cannot be sent from here"):
            phone._send("Salam")

    # Files and choices

    def test_each_file_is_a_message_of_its_own_and_kept_with_it(self):
        chat = self.telegram.with_user(self.agent)
        text, picture = chat._send("Look", attachments=self.file())
        self.assertEqual((text.kind, picture.kind), ("text", "photo"))
        (medium,) = picture.media
        kept = self.env["ir.attachment"].browse(medium["attachment_id"])
        self.assertEqual((kept.res_model, kept.res_id), (picture._name, picture.id))

    def test_file_of_another_is_not_sent(self):
        secret = self.env["ir.attachment"].create(
            {
                "name": "Secret",
                "raw": b"x",
                "res_model": "ir.config_parameter",
                "res_id": self.env["ir.config_parameter"].search([], limit=1).id,
            }
        )
        with self.assertRaises(AccessError):
            self.telegram.with_user(self.agent)._send("Look", attachments=secret)
        self.assertFalse(
            self.env["mini_crm.message"].search(
                [("identity_id", "=", self.telegram.id)]
            )
        )

    def test_too_large_a_file_is_refused_with_its_name_and_the_limit(self):
        large = self.file(size=11_000_000)
        with self.assertRaisesRegex(UserError, "Plan.png has 11.0 MB.*at most 10"):
            self.telegram._send("Look", attachments=large)

    def test_instagram_takes_no_documents(self):
        document = self.file(mime="application/zip")
        with self.assertRaisesRegex(UserError, "Plan.png cannot be sent"):
            self.instagram._send("Look", attachments=document)

    def test_choices_are_numbered_and_checked(self):
        message = self.telegram._send("Which?", buttons=[{"label": "Tea"}])
        self.assertEqual(message.buttons, [{"label": "Tea", "payload": "1"}])
        with self.assertRaisesRegex(UserError, "1 to 20 characters"):
            self.instagram._send("Which?", buttons=[{"label": "t" * 21}])
        with self.assertRaisesRegex(UserError, "at most 13"):
            self.instagram._send("Which?", buttons=[{"label": "t"}] * 14)

    # The gate

    def test_dropped_message_says_why_and_has_no_work(self):
        self.telegram.state = "blocked"
        message = self.telegram._send("Salam")
        self.assertEqual((message.state, message.reason), ("failed", "blocked"))
        self.assertFalse(self.rows(message))

    def test_campaign_needs_an_opt_in_and_an_answer_does_not(self):
        campaign = self.telegram._send("Offer", purpose="campaign")
        self.assertEqual((campaign.state, campaign.reason), ("failed", "no_consent"))
        self.assertEqual(self.telegram._send("Salam").state, "queued")
        self.telegram.partner_id._set_consent("telegram", "in", source="person")
        self.assertEqual(
            self.telegram._send("Offer", purpose="campaign").state, "queued"
        )

    def test_after_opting_out_only_a_person_may_answer_who_was_written_to_since(self):
        partner = self.telegram.partner_id
        partner._set_consent("telegram", "out", source="message", proof="stop")
        self.assertEqual(self.telegram._send("Salam").reason, "opted_out")
        self.env["mini_crm.message"].create(
            {
                "channel_id": self.telegram.channel_id.id,
                "company_id": self.company.id,
                "identity_id": self.telegram.id,
                "partner_id": partner.id,
                "direction": "in",
                "date": fields.Datetime.now() + timedelta(minutes=1),
                "state": "received",
                "body": "One more question",
            }
        )
        self.assertEqual(self.telegram._send("Yes?").state, "queued")
        automated = self.telegram._send("Hi", purpose="automated")
        self.assertEqual(automated.reason, "opted_out")

    def test_broken_channel_keeps_messages_until_it_is_mended(self):
        channel = self.telegram.channel_id
        channel._set_problem("token_invalid")
        message = self.telegram._send("Salam")
        self.assertEqual((message.state, message.reason), ("queued", "channel_broken"))
        self.assertFalse(self.rows(message).due_at)
        channel._clear_problem()
        self.assertTrue(self.rows(message).due_at)

    def test_higher_room_may_object(self):
        until = fields.Datetime.now() + timedelta(hours=8)
        outbox = type(self.env["mini_crm.outbox"])
        messages = type(self.env["mini_crm.message"])
        quiet = Verdict("defer", "quiet_hours", until)

        def at_night(_outbox, identity, purpose, _message):
            return quiet if purpose != "answer" else None

        self.patch(messages, "_gate_checks", lambda _m: [(1, outbox._name, "_night")])
        self.startPatcher(patch.object(outbox, "_night", at_night, create=True))
        message = self.telegram._send("Offer", purpose="automated")
        self.assertEqual((message.state, message.reason), ("queued", "quiet_hours"))
        self.assertEqual(message.deferred_until, until)
        self.assertEqual(self.rows(message).due_at, until)
        self.assertEqual(self.telegram._gate("answer").action, "send")

    def test_changed_consent_has_the_gate_look_again(self):
        self.instagram.window_opened_at = False
        message = self.instagram._send("Salam")
        self.assertFalse(self.rows(message).due_at)
        self.instagram.partner_id._set_consent("instagram", "in", source="person")
        self.assertTrue(self.rows(message).due_at)

    # Decisions of people

    def test_cancel_takes_back_all_that_waits_in_a_chat(self):
        messages = self.telegram._send("one") + self.telegram._send("two")
        sent = self.telegram._send("three")
        sent._advance("sent")
        self.rows(sent).unlink()
        cancelled = self.telegram.with_user(self.agent)._cancel_queued()
        self.assertEqual(cancelled, messages)
        self.assertEqual(set(messages.mapped("state")), {"cancelled"})
        self.assertEqual(sent.state, "sent")
        self.assertFalse(self.rows(messages))

    def test_person_may_send_again_what_has_failed(self):
        message = self.telegram._send("Salam")
        self.rows(message).unlink()
        message._fail("refused", "PHOTO_INVALID")
        again = message.with_user(self.agent)._resend()
        self.assertEqual(again, message)
        self.assertEqual((message.state, message.detail), ("queued", False))
        self.assertEqual(len(self.rows(message)), 1)
        self.assertFalse(message._resend())

    def test_resending_passes_the_gate(self):
        message = self.telegram._send("Salam")
        self.rows(message).unlink()
        message._fail("refused")
        self.telegram.state = "blocked"
        self.assertFalse(message._resend())
        self.assertEqual((message.state, message.reason), ("failed", "blocked"))

    def test_confirmed_message_is_sent_and_logged_once(self):
        message = self.telegram._send("Salam")
        self.rows(message).unlink()
        message.state = "uncertain"
        message.with_user(self.agent)._confirm_sent()
        message._confirm_sent()
        self.assertEqual(message.state, "sent")
        events = self.events(self.telegram.partner_id, "message_sent")
        self.assertEqual(events.ids, [message.event_id])

    def test_state_only_goes_forward(self):
        message = self.telegram._send("Salam")
        self.rows(message).unlink()
        self.assertEqual(message._advance("read"), message)
        for earlier in ("sent", "delivered", "read"):
            self.assertFalse(message._advance(earlier))
        self.assertEqual(message.state, "read")
        self.assertEqual(len(self.events(self.telegram.partner_id, "message_sent")), 1)
        failed = self.telegram._send("Salam")
        failed._fail("refused")
        self.assertFalse(failed._advance("read"))

    # Copies, leaving

    def test_neutralized_copy_sends_nothing(self):
        waiting = self.telegram._send("Salam")
        under_way = self.telegram._send("Salam")
        under_way.state = "sending"
        self.env.flush_all()
        self.env.cr.execute(NEUTRALIZE.read_text(encoding="utf-8"))
        self.env.invalidate_all()
        self.assertFalse(self.env["mini_crm.outbox"].search([]))
        self.assertEqual(waiting.state, "cancelled")
        self.assertEqual(under_way.state, "uncertain")
        self.assertEqual(self.telegram.channel_id.state, "off")

    def test_who_leaves_takes_messages_and_consents_but_no_token(self):
        tables = {table for table, _query in takeout._own_tables(self.env)}
        self.assertLessEqual(
            {"mini_crm_message", "mini_crm_consent", "mini_crm_identity"}, tables
        )
        self.assertFalse(
            {"mini_crm_channel_secret", "mini_crm_inbox", "mini_crm_outbox"} & tables
        )
