from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.channel_setup import is_public_https
from .channel_texts import problem_text
from .mini_crm_channel_client import WARNINGS

DEAD_COUNTED = 1_000  # deliveries that could not be read, counted at most


class MiniCrmMessage(models.Model):
    _inherit = "mini_crm.message"

    _channel_date_idx = models.Index("(channel_id, date DESC)")


class MiniCrmChannel(models.Model):
    """Channels as administrators see them: one card each."""

    _inherit = "mini_crm.channel"

    @api.model
    def get_channels(self):
        """All channels of the user's companies, and what can be set up.

        :returns: ``{"channels": [card, ...], "public": bool}``: whether providers can
            call this server. A card has id, type, name, account, state (label in the
            user's language as ``state_text``), problem (see ``_problem``),
            ``last_event_at`` (UTC or False), ``today`` and ``dead`` (numbers)
        :raises AccessError: for anybody but administrators
        """
        self.check_access("write")
        channels = self.search([])
        figures = channels._figures()
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "channels": [
                {
                    "id": channel.id,
                    "type": channel.type,
                    "name": channel.name,
                    "account": channel._account(),
                    "state": channel.state,
                    "state_text": states[channel.state],
                    "problem": channel._problem(),
                    **figures[channel.id],
                }
                for channel in channels
            ],
            "public": is_public_https(self.get_base_url()),
        }

    def action_open_dead(self):
        """Deliveries of the channel that could not be read."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries That Could Not Be Read"),
            "res_model": "mini_crm.inbox",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("channel_id", "=", self.id), ("state", "=", "dead")],
        }

    def _account(self):
        """What the account is called there, or empty."""
        return self.account_name or self.phone_number or self.alias_email or ""

    def _problem(self):
        """What needs attention: ``{code, text, detail, tone}``, or False.

        The tone is one of palette.scss: warning while the channel goes on working.
        """
        self.ensure_one()
        if not self.problem:
            return False
        return {
            "code": self.problem,
            "text": problem_text(self.env, self.problem),
            "detail": self.problem_detail or "",
            "tone": "warning" if self.problem in WARNINGS else "danger",
        }

    def _figures(self):
        """{id: {"last_event_at", "today", "dead"}}: off indexes, whatever the number of
        messages; today is the company's day."""
        zone = ZoneInfo(self.env.company.mini_crm_tz or "UTC")
        today = datetime.now(zone).date()
        midnight = datetime.combine(today, time.min, zone).astimezone(timezone.utc)
        rows = self.env.execute_query(
            SQL(
                """SELECT c.id, (
                    SELECT received_at FROM mini_crm_inbox i WHERE channel_id = c.id
                    ORDER BY received_at DESC LIMIT 1),
                (SELECT count(*) FROM mini_crm_message m
                    WHERE channel_id = c.id AND date >= %(midnight)s),
                (SELECT count(*) FROM (SELECT FROM mini_crm_inbox i
                    WHERE i.company_id = c.company_id AND state = 'dead'
                    AND channel_id = c.id LIMIT %(dead)s) dead)
                FROM mini_crm_channel c WHERE id = ANY(%(ids)s)""",
                midnight=midnight.replace(tzinfo=None),
                dead=DEAD_COUNTED,
                ids=self.ids,
            )
        )
        return {
            channel: {
                "last_event_at": fields.Datetime.to_string(last),
                "today": count,
                "dead": dead,
            }
            for channel, last, count, dead in rows
        }
