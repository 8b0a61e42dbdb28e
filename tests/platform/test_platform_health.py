from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import config

from ...controllers import health
from ...models.platform.mini_crm_heartbeat import GAP_SECONDS

PROXIED = {"X-Forwarded-For": "203.0.113.9"}
OPEN = {"status", "database", "heartbeat"}
DETAILS = {
    "cron_threads",
    "uptime",
    "uptime_since",
    "queue_waiting",
    "queue_failed",
    "batches_running",
    "rules_waiting",
    "rules_broken",
    "rules_built_at",
    "rules_slowest",
    "daily_run_at",
    "jobs_repaired",
    "channels_broken",
    "filestore_free_bytes",
    "versions",
}


@tagged("post_install", "-at_install")
class TestPlatformHealth(HttpCase):
    def setUp(self):
        super().setUp()
        self.env["mini_crm.heartbeat"].search([]).unlink()
        self.env["mini_crm.heartbeat"]._beat()
        threads = config["max_cron_threads"]
        self.startPatcher(patch.object(health, "_cron_threads", lambda: threads))

    def ask(self, **headers):
        return self.url_open("/mini_crm/health", headers=headers)

    def silence(self, seconds):
        """The last beat was so many seconds ago."""
        then = fields.Datetime.now() - timedelta(seconds=seconds)
        self.env["mini_crm.heartbeat"].search([]).write(
            {"up_from": then, "up_to": then}
        )
        self.env.flush_all()

    def test_all_is_well_while_the_heart_beats(self):
        reply = self.ask()
        self.assertEqual(reply.status_code, 200)
        self.assertEqual(reply.json()["status"], "ok")
        self.assertLess(reply.json()["heartbeat"], 60)

    def test_silence_of_the_jobs_is_no_health(self):
        self.silence(GAP_SECONDS + 30)
        reply = self.ask()
        self.assertEqual(reply.status_code, 503)
        self.assertEqual(reply.json()["status"], "degraded")
        self.assertGreater(reply.json()["heartbeat"], GAP_SECONDS)

    def test_a_database_without_a_beat_is_no_health(self):
        self.env["mini_crm.heartbeat"].search([]).unlink()
        reply = self.ask()
        self.assertEqual(reply.status_code, 503)
        self.assertIsNone(reply.json()["heartbeat"])

    def test_dead_threads_are_no_health_although_the_last_beat_is_fresh(self):
        wanted = config["max_cron_threads"] + 1
        with patch.dict(config.options, {"max_cron_threads": wanted}):
            self.assertEqual(self.ask().status_code, 503)

    def test_this_machine_learns_the_details(self):
        answer = self.ask().json()
        self.assertEqual(set(answer), OPEN | DETAILS)
        self.assertEqual(set(answer["versions"]), {"mini_crm", "odoo", "postgresql"})
        self.assertTrue(answer["versions"]["mini_crm"].startswith("19.0."))

    def test_nobody_else_learns_more_than_the_status(self):
        self.assertEqual(set(self.ask(**PROXIED).json()), OPEN)

    def test_every_mark_of_a_proxy_hides_the_details(self):
        for header in health.FORWARDED:
            self.assertEqual(set(self.ask(**{header: "127.0.0.1"}).json()), OPEN)

    def test_whoever_has_the_token_learns_the_details(self):
        self.env["ir.config_parameter"].set_param(health.TOKEN, "long-secret")
        answer = self.ask(**PROXIED, Authorization="Bearer long-secret").json()
        self.assertEqual(set(answer), OPEN | DETAILS)

    def test_a_wrong_token_or_none_opens_nothing(self):
        for stored, given in (("long-secret", "Bearer long"), ("", "Bearer ")):
            self.env["ir.config_parameter"].set_param(health.TOKEN, stored)
            answer = self.ask(**PROXIED, Authorization=given).json()
            self.assertEqual(set(answer), OPEN, given)

    def test_administrators_learn_the_details_and_agents_do_not(self):
        for role, keys in (("admin", OPEN | DETAILS), ("agent", OPEN)):
            new_test_user(self.env, f"health_{role}", f"mini_crm.mini_crm_group_{role}")
            self.authenticate(f"health_{role}", f"health_{role}")
            self.assertEqual(set(self.ask(**PROXIED).json()), keys, role)

    def test_no_session_is_begun(self):
        reply = self.ask()
        self.assertNotIn("session_id", reply.cookies)
        self.assertEqual(reply.headers["Cache-Control"], "no-store")

    def test_only_reading_is_answered(self):
        reply = self.url_open("/mini_crm/health", data={"a": "b"})
        self.assertEqual(reply.status_code, 405)

    def test_an_answer_costs_one_small_query(self):
        self.ask(**PROXIED)
        with self.assertQueryCount(3):
            self.ask(**PROXIED)

    def test_cookies_over_https_are_secure(self):
        proxied = {**PROXIED, "X-Forwarded-Host": "shop.example"}
        with patch.dict(config.options, {"proxy_mode": True}):
            for scheme, secure in (("https", True), ("http", False)):
                self.opener.cookies.clear()
                headers = {**proxied, "X-Forwarded-Proto": scheme}
                reply = self.url_open("/web/login", headers=headers)
                cookies = reply.headers["Set-Cookie"]
                self.assertIn("session_id=", cookies)
                self.assertEqual("; Secure" in cookies, secure, cookies)

    def test_a_forwarded_scheme_is_not_believed_without_a_trusted_proxy(self):
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
        reply = self.url_open("/web/login", headers=headers)
        self.assertNotIn("; Secure", reply.headers["Set-Cookie"])

    def test_the_settings_tell_how_far_the_work_is(self):
        segment = self.env["mini_crm.segment"].create({"name": "Wait", "domain": "[]"})
        before = self.env["res.config.settings"].create({})
        self.assertGreaterEqual(before.mini_crm_rules_waiting, 1)
        self.env["mini_crm.rule"]._run_all()
        self.env.flush_all()
        after = self.env["res.config.settings"].create({})
        self.assertFalse(after.mini_crm_rules_waiting)
        self.assertTrue(segment.built_at)
        rules = [*segment.search([]), *self.env["mini_crm.tag.rule"].search([])]
        latest = max(rule.built_at for rule in rules if rule.built_at)
        self.assertEqual(after.mini_crm_rules_built_at, latest)
        self.assertFalse(after.mini_crm_rules_broken)
