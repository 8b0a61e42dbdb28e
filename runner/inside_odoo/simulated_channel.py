"""Connect a channel of a database to a simulated provider, by the product's own set-up.

Arguments: the database, telegram or instagram, the address of the simulator, the
account's id, the token, and for Instagram the app's secret. Says on one line what the
simulator must know, as JSON: the webhook, and the word by which Meta proves itself.
Refuses, with exit code 3, a database that holds a token for the real Telegram or Meta.
"""

import json
import sys
from urllib.parse import urlsplit

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

LOOPBACK = ("127.0.0.1", "localhost", "::1")
REAL = 3  # exit code


def real_channels(env):
    """Channels that may speak to the real providers."""
    channels = env["mini_crm.channel"].with_context(active_test=False).search([])
    return channels.filtered(
        lambda channel: (
            channel.token_is_set
            and urlsplit(channel.api_url or "").hostname not in LOOPBACK
        )
    )


def connect(env, provider, url, account_id, token, app_secret=""):
    """Connect one channel, or again the one that an earlier simulation has left.

    :returns: what the simulator must know (dict)
    """
    channels = env["mini_crm.channel"].with_context(active_test=False)
    left = [("type", "=", provider), ("account_id", "=", account_id)]
    channel = channels.search(left, limit=1)
    channel = channel or channels.browse(channels.add_channel(provider))
    settings = {"api_url": url}
    if app_secret:
        settings["app_secret"] = app_secret
    channel.save_settings(settings)
    channel.enter_token(token)
    verify = channel.make_verify_token() if provider == "instagram" else ""
    channel.connect("webhook" if provider == "telegram" else None)
    return {"webhook": channel.webhook_url, "verify_token": verify}


def main(db, provider, *arguments):
    """Do it as the first administrator: exit code (int)."""
    with Registry(db).cursor() as cr:
        admin = api.Environment(cr, SUPERUSER_ID, {}).ref("base.user_admin")
        env = api.Environment(cr, admin.id, {})
        real = real_channels(env)
        if real:
            print(json.dumps({"real": real.mapped("name")}), flush=True)
            return REAL
        found = connect(env, provider, *arguments)
        cr.commit()
        print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    config.parse_config(["--no-http", "--log-level=warn"], setup_logging=True)
    sys.exit(main(*sys.argv[1:]))
