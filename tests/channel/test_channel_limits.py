import threading
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .outbox_case import OutboxCase

# UTC: 01:00 in Berlin and 19:00 in New York; 09:00 in Berlin
NIGHT = datetime.fromisoformat("2026-05-04 23:00")
MORNING = datetime.fromisoformat("2026-05-05 07:00")


@tagged("post_install", "-at_install")
class TestChannelLimits(OutboxCase):
    """What is sent by itself respects the night and the day of the customer."""

    def at(self, moment):
        """Let the outbox believe that another time begins: context manager."""
        outbox, began = type(self.env["mini_crm.outbox"]), time.monotonic()

        def now(_outbox):
            return moment + timedelta(seconds=time.monotonic() - began)

        return patch.object(outbox, "_now", now)

    def allow(self, **values):
        with self.transaction() as env:
            self.limits(env, **values)

    def zone(self, identity_id, zone):
        with self.transaction() as env:
            env["mini_crm.identity"].browse(identity_id).partner_id.tz = zone

    def hear(self, identity_id, date):
        """The customer writes."""
        with self.transaction() as env:
            identity = env["mini_crm.identity"].browse(identity_id)
            env["mini_crm.message"].create(
                {
                    "channel_id": identity.channel_id.id,
                    "company_id": identity.company_id.id,
                    "identity_id": identity_id,
                    "partner_id": identity.partner_id.id,
                    "direction": "in",
                    "kind": "text",
                    "body": "Salam",
                    "date": date,
                    "state": "received",
                }
            )

    def read_all(self, ids, *names):
        with self.transaction() as env:
            rows = env["mini_crm.message"].browse(ids).read(names)
            return [tuple(row[name] for name in names) for row in rows]

    def test_night_of_the_customer_holds_back_what_is_automated(self):
        self.allow(mini_crm_quiet_hours=True)
        berlin, new_york = self.chat("71"), self.chat("72")
        self.zone(berlin, "Europe/Berlin")
        self.zone(new_york, "America/New_York")
        with self.at(NIGHT):
            asleep = self.send(berlin, "Offer", purpose="automated")
            answer = self.send(berlin, "Yes, we have it")
            awake = self.send(new_york, "Offer", purpose="automated")
            self.work()
            self.assertEqual(
                self.read_all(asleep, "state", "reason", "deferred_until"),
                [("queued", "quiet_hours", MORNING)],
            )
            self.assertEqual(self.states(answer + awake), ["sent", "sent"])
        with self.at(MORNING):
            self.work()
            self.assertEqual(self.states(asleep), ["sent"])

    def test_queued_message_is_held_back_when_the_night_begins_before_it_goes(self):
        self.allow(mini_crm_quiet_hours=True)
        chat = self.chat("73")
        self.zone(chat, "Europe/Berlin")
        with self.at(NIGHT - timedelta(hours=5)):
            ids = self.send(chat, "Offer", purpose="automated")
            self.assertEqual(self.read(ids, "state"), ["queued"])
            self.assertEqual(self.read(ids, "deferred_until"), [False])
        with self.at(NIGHT):
            self.work()
            self.assertEqual(
                self.read_all(ids, "state", "reason"), [("queued", "quiet_hours")]
            )

    def test_customer_who_is_writing_now_is_answered_at_night_and_above_the_cap(self):
        self.allow(mini_crm_quiet_hours=True, mini_crm_daily_messages=1)
        chat = self.chat("74")
        self.zone(chat, "Europe/Berlin")
        self.hear(chat, NIGHT - timedelta(minutes=14))
        with self.at(NIGHT):
            ids = self.send(chat, "Size?", "Colour?", purpose="automated")
            self.work()
            self.assertEqual(self.states(ids), ["sent", "sent"])
        with self.at(NIGHT + timedelta(minutes=2)):
            late = self.send(chat, "Still there?", purpose="automated")
            self.assertEqual(self.read(late, "reason"), ["quiet_hours"])

    def test_campaign_respects_the_night_though_he_is_writing(self):
        self.allow(mini_crm_quiet_hours=True)
        chat = self.chat("75")
        self.zone(chat, "Europe/Berlin")
        self.hear(chat, NIGHT)
        with self.transaction() as env:
            partner = env["mini_crm.identity"].browse(chat).partner_id
            partner._set_consent("telegram", "in", source="person")
        with self.at(NIGHT):
            ids = self.send(chat, "Offer", purpose="campaign")
            self.assertEqual(self.read(ids, "reason"), ["quiet_hours"])

    def test_full_day_waits_for_the_next_and_answers_of_people_do_not_count(self):
        self.allow(mini_crm_daily_messages=2)
        chat, noon = self.chat("76"), NIGHT - timedelta(hours=12)
        self.zone(chat, "Europe/Berlin")
        sent = []
        with self.at(noon):
            sent += self.send(chat, "An answer")
            sent += self.send(chat, "One", "Two", "Three", purpose="automated")
            self.work()
        self.assertEqual(
            self.read_all(sent, "state", "reason"),
            [("sent", False)] * 3 + [("queued", "frequency_cap")],
        )
        midnight = datetime.fromisoformat("2026-05-04 22:00")
        self.assertEqual(self.read(sent[3:], "deferred_until"), [midnight])

    def test_message_that_found_no_room_for_a_day_is_dropped_as_too_late(self):
        self.allow(mini_crm_daily_messages=1)
        chat, noon = self.chat("77"), NIGHT - timedelta(hours=12)
        with self.at(noon):
            self.send(chat, "One", purpose="automated")
            self.work()
            late = self.send(chat, "Late", purpose="automated")
            self.assertEqual(self.read(late, "reason"), ["frequency_cap"])
        next_noon = noon + timedelta(days=1)
        with self.transaction() as env:  # somebody else was faster on the next day
            env["mini_crm.message"].browse(late).copy(
                {"state": "sent", "date": next_noon, "idempotency_key": False}
            )
        with self.at(next_noon):
            self.work()
        self.assertEqual(
            self.read_all(late, "state", "reason"), [("failed", "too_late")]
        )

    def test_two_workers_never_send_more_than_the_cap_over_all_chats(self):
        self.allow(mini_crm_daily_messages=3)
        chats = [self.chat(str(number)) for number in range(80, 92)]
        with self.transaction() as env:  # twelve chats of one customer
            identities = env["mini_crm.identity"].browse(chats)
            identities.partner_id = identities[0].partner_id
        for chat in chats:
            self.send(chat, "Offer", purpose="automated")
        begin = threading.Barrier(2)

        def worker():
            begin.wait()
            self.work()

        threads = [threading.Thread(target=worker) for _n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self.transaction() as env:
            messages = env["mini_crm.message"].search(
                [("identity_id", "in", chats), ("direction", "=", "out")]
            )
            states = sorted(messages.mapped("state"))
            waiting = messages.filtered(lambda m: m.state == "queued")
            self.assertEqual(states, ["queued"] * 9 + ["sent"] * 3)
            self.assertEqual(set(waiting.mapped("reason")), {"frequency_cap"})

    def test_hours_and_numbers_that_make_no_sense_are_refused(self):
        for values in (
            {"mini_crm_quiet_from": 24.0},
            {"mini_crm_quiet_to": -1.0},
            {"mini_crm_daily_messages": -1},
        ):
            with self.assertRaises(ValidationError):
                self.env.company.write(values)
