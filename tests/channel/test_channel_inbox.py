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

from .inbound_case import NOON, InboundCase

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
