from datetime import timedelta

from odoo import api, fields, models

from ...engine.send_gate import HUMAN_WINDOW
from ..channel.sending import LIMITS

COMMUNICATION = "communication"  # the page of the customer's form


class MiniCrmIdentity(models.Model):
    """Identities as people see them: chips, ways to answer, who waits."""

    _inherit = "mini_crm.identity"

    owner_id = fields.Many2one(related="partner_id.user_id", string="Owner")

    def _chip(self):
        """This identity in the header of the customer's form."""
        self.ensure_one()
        return {
            "id": self.id,
            "channel": self.type,
            "channel_name": self.channel_id.name,
            "name": self.name or "",
            "username": self.username or "",
            "state": self.state,
            "suggestion": self._suggestion_chip(),
            "linked_from": self.linked_from_id._filtered_access("read").display_name
            or "",
        }

    def _suggestion_chip(self):
        """Who the customer perhaps is as well; only a contact that the user may see."""
        other = self.suggested_partner_id._filtered_access("read")
        if not other:
            return None
        return {
            "partner_id": other.id,
            "name": other.display_name,
            "reason": self._suggestion_words(),
        }

    def _suggestion_words(self):
        _ = self.env._
        return {
            "phone_proved": _("he has shared this phone number"),
            "phone_shared": _("same phone"),
            "phone_in_text": _("he wrote this phone number"),
            "email_in_text": _("he wrote this e-mail address"),
        }.get(self.suggestion, "")

    # Answering

    def _reply_option(self):
        """Whether and how this identity can be answered now; see get_reply_options."""
        self.ensure_one()
        option = {
            "key": f"identity:{self.id}",
            "identity_id": self.id,
            "channel": self.type,
            "channel_name": self.channel_id.name,
            "name": self._reply_name(),
            "limit": self._text_limit(),
            "attachments": True,
        }
        return option | self._reply_verdict()

    def _reply_name(self):
        """To whom an answer goes; an e-mail goes to the address that has written."""
        if self.type == "email":
            return self.external_id
        return f"@{self.username}" if self.username else self.name or ""

    def _text_limit(self):
        """What one message holds: {count, unit (utf16 or bytes)}, or ``None``."""
        limits = LIMITS.get(self.type)
        return limits and {"count": limits.text, "unit": limits.unit}

    def _reply_verdict(self):
        """What the gate says to an answer."""
        if self.type == "email":
            return self.partner_id._mail_reply_verdict(self.external_id)
        if self.type not in LIMITS:
            return {"allowed": True, "later": False, "until": None, "why": ""}
        verdict = self._gate("answer")
        later = verdict.action == "defer" and verdict.reason != "window_closed"
        return {
            "allowed": verdict.action == "send" or later,
            "later": later,
            "until": verdict.until and verdict.until.isoformat() + "Z",
            "why": self._verdict_words(verdict),
        }

    def _verdict_words(self, verdict):
        """What the gate says, in the user's language, with what to do."""
        reason = verdict.reason
        if reason == "window_closed" and self.window_opened_at:
            ago = fields.Datetime.now() - self.window_opened_at
            if ago >= HUMAN_WINDOW or self.channel_id.problem != "human_agent":
                return self._window_words(ago)
            reason = "human_agent"  # which Meta has taken away: else it were open
        return self.env["mini_crm.message"]._reason_words(reason)

    def _window_words(self, ago):
        if ago < timedelta(days=2):
            return self.env._(
                "Instagram lets shops answer for 24 hours after a message. He wrote"
                " %s hours ago: wait until he writes, or call.",
                int(ago.total_seconds() // 3600),
            )
        return self.env._(
            "Instagram lets shops answer for 24 hours after a message. He wrote"
            " %s days ago: wait until he writes, or call.",
            ago.days,
        )

    # Waiting for an answer

    @api.model
    def get_waiting_count(self):
        """How many conversations wait for an answer (agents).

        :return: ``{"all": int, "mine": int}``, each at most 1,000
        :rtype: dict
        """
        waiting = [("waiting_since", "!=", False)]
        mine = [*waiting, ("partner_id.user_id", "=", self.env.uid)]
        return {
            "all": self.search_count(waiting, limit=1000),
            "mine": self.search_count(mine, limit=1000),
        }

    def action_open_conversation(self):
        """Open the customer of this identity at his conversation: an action dict."""
        self.ensure_one()
        self.check_access("read")
        action = self.partner_id.action_open_customer()
        return {**action, "context": {"mini_crm_page": COMMUNICATION}}

    def action_no_answer_needed(self):
        """Take these out of the list of those who wait for an answer (agents)."""
        self.check_access("read")
        self.partner_id.check_access("write")
        self._no_longer_waiting()
        return True

    def _no_longer_waiting(self):
        waiting = self.filtered("waiting_since")
        if waiting:
            # sudo: agents do not write identities; whoever may change the customer has
            # been checked by the caller
            waiting.sudo()._need_no_answer()
            self.env["mini_crm.message"]._tell_changed(waiting.partner_id.ids)
