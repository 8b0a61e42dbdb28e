import json

from odoo import models
from odoo.tools import SQL

from ...engine.text import clean_lines
from .mini_crm_message import EXCERPT


class MiniCrmChannel(models.Model):
    """What providers tell of messages that are there: edited, taken back, read."""

    _inherit = "mini_crm.channel"

    def _receive_edited(self, item, waited):
        message = self._known(item.message.external_id)
        if not message:
            if not waited:
                return item.message.external_id
            # written before this channel was connected: better late than never
            self._receive_message(item.message, waited)
            message = self._known(item.message.external_id)
        if message.deleted_at or (
            message.edited_at and message.edited_at > item.edited_at
        ):
            return None
        values = {
            "body": clean_lines(item.message.text) or False,
            "edited_at": item.edited_at,
        }
        media = item.message.media  # Instagram tells of none
        if media and _references(message.media) != [one.reference for one in media]:
            message._drop_files()
            values |= {"kind": item.message.kind, **self._media_columns(media)}
            values["media"] = json.loads(values["media"])
        message.write(values)
        message._tell_in_log((message.body or "")[:EXCERPT] or None)
        self._show_changed(message)
        return None

    def _receive_deleted(self, item, waited):
        message = self._known(item.external_id)
        if not message:
            return None if waited else item.external_id
        if not message.deleted_at:
            message._take_back(item.date)
            self._show_changed(message)
        return None

    def _receive_reaction(self, item, waited):
        message = self._known(item.external_id)
        if not message:
            return None if waited else item.external_id
        date, dates = item.date.isoformat(), message.reacted_at or {}
        if dates.get("in", "") > date:
            return None
        message.reacted_at = {**dates, "in": date}
        reactions = {**(message.reactions or {}), "in": item.emoji}
        if not item.emoji:
            del reactions["in"]
        message.reactions = reactions
        self._tell_of(message.partner_id)
        return None

    def _receive_seen(self, item, _waited):
        identity = self._identity(item.sender)
        if not identity:
            return
        until = item.date
        if item.external_id:
            message = self._known(item.external_id)
            until = message.date or until
        before = ["sent"] if item.state == "delivered" else ["sent", "delivered"]
        self.env["mini_crm.message"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_message SET state = %s
                WHERE identity_id = %s AND direction = 'out' AND state = ANY(%s)
                AND date <= %s""",
                item.state,
                identity.id,
                before,
                until,
            )
        )
        if self.env.cr.rowcount:
            self.env["mini_crm.message"].invalidate_model(["state"])
            self._tell_of(identity.partner_id)
        return

    def _receive_reachable(self, item, waited):
        identity = self._identity(item.sender)
        if not identity:
            # his first message may come yet
            return None if waited else item.sender.external_id
        known = identity.reachable_at
        if (known and known > item.date) or identity._has_written_after(item.date):
            return None
        state = "reachable" if item.reachable else "blocked"
        identity.write({"state": state, "reachable_at": item.date})
        self._tell_of(identity.partner_id)
        return None

    def _show_changed(self, message):
        message.identity_id._refresh_last_message()
        self._tell_of(message.partner_id)


class MiniCrmMessage(models.Model):
    """A message that its author has taken back."""

    _inherit = "mini_crm.message"

    def _take_back(self, date):
        """Forget what a message said; that there was one stays.

        :param datetime date: when its author took it back, UTC
        """
        self.ensure_one()
        self._drop_files()
        self.write(
            {
                "body": False,
                "media": False,
                "media_due_at": False,
                "payload": False,
                "deleted_at": date,
            }
        )
        # the log tells that a message came, its words are not ours to keep
        self._tell_in_log(None)

    def _tell_in_log(self, summary):
        """Have the event of this message tell something else.

        :param str | None summary: its first words
        """
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_event SET summary = %s WHERE id = %s",
                summary,
                self.event_id,
            )
        )
        self.env["mini_crm.event"].browse(self.event_id).invalidate_recordset(
            flush=False
        )

    def _drop_files(self):
        """Delete the files of a message that were fetched."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        files.unlink()


def _references(media):
    return [one["reference"] for one in media or ()]
