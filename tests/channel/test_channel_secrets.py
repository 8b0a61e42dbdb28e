import logging
import os
import stat
import threading
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import file_open

from ...models.channel import secret_key
from ...models.channel.mini_crm_channel_entry import ENTERED
from ...models.channel.mini_crm_channel_secret import NAMES
from .channel_case import ChannelCase

PLANTED = "planted:AAF-secret-of-the-test"


@tagged("post_install", "-at_install")
class TestChannelSecrets(ChannelCase):
    """Tokens are encrypted by a key outside the database, and told to nobody."""

    def setUp(self):
        super().setUp()
        self.bot = self.channel()

    def rows(self):
        return self.env["mini_crm.channel.secret"].search([])

    def key_file(self):
        return secret_key.key_file(self.env.cr.dbname)

    def test_secret_reads_back_and_is_not_in_the_database(self):
        for name in NAMES:
            self.bot._set_secret(name, f"{PLANTED}-{name}")
        for name in NAMES:
            self.assertEqual(self.bot._secret(name), f"{PLANTED}-{name}")
        stored = "".join(self.rows().mapped("value"))
        self.assertNotIn("planted", stored)

    def test_key_is_for_its_owner_only(self):
        self.bot._set_secret("token", PLANTED)
        path = self.key_file()
        self.assertTrue(str(path).startswith(self.keys))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        self.assertEqual(os.listdir(path.parent), [path.name])

    def test_key_that_many_make_at_once_is_one(self):
        found, begin = [], threading.Barrier(8)

        def make():
            begin.wait()
            found.append(secret_key.make_key("race")._signing_key)

        threads = [threading.Thread(target=make) for _n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(found)), 1)
        self.assertEqual(len(found), 8)

    def test_replaced_webhook_secret_is_accepted_for_a_day(self):
        self.bot._set_secret("webhook_secret", "old")
        self.bot._set_secret("webhook_secret", "new")
        self.assertEqual(self.bot._secret("webhook_secret"), "new")
        self.assertEqual(self.bot._accepted_secrets("webhook_secret"), ["new", "old"])
        old = self.rows().filtered("until")
        old.until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.bot._accepted_secrets("webhook_secret"), ["new"])
        self.env["mini_crm.channel.secret"]._gc_replaced()
        self.assertFalse(old.exists())

    def test_replaced_token_is_gone_at_once(self):
        self.bot._set_secret("token", "old")
        self.bot._set_secret("token", "new")
        self.assertEqual(self.bot._accepted_secrets("token"), ["new"])
        self.assertEqual(len(self.rows()), 1)

    def test_deleted_secret_is_not_accepted_any_more(self):
        self.bot._set_secret("webhook_secret", "old")
        self.bot._set_secret("webhook_secret", "new")
        self.bot._set_secret("webhook_secret", "")
        self.assertEqual(self.bot._accepted_secrets("webhook_secret"), [])

    def test_missing_key_is_told_and_mended_by_entering_anew(self):
        self.bot._set_secret("token", PLANTED)
        self.key_file().unlink()
        self.assertIsNone(self.bot._secret("token"))
        self.assertTrue(self.bot._lacks_key())
        with self.assertRaisesRegex(UserError, "key that tokens are encrypted with"):
            self.bot._client()
        self.bot._set_secret("token", "anew")
        self.assertEqual(self.bot._secret("token"), "anew")
        self.assertFalse(self.bot._lacks_key())

    def test_other_key_is_told_like_a_missing_one(self):
        self.bot._set_secret("token", PLANTED)
        self.key_file().unlink()
        secret_key.make_key(self.env.cr.dbname)
        self.assertIsNone(self.bot._secret("token"))
        self.assertTrue(self.bot._lacks_key())

    def test_file_that_is_no_key_is_left_alone_and_told(self):
        self.key_file().parent.mkdir(parents=True, exist_ok=True)
        self.key_file().write_text("somebody's notes")
        with self.assertRaisesRegex(UserError, "nothing was saved"):
            self.bot._set_secret("token", PLANTED)
        self.assertEqual(self.key_file().read_text(), "somebody's notes")

    def test_entered_secrets_read_empty_for_everybody(self):
        bot = self.bot
        self.admin.group_ids += self.env.ref("base.group_allow_export")
        bot.write({name: PLANTED for name in ENTERED if name != "proxy"})
        bot.write({"proxy": "http://shop:planted@proxy.example:3128"})
        self.assertTrue(bot.token_is_set and bot.app_secret_is_set)
        self.assertEqual(bot.proxy_host, "http://proxy.example:3128")
        names = [*bot.fields_get()]
        told = [
            bot.read(names),
            bot.copy_data(),
            bot.export_data([n for n in names if n in ENTERED]),
            bot.default_get(names),
            bot.onchange({}, [], {name: {} for name in ENTERED}),
            bot.web_read({name: {} for name in names}),
            bot.get_setup(),
            bot.get_channels(),
            bot.copy().read(names),
        ]
        self.assertNotIn("planted", repr(told))
        self.assertFalse(bot.copy().token_is_set)
        for name in ENTERED:
            with self.assertRaises(ValueError):
                bot.search([(name, "=", PLANTED)])
            with self.assertRaises(ValueError):
                bot.formatted_read_group([], [name], ["__count"])

    def test_written_secret_is_not_in_the_answer_of_saving(self):
        values = {"token": PLANTED, "name": "Shop"}
        answer = self.bot.web_save(values, {"name": {}, "token": {}})
        self.assertEqual(answer, [{"id": self.bot.id, "name": "Shop", "token": False}])
        self.assertEqual(self.bot._secret("token"), PLANTED)

    def test_nobody_reads_the_table(self):
        self.bot._set_secret("token", PLANTED)
        for user in (self.agent, self.manager, self.admin):
            with self.assertRaises(AccessError):
                self.rows().with_user(user).read(["value"])

    def test_agents_see_that_there_is_a_channel_and_nothing_else(self):
        channel = self.bot.with_user(self.agent)
        self.assertEqual(channel.read(["name", "type"])[0]["type"], "telegram")
        for name in ("token", "proxy_host", "key", "webhook_url", "problem_detail"):
            with self.assertRaises(AccessError):
                channel.read([name])
        for call in (channel.get_setup, channel.get_channels, channel.connect):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            channel.write({"token": PLANTED})

    def test_calls_that_bring_tokens_are_not_logged(self):
        logger = logging.getLogger("odoo.service.model")
        with self.assertLogs(logger, "DEBUG") as logs:
            call_kw(self.bot, "write", [self.bot.ids, {"token": PLANTED}], {})
            call_kw(self.env["res.partner"], "search_count", [[("id", "=", 0)]], {})
        self.assertNotIn("planted", str(logs.output))
        self.assertIn("search_count", str(logs.output))

    def test_neutralized_copy_forgets_its_tokens_and_is_off(self):
        self.bot._set_secret("token", PLANTED)
        self.bot.sudo().state = "live"
        self.env.flush_all()
        with file_open("mini_crm/data/neutralize.sql") as statements:
            self.env.cr.execute(statements.read())
        self.env.invalidate_all()
        self.assertFalse(self.rows())
        self.assertEqual(self.bot.state, "off")

    def test_address_with_a_mistake_is_told_and_nothing_is_written(self):
        for values in (
            {"proxy": "proxy.example"},
            {"proxy": "ftp://proxy.example:21"},
            {"proxy": "http://proxy.example:99999"},
            {"api_url": "telegram.example"},
            {"api_url": "https://user:pass@telegram.example"},
        ):
            with self.assertRaisesRegex(ValidationError, "looks like"):
                self.bot.write({**values, "name": "Changed"})
        self.assertNotEqual(self.bot.name, "Changed")
