from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.channel import mini_crm_channel_client
from .channel_case import ChannelCase
from .fake_account import BOT_TOKEN, META_TOKEN


@tagged("post_install", "-at_install")
class TestChannelWatch(ChannelCase):
    """What goes wrong silently is mended or told, once."""

    def setUp(self):
        super().setUp()
        self.bot = self.channel()
        self.bot.enter_token(BOT_TOKEN)
        self.bot.connect("webhook")
        self.bot = self.bot.sudo()

    def watch(self):
        """The job's next turn, an hour later."""
        channels = self.env["mini_crm.channel"].sudo()
        channels.search([]).watched_at = False
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *_args, **_kwargs: 10):
            channels._cron_watch()

    def instagram(self, days):
        """A connected account whose token lives for so many days more."""
        account = self.channel("instagram", app_secret="planted")
        account.enter_token(META_TOKEN)
        account.connect()
        now = fields.Datetime.now()
        account = account.sudo()
        account.token_expires_at = now + timedelta(days=days)
        account._secret_rows("token").set_at = now - timedelta(days=50)
        return account

    def test_lost_webhook_is_registered_again(self):
        self.account.webhook = {"url": ""}
        self.watch()
        self.assertEqual(self.account.webhook["url"], self.bot.webhook_url)
        self.assertFalse(self.bot.problem)

    def test_webhook_of_an_old_address_is_registered_again(self):
        self.account.webhook["url"] = f"https://old.example/x/{self.bot.key}"
        self.watch()
        self.assertEqual(self.account.webhook["url"], self.bot.webhook_url)

    def test_webhook_without_all_updates_is_registered_again(self):
        self.account.webhook["allowed_updates"] = ["message"]
        self.watch()
        self.assertIn("my_chat_member", self.account.webhook["allowed_updates"])

    def test_webhook_is_left_alone_while_this_server_has_no_public_address(self):
        self.bot.api_url = False
        self.startPatcher(
            patch.object(mini_crm_channel_client, "TELEGRAM", self.address)
        )
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "http://localhost:8069")
        self.watch()
        self.assertEqual(len(self.account.called("setWebhook")), 1)
        self.assertFalse(self.bot.problem)
        self.account.webhook = {"url": ""}
        self.watch()
        self.assertEqual(self.bot.problem, "webhook_lost")

    def test_channel_that_cannot_be_checked_does_not_hold_up_others(self):
        other = self.channel("instagram", app_secret="planted")
        other.enter_token(META_TOKEN)
        other.connect()
        self.account.subscribed = []
        with (
            patch.object(type(self.bot), "_telegram_check", side_effect=KeyError),
            patch.object(self.env.cr, "rollback"),
            self.assertLogs("odoo.addons.mini_crm", "ERROR") as logs,
        ):
            self.watch()
        self.assertEqual(
            [record.getMessage() for record in logs.records],
            [f"Channel {self.bot.id} could not be checked"],
        )
        self.assertTrue(self.account.subscribed)

    def test_somebody_else_s_webhook_is_told_and_left_alone(self):
        self.account.webhook["url"] = "https://other.example/hook"
        self.watch()
        self.assertEqual(self.bot.problem, "webhook_foreign")
        self.assertEqual(self.account.webhook["url"], "https://other.example/hook")
        self.assertEqual(self.bot.state, "live")

    def test_failing_deliveries_are_told_once_and_taken_back(self):
        now = int(fields.Datetime.now().timestamp())
        self.account.webhook.update(
            pending_update_count=7,
            last_error_date=now + 86_400,
            last_error_message="Wrong response from the webhook: 502 Bad Gateway",
        )
        for _turn in range(3):
            self.watch()
        self.assertEqual(self.bot.problem, "delivery_failing")
        self.assertIn("502", self.bot.problem_detail)
        self.assertEqual(len(self.notices()), 1)
        self.account.webhook.update(pending_update_count=0)
        self.watch()
        self.assertFalse(self.bot.problem)

    def test_revoked_token_breaks_the_channel_and_is_not_asked_with_again(self):
        refusal = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        self.account.answers["getWebhookInfo"] = (401, refusal)
        for _turn in range(3):
            self.watch()
        self.assertEqual(
            (self.bot.state, self.bot.problem), ("broken", "token_invalid")
        )
        self.assertEqual(len(self.account.called("getWebhookInfo")), 1)
        self.assertEqual(self.notices(), ["Channel Shop needs attention"])
        del self.account.answers["getWebhookInfo"]
        bot = self.bot.with_user(self.admin)
        bot.enter_token(BOT_TOKEN)
        bot.connect()
        self.assertEqual((self.bot.state, self.bot.problem), ("live", False))

    def test_provider_out_of_reach_is_told_after_hours_only(self):
        self.account.answers["getWebhookInfo"] = (502, {})
        self.watch()
        self.assertFalse(self.bot.problem)
        self.bot.checked_at = fields.Datetime.now() - timedelta(hours=7)
        self.watch()
        self.assertEqual(self.bot.problem, "provider_down")
        self.assertEqual(self.bot.state, "live")
        del self.account.answers["getWebhookInfo"]
        self.watch()
        self.assertFalse(self.bot.problem)

    def test_unusual_silence_is_told(self):
        self.env.cr.execute(
            """INSERT INTO mini_crm_inbox (channel_id, company_id, received_at, kind,
                state)
            SELECT %s, %s, now() AT TIME ZONE 'utc' - make_interval(hours => 50 + n),
                'body', 'done' FROM generate_series(1, 40) n""",
            [self.bot.id, self.bot.company_id.id],
        )
        self.watch()
        self.assertEqual(self.bot.problem, "silent")
        self.assertEqual(self.bot.state, "live")

    def test_new_channel_is_not_silent(self):
        self.watch()
        self.assertFalse(self.bot.problem)

    def test_instagram_token_is_refreshed_before_it_expires(self):
        account = self.instagram(days=9)
        self.watch()
        self.assertEqual(len(self.account.called("refresh_access_token")), 1)
        left = account.token_expires_at - fields.Datetime.now()
        self.assertGreater(left, timedelta(days=59))
        self.watch()
        self.assertEqual(len(self.account.called("refresh_access_token")), 1)

    def test_instagram_token_without_a_known_end_is_refreshed_to_learn_it(self):
        account = self.instagram(days=1)
        account.token_expires_at = False
        account._secret_rows("token").set_at = fields.Datetime.now()
        self.watch()
        self.assertFalse(self.account.called("refresh_access_token"))
        account._secret_rows("token").set_at -= timedelta(days=2)
        self.watch()
        self.assertTrue(account.token_expires_at)

    def test_instagram_token_that_cannot_be_refreshed_is_told_before_it_expires(self):
        account = self.instagram(days=2)
        error = {"error": {"code": 10, "message": "No permission"}}
        self.account.answers["refresh_access_token"] = (400, error)
        self.watch()
        self.assertEqual((account.problem, account.state), ("expiring", "live"))
        account.token_expires_at = fields.Datetime.now() - timedelta(days=1)
        self.watch()
        self.assertEqual((account.problem, account.state), ("token_expired", "broken"))

    def test_lost_subscription_is_made_again(self):
        self.instagram(days=40)
        self.account.subscribed = []
        self.watch()
        self.assertIn("messages", self.account.subscribed)

    def test_human_agent_is_told_until_it_is_ticked_again(self):
        self.assertTrue(self.bot._set_problem("human_agent"))
        self.watch()
        self.assertEqual((self.bot.state, self.bot.problem), ("live", "human_agent"))
        self.assertEqual(self.bot._problem()["tone"], "warning")
        self.assertIn("Human Agent", self.bot._problem()["text"])
        self.bot.with_user(self.admin).save_settings({"name": "Shop"})
        self.assertTrue(self.bot.problem)
        self.bot.with_user(self.admin).save_settings({"human_agent": True})
        self.assertFalse(self.bot.problem)

    def test_missing_key_is_told(self):
        self.bot._secret_rows("token").value = "gAAAAA"
        self.watch()
        self.assertEqual(self.bot.problem, "key_missing")
        self.assertEqual(self.bot.state, "broken")

    def test_problems_of_channels_that_are_off_are_not_told(self):
        self.bot.with_user(self.admin).switch_off()
        self.assertFalse(self.bot._set_problem("token_invalid"))
        self.assertEqual((self.bot.state, self.bot.problem), ("off", False))

    def test_warning_does_not_hide_what_has_stopped_the_channel(self):
        self.assertTrue(self.bot._set_problem("token_invalid", "Unauthorized"))
        self.assertFalse(self.bot._set_problem("token_invalid"))
        self.assertFalse(self.bot._set_problem("silent"))
        self.assertEqual(self.bot.problem, "token_invalid")
        self.bot._clear_problem("silent")
        self.assertEqual(self.bot.state, "broken")
        self.bot._clear_problem()
        self.assertEqual((self.bot.state, self.bot.problem), ("live", False))
