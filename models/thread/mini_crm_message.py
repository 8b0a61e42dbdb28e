from odoo import api, models
from odoo.exceptions import UserError

from ..channel.mini_crm_message import EXCERPT

READ_FIELDS = (
    *("channel_id", "identity_id", "direction", "kind", "body", "date", "sequence"),
    *("external_id", "state", "reason", "detail", "deferred_until", "purpose"),
    *("author_id", "reply_to", "media", "buttons", "reactions", "edited_at"),
    "deleted_at",
)
MEDIA_KEYS = ("kind", "name", "mime", "size", "state", "attachment_id")

# Details that are codes of our own: the reason says it in words.
CODES = {"worker_gone", "timeout", "cut_off", "proxy", "tls"}
CODES |= {"no_connection", "busy", "address"}


class MiniCrmMessage(models.Model):
    """Messages as the Communication tab shows them."""

    _inherit = "mini_crm.message"

    def _said_rows(self):
        """These messages as rows of ``get_conversation``: {id: dict}."""
        self.fetch(READ_FIELDS)
        answered = self._answered_messages()
        return {message.id: message._said_row(answered) for message in self}

    def _said_row(self, answered):
        self.ensure_one()
        deleted = bool(self.deleted_at)
        return {
            "key": f"message:{self.id}",
            "source": "message",
            "id": self.id,
            "kind": self.kind,
            "channel": self.channel_id.type,
            "channel_name": self.channel_id.name,
            "identity_id": self.identity_id.id,
            "direction": self.direction,
            "author": self.author_id.sudo().name or "",  # sudo: a colleague's name
            "subject": "",
            "body": "" if deleted else self.body or "",
            "state": self.state,
            "reason": self._reason_words(self.reason),
            "detail": "" if self.detail in CODES else self.detail or "",
            "deferred_until": _iso(self.deferred_until),
            "media": [] if deleted else self._said_media(),
            "buttons": [button.get("label", "") for button in self.buttons or []],
            "reactions": self.reactions or {},
            "reply_to": answered.get((self.channel_id.id, self.reply_to)),
            "outcome": "",
            "minutes": 0,
            "automated": self.purpose in ("automated", "campaign"),
            "edited": bool(self.edited_at),
            "deleted": deleted,
            "can_be_answered": bool(self.external_id) and not deleted,
            "document": None,
            "date": _iso(self.date),
        }

    def _said_media(self):
        return [{key: item.get(key) for key in MEDIA_KEYS} for item in self.media or []]

    def _answered_messages(self):
        """What these messages answer: {(channel id, external id): excerpt}."""
        wanted = {
            (message.channel_id.id, message.reply_to)
            for message in self
            if message.reply_to
        }
        if not wanted:
            return {}
        found = self.search_fetch(
            [
                ("channel_id", "in", [channel for channel, _key in wanted]),
                ("external_id", "in", [key for _channel, key in wanted]),
            ],
            ["channel_id", "external_id", "body", "kind", "direction", "deleted_at"],
        )
        return {
            (message.channel_id.id, message.external_id): {
                "key": f"message:{message.id}",
                "direction": message.direction,
                "kind": message.kind,
                "excerpt": "" if message.deleted_at else (message.body or "")[:EXCERPT],
            }
            for message in found
        }

    @api.model
    def _reason_words(self, reason):
        """Why a message waits, was dropped or has failed, in the user's language.

        :param str | None reason: a code of the gate or of the worker that sends
        """
        if not reason:
            return ""
        return self._reason_texts().get(reason) or self.env._(
            "The channel did not take it (%s).", reason
        )

    @api.model
    def _reason_texts(self):
        """What codes of reasons mean and what to do: {code: sentence}."""
        _ = self.env._
        return {
            "opted_out": _(
                "He has asked not to be written to here. You can answer when he writes"
                " again."
            ),
            "no_consent": _("He has not agreed to get offers here."),
            "blocked": _(
                "He has blocked us in this channel: call, or write by another."
            ),
            "invalid": _("This account does not exist any more: use another channel."),
            "window_closed": _(
                "Instagram lets shops answer for 24 hours after a message:"
                " wait until he writes, or call."
            ),
            "channel_draft": _(
                "The channel is not connected yet. It is sent when it is."
            ),
            "channel_broken": _(
                "The channel needs attention. It is sent when the channel works again."
            ),
            "channel_off": _(
                "The channel is switched off. It is sent when it is switched on again."
            ),
            **self._limit_texts(),
            "paused": _("The channel asks us to slow down: it is sent soon."),
            "no_connection": _("The channel cannot be reached. It is tried again."),
            **self._refusal_texts(),
            "uncertain": _(
                "Nobody knows whether it has arrived. Look into the channel before you"
                " send it again."
            ),
            "refused": _("The channel does not take this message."),
            "internal": _(
                "It could not be sent. An administrator finds why in the log."
            ),
        }

    @api.model
    def _limit_texts(self):
        """Why what is automated has to wait: {code: sentence}."""
        _ = self.env._
        return {
            "quiet_hours": _("It is night for him: it is sent in the morning."),
            "frequency_cap": _(
                "He has got as many automated messages today as the settings allow. It"
                " is sent on the next day."
            ),
            "too_late": _(
                "It had waited for a whole day, and he still got too many messages."
            ),
        }

    @api.model
    def _refusal_texts(self):
        """What providers object to in one message: {code: sentence}."""
        _ = self.env._
        return {
            "gave_up": _(
                "The channel could not be reached, several times. Send it again when it"
                " works."
            ),
            "too_long": _("It is too long for this channel: shorten it."),
            "empty": _("There is nothing in it that this channel could send."),
            "too_old": _("It belongs to something too old to be answered there."),
            "forbidden": _("The channel does not let us write to this customer."),
            "media": _("The channel cannot read this file: send it in another format."),
            "too_large": _("This file is too large for the channel: make it smaller."),
            "human_agent": _(
                "Meta has not approved answers after 24 hours (Human Agent) for this"
                " shop. Wait until he writes, or call."
            ),
            "profile_consent": _(
                "He has not let Instagram share his profile with this shop yet: wait"
                " until he writes."
            ),
        }

    def _person_decides(self, decision):
        """Have a person decide on a message that failed or may have been sent.

        :param str decision: cancel, resend or confirm
        :raises UserError: when the state of the message has no such decision
        """
        self.ensure_one()
        states, method = {
            "cancel": (("queued",), self._cancel),
            "resend": (("failed", "uncertain"), self._resend),
            "confirm": (("uncertain",), self._confirm_sent),
        }[decision]
        if self.state not in states:
            raise UserError(
                self.env._(
                    "This cannot be done any more: the message is now: %s.",
                    dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ],
                )
            )
        return method()


def _iso(date):
    return date.replace(microsecond=0).isoformat() + "Z" if date else None
