import os
import tempfile
from unittest.mock import patch

from ..common import MiniCrmCase
from .fake_account import fake_account


class SecretsFolder:
    """A folder of its own for the keys of a test's database."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.keys = os.path.join(folder.name, "keys")
        self.startPatcher(patch.dict(os.environ, {"MINI_CRM_SECRETS": self.keys}))


class ChannelCase(SecretsFolder, MiniCrmCase):
    """A fake provider, and channels that talk to it."""

    def setUp(self):
        super().setUp()
        provider = fake_account()
        self.address, self.account = provider.__enter__()
        self.addCleanup(provider.__exit__, None, None, None)
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("web.base.url", "https://shop.example")

    def channel(self, kind="telegram", user=None, **values):
        """A channel, as administrators make it; nothing is connected."""
        channels = self.env["mini_crm.channel"].with_user(user or self.admin)
        channel = channels.browse(channels.add_channel(kind))
        channel.save_settings({"api_url": self.address, **values})
        return channel

    def notices(self):
        """Subjects of the notices that administrators have got."""
        messages = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], order="id"
        )
        return [m.subject for m in messages if self.admin.partner_id in m.partner_ids]
