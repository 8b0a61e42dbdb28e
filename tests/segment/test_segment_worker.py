from unittest.mock import patch

from psycopg2.errors import DiskFull, QueryCanceled, UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.condition import mini_crm_rule_rebuild
from ..score.test_score_concurrency import Transaction
from .test_segment_concurrency import CITY, SideBySide

EVALUATION = "odoo.addons.mini_crm.models.condition.mini_crm_rule_evaluation"


@tagged("post_install", "-at_install")
class TestSegmentWorker(SideBySide):
    """Which rule a worker takes, and what becomes of steps that fail."""

    def failing(self, error, more_than=0):
        """Have steps of our segment with more customers than that fail."""
        segments = type(self.env["mini_crm.segment"])
        original = segments._step

        def step(segment, size, again=False):
            if segment.id == self.segment_id and size > more_than:
                raise error
            return original(segment, size, again)

        return patch.object(segments, "_step", step)

    def test_errors_that_are_not_the_rules_fault_put_it_off(self):
        self.save(domain=f"[('city', '=', '{CITY}')]")
        with self.failing(DiskFull("no space left on device")):
            self.work()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual((segment.status, segment.problem), ("waiting", False))
        self.work()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual(segment.status, "ready")

    def test_what_fails_with_many_is_done_with_few(self):
        self.save(domain=f"[('city', '=', '{CITY}')]")
        smallest = mini_crm_rule_rebuild.SMALLEST
        for error in (QueryCanceled("timeout"), UniqueViolation("clash")):
            self.save(domain=f"[('city', '=', '{error}')]")
            with self.failing(error, more_than=smallest):
                self.work()
            with Transaction(self.db) as env:
                segment = env["mini_crm.segment"].browse(self.segment_id)
                self.assertEqual(segment.status, "ready")

    @mute_logger(EVALUATION)
    def test_a_clash_that_stays_breaks_the_rule_and_the_others_run(self):
        with Transaction(self.db) as env:
            other = env["mini_crm.segment"].create(
                {"name": "Other", "domain": f"[('city', '=', '{CITY}')]"}
            )
        self.addCleanup(self.drop, other.id)
        self.save(domain=f"[('city', '=', '{CITY}')]")
        with self.failing(UniqueViolation('violates unique constraint "x"')):
            self.work()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual(segment.status, "broken")
            self.assertIn("log of the server", segment.problem)
            self.assertNotIn("constraint", segment.problem)
            self.assertEqual(env["mini_crm.segment"].browse(other.id).status, "ready")

    @mute_logger(EVALUATION)
    def test_a_condition_that_takes_too_long_says_so(self):
        self.save(domain=f"[('city', '=', '{CITY}')]")
        with self.failing(QueryCanceled("canceling statement due to timeout")):
            self.work()
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual(segment.status, "broken")
            self.assertIn("too long", segment.problem)

    def test_slow_rules_come_after_quick_ones(self):
        with Transaction(self.db) as env:
            other = env["mini_crm.segment"].create({"name": "Other", "domain": "[]"})
            env["mini_crm.rule"]._run_all()
            (other | other.browse(self.segment_id))._rebuild()
            other.build_seconds = 1
            other.browse(self.segment_id).write(
                {"build_seconds": 61, "built_at": "2020-01-01"}
            )
        self.addCleanup(self.drop, other.id)
        with Transaction(self.db) as env:
            self.assertEqual(env["mini_crm.rule"]._claim().id, other.id)
        self.work()

    @mute_logger("odoo.sql_db")
    def test_two_workers_take_two_rules(self):
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            segment._rebuild()
        one, other = self.open(), self.open()
        first, second = (env["mini_crm.rule"]._claim() for env in (one, other))
        self.assertEqual(first.id, self.segment_id)
        self.assertNotEqual(second and second.id, self.segment_id)
        one.cr.rollback()
        other.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_the_worker_builds_what_waits_and_commits_it(self):
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            segment.domain = f"[('city', '=', '{CITY}')]"
            env["res.partner"].browse(self.customer_id).city = CITY
        with Transaction(self.db) as env:
            env["mini_crm.segment"].browse(self.segment_id)._rebuild()
        with Transaction(self.db) as env:
            env["mini_crm.rule"]._cron_rules()
            env.cr.rollback()  # what is there was committed before
        with Transaction(self.db) as env:
            segment = env["mini_crm.segment"].browse(self.segment_id)
            self.assertEqual((segment.status, segment.member_count), ("ready", 1))
            self.assertEqual(env["mini_crm.rule"]._waiting(), 0)
