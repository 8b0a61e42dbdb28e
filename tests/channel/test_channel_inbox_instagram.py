from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .inbound_case import ACCOUNT, NOON, InboundCase, seconds

OTHER = "17841400000000001"  # a second account of the same app
WORKER = "odoo.addons.mini_crm.models.channel.mini_crm_inbox_worker"


@tagged("post_install", "-at_install")
class TestChannelInboxInstagram(InboundCase):
    """Deliveries of Meta: many parts in one, echoes, reads, things taken back."""

    type = "instagram"

    def part(self, mid, text="Hello", person="90", at=NOON, echo=False, **message):
        """One part of a delivery."""
        ids = (ACCOUNT, person) if echo else (person, ACCOUNT)
        flags = {"is_echo": True} if echo else {}
        return {
            "sender": {"id": ids[0]},
            "recipient": {"id": ids[1]},
            "timestamp": seconds(at) * 1000,
            "message": {"mid": mid, "text": text, **flags, **message},
        }

    def body(self, *parts):
        """A delivery."""
        entry = {"id": ACCOUNT, "time": seconds(NOON) * 1000, "messaging": list(parts)}
        return {"object": "instagram", "entry": [entry]}

    def other(self, key, value, person="90", at=NOON):
        """A part that is no message."""
        part = self.part("", person=person, at=at)
        del part["message"]
        return {**part, key: value}

    def test_one_bad_part_is_set_aside_and_the_others_go_on(self):
        bad = {**self.part("m2"), "timestamp": "yesterday"}
        self.receive(self.body(self.part("m1", "1"), bad, self.part("m3", "3")))
        self.assertEqual(sorted(self.texts()), ["1", "3"])
        self.assertEqual(self.states(), [("body", "done"), ("item", "dead")])
        with self.transaction() as env:
            dead = env["mini_crm.inbox"].search(
                [("channel_id", "=", self.channel_id), ("state", "=", "dead")]
            )
            self.assertIn("yesterday", dead.content)
            self.assertTrue(dead.error)
            dead._gc_deliveries()
            self.assertTrue(dead.parent_id.exists())

    @mute_logger(WORKER)
    def test_a_part_that_failed_is_read_again_alone(self):
        channels = type(self.env["mini_crm.channel"])
        original = channels._insert_message

        def failing(channel, identity, item):
            if item.text == "2":
                raise ZeroDivisionError
            return original(channel, identity, item)

        parts = [self.part(f"m{n}", str(n)) for n in (1, 2, 3)]
        with patch.object(channels, "_insert_message", failing):
            self.receive(self.body(*parts))
        self.assertEqual(sorted(self.texts()), ["1", "3"])
        with self.transaction() as env:
            dead = env["mini_crm.inbox"].search(
                [("channel_id", "=", self.channel_id), ("state", "=", "dead")]
            )
            dead.action_retry()
        self.work()
        self.assertEqual(sorted(self.texts()), ["1", "2", "3"])
        self.assertEqual(self.states(), [("body", "done"), ("item", "done")])

    @mute_logger(WORKER)
    def test_a_delivery_for_two_accounts_fails_and_is_read_again_for_one_alone(self):
        beside = self.make_channel()
        self.addCleanup(self.remove, beside)
        with self.transaction() as env:
            env["mini_crm.channel"].browse(beside).account_id = OTHER
        theirs = {**self.part("m1", "theirs", "91"), "recipient": {"id": OTHER}}
        body = self.body(self.part("m1", "ours"))
        body["entry"].append({**body["entry"][0], "id": OTHER, "messaging": [theirs]})
        channels = type(self.env["mini_crm.channel"])
        original = channels._insert_message

        def failing(channel, identity, item):
            if channel.id == beside:
                raise ZeroDivisionError
            return original(channel, identity, item)

        with patch.object(channels, "_insert_message", failing):
            for channel_id in (beside, self.channel_id):
                self.deliver(body, channel_id=channel_id)
            self.work()
        self.assertEqual(self.texts(), ["ours"])
        self.assertEqual(self.states(), [("body", "done")])
        self.assertFalse(self.texts(channel_id=beside))
        with self.transaction() as env:
            dead = env["mini_crm.inbox"].search([("state", "=", "dead")])
            self.assertEqual(dead.channel_id.id, beside)
            dead.action_retry()
        self.work()
        self.assertEqual(self.texts(), ["ours"])
        self.assertEqual(self.texts(channel_id=beside), ["theirs"])

    def test_an_echo_is_the_shops_message_and_ends_the_waiting(self):
        self.receive(self.body(self.part("m1", "Is it there?")))
        later = NOON + timedelta(minutes=3)
        self.receive(self.body(self.part("e1", "Yes", at=later, echo=True)))
        with self.transaction() as env:
            identity = self.identity(env, 90)
            self.assertEqual(
                len(
                    env["mini_crm.identity"].search(
                        [("channel_id", "=", self.channel_id)]
                    )
                ),
                1,
            )
            echo = env["mini_crm.message"].search([("external_id", "=", "e1")])
            self.assertEqual((echo.direction, echo.state), ("out", "sent"))
            self.assertFalse(identity.waiting_since)
            self.assertEqual(identity.window_opened_at, NOON.replace(tzinfo=None))
            self.assertEqual(identity.last_message, "Yes")

    def test_an_echo_tells_that_an_uncertain_message_arrived(self):
        self.receive(self.body(self.part("m1")))
        with self.transaction() as env:
            identity = self.identity(env, 90)
            ours = env["mini_crm.message"].create(
                {
                    "channel_id": self.channel_id,
                    "company_id": identity.company_id.id,
                    "identity_id": identity.id,
                    "partner_id": identity.partner_id.id,
                    "direction": "out",
                    "body": "Yes",
                    "date": "2026-03-01 12:01:00",
                    "state": "uncertain",
                    "purpose": "answer",
                }
            )
        later = NOON + timedelta(minutes=2)
        self.receive(self.body(self.part("e1", "Yes", at=later, echo=True)))
        with self.transaction() as env:
            ours = env["mini_crm.message"].browse(ours.id)
            self.assertEqual((ours.state, ours.external_id), ("sent", "e1"))
            sent = self.identity(env, 90).partner_id.event_ids.filtered(
                lambda event: event.type == "message_sent"
            )
            self.assertEqual(len(sent), 1)
        self.assertEqual(self.texts(), ["Hello", "Yes"])

    def test_an_echo_of_a_file_tells_that_one_of_its_kind_arrived(self):
        self.receive(self.body(self.part("m1")))
        with self.transaction() as env:
            identity = self.identity(env, 90)
            values = {
                "channel_id": self.channel_id,
                "company_id": identity.company_id.id,
                "identity_id": identity.id,
                "partner_id": identity.partner_id.id,
                "direction": "out",
                "date": "2026-03-01 12:01:00",
                "state": "uncertain",
                "purpose": "answer",
            }
            kinds = ("photo", "video", "voice")
            rows = [{**values, "kind": kind} for kind in kinds]
            ours = env["mini_crm.message"].create(rows).ids
        later = NOON + timedelta(minutes=2)
        url = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"
        for mid, kind in (("e1", "audio"), ("e2", "video"), ("e3", "video")):
            files = [{"type": kind, "payload": {"url": url}}]
            echo = self.part(mid, None, at=later, echo=True, attachments=files)
            self.receive(self.body(echo))
        with self.transaction() as env:
            photo, video, voice = env["mini_crm.message"].browse(ours)
            self.assertEqual((photo.state, photo.external_id), ("uncertain", False))
            self.assertEqual((video.state, video.external_id), ("sent", "e2"))
            self.assertEqual((voice.state, voice.external_id), ("sent", "e1"))
            others = [("external_id", "=", "e3"), ("id", "not in", ours)]
            self.assertEqual(env["mini_crm.message"].search(others).kind, "video")

    def test_what_is_taken_back_is_forgotten(self):
        self.receive(self.body(self.part("m1", "My secret")))
        gone = self.part("m1", at=NOON + timedelta(minutes=1), is_deleted=True)
        del gone["message"]["text"]
        self.receive(self.body(gone))
        with self.transaction() as env:
            message = env["mini_crm.message"].search([("external_id", "=", "m1")])
            self.assertTrue(message.deleted_at)
            self.assertFalse(message.body)
            identity = self.identity(env, 90)
            self.assertFalse(identity.last_message)
            self.assertFalse(
                [
                    s
                    for s in identity.partner_id.event_ids.mapped("summary")
                    if s and "secret" in s
                ]
            )

    def test_what_is_taken_back_before_it_comes_does_not_show(self):
        gone = self.part("m1", is_deleted=True)
        del gone["message"]["text"]
        self.receive(self.body(gone))
        self.receive(self.body(self.part("m1", "My secret")))
        self.assertEqual(self.texts(), [None])

    def test_reading_moves_states_forward_only(self):
        self.receive(
            self.body(
                self.part("e1", "1", at=NOON, echo=True),
                self.part("e2", "2", at=NOON + timedelta(minutes=2), echo=True),
            )
        )

        def states():
            with self.transaction() as env:
                messages = env["mini_crm.message"].search(
                    [("channel_id", "=", self.channel_id)], order="date"
                )
                return messages.mapped("state")

        self.receive(self.body(self.other("read", {"mid": "e1"})))
        with self.transaction() as env:
            first, second = env["mini_crm.message"].search(
                [("channel_id", "=", self.channel_id)], order="date"
            )
            self.assertEqual((first.state, second.state), ("read", "sent"))
        self.receive(
            self.body(self.other("read", {"mid": "e2"}, at=NOON + timedelta(minutes=3)))
        )
        self.assertEqual(states(), ["read", "read"])

    def test_a_reaction_is_kept_and_taken_off(self):
        self.receive(self.body(self.part("e1", "Thank you", echo=True)))

        def reactions():
            with self.transaction() as env:
                message = env["mini_crm.message"].search([("external_id", "=", "e1")])
                return message.reactions

        react = {"mid": "e1", "action": "react", "reaction": "love", "emoji": "❤"}
        self.receive(self.body(self.other("reaction", react)))
        self.assertEqual(reactions(), {"in": "❤"})
        off = {"mid": "e1", "action": "unreact"}
        self.receive(
            self.body(self.other("reaction", off, at=NOON + timedelta(minutes=1)))
        )
        self.assertFalse(reactions())
