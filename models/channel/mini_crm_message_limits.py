from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...engine.send_gate import Verdict
from ...engine.send_limits import TALKING, day_begin, frequency, quiet

AUTOMATED = ("automated", "campaign")
WAITS = ("quiet_hours", "frequency_cap")


class MiniCrmMessage(models.Model):
    """Quiet hours, and how often a customer is written to on one day (his own)."""

    _inherit = "mini_crm.message"

    # of the customer's messages that are on their way, whenever they were written
    _sending_idx = models.Index("(partner_id) WHERE state = 'sending'")

    @api.model
    def _gate_checks(self):
        return [
            *super()._gate_checks(),
            (50, "mini_crm.message", "_check_quiet_hours"),
            (60, "mini_crm.message", "_check_frequency"),
        ]

    @api.model
    def _check_quiet_hours(self, identity, purpose, message):
        """Nothing automated goes out at night: ``Verdict`` or ``None``."""
        if purpose not in AUTOMATED:
            return None
        if message.continues:
            return message._verdict_on_first_part()
        zone, begin, end = identity._send_hours()
        now = self.env["mini_crm.outbox"]._now()
        verdict = quiet(now, zone, begin, end)
        return None if verdict and _talks(identity, purpose, now) else verdict

    @api.model
    def _check_frequency(self, identity, purpose, message):
        """Not more automated messages than the shop allows on a day, over all channels:
        ``Verdict`` or ``None``.

        Further parts of a text belong to the first. Whoever is about to send one locks
        all that waits for the customer: if another worker has claimed some of it since
        this one's snapshot, that is an error of serialization: this one looks again.
        """
        # sudo: whoever may write to a customer need not see how the shop is set up
        most = identity.sudo().company_id.mini_crm_daily_messages
        if purpose not in AUTOMATED or message.continues or not most:
            return None
        now = self.env["mini_crm.outbox"]._now()
        if _talks(identity, purpose, now):
            return None
        partner = identity.partner_id
        if message:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    """SELECT FROM mini_crm_outbox WHERE identity_id IN (
                        SELECT id FROM mini_crm_identity WHERE partner_id = %s)
                    ORDER BY id FOR NO KEY UPDATE""",
                    partner.id,
                ),
                log_exceptions=False,
            )
        zone, begin, end = identity._send_hours()
        sent = self._count_sent(partner, day_begin(now, zone), message)
        written = message.date or None
        return frequency(sent, most, written, now, zone, begin, end)

    @api.model
    def _limits_of(self, partner, company, written=None):
        """What both limits say to an automated message that is no row of this table, an
        e-mail: ``Verdict`` or ``None``.

        Nobody is in a conversation by e-mail: he does not wait for the answer.

        :param company: whose limits they are
        :param datetime | None written: when it was to go out first, UTC; ``None``: now
        """
        now = self.env["mini_crm.outbox"]._now()
        zone, begin, end = partner._send_hours(company)
        if verdict := quiet(now, zone, begin, end):
            return verdict
        # sudo: whoever may write to a customer need not see how the shop is set up
        most = company.sudo().mini_crm_daily_messages
        if not most:
            return None
        sent = self._count_sent(partner, day_begin(now, zone), self.browse())
        return frequency(sent, most, written, now, zone, begin, end)

    def _verdict_on_first_part(self):
        """What was said to the first part of this text, if that is not under way."""
        first = self.search(
            [
                ("identity_id", "=", self.identity_id.id),
                ("direction", "=", "out"),
                ("continues", "=", False),
                ("id", "<", self.id),
            ],
            order="id desc",
            limit=1,
        )
        if first.state == "queued" and first.reason in WAITS:
            return Verdict("defer", first.reason, until=first.deferred_until or None)
        if first.state == "failed" and first.reason == "too_late":
            return Verdict("drop", first.reason)
        return None

    @api.model
    def _count_sent(self, partner, since, but):
        """Number of automated messages that went to a customer since a moment.

        Those on their way count, whenever they were written. Higher rooms add what they
        send by other ways.

        :param but: a message that does not count, or none
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (
                    SELECT id, purpose, continues FROM mini_crm_message
                    WHERE partner_id = %(partner)s AND date >= %(since)s
                        AND state IN ('sent', 'delivered', 'read', 'uncertain')
                    UNION ALL
                    SELECT id, purpose, continues FROM mini_crm_message
                    WHERE partner_id = %(partner)s AND state = 'sending') m
                WHERE purpose IN %(purposes)s AND id <> %(but)s
                    AND continues IS NOT TRUE""",
                partner=partner.id,
                since=since,
                purposes=AUTOMATED,
                but=but.id or 0,
            )
        )
        return rows[0][0]


class MiniCrmIdentity(models.Model):
    _inherit = "mini_crm.identity"

    def _send_hours(self):
        """The hours in which the customer is written to: see ``res.partner``."""
        self.ensure_one()
        # sudo: whoever may write to a customer need not see how the shop is set up
        return self.partner_id._send_hours(self.sudo().company_id)


class ResPartner(models.Model):
    """The hours in which a customer is written to."""

    _inherit = "res.partner"

    def _send_hours(self, company):
        """(zone, begin and end of the quiet hours in minutes of the local day).

        The zone is the customer's, else the shop's; without quiet hours begin and end
        are the same.

        :param company: whose quiet hours they are
        """
        self.ensure_one()
        # sudo: whoever may write to a customer need not see how the shop is set up
        company = company.sudo()
        zone = self.tz or company.mini_crm_tz or "UTC"
        if not company.mini_crm_quiet_hours:
            return zone, 0, 0
        begin, end = company.mini_crm_quiet_from, company.mini_crm_quiet_to
        return zone, round(begin * 60) % 1440, round(end * 60) % 1440


def _talks(identity, purpose, now):
    """Whether the customer is in this conversation now: what he is answered by itself
    he has asked for."""
    if purpose != "automated":
        return False
    # sudo: agents may read messages of theirs only; this one is counted, not told
    messages = identity.env["mini_crm.message"].sudo()
    lately = [
        ("identity_id", "=", identity.id),
        ("direction", "=", "in"),
        ("date", ">", now - TALKING - timedelta(seconds=1)),
    ]
    return bool(messages.search_count(lately, limit=1))
