import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .secret_key import make_key, unseal

_logger = logging.getLogger(__name__)

NAMES = (
    "token",
    "app_secret",
    "other_app_secret",
    "webhook_secret",
    "verify_token",
    "proxy",
)
# What callers prove themselves by: they may go on with the old one for a day.
CALLERS = ("app_secret", "other_app_secret", "webhook_secret", "verify_token")
ACCEPTED_HOURS = 24


class MiniCrmChannelSecret(models.Model):
    """Tokens of channels, encrypted by a key that is not in the database.

    Nobody has access, not even administrators: only the code of this room reads it.
    """

    _name = "mini_crm.channel.secret"
    _description = "Secret of a Channel"
    _log_access = False

    channel_id = fields.Many2one(
        "mini_crm.channel", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(
        required=True,
        help="token, app_secret, other_app_secret, webhook_secret, verify_token, proxy",
    )
    value = fields.Char(required=True, help="Encrypted.")
    set_at = fields.Datetime(required=True, default=fields.Datetime.now, help="UTC.")
    until = fields.Datetime(
        help="Replaced; still accepted from callers until then, UTC."
    )

    _current_uniq = models.UniqueIndex("(channel_id, name) WHERE until IS NULL")

    @api.autovacuum
    def _gc_replaced(self):
        """Forget what was replaced and is not accepted any more."""
        self.search([("until", "<=", fields.Datetime.now())]).unlink()


class MiniCrmChannel(models.Model):
    """What the channel keeps secret."""

    _inherit = "mini_crm.channel"

    def _secret(self, name):
        """One secret in use.

        :param str name: one of ``NAMES``
        :rtype: str | None
        :returns: ``None`` when there is none, or it cannot be decrypted because its key
            is missing (see ``_lacks_key``)
        """
        current = self._secret_rows(name).filtered(lambda row: not row.until)
        return next(iter(self._decrypted(current)), None)

    def _accepted_secrets(self, name):
        """What callers may prove themselves by: the one in use, then those replaced
        within the last 24 hours.

        :rtype: list[str]
        """
        now = fields.Datetime.now()
        rows = self._secret_rows(name).filtered(
            lambda row: not row.until or row.until > now
        )
        return self._decrypted(rows.sorted(lambda row: (bool(row.until), -row.id)))

    def _set_secret(self, name, value):
        """Set, replace or (empty) delete a secret.

        A replaced one that callers prove themselves by is accepted for 24 more hours;
        a deleted one is gone at once.

        :param str name: one of ``NAMES``
        :param value: str, or empty
        :raises UserError: when no key can be made or read to encrypt it with
        """
        if name not in NAMES:
            raise ValueError(name)
        rows = self._secret_rows(name)
        if not value:
            rows.unlink()
            return
        if self._secret(name) == value:
            return
        sealed = self._sealed(value)
        now = fields.Datetime.now()
        current = rows.filtered(lambda row: not row.until)
        if name in CALLERS:
            current.until = now + timedelta(hours=ACCEPTED_HOURS)
            (rows - current).filtered(lambda row: row.until <= now).unlink()
            current.flush_recordset(["until"])  # before the INSERT: a unique index
        else:
            rows.unlink()
        rows.create({"channel_id": self.id, "name": name, "value": sealed})

    def _renew_token(self, token):
        """Take the token that the provider gives for the one in use: it may be the
        same, but its life begins anew."""
        self._set_secret("token", token)
        current = self._secret_rows("token").filtered(lambda row: not row.until)
        current.set_at = fields.Datetime.now()

    def _lacks_key(self):
        """Whether there are secrets that the key at hand does not decrypt (bool)."""
        rows = self._secret_rows(*NAMES).filtered(lambda row: not row.until)
        return len(self._decrypted(rows)) < len(rows)

    def _secret_set_at(self, name):
        """When the secret in use was set (datetime, UTC), or ``None``."""
        current = self._secret_rows(name).filtered(lambda row: not row.until)
        return current.set_at or None

    def _secret_rows(self, *names):
        """The rows of these secrets, also of those replaced."""
        self.ensure_one()
        # sudo: nobody has access to the table, this code hands out what is needed
        secrets = self.env["mini_crm.channel.secret"].sudo()
        return secrets.search([("channel_id", "=", self.id), ("name", "in", names)])

    def _sealed(self, value):
        try:
            key = make_key(self.env.cr.dbname)
        except OSError as error:
            _logger.error("The key of channels cannot be written: %s", error.strerror)
            key = None
        if key is None:
            raise UserError(
                self.env._(
                    "The key that tokens are encrypted with cannot be written or read:"
                    " nothing was saved. Have your administrator look at the folder"
                    " that the documentation of channels names, then try again."
                )
            )
        return key.encrypt(value.encode()).decode()

    def _decrypted(self, rows):
        """The values (list of str) of those rows that the key decrypts."""
        values = []
        for row in rows:
            what = f"{row.name} of channel {row.channel_id.id}"
            values += unseal(self.env.cr.dbname, what, [row.value])
        return values
