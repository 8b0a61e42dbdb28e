from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mini_crm_consent import BLACKLISTS, CHANNELS

STATES = ("in", "out", "unknown")


class ResPartner(models.Model):
    """Whether a customer wants to be written to, and the one way to change that."""

    _inherit = "res.partner"

    def _set_consent(self, channel_type, state, *, source, proof="", date=None):
        """Note whether these customers want to be written to by a channel.

        E-mail and phone are put on Odoo's own blacklist, or taken off it. A change is
        logged; what stands already is not written again.

        :param str channel_type: telegram, instagram, email or phone
        :param str state: in, out or unknown
        :param str source: how we know, a value of ``mini_crm.consent.source``
        :param str proof: the words, the form or the document that says so
        :param datetime | None date: when it was said, UTC; default now
        :return: those whose state has changed
        """
        # sudo: agents change consents by this method only, never the rows
        consents = self.env["mini_crm.consent"].sudo()
        states = consents._states(self.ids, channel_type)
        changed = self.filtered(lambda partner: states[partner.id] != state)
        rows = consents.search(
            [("partner_id", "in", changed.ids), ("channel", "=", channel_type)]
        )
        values = {
            "state": state,
            "date": date or fields.Datetime.now(),
            "source": source,
            "proof": proof,
        }
        rows.write(values)
        consents.create(
            [
                {"partner_id": partner.id, "channel": channel_type, **values}
                for partner in changed - rows.partner_id
            ]
        )
        for partner in changed:
            partner._set_blacklisted(channel_type, state == "out")
            partner._log_consent(
                channel_type,
                states[partner.id],
                state,
                source=source,
                proof=proof,
                date=date,
            )
        return changed

    def _hear_consent(self, channel_type, word, *, proof, date):
        """Do as a customer says himself; what he has said later stays.

        :param str channel_type: telegram, instagram, email or phone
        :param str word: out or in; in takes back an out only: everybody presses "start"
            to meet a bot
        :param str proof: his words
        :param datetime date: when he said it, UTC
        """
        self.ensure_one()
        # sudo: as in _set_consent
        consents = self.env["mini_crm.consent"].sudo()
        row = consents.search(
            [("partner_id", "=", self.id), ("channel", "=", channel_type)]
        )
        if row.date and row.date > date:
            return
        state = consents._states(self.ids, channel_type)[self.id]
        if state != word and (word == "out" or state == "out"):
            self._set_consent(
                channel_type, word, source="message", proof=proof, date=date
            )
        elif row:
            # its latest date only: whose entry it is stays
            self.env.cr.execute(
                SQL("UPDATE mini_crm_consent SET date = %s WHERE id = %s", date, row.id)
            )
            row.invalidate_recordset(["date"], flush=False)
        else:
            # an older "stop" may be dealt with after this
            consents.create(
                {
                    "partner_id": self.id,
                    "channel": channel_type,
                    "state": "unknown",
                    "date": date,
                    "source": "message",
                    "proof": proof,
                }
            )

    def _log_consent(self, channel_type, old, new, *, source, proof="", date=None):
        """Log that this customer's consent has changed.

        :param str old: in, out or unknown
        :param str new: likewise
        :param datetime | None date: when he said so, UTC; default now
        :return: id of the event
        """
        return self._log(
            "consent_changed",
            date=date,
            summary=proof or None,
            data={
                "channel": channel_type,
                "old": old,
                "new": new,
                "source": source,
                "proof": proof,
            },
        )

    def _set_blacklisted(self, channel_type, blacklisted):
        """Put this customer's address on Odoo's blacklist, or take it off."""
        self.ensure_one()
        if channel_type not in BLACKLISTS:
            return
        model, column, address_field = BLACKLISTS[channel_type]
        # sudo: only administrators may write Odoo's lists; the customer has decided
        blacklist = self.env[model].sudo()
        address = self[address_field]
        if not address:
            return
        listed = blacklist.search_count([(column, "=", address)], limit=1)
        if blacklisted == bool(listed):
            return
        addresses = address if channel_type == "email" else [address]
        (blacklist._add if blacklisted else blacklist._remove)(addresses)

    # The block "May we write?" of the customer's form

    def get_consents(self):
        """What is known of this customer's consent, by channel (agents).

        :return: list of ``{channel, label, state, date (UTC, ISO 8601, or None), by,
            source, proof, blacklisted}``, one for each kind of channel; ``by``: who has
            entered it; ``blacklisted``: it stands on Odoo's own list only
        :rtype: list[dict]
        """
        self.ensure_one()
        self.check_access("read")
        consents = self.env["mini_crm.consent"]
        rows = consents.search([("partner_id", "=", self.id)])
        known = {row.channel: row for row in rows}
        labels = dict(consents._fields["channel"]._description_selection(self.env))
        found = []
        for channel, _label in CHANNELS:
            row = known.get(channel, consents)
            state = consents._states(self.ids, channel)[self.id]
            found.append(
                {
                    "channel": channel,
                    "label": labels[channel],
                    "state": state,
                    "date": row.date.isoformat() + "Z" if row else None,
                    # sudo: the name of a colleague
                    "by": row.write_uid.sudo().name or "",
                    "source": row.source or "",
                    "proof": row.proof or "",
                    "blacklisted": state == "out" and row.state != "out",
                }
            )
        return found

    def set_consent(self, channel_type, state, proof=""):
        """Note what this customer has told a person (agents).

        :param str channel_type: telegram, instagram, email or phone
        :param str state: in, out or unknown
        :param str proof: how we know, in words
        :return: as ``get_consents``
        :rtype: list[dict]
        """
        self.ensure_one()
        self.env["mini_crm.consent"].check_access("read")
        self.check_access("write")
        channels = dict(CHANNELS)
        if channel_type not in channels or state not in STATES:
            raise UserError(
                self.env._(
                    "A consent is for one of %(channels)s and one of %(states)s; it"
                    " cannot be %(state)s for %(channel)s.",
                    channels=", ".join(channels),
                    states=", ".join(STATES),
                    state=state,
                    channel=channel_type,
                )
            )
        self._set_consent(channel_type, state, source="person", proof=str(proof or ""))
        self._follow_up()
        return self.get_consents()
