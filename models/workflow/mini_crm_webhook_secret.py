import logging
import secrets
from datetime import timedelta

from cryptography.fernet import InvalidToken

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.webhook_message import make_secret
from ..channel.secret_key import make_key, read_key

_logger = logging.getLogger(__name__)

SIGNS_HOURS = 24  # a replaced secret signs along for so long
RANDOM_BYTES = 32


class MiniCrmWebhookSecret(models.Model):
    """What webhooks are signed with, encrypted by a key that is not in the database.

    Nobody has access, not even administrators: a secret is shown once, when it is made.
    """

    _name = "mini_crm.webhook.secret"
    _description = "Secret of Webhooks"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    value = fields.Char(required=True, help="Encrypted.")
    until = fields.Datetime(help="Replaced; still signs along until then, UTC.")

    _current_uniq = models.UniqueIndex("(company_id) WHERE until IS NULL")
    _company_idx = models.Index("(company_id)")

    @api.autovacuum
    def _gc_replaced(self):
        """Forget what was replaced and does not sign any more."""
        self.search([("until", "<=", fields.Datetime.now())]).unlink()

    @api.model
    def _renew(self, company):
        """Make a new secret; the one before signs along for 24 more hours.

        :param company: one ``res.company``
        :return: the secret as receivers enter it, ``whsec_…``; never to be had again
        :rtype: str
        :raises UserError: when no key can be made or read to encrypt it with
        """
        secret = make_secret(secrets.token_bytes(RANDOM_BYTES))
        value = self._sealed(secret)
        current = self.search([("company_id", "=", company.id), ("until", "=", False)])
        current.until = fields.Datetime.now() + timedelta(hours=SIGNS_HOURS)
        current.flush_recordset(["until"])  # before the INSERT: a unique index
        self.create({"company_id": company.id, "value": value})
        return secret

    @api.model
    def _signing(self, company):
        """The secrets that sign now, the newest first; one is made if there is none.

        :param company: one ``res.company``
        :rtype: list[str]
        :returns: empty when this server's key does not decrypt the one in use
        """
        rows = self.search([("company_id", "=", company.id)], order="id desc")
        if not rows.filtered(lambda row: not row.until):
            return [self._renew(company)]
        now = fields.Datetime.now()
        rows = rows.filtered(lambda row: not row.until or row.until > now)
        key = read_key(self.env.cr.dbname)
        if key is None:
            return []
        try:
            return [key.decrypt(row.value.encode()).decode() for row in rows]
        except InvalidToken:
            _logger.info("Webhooks of company %s: the key is another one", company.id)
            return []

    @api.model
    def _sealed(self, secret):
        try:
            key = make_key(self.env.cr.dbname)
        except OSError as error:
            _logger.error("The key of secrets cannot be written: %s", error.strerror)
            key = None
        if key is None:
            raise UserError(
                self.env._(
                    "The key that secrets are encrypted with cannot be written or read:"
                    " nothing was saved. Have your administrator look at the folder"
                    " that the documentation of channels names, then try again."
                )
            )
        return key.encrypt(secret.encode()).decode()
