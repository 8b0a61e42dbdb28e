import logging
import os
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import tagged

from ...engine.provider_answers import Outcome
from ..factories import make_channel, make_customer, make_identity
from . import time_case  # noqa: F401 - tells freezegun what to leave alone
from .run_case import RunCase

_logger = logging.getLogger(__name__)

CUSTOMERS = 1_000 if os.environ.get("MINI_CRM_FULL") else 100
ZONES = ("Asia/Tehran", "Europe/Berlin", "America/New_York")
SHOP = ZoneInfo(ZONES[0])
YEAR = 2027
CAP = 2
QUIET_FROM, QUIET_TO = 21, 9  # hours of the customer's day
BIRTHDAY, NEWS, REMINDER, LAST_CALL = "Happy birthday", "News", "Reminder", "Last call"
MOST_MOMENTS = 20_000  # a clock that does not move ends the test

NEXT = """SELECT least(
    (SELECT min(due_at) FROM mini_crm_workflow WHERE state = 'live'),
    (SELECT min(due_at) FROM mini_crm_workflow_run
        WHERE state IN ('running', 'waiting')),
    (SELECT min(greatest(o.due_at, i.next_send_at)) FROM mini_crm_outbox o
        JOIN mini_crm_identity i ON i.id = o.identity_id
        WHERE o.claimed_at IS NULL AND o.due_at IS NOT NULL))"""


class Calls:
    """What a worker of the outbox has under way: nothing, and its pace is endless."""

    free, number, too_fast = 100, 1, 0.0

    @property
    def pace(self):
        return self

    def allowed(self, _account, _kind, _now):
        return self.free

    def take(self, account, calls):
        """Nothing is used up."""


@tagged("post_install", "-at_install")
class TestWorkflowYear(RunCase):
    """A year of a shop in Tehran whose customers live in three time zones.

    The clock jumps to whatever is due next and the jobs do it; a provider takes all
    that is sent. What it has taken is judged by the clocks of the customers.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "mini_crm_tz": SHOP.key,
                "mini_crm_calendar": "gregorian",
                "mini_crm_quiet_hours": True,
                "mini_crm_quiet_from": QUIET_FROM,
                "mini_crm_quiet_to": QUIET_TO,
                "mini_crm_daily_messages": CAP,
            }
        )
        slot = cls.env.ref("mini_crm.mini_crm_field_birth_date").slot
        channel = make_channel(cls.env)
        cls.born = {}
        for number in range(CUSTOMERS):
            customer = make_customer(
                cls.env, tz=ZONES[number % 3], **{slot: cls._birthday(number)}
            )
            make_identity(cls.env, customer, channel)
            cls.born[customer] = cls._birthday(number)

    @staticmethod
    def _birthday(number):
        """Spread over a leap year; the last day of February is one of them."""
        if not number:
            return date(1996, 2, 29)
        return date(1992, 1, 1) + timedelta(days=number * 366 // CUSTOMERS)

    def setUp(self):
        super().setUp()
        self.sent = []  # (customer, UTC, text)
        self.held_back = set()  # reasons
        crons = type(self.env["ir.cron"])
        self.patch(crons, "_commit_progress", lambda *_done, **_more: 60)
        channels = type(self.env["mini_crm.channel"])
        self.startPatcher(patch.object(channels, "_client", lambda _channel: None))
        self.settle()

    # The year

    def publish(self):
        """Birthdays, and three times a year more than a customer may get a day."""
        send = {"kind": "send"}
        half_an_hour = {"amount": 30, "unit": "minutes"}
        later = {"kind": "delay", "by": "duration", "duration": half_an_hour}
        monthly = {"kind": "schedule", "every": "month", "day": 15}
        seldom = {"policy": "again", "days": 100}  # January, May and September
        return [
            self.live(*nodes, **more, max_runs_per_hour=CUSTOMERS * 2)
            for more, nodes in (
                (
                    {"trigger": {"kind": "birthday", "at": "09:00"}},
                    [{**send, "text": BIRTHDAY}],
                ),
                (
                    {"trigger": {**monthly, "at": "12:00"}, "entry": seldom},
                    [{**send, "text": NEWS}],
                ),
                (
                    {"trigger": {**monthly, "at": "20:40"}, "entry": seldom},
                    [{**send, "text": REMINDER}, later, {**send, "text": LAST_CALL}],
                ),
            )
        ]

    def draft(self, *nodes, max_runs_per_hour=1_000, **more):
        workflow = super().draft(*nodes, **more)
        workflow.max_runs_per_hour = max_runs_per_hour
        return workflow

    def live_through(self, clock, until):
        """Have the jobs do what is due, moment after moment: number of moments."""
        moments = 0
        while (due := self.next_due()) and due < until:
            clock.move_to(max(due, clock().replace(tzinfo=None)))
            self.env["mini_crm.workflow"]._cron_time()
            self.env["mini_crm.workflow.run"]._cron_due()
            self.settle()
            self.deliver()
            self.settle()
            self.note_waiting()
            moments += 1
            self.assertLess(moments, MOST_MOMENTS)
            # jobs come once a minute at the soonest
            clock.tick(timedelta(minutes=1))
        clock.move_to(until)
        return moments

    def next_due(self):
        self.env.flush_all()
        self.env.cr.execute(NEXT)
        return self.env.cr.fetchone()[0]

    def deliver(self):
        """What the workers of the outbox do; the provider accepts."""
        outbox, messages = self.env["mini_crm.outbox"], self.env["mini_crm.message"]
        while attempts := outbox._claim(Calls()):
            for attempt in attempts:
                message = messages.browse(attempt.message_id)
                now = outbox._now()
                self.sent.append((message.partner_id, now, message.body))
                number = len(self.sent)
                accepted = Outcome("accepted", f"year:{number}", None, number)
                outbox._record(attempt, accepted)

    def note_waiting(self):
        """Why messages wait now."""
        waiting = self.env["mini_crm.message"].search(
            [("state", "=", "queued"), ("reason", "!=", False)]
        )
        self.held_back.update(waiting.mapped("reason"))

    def test_a_year_in_three_time_zones_disturbs_nobody(self):
        began = datetime(YEAR - 1, 12, 31, 12, tzinfo=SHOP).astimezone(timezone.utc)
        ended = datetime(YEAR + 1, 1, 1, tzinfo=SHOP).astimezone(timezone.utc)
        with freeze_time(began.replace(tzinfo=None)) as clock:
            birthdays, *_others = self.publish()
            moments = self.live_through(clock, ended.replace(tzinfo=None))
        _logger.info(
            "%s messages to %s customers in %s moments of a year",
            len(self.sent),
            CUSTOMERS,
            moments,
        )
        self.assertEqual(self.got(NEWS), dict.fromkeys(self.born, 3))
        self.assertEqual(self.held_back, {"quiet_hours", "frequency_cap"})
        self.assertEqual(self.noisy(), [])
        self.assertEqual(self.above_the_cap(), [])
        self.assert_birthdays(birthdays)
        self.assert_all_judged()

    # What has come of it

    def local(self, customer, moment):
        """A moment by the customer's own clock."""
        return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(customer.tz))

    def got(self, text):
        """How often each customer has got a text: dict."""
        return Counter(customer for customer, _at, said in self.sent if said == text)

    def noisy(self):
        """What was sent in quiet hours."""
        return [
            (customer.tz, local.isoformat(), text)
            for customer, moment, text in self.sent
            if not QUIET_TO <= (local := self.local(customer, moment)).hour < QUIET_FROM
        ]

    def above_the_cap(self):
        """Days on which a customer got more than allowed."""
        days = Counter(
            (customer.id, self.local(customer, moment).date())
            for customer, moment, _text in self.sent
        )
        return [day for day, number in days.items() if number > CAP]

    def assert_birthdays(self, workflow):
        """Each customer was let in once, on his day, and congratulated once."""
        entered = [
            (run.partner_id, self.shop_day(run.started_at)) for run in workflow.run_ids
        ]
        expected = {
            (customer, self.birthday_in(born)) for customer, born in self.born.items()
        }
        mine = [one for one in entered if one[0] in self.born]
        self.assertEqual(len(mine), CUSTOMERS)
        self.assertEqual(set(mine), expected)
        self.assertEqual(self.got(BIRTHDAY), dict.fromkeys(self.born, 1))

    def shop_day(self, moment):
        return moment.replace(tzinfo=timezone.utc).astimezone(SHOP).date()

    def birthday_in(self, born):
        """His day in that year, which has no 29 February."""
        if (born.month, born.day) == (2, 29):
            return date(YEAR, 2, 28)
        return born.replace(year=YEAR)

    def assert_all_judged(self):
        """Whatever was not sent was given up, as it had waited for a day."""
        messages = self.env["mini_crm.message"].search(
            [("partner_id", "in", [customer.id for customer in self.born])]
        )
        states = Counter((one.state, one.reason or "") for one in messages)
        self.assertEqual(states[("sent", "")], len(self.sent))
        self.assertLessEqual(
            states.keys(), {("sent", ""), ("failed", "too_late")}, states
        )
