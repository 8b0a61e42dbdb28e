import json
import random
import threading
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.orm.registry import DummyRLock
from odoo.tests import tagged
from odoo.tools import mute_logger

from .inbound_case import ACCOUNT, NOON, InboundCase, seconds

WORKER = "odoo.addons.mini_crm.models.channel.mini_crm_inbox_worker"


@tagged("post_install", "-at_install")
class TestChannelInbox(InboundCase):
    """From stored deliveries to messages, by the worker."""

    def test_a_message_makes_a_customer_with_source_name_and_event(self):
        self.receive(self.message(text="Is it there?", at=NOON))
        with self.transaction() as env:
            identity = self.identity(env)
            partner = identity.partner_id
            self.assertEqual(partner.name, "Person 7")
            self.assertEqual(partner.source_id.name, "Telegram")
            self.assertEqual(partner.company_id, identity.company_id)
            self.assertEqual(partner.journey_stage, "consideration")
            self.assertEqual(partner.total_interactions, 1)
            event = partner.event_ids.filtered(lambda e: e.type == "message_received")
            self.assertEqual(event.summary, "Is it there?")
            self.assertEqual(event.date, NOON.replace(tzinfo=None))
            self.assertFalse(event.author_id)
            self.assertEqual(event.data["channel"], "telegram")
            self.assertEqual(event.external_key, f"message:{event.res_id}")
            self.assertEqual(identity.waiting_since, event.date)
            self.assertEqual(identity.window_opened_at, event.date)
            self.assertEqual(identity.last_message, "Is it there?")
        self.assertEqual(self.states(), [("body", "done")])

    def test_the_same_again_changes_nothing(self):
        message = self.message(number=5)
        again = {**message, "update_id": 1}  # other bytes, the same message
        self.receive(message, message)
        self.receive(message, again)
        self.assertEqual(self.texts(), ["Hello"])
        self.assertEqual(len(self.states()), 2)
        with self.transaction() as env:
            self.assertEqual(self.identity(env).partner_id.total_interactions, 1)

    def test_numbers_of_updates_may_begin_anew(self):
        first = {**self.message(text="One"), "update_id": 900_000_000}
        later = {**self.message(text="Two"), "update_id": 3}
        self.receive(first)
        self.receive(later)
        self.assertEqual(sorted(self.texts()), ["One", "Two"])

    def test_the_order_is_the_providers_whatever_comes_first(self):
        sent = [
            self.message(text=str(n), number=n, at=NOON + timedelta(seconds=n // 3))
            for n in range(1, 13)
        ]
        shuffled = list(sent)
        random.Random(4).shuffle(shuffled)
        self.receive(*shuffled)
        self.assertEqual(self.texts(), [str(n) for n in range(1, 13)])
        with self.transaction() as env:
            identity = self.identity(env)
            self.assertEqual(identity.last_message, "12")
            self.assertEqual(identity.waiting_since, NOON.replace(tzinfo=None))

    @mute_logger("odoo.sql_db", WORKER)
    def test_many_at_once_make_one_customer_of_each_chat(self):
        chats, each = (21, 22, 23), 4
        self.deliver(
            *(self.message(chat, f"{n}") for n in range(each) for chat in chats)
        )
        # a test holds the lock of the registry, which other threads would wait for
        with patch.object(Registry, "_lock", DummyRLock()):
            threads = [threading.Thread(target=self.work) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.work()
        found = self.rows(
            """SELECT i.external_id, count(DISTINCT m.partner_id), count(*)
            FROM mini_crm_message m JOIN mini_crm_identity i ON i.id = m.identity_id
            WHERE m.channel_id = %s GROUP BY i.external_id ORDER BY 1""",
            self.channel_id,
        )
        self.assertEqual(found, [(str(chat), 1, each) for chat in chats])
        named = self.rows(
            "SELECT count(*) FROM res_partner WHERE name IN %s",
            tuple(f"Person {chat}" for chat in chats),
        )
        self.assertEqual(named, [(3,)])

    def test_an_edit_before_its_message_waits_for_it(self):
        self.receive(self.edit(7, 50, "Two pieces"))
        self.assertEqual(self.states(), [("body", "parked")])
        self.assertEqual(self.texts(), [])
        self.receive(self.message(7, "One piece", 50))
        self.assertEqual(self.texts(), ["Two pieces"])
        self.assertEqual(self.states(), [("body", "done"), ("body", "done")])

    def test_an_edit_whose_message_never_comes_is_the_message(self):
        self.receive(self.edit(7, 50, "Two pieces"))
        self.rows(
            """UPDATE mini_crm_inbox SET received_at = received_at - interval '25 hours'
            WHERE channel_id = %s RETURNING id""",
            self.channel_id,
        )
        self.work()
        self.assertEqual(self.texts(), ["Two pieces"])
        with self.transaction() as env:
            self.assertEqual(self.identity(env).partner_id.total_interactions, 1)

    def test_the_latest_edit_stays(self):
        self.receive(self.message(7, "1", 50))
        self.receive(self.edit(7, 50, "3", edited=30), self.edit(7, 50, "2", edited=20))
        self.assertEqual(self.texts(), ["3"])
        with self.transaction() as env:
            self.assertEqual(self.identity(env).last_message, "3")

    def test_what_makes_no_sense_is_a_dead_letter_and_harms_nobody(self):
        bad = [b"", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"message": 7}']
        bad.append(json.dumps(self.message()).replace("Person 7", "x").encode()[:-1])
        bad.append(json.dumps(self.message(number=2**63)).encode())
        self.receive(*bad, self.message(text="Still here"))
        self.assertEqual(self.texts(), ["Still here"])
        self.assertEqual(
            self.states(), [("body", "dead")] * len(bad) + [("body", "done")]
        )
        with self.transaction() as env:
            channel = env["mini_crm.channel"].browse(self.channel_id)
            self.assertEqual(channel._figures()[channel.id]["dead"], len(bad))

    @mute_logger(WORKER)
    def test_what_fails_is_a_dead_letter_and_can_be_read_again(self):
        channels = type(self.env["mini_crm.channel"])
        original = channels._insert_message

        def failing(channel, identity, item):
            if item.text == "Bad":
                raise ZeroDivisionError("by a bug")
            return original(channel, identity, item)

        with patch.object(channels, "_insert_message", failing):
            self.receive(self.message(text="Bad"), self.message(8, text="Good"))
        self.assertEqual(self.states(), [("body", "dead"), ("body", "done")])
        with self.transaction() as env:
            dead = env["mini_crm.inbox"].search([("state", "=", "dead")], limit=1)
            self.assertEqual(dead.error, "ZeroDivisionError: by a bug")
            self.assertIn("Bad", dead.content)
            self.assertFalse(self.identity(env), "nothing is half written")
            dead.with_user(env.ref("base.user_root")).action_retry()
        self.work()
        self.assertEqual(sorted(self.texts()), ["Bad", "Good"])
        self.assertEqual({state for _kind, state in self.states()}, {"done"})

    def test_only_administrators_deal_with_dead_letters(self):
        channel = self.env["mini_crm.channel"].create(
            {"name": "Shop", "type": "telegram"}
        )
        self.env["mini_crm.inbox"]._store(channel, b"{")
        inbox = self.env["mini_crm.inbox"].search([("channel_id", "=", channel.id)])
        inbox.state = "dead"
        for user in (self.agent, self.manager):
            for act in ("action_retry", "action_discard"):
                with self.assertRaises(AccessError):
                    getattr(inbox.with_user(user), act)()
        inbox.with_user(self.admin).action_discard()
        self.assertEqual(inbox.state, "discarded")
        with self.assertRaises(UserError):
            inbox.with_user(self.admin).action_retry()

    def test_deliveries_are_forgotten_but_not_those_that_wait(self):
        self.receive(self.message(), b"{")
        self.deliver(self.message())
        self.rows(
            """UPDATE mini_crm_inbox SET received_at = received_at - interval '31 days'
            WHERE channel_id = %s RETURNING id""",
            self.channel_id,
        )
        with self.transaction() as env:
            env["mini_crm.inbox"]._gc_deliveries()
        self.assertEqual(self.states(), [("body", "dead"), ("body", "new")])

    def test_who_blocks_us_and_lets_us_in_again(self):
        def member(status, at):
            update = self.message(at=at)
            message = update.pop("message")
            message["new_chat_member"] = {"status": status, "user": {"id": 1}}
            message["old_chat_member"] = {"status": "member", "user": {"id": 1}}
            return {**update, "my_chat_member": message}

        def state():
            with self.transaction() as env:
                return self.identity(env).state

        self.receive(self.message())
        later = NOON + timedelta(minutes=9)
        self.receive(member("kicked", later), member("member", NOON))
        self.assertEqual(state(), "blocked", "the older one comes too late")
        self.receive(self.message(at=NOON + timedelta(minutes=1)))
        self.assertEqual(state(), "blocked")
        self.receive(self.message(at=later + timedelta(minutes=1)))
        self.assertEqual(state(), "reachable")

    def test_opting_out_is_noted_with_its_words(self):
        self.receive(self.message(text="لغو"))
        with self.transaction() as env:
            partner = self.identity(env).partner_id
            states = env["mini_crm.consent"]._states(partner.ids, "telegram")
            self.assertEqual(states[partner.id], "out")
            consent = env["mini_crm.consent"].search([("partner_id", "=", partner.id)])
            self.assertEqual((consent.source, consent.proof), ("message", "لغو"))

    def test_saying_start_is_no_agreement_of_who_was_never_gone(self):
        self.receive(self.message(text="/start shelf_12"))
        with self.transaction() as env:
            partner = self.identity(env).partner_id
            states = env["mini_crm.consent"]._states(partner.ids, "telegram")
            self.assertEqual(states[partner.id], "unknown")
            event = partner.event_ids.filtered(lambda e: e.type == "message_received")
            self.assertEqual(event.data["referral"], "shelf_12")

    def test_an_archived_customer_who_writes_is_seen_again(self):
        self.receive(self.message())
        with self.transaction() as env:
            self.identity(env).partner_id.active = False
        self.receive(self.message(text="Again"))
        with self.transaction() as env:
            self.assertTrue(self.identity(env).partner_id.active)

    def test_the_same_chat_of_two_companies_is_two_customers(self):
        with self.transaction() as env:
            other = env["res.company"].create({"name": "Other shop"})
        channel_id = self.make_channel(company_id=other.id)
        self.addCleanup(self.remove, channel_id)
        self.receive(self.message(text="Mine"))
        self.receive(self.message(text="Theirs"), channel_id=channel_id)
        self.assertEqual(self.texts(), ["Mine"])
        self.assertEqual(self.texts(channel_id=channel_id), ["Theirs"])
        with self.transaction() as env:
            mine = self.identity(env).partner_id
            theirs = self.identity(env, channel_id=channel_id).partner_id
            self.assertNotEqual(mine, theirs)
            self.assertEqual(theirs.company_id.id, other.id)


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
