from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.channel import mini_crm_channel_client
from .channel_case import SecretsFolder
from .fake_account import fake_account


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestChannelTour(SecretsFolder, HttpCase):
    """An administrator connects a bot, and sees its first message arrive."""

    def setUp(self):
        super().setUp()
        provider = fake_account()
        address, self.account = provider.__enter__()
        self.addCleanup(provider.__exit__, None, None, None)
        self.startPatcher(patch.object(mini_crm_channel_client, "TELEGRAM", address))
        self.env["mini_crm.channel"].search([]).unlink()

    def _login(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, "tour_admin", "mini_crm.mini_crm_group_admin", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _connect(self, lang):
        answer, env = self.account.answer, self.env

        def first_message_after_connecting(method, path, values, headers):
            if path.endswith("deleteWebhook"):
                arrived.append(path)
            return answer(method, path, values, headers)

        arrived = []
        self.account.answer = first_message_after_connecting
        self.startPatcher(
            patch.object(
                type(env["mini_crm.channel"]), "get_arrivals", _arrivals(arrived)
            )
        )
        login = self._login(lang)
        self.start_tour("/odoo/crm-channels", "mini_crm_channel_telegram", login=login)
        bot = self.env["mini_crm.channel"].search([("type", "=", "telegram")])
        self.assertEqual((bot.state, bot.receive), ("live", "polling"))
        self.assertEqual(bot.account_name, "shop_bot")

    def test_admin_connects_a_bot(self):
        self.browser_size = "1366x768"
        self._connect("en_US")

    def test_admin_connects_a_bot_on_a_phone_from_right_to_left(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._connect("fa_IR")


def _arrivals(arrived):
    """What the inbox would make of an update: the customer's first message."""

    def get_arrivals(channel):
        if arrived and not channel.get_setup()["message"]:
            now = fields.Datetime.now()
            values = {"channel_id": channel.id, "company_id": channel.company_id.id}
            values["partner_id"] = (
                channel.env["res.partner"].create({"name": "Sara"}).id
            )
            identity = channel.env["mini_crm.identity"].sudo()
            identity = identity.create({**values, "external_id": "77", "name": "Sara"})
            channel.env["mini_crm.message"].sudo().create(
                {
                    **values,
                    "identity_id": identity.id,
                    "direction": "in",
                    "body": "Hello, is it open today?",
                    "date": now,
                    "state": "received",
                }
            )
        return channel._arrivals()

    return get_arrivals
