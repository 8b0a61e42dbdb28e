from odoo.exceptions import UserError
from odoo.tests import tagged

from .channel_case import ChannelCase
from .fake_account import BOT_TOKEN, META_TOKEN


@tagged("post_install", "-at_install")
class TestChannelSetup(ChannelCase):
    """An administrator connects accounts; what goes wrong is told with the way out."""

    def connected(self, kind="telegram", **values):
        channel = self.channel(kind, **values)
        if kind == "instagram":
            channel.save_settings({"app_secret": "planted-app-secret"})
        channel.enter_token(BOT_TOKEN if kind == "telegram" else META_TOKEN)
        channel.connect()
        return channel

    def test_bot_is_recognised_by_its_token(self):
        setup = self.channel().enter_token(f"  {BOT_TOKEN}\u200e\n")
        self.assertEqual((setup["account"], setup["name"]), ("shop_bot", "Shop"))
        self.assertTrue(setup["token_is_set"])
        self.assertIs(setup["message"], False)
        self.assertEqual(setup["state"], "draft")
        self.assertNotIn(BOT_TOKEN, repr(setup))

    def test_wrong_tokens_are_told_and_not_kept(self):
        bot = self.channel()
        for token, words in (
            ("", "Paste the token"),
            ("hello", "looks like"),
            ("123456789:AAF-somebody-else-s-token", "does not accept the token"),
        ):
            with self.assertRaisesRegex(UserError, words):
                bot.enter_token(token)
        self.assertFalse(bot.token_is_set)

    def test_webhook_is_registered_with_a_secret_of_its_own(self):
        bot = self.connected()
        (asked,) = self.account.called("setWebhook")
        self.assertEqual(
            asked["url"], f"https://shop.example/mini_crm/webhook/{bot.key}"
        )
        self.assertEqual(asked["secret_token"], bot._secret("webhook_secret"))
        self.assertRegex(asked["secret_token"], r"^[A-Za-z0-9_-]{40,256}$")
        self.assertIn("message_reaction", asked["allowed_updates"])
        self.assertEqual((bot.state, bot.receive), ("live", "webhook"))

    def test_without_a_public_address_messages_are_asked_for(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "http://localhost:8069")
        bot = self.connected()
        self.assertEqual((bot.state, bot.receive), ("live", "polling"))
        self.assertFalse(self.account.called("setWebhook"))
        self.assertTrue(self.account.called("deleteWebhook"))

    def test_webhook_without_a_public_address_is_explained(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "http://localhost:8069")
        bot = self.channel(api_url="")
        bot._set_secret("token", BOT_TOKEN)
        with self.assertRaisesRegex(UserError, "public https address"):
            bot.connect("webhook")
        self.assertEqual(bot.state, "draft")

    def test_provider_that_refuses_leaves_the_channel_as_it_is(self):
        bot = self.channel()
        bot.enter_token(BOT_TOKEN)
        description = "Bad Request: bad webhook: IP address is reserved"
        self.account.answers["setWebhook"] = (
            400,
            {"ok": False, "error_code": 400, "description": description},
        )
        with self.assertRaisesRegex(UserError, "IP address is reserved"):
            bot.connect("webhook")
        self.assertEqual(bot.state, "draft")

    def test_one_account_has_one_channel(self):
        self.connected()
        with self.assertRaisesRegex(UserError, "another channel already"):
            self.channel().enter_token(BOT_TOKEN)

    def test_channel_with_conversations_keeps_its_account(self):
        bot = self.connected()
        partner = self.env["res.partner"].create({"name": "Sara"})
        self.env["mini_crm.identity"].create(
            {
                "channel_id": bot.id,
                "company_id": bot.company_id.id,
                "partner_id": partner.id,
                "external_id": "77",
            }
        )
        other = {"id": 5, "is_bot": True, "first_name": "Other", "username": "other"}
        self.account.answers["getMe"] = (200, {"ok": True, "result": other})
        with self.assertRaisesRegex(UserError, "another account"):
            bot.enter_token(BOT_TOKEN)
        self.assertEqual(bot.account_name, "shop_bot")
        with self.assertRaisesRegex(UserError, "Switch it off"):
            bot.unlink()

    def test_switched_off_and_on_again(self):
        bot = self.connected()
        self.assertEqual(bot.switch_off()["untold"], "")
        self.assertEqual(bot.state, "off")
        self.assertTrue(self.account.called("deleteWebhook"))
        bot.connect()
        self.assertEqual(bot.state, "live")

    def test_switched_off_although_the_provider_cannot_be_told(self):
        bot = self.connected()
        self.account.answers["deleteWebhook"] = (502, {})
        self.assertIn("error of its own", bot.switch_off()["untold"])
        self.assertEqual(bot.state, "off")

    def test_forgotten_account_leaves_no_secret(self):
        bot = self.connected()
        bot.forget_account()
        secrets = self.env["mini_crm.channel.secret"]
        self.assertFalse(secrets.search([("channel_id", "=", bot.id)]))
        self.assertEqual(bot.state, "draft")

    def test_instagram_is_subscribed_and_known_by_the_number_of_its_deliveries(self):
        account = self.connected("instagram")
        self.assertEqual(account.account_id, "178414")
        self.assertEqual(account.account_name, "my.shop")
        self.assertIn("messages", self.account.subscribed)
        self.assertEqual(account.state, "live")

    def test_instagram_needs_the_app_secret_first(self):
        account = self.channel("instagram")
        account.enter_token(META_TOKEN)
        with self.assertRaisesRegex(UserError, "app secret first"):
            account.connect()

    def test_verify_token_is_told_once(self):
        account = self.channel("instagram")
        told = account.make_verify_token()
        self.assertEqual(account._secret("verify_token"), told)
        self.assertNotIn(told, repr(account.get_setup()))
        self.assertTrue(account.get_setup()["verify_token_is_set"])

    def test_phone_number_gets_one_form(self):
        phone = self.channel("phone", api_url="", phone_number="+98 2188 888888")
        self.assertEqual(phone.connect()["phone_number"], "+98 21 8888 8888")
        phone.save_settings({"phone_number": "call me"})
        with self.assertRaisesRegex(UserError, "country code"):
            phone.connect()

    def test_mail_gets_an_address_for_customers(self):
        mail = self.channel("email", api_url="")
        with self.assertRaisesRegex(UserError, "no domain for e-mail"):
            mail.save_settings({"alias_name": "shop"})
        domain = self.env["mail.alias.domain"].create({"name": "shop.example"})
        self.company.alias_domain_id = domain
        setup = mail.save_settings({"alias_name": "hello"})
        told = (setup["alias_name"], setup["alias_domain"])
        self.assertEqual(told, ("hello", "shop.example"))
        self.assertEqual(mail.connect()["state"], "live")

    def test_unfinished_channel_is_gone_on_with(self):
        first = self.channel()
        self.assertEqual(self.channel(), first)
        first.enter_token(BOT_TOKEN)
        self.assertNotEqual(self.channel(), first)

    def test_unreachable_provider_is_told_with_the_way_out(self):
        bot = self.channel(api_url="http://127.0.0.1:1")
        with self.assertRaisesRegex(UserError, "enter a proxy"):
            bot.enter_token(BOT_TOKEN)

    def test_cards_show_figures_of_each_channel(self):
        bot = self.connected()
        self.env.cr.execute(
            """INSERT INTO mini_crm_inbox (channel_id, company_id, received_at, kind,
            state) VALUES (%(c)s, %(co)s, '2026-01-02 03:04:05', 'body', 'done'),
            (%(c)s, %(co)s, '2026-01-01 00:00:00', 'item', 'dead')""",
            {"c": bot.id, "co": bot.company_id.id},
        )
        cards = bot.get_channels()["channels"]
        (card,) = [card for card in cards if card["id"] == bot.id]
        self.assertEqual(card["last_event_at"], "2026-01-02 03:04:05")
        self.assertEqual((card["dead"], card["today"]), (1, 0))
        self.assertEqual(card["state_text"], "Connected")
        dead = bot.action_open_dead()
        self.assertEqual(self.env[dead["res_model"]].search_count(dead["domain"]), 1)
