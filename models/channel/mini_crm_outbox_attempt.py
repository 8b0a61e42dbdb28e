from odoo import models

from ...engine import instagram, telegram
from ...engine.chat_items import Media
from .attempt import Attempt

ENGINES = {"telegram": telegram, "instagram": instagram}


class MiniCrmOutbox(models.Model):
    """From a message to what is called."""

    _inherit = "mini_crm.outbox"

    def _attempt(self, client, tag):
        """What is called to send the message of this row.

        :param ProviderClient client: of its account
        :param str tag: what the gate says the provider must be told, or empty
        :rtype: Attempt
        """
        self.ensure_one()
        message, kind = self.message_id, self.channel_id.type
        engine = ENGINES[kind]
        calls = engine.send_calls(
            message.body or "",
            [self._medium(medium) for medium in message.media or ()],
            () if self.plain else message.buttons or (),
            None if self.plain else message.reply_to or None,
            self.identity_id.external_id,
            tag,
        )
        return Attempt(
            outbox_id=self.id,
            message_id=message.id,
            channel_id=self.channel_id.id,
            client=client,
            calls=tuple(calls),
            read_answer=engine.read_answer,
            file=self._upload(calls) if kind == "telegram" else None,
        )

    def _medium(self, medium):
        """A file of the message; Instagram fetches it from an address that only who
        is told it can guess."""
        reference = ""
        if self.channel_id.type == "instagram":
            attachment = self._attachment(medium)
            token = attachment.access_token or attachment.generate_access_token()[0]
            base = self.channel_id.get_base_url()
            reference = f"{base}/web/content/{attachment.id}?access_token={token}"
        return Media(
            kind=medium["kind"],
            reference=reference,
            name=medium["name"],
            mime=medium["mime"],
            size=medium["size"],
        )

    def _upload(self, calls):
        """The file of a call: (field, name, bytes, MIME type), or ``None``."""
        for call in calls:
            if upload := telegram.upload_of(call):
                field_name, index = upload
                medium = self.message_id.media[index]
                content = self._attachment(medium).raw
                return field_name, medium["name"], content, medium["mime"]
        return None

    def _attachment(self, medium):
        attachment = self.env["ir.attachment"].browse(medium["attachment_id"]).exists()
        if not attachment:
            raise LookupError(f"attachment {medium['attachment_id']} is gone")
        return attachment
