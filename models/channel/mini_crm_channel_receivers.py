from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .mini_crm_channel_secret import CALLERS
from .secret_key import unseal

OPEN = ("live", "broken")  # states in which a channel takes what comes


class Receiver(NamedTuple):
    """A channel as a request of a provider needs it: read by one statement."""

    id: int
    type: str
    state: str
    company_id: int
    account_id: str | None
    sealed: dict  # name of a secret -> its accepted values, encrypted, newest first
    db: str

    def accepted(self, name):
        """As ``mini_crm.channel._accepted_secrets`` (list of str)."""
        return unseal(self.db, f"{name} of channel {self.id}", self.sealed.get(name))


class MiniCrmChannel(models.Model):
    """Whom a delivery may be for. A provider waits for each statement."""

    _inherit = "mini_crm.channel"

    @api.model
    def _receivers_at(self, key):
        """The channel that an address is of, and who may be meant by what comes there.

        An app of Meta has one address for all its accounts. Nothing is proved by this.

        :param str key: last part of the webhook's address, from anybody
        :rtype: tuple[Receiver | None, list[Receiver]]
        :returns: the channel, if there is one; with one of Instagram all others that
            are open and have an account. By id
        """
        if "\0" in key:  # PostgreSQL knows no such text
            return None, []
        self.env.cr.execute(self._receivers_sql(key))
        own, found = None, {}
        for *columns, is_own, name, value in self.env.cr.fetchall():
            receiver = found.get(columns[0])
            if not receiver:
                receiver = Receiver(*columns, sealed={}, db=self.env.cr.dbname)
                found[receiver.id] = receiver
            if name:
                receiver.sealed.setdefault(name, []).append(value)
            if is_own:
                own = receiver
        return own, [receiver for receiver in found.values() if receiver is not own]

    @api.model
    def _receivers_sql(self, key):
        return SQL(
            """WITH own AS (
                SELECT id, type FROM mini_crm_channel WHERE key = %s AND active
            )
            SELECT c.id, c.type, c.state, c.company_id, c.account_id, c.id = own.id,
                s.name, s.value
            FROM own JOIN mini_crm_channel c ON c.id = own.id OR (
                own.type = 'instagram' AND c.type = 'instagram' AND c.active
                AND c.state = ANY(%s) AND c.account_id <> '')
            LEFT JOIN mini_crm_channel_secret s ON s.channel_id = c.id
                AND s.name = ANY(%s)
                AND (s.until IS NULL OR s.until > now() AT TIME ZONE 'utc')
            ORDER BY c.id, s.until IS NOT NULL, s.id DESC""",
            key,
            list(OPEN),
            list(CALLERS),
        )
