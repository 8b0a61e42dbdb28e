from datetime import timedelta

from odoo.tests import tagged

from ..factories import make_message
from .inbound_case import NOON, InboundCase, seconds


@tagged("post_install", "-at_install")
class TestChannelInboxLate(InboundCase):
    """What is dealt with later than something that happened after it."""

    def consent(self, env):
        partner = self.identity(env).partner_id
        return env["mini_crm.consent"].search([("partner_id", "=", partner.id)])

    def say(self, *words):
        """Deal with messages one after the other: pairs of minutes after noon, words"""
        for minutes, text in words:
            self.receive(self.message(text=text, at=NOON + timedelta(minutes=minutes)))

    def assert_consent(self, state, minutes):
        with self.transaction() as env:
            consent = self.consent(env)
            date = (NOON + timedelta(minutes=minutes)).replace(tzinfo=None)
            self.assertEqual((consent.state, consent.date), (state, date))

    def test_the_latest_word_counts_whatever_is_dealt_with_first(self):
        self.say((0, "stop"), (10, "stop"), (5, "/start"))
        self.assert_consent("out", 10)
        self.say((20, "/start"), (15, "stop"))
        self.assert_consent("in", 20)

    def test_a_start_that_changes_nothing_is_later_than_an_older_stop(self):
        self.say((10, "/start"), (5, "stop"))
        self.assert_consent("unknown", 10)

    def test_opting_out_is_dated_by_the_message_and_the_question_after_it_answered(
        self,
    ):
        self.say((0, "stop"), (10, "Where is my parcel?"))
        self.assert_consent("out", 0)
        with self.transaction() as env:
            identity = self.identity(env)
            event = identity.partner_id.event_ids.filtered(
                lambda one: one.type == "consent_changed"
            )
            self.assertEqual(event.date, NOON.replace(tzinfo=None))
            facts = env["mini_crm.message"]._gate_facts(identity, "answer", True)
            self.assertGreater(facts.last_received_at, facts.opted_out_at)

    def test_a_link_carries_the_date_of_the_opt_out(self):
        with self.transaction() as env:
            known = env["res.partner"].create({"name": "K", "phone": "+989121234567"})
            self.addCleanup(self.remove_customers, known.ids)
        self.say((0, "stop"))
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            self.assertEqual(self.identity(env).partner_id.id, known.id)
        self.assert_consent("out", 0)

    def test_who_needs_no_answer_waits_from_his_next_message_on(self):
        self.say((0, "Thanks"))
        with self.transaction() as env:
            self.identity(env)._no_longer_waiting()
            self.assertFalse(self.identity(env).waiting_since)
        self.say((30, "One more question"))
        with self.transaction() as env:
            since = (NOON + timedelta(minutes=30)).replace(tzinfo=None)
            self.assertEqual(self.identity(env).waiting_since, since)

    def test_a_question_in_the_second_of_the_answer_waits_when_it_is_after_it(self):
        self.receive(self.message(text="Is it there?", number=50))
        with self.transaction() as env:
            now = {"date": NOON.replace(tzinfo=None), "sequence": 52}
            make_message(self.identity(env), "It is", direction="out", **now)
        self.receive(self.message(text="And the red one?", number=51))
        with self.transaction() as env:
            self.assertFalse(self.identity(env).waiting_since)
        self.receive(self.message(text="How much is it?", number=53))
        with self.transaction() as env:
            self.assertEqual(self.identity(env).waiting_since, now["date"])

    def test_an_answer_leaves_who_has_asked_after_it_in_the_same_second_waiting(self):
        self.receive(self.message(text="Is it there?", number=50))
        self.receive(self.message(text="And the red one?", number=52))
        with self.transaction() as env:
            now = NOON.replace(tzinfo=None)
            answers = [
                make_message(
                    self.identity(env),
                    direction="out",
                    state="sending",
                    date=now,
                    external_id=False,
                )
                for _number in range(2)
            ]
            answers[0]._advance("sent", external_id="7:51", date=now, sequence=51)
            self.assertEqual(self.identity(env).waiting_since, now)
            answers[1]._advance("sent", external_id="7:53", date=now, sequence=53)
            self.assertFalse(self.identity(env).waiting_since)

    def reaction(self, emoji, minutes):
        """An update: a reaction to message 50 of chat 7, or none any more."""
        update = self.message(at=NOON + timedelta(minutes=minutes))
        message = update.pop("message")
        return {
            **update,
            "message_reaction": {
                "chat": message["chat"],
                "user": message["from"],
                "message_id": 50,
                "date": seconds(NOON + timedelta(minutes=minutes)),
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
            },
        }

    def reactions(self):
        return self.rows(
            "SELECT reactions FROM mini_crm_message WHERE channel_id = %s",
            self.channel_id,
        )[0][0]

    def test_a_reaction_that_was_taken_off_does_not_come_back(self):
        self.receive(self.message(number=50))
        self.receive(self.reaction("", 2))
        self.receive(self.reaction("👍", 1))
        self.assertFalse(self.reactions())
        self.receive(self.reaction("🔥", 3))
        self.assertEqual(self.reactions(), {"in": "🔥"})

    def test_the_timeline_tells_the_words_of_the_edit(self):
        self.receive(self.message(text="My card is 1234", number=50))
        self.receive(self.edit(7, 50, "Never mind"))
        with self.transaction() as env:
            events = self.identity(env).partner_id.event_ids
            event = events.filtered(lambda one: one.type == "message_received")
            self.assertEqual(event.summary, "Never mind")

    def member(self, status, minutes):
        """An update: the person blocks the bot (kicked), or lets it in (member)."""
        update = self.message(at=NOON + timedelta(minutes=minutes))
        message = update.pop("message")
        message["new_chat_member"] = {"status": status, "user": {"id": 1}}
        message["old_chat_member"] = {"status": "member", "user": {"id": 1}}
        return {**update, "my_chat_member": message}

    def test_a_block_before_the_first_message_waits_for_it(self):
        self.receive(self.member("kicked", 5), self.member("member", 2))
        self.assertEqual(self.states(), [("body", "parked")] * 2)
        self.receive(self.message(at=NOON))
        with self.transaction() as env:
            self.assertEqual(self.identity(env).state, "blocked")
        self.assertEqual({state for _kind, state in self.states()}, {"done"})

    def test_a_block_is_over_when_a_later_message_is_there_already(self):
        self.receive(self.message(at=NOON + timedelta(minutes=9)))
        self.receive(self.member("kicked", 5))
        with self.transaction() as env:
            self.assertEqual(self.identity(env).state, "reachable")
