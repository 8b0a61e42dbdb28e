import random
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...models.platform.mini_crm_health import WINDOW_DAYS
from ...models.platform.mini_crm_heartbeat import BEAT_SECONDS, GAP_SECONDS, KEEP_DAYS
from ..common import MiniCrmCase


@tagged("post_install", "-at_install")
class TestPlatformHeartbeat(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heartbeat = cls.env["mini_crm.heartbeat"]
        cls.heartbeat.search([]).unlink()
        cls.now = fields.Datetime.now()

    def interval(self, begins, ends):
        """A row, from and to so many seconds ago."""
        return self.heartbeat.create(
            {
                "up_from": self.now - timedelta(seconds=begins),
                "up_to": self.now - timedelta(seconds=ends),
            }
        )

    def figures(self):
        self.env.flush_all()
        return self.env["mini_crm.health"]._figures()

    def test_the_first_beat_begins_a_row(self):
        self.heartbeat._beat()
        row = self.heartbeat.search([])
        self.assertEqual(len(row), 1)
        self.assertEqual(row.up_from, row.up_to)

    def test_a_beat_in_time_prolongs_the_row(self):
        row = self.interval(3600, BEAT_SECONDS)
        began = row.up_from
        self.heartbeat._beat()
        self.assertEqual(self.heartbeat.search([]), row)
        self.assertEqual(row.up_from, began)
        self.assertGreaterEqual(row.up_to, self.now)

    def test_a_beat_after_an_outage_begins_another_row(self):
        row = self.interval(3600, GAP_SECONDS + 5)
        ended = row.up_to
        self.heartbeat._beat()
        self.assertEqual(len(self.heartbeat.search([])), 2)
        self.assertEqual(row.up_to, ended)

    def test_a_clock_set_back_shortens_no_row(self):
        row = self.interval(3600, -60)
        ended = row.up_to
        self.heartbeat._beat()
        self.assertEqual(row.up_to, ended)

    def test_a_month_of_beats_is_one_row(self):
        self.interval(30 * 86400, 1)
        for _beat in range(50):
            self.heartbeat._beat()
        self.assertEqual(self.heartbeat.search_count([]), 1)

    def test_nothing_is_known_before_the_first_beat(self):
        figures = self.figures()
        self.assertIsNone(figures["heartbeat_age"])
        self.assertIsNone(figures["uptime"])

    def test_the_age_is_that_of_the_last_beat(self):
        self.interval(7200, 5000)
        self.interval(4000, 40)
        self.assertAlmostEqual(self.figures()["heartbeat_age"], 40, delta=30)

    def test_uptime_counts_from_the_first_beat_of_a_young_shop(self):
        self.interval(4 * 86400, 2 * 86400)
        self.interval(86400, 0)
        figures = self.figures()
        self.assertAlmostEqual(figures["uptime"], 75, places=1)
        self.assertEqual(figures["uptime_since"], self.now - timedelta(days=4))

    def test_the_silence_since_the_last_beat_is_no_outage_yet(self):
        self.interval(86400, GAP_SECONDS - 60)
        self.assertEqual(self.figures()["uptime"], 100)

    def test_an_outage_that_lasts_counts(self):
        self.interval(86400, 43200)
        self.assertAlmostEqual(self.figures()["uptime"], 50, places=1)

    def test_an_outage_longer_than_the_window_leaves_nothing(self):
        self.interval(90 * 86400, 60 * 86400)
        figures = self.figures()
        self.assertEqual(figures["uptime"], 0)
        self.assertGreater(figures["heartbeat_age"], 59 * 86400)

    def test_uptime_equals_the_sum_of_the_intervals_in_the_window(self):
        chance = random.Random(7)
        window = WINDOW_DAYS * 86400
        ago, up = window + 5 * 86400, 0
        while ago > 3600:
            end = ago - min(chance.uniform(60, 5 * 86400), ago - 600)
            self.interval(ago, end)
            up += max(0, min(ago, window) - end)
            ago = end - chance.uniform(GAP_SECONDS, 86400)
        self.assertAlmostEqual(self.figures()["uptime"], 100 * up / window, delta=0.01)

    def test_what_is_old_is_forgotten(self):
        old = self.interval((KEEP_DAYS + 9) * 86400, (KEEP_DAYS + 1) * 86400)
        kept = self.interval((KEEP_DAYS + 0.5) * 86400, 0)
        self.heartbeat._gc_heartbeats()
        self.assertFalse(old.exists())
        self.assertTrue(kept.exists())

    def test_the_view_counts_work_that_waits_and_work_set_aside(self):
        before = self.figures()
        self.env.cr.execute(
            """INSERT INTO mini_crm_queue (event_id, partner_id, type, error)
            VALUES (0, 0, 'x', NULL), (0, 0, 'x', NULL), (0, 0, 'x', 'broken')"""
        )
        after = self.figures()
        self.assertEqual(after["queue_waiting"], before["queue_waiting"] + 2)
        self.assertEqual(after["queue_failed"], before["queue_failed"] + 1)

    def test_the_view_tells_the_last_whole_daily_run(self):
        run = self.env["mini_crm.score.run"].create({"kind": "age"})
        self.env.flush_all()
        before = self.figures()["daily_run_at"]
        run.state = "done"
        self.assertNotEqual(self.figures()["daily_run_at"], before)
