from datetime import timedelta
from random import Random
from unittest.mock import patch

from freezegun import configure, freeze_time
from psycopg2.errors import QueryCanceled

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.condition import mini_crm_rule_rebuild, mini_crm_rule_time
from ..factories import make_customer, make_purchase
from .test_segment_difference import SegmentCase

# Pure logic has no clock, and is particular about what is a date.
configure(extend_ignore_list=["odoo.addons.mini_crm.engine"])
SEED = 20260301
CUSTOMERS = 40
DATE = "custom_date_9"
# What time moves, by each kind of edge.
FIGURES = (
    [("last_contacted_at", "<", "today -3d")],
    [("last_contacted_at", ">", "today -3d")],
    [("last_contacted_at", "<=", "-5H")],
    ["!", ("last_contacted_at", ">=", "now -30H")],
    [("customer_since", "=", "today -2d")],
    [("customer_since", ">=", "today =monday")],
    [("last_purchase_at", ">=", "today =1d")],
    [("awaiting_reply_since", "<", "today -2d")],
    ["|", ("last_contacted_at", "<", "today -9d"), ("customer_since", ">", "-50H")],
)
SLOTS = (
    [(DATE, "=", "today")],
    [(DATE, "!=", "today +1d")],
    [(DATE, ">", "today +2d")],
    [(DATE, "<=", "today -1d"), (DATE, ">=", "today -4d")],
    [(DATE, "<", "today +week_start")],
)
ROWS = (
    [("event_ids", "any", [("type", "=", "call_logged"), ("date", ">=", "today -4d")])],
    [("event_ids", "not any", [("date", ">=", "today -4d"), ("date", "<", "-20H")])],
    # one edge within the other: both pass a row while a server sleeps
    [("event_ids", "any", [("date", ">=", "today -3d"), ("date", ">=", "today -2d")])],
    [
        (
            "purchase_ids",
            "any",
            ["|", ("amount", ">", 90), ("date", ">", "today -2d")],
        )
    ],
)
BIRTHDAYS = (
    [("birthday_period", "=", "today")],
    [("birthday_period", "!=", "next_7")],
    [("birthday_period", "in", ["next_30", "today"])],
    [("birthday_period", "=", "this_month")],
    [("birthday_period", "=", "next_month")],
)


@tagged("post_install", "-at_install")
class TestSegmentTime(SegmentCase):
    def test_midnight_of_the_shop_moves_customers(self):
        self.company.mini_crm_tz = "Asia/Tehran"  # UTC+3:30
        customer = make_customer(self.env)
        with freeze_time("2026-03-10 12:00:00"):
            self.settle()
            customer._log("message_received", date=self.utc("2026-03-08 21:00:00"))
            segment = self.built("[('last_contacted_at', '<', 'today -1d')]")
            self.assertNotIn(customer, segment.member_ids.partner_id)
            self.assertEqual(segment.due_at, self.utc("2026-03-10 20:30:00"))
        with freeze_time("2026-03-10 20:29:00"):
            self.run_rules()
            self.assertNotIn(customer, segment.member_ids.partner_id)
        with freeze_time("2026-03-10 20:31:00"):
            self.run_rules()
            self.assertIn(customer, segment.member_ids.partner_id)
            self.assertEqual(segment.due_at, self.utc("2026-03-11 20:30:00"))

    def test_days_that_a_server_was_off_are_caught_up_with_once(self):
        customer = make_customer(self.env)
        with freeze_time("2026-03-10 12:00:00"):
            self.settle()
            customer._log("message_received", date=self.utc("2026-03-10 11:00:00"))
            segment = self.built("[('last_contacted_at', '<', 'today -1d')]")
        with freeze_time("2026-03-14 12:00:00"):
            self.run_rules()
            self.assertIn(customer, segment.member_ids.partner_id)
            self.assertEqual(self.moves(customer), ["in"])

    def test_hours_are_looked_at_every_hour(self):
        segment = self.segment("[('last_contacted_at', '<', '-3H')]")
        self.assertEqual(segment.timing, "hour")
        with freeze_time("2026-03-10 12:10:00"):
            self.run_rules()
            self.assertEqual(segment.due_at, self.utc("2026-03-10 13:00:00"))


class Clock(SegmentCase):
    """Segments whose conditions count from today, and customers with dates around."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.birthday = cls.env.ref("mini_crm.mini_crm_field_birth_date").slot
        cls.env["mini_crm.field"].create(
            {"name": "Visit", "type": "date", "slot": DATE}
        )
        cls.looked_at = []

    def setUp(self):
        super().setUp()
        kind, seen = type(self.env["mini_crm.segment"]), self.looked_at
        original = kind._follow_time

        def follow_time(segment):
            found = original(segment)
            seen.append(found)
            return found

        self.startPatcher(patch.object(kind, "_follow_time", follow_time))

    def shop(self, rng):
        """Customers to whom things have happened lately, and will be soon."""
        self.rng = rng
        self.customers = self.env["res.partner"].concat(
            *(make_customer(self.env) for _ in range(CUSTOMERS))
        )
        for customer in self.customers:
            for happens in (self.talk, self.visit, self.celebrate, self.buy):
                if rng.random() < 0.7:
                    happens(customer)
            self.env.cr.execute(
                "UPDATE mini_crm_profile SET customer_since = %s WHERE id = %s",
                [self.a_moment(), customer.id],
            )
        self.env.invalidate_all()

    def a_moment(self):
        return fields.Datetime.now() - timedelta(minutes=self.rng.randrange(20_000))

    def talk(self, customer):
        kind = self.rng.choice(["message_received", "message_sent", "call_logged"])
        customer._log(kind, date=self.a_moment())

    def visit(self, customer):
        days = timedelta(days=self.rng.randrange(-8, 8))
        day = (fields.Datetime.now() + days).date().isoformat()
        customer.write({DATE: day})  # as text: the clock's own dates are none

    def celebrate(self, customer):
        days = timedelta(days=20 * 365 + self.rng.randrange(-40, 40))
        day = (fields.Datetime.now() - days).date().isoformat()
        customer.write({self.birthday: day})

    def buy(self, customer):
        make_purchase(
            self.env, customer, self.rng.choice([20, 99]), date=self.a_moment()
        )

    def assert_right(self, segments, told):
        """Each segment has those whom a comparison with everybody would find."""
        self.env.flush_all()
        conditions = self.env["mini_crm.condition"]
        for segment in segments:
            select = conditions._subselect(
                segment.domain, segment.user_id, segment.company_id
            )
            wanted = {row[0] for row in self.env.execute_query(select)}
            members = set(segment.member_ids.partner_id.ids)
            self.assertEqual(members, wanted, f"{told}: {segment.domain}")


@tagged("post_install", "-at_install")
class TestSegmentTimeOracle(Clock):
    """Days pass, and only those are looked at whom time can have moved."""

    def go_through(self, domains, zone):
        rng = Random(SEED)
        self.company.mini_crm_tz = zone
        moves = {"all": 0, "followed": 0, "candidates": 0}
        with freeze_time("2026-03-25 20:10:00") as clock:
            self.shop(rng)
            segments = self.env["mini_crm.segment"].concat(
                *(self.segment(str(domain)) for domain in domains)
            )
            self.run_rules()
            segments.filtered("due_at").write({"due_at": fields.Datetime.now()})
            self.run_rules()  # the second look, of which all know
            self.assert_right(segments, "at first")
            for number in range(18):
                before = fields.Datetime.now()
                # a clock change lies on 29 March; now and then the server sleeps
                hours = 75 if number in (3, 11) else rng.randrange(1, 20)
                for _ in range(3):  # people work on, whether or not the worker does
                    clock.tick(timedelta(hours=hours / 3))
                    for customer in rng.sample(list(self.customers), 2):
                        happens = (self.talk, self.visit, self.celebrate, self.buy)
                        rng.choice(happens)(customer)
                        self.settle()
                if number == 14:
                    self.company.mini_crm_tz = "Pacific/Kiritimati"
                self.looked_at.clear()
                self.run_rules()
                self.assert_right(segments, f"{before} + {hours} h, {zone}")
                followed = [found for found in self.looked_at if found is not None]
                if number != 14:
                    moves["all"] += len(self.looked_at)
                    moves["followed"] += len(followed)
                moves["candidates"] += sum(followed)
        self.assertGreater(moves["all"], 18)
        self.assertEqual(moves["followed"], moves["all"], "somebody compared all")
        self.assertLess(moves["candidates"], moves["all"] * CUSTOMERS / 2)
        self.assertTrue(moves["candidates"])

    def test_dates_of_the_profile(self):
        self.go_through(FIGURES, "Europe/Berlin")

    def test_dates_of_custom_fields(self):
        self.go_through(SLOTS, "Asia/Tehran")

    def test_dates_of_events_and_purchases(self):
        self.go_through(ROWS, "Europe/Berlin")

    def test_birthdays(self):
        self.company.mini_crm_calendar = "gregorian"
        self.go_through(BIRTHDAYS, "America/New_York")

    def test_birthdays_of_the_jalali_calendar(self):
        self.company.mini_crm_calendar = "jalali"
        self.go_through(BIRTHDAYS, "Asia/Tehran")


@tagged("post_install", "-at_install")
class TestSegmentTimePassing(Clock):
    """When only candidates are looked at, and when everybody."""

    def a_day_passes(self, domain="[('last_contacted_at', '<', 'today -3d')]"):
        """A segment whose edge passes one of two customers, and who they are."""
        self.clock = self.enterContext(freeze_time("2026-03-10 12:00:00"))
        moving, other = make_customer(self.env), make_customer(self.env)
        moving._log("message_received", date=self.utc("2026-03-07 09:00:00"))
        other._log("message_received", date=self.utc("2026-03-09 09:00:00"))
        self.settle()
        segment = self.built(domain)
        self.rebuild(segment)
        # as if somebody's SQL had put him in: nobody finds him but a full comparison
        self.env.cr.execute(
            """INSERT INTO mini_crm_segment_member
                (segment_id, partner_id, since, reason)
            VALUES (%s, %s, now(), 'condition')""",
            [segment.id, other.id],
        )
        self.env.invalidate_all()
        self.clock.move_to("2026-03-11 00:00:01")
        self.looked_at.clear()
        return segment, moving, other

    def rebuild(self, segment):
        segment._rebuild()
        self.run_rules()
        self.assertTrue(segment.edges)

    def test_only_those_are_looked_at_whose_date_the_edge_has_passed(self):
        segment, moving, other = self.a_day_passes()
        before = segment.built_at
        self.run_rules()
        self.assertEqual(self.looked_at, [1])
        self.assertEqual(segment.member_ids.partner_id, moving | other)
        self.assertEqual(segment.due_at, self.utc("2026-03-12 00:00:00"))
        self.assertEqual(segment.built_at, before, "that was no full run")
        self.rebuild(segment)
        self.assertEqual(segment.member_ids.partner_id, moving)

    def test_when_nobody_has_such_a_date_nothing_is_evaluated(self):
        segment, *_both = self.a_day_passes("[('last_purchase_at', '<', 'today -3d')]")
        with patch.object(type(segment), "_apply_differences") as apply:
            self.run_rules()
        apply.assert_not_called()
        self.assertEqual(self.looked_at, [0])

    def assert_everybody_is_compared(self, segment, moving):
        self.run_rules()
        self.assertIn(None, self.looked_at)
        self.assertEqual(segment.member_ids.partner_id, moving)
        self.assertEqual(segment.status, "ready")

    def test_too_many_candidates_are_compared_with_everybody(self):
        self.patch(mini_crm_rule_time, "MOST_CANDIDATES", 0)
        segment, moving, _other = self.a_day_passes()
        self.assert_everybody_is_compared(segment, moving)

    @mute_logger("odoo.sql_db")
    def test_candidates_that_take_too_long_are_compared_with_everybody(self):
        segment, moving, _other = self.a_day_passes()
        late = QueryCanceled("canceling statement due to statement timeout")
        with patch.object(type(segment), "_candidates", side_effect=late):
            self.assert_everybody_is_compared(segment, moving)
        self.assertTrue(segment.edges)

    def test_after_a_long_sleep_everybody_is_compared(self):
        segment, moving, other = self.a_day_passes()
        self.clock.move_to("2026-05-10 00:00:01")
        self.assert_everybody_is_compared(segment, moving | other)

    def test_an_edge_that_may_move_back_has_everybody_compared(self):
        self.clock = self.enterContext(freeze_time("2026-03-10 12:00:00"))
        segment = self.built("[('last_contacted_at', '<', 'today =1m')]")
        segment._rebuild()
        self.run_rules()
        self.assertEqual((segment.status, segment.edges), ("ready", False))

    def test_a_build_in_steps_that_is_interrupted_begins_anew_with_everybody(self):
        segment, moving, _other = self.a_day_passes()
        segment._rebuild()
        with patch.object(mini_crm_rule_rebuild, "RANGE", 1):
            segment._step(1)
            self.assertTrue(segment.edges)
            segment._rebuild()
            self.assertFalse(segment.edges)
            self.run_rules()
        self.assertEqual(segment.member_ids.partner_id, moving)

    def test_an_archived_segment_that_nobody_owns_lets_go(self):
        segment, *_both = self.a_day_passes()
        self.assertTrue(segment.member_ids)
        segment.write({"active": False, "user_id": False})
        self.run_rules()
        self.assertFalse(segment.member_ids)
        self.assertEqual(segment.status, "ready")

    def test_the_second_look_at_a_new_segment_is_one_at_everybody(self):
        self.clock = self.enterContext(freeze_time("2026-03-10 12:00:00"))
        segment = self.segment("[('last_contacted_at', '<', 'today -3d')]")
        segment._step(10**6, again=True)
        self.assertEqual(segment.due_at, self.utc("2026-03-10 12:01:00"))
        self.assertFalse(segment.edges)
