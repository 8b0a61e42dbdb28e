from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.platform.mini_crm_heartbeat import WATCH
from ..common import MiniCrmCase

DAILY = "ir_cron_mini_crm_score_daily"
LOGGER = "odoo.addons.mini_crm.models.platform.mini_crm_cron_repair"


@tagged("post_install", "-at_install")
class TestPlatformJobs(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repairs = cls.env["mini_crm.cron.repair"]
        cls.daily = cls.env.ref(f"mini_crm.{DAILY}")
        cls.env["ir.cron.trigger"].search([]).unlink()

    def triggers(self, cron):
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def fail(self, cron, times, hours_ago):
        """As Odoo leaves a job that failed: it waits for its next turn."""
        now = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE ir_cron SET failure_count = %s, lastcall = %s, nextcall = %s
            WHERE id = %s""",
            (
                times,
                now - timedelta(hours=hours_ago),
                now + timedelta(hours=20),
                cron.id,
            ),
        )
        cron.invalidate_recordset()

    @mute_logger(LOGGER)
    def test_a_job_that_was_switched_off_runs_again(self):
        self.daily.active = False
        repair = self.repairs._repair()
        self.assertTrue(self.daily.active)
        self.assertEqual(self.triggers(self.daily), 1)
        self.assertEqual(repair.cron_id, self.daily)
        self.assertEqual(repair.reason, "switched_off")

    @mute_logger(LOGGER)
    def test_a_daily_job_that_failed_runs_before_tomorrow(self):
        self.fail(self.daily, times=1, hours_ago=1)
        repair = self.repairs._repair()
        self.assertEqual(repair.reason, "waiting")
        self.assertEqual(self.triggers(self.daily), 1)

    @mute_logger(LOGGER)
    def test_a_job_that_is_about_to_run_anyway_is_left_alone(self):
        self.fail(self.daily, times=1, hours_ago=1)
        self.repairs._repair()
        self.assertFalse(self.repairs._repair())
        self.assertEqual(self.triggers(self.daily), 1)

    def test_a_job_that_fails_again_and_again_gets_longer_pauses(self):
        self.fail(self.daily, times=5, hours_ago=1)
        self.assertFalse(self.repairs._repair())

    def test_a_job_that_runs_is_locked_and_left_alone(self):
        self.daily.active = False
        self.env.flush_all()
        other = self.env.ref("mini_crm.ir_cron_mini_crm_batch")
        # a real second session, as the thread of a job has
        with db_connect(self.env.cr.dbname).cursor() as session:
            session.execute(
                "SELECT FROM ir_cron WHERE id = %s FOR NO KEY UPDATE", (other.id,)
            )
            self.switch_off_in_cache(other)
            with mute_logger(LOGGER):
                self.assertEqual(self.repairs._repair().cron_id, self.daily)

    def switch_off_in_cache(self, cron):
        """Let a job look switched off; its row is locked and cannot be written."""
        cron.invalidate_recordset()
        self.env.cache.set(cron, cron._fields["active"], False)

    def test_jobs_of_others_are_left_alone(self):
        other = self.env.ref("base.autovacuum_job")
        other.active = False
        self.assertFalse(self.repairs._repair())
        self.assertFalse(other.active)

    def test_a_neutralized_copy_stays_silent(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.daily.active = False
        self.assertFalse(self.repairs._repair())
        self.assertFalse(self.daily.active)

    @mute_logger(LOGGER)
    def test_the_heartbeat_brings_back_the_job_that_watches(self):
        watch = self.env.ref(f"mini_crm.{WATCH}")
        watch.active = False
        # a test's cursor may not commit
        self.startPatcher(patch.object(self.env.cr, "commit", lambda: None))
        self.env["mini_crm.heartbeat"]._cron_beat()
        self.assertTrue(watch.active)

    @mute_logger(LOGGER)
    def test_the_job_that_watches_brings_back_the_heartbeat(self):
        beat = self.env.ref("mini_crm.ir_cron_mini_crm_heartbeat")
        beat.active = False
        self.repairs._cron_watch()
        self.assertTrue(beat.active)

    @mute_logger(LOGGER)
    def test_repairs_are_told_by_the_health(self):
        before = self.env["mini_crm.health"]._figures()["jobs_repaired"]
        self.daily.active = False
        self.repairs._repair()
        self.env.flush_all()
        after = self.env["mini_crm.health"]._figures()["jobs_repaired"]
        self.assertEqual(after, before + 1)

    def test_old_repairs_are_forgotten(self):
        values = {"cron_id": self.daily.id, "reason": "waiting"}
        long_ago = fields.Datetime.now() - timedelta(days=401)
        old = self.repairs.create({**values, "date": long_ago})
        new = self.repairs.create(values)
        self.repairs._gc_repairs()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())
