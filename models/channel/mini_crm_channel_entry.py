from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.channel_setup import AddressError, clean_token, read_api_url, read_proxy
from . import quiet_calls  # noqa: F401  before anybody can enter a token

ADMIN = "mini_crm.mini_crm_group_admin"
# What people enter; the other secrets are made by us.
ENTERED = ("token", "app_secret", "other_app_secret", "proxy")


class MiniCrmChannel(models.Model):
    """Entering secrets: they go from the call into the vault, past the ORM's cache."""

    _inherit = "mini_crm.channel"

    token = fields.Char(
        compute="_compute_entered",
        readonly=False,
        copy=False,
        exportable=False,
        groups=ADMIN,
        help="Reads empty: it can be replaced and not be looked at.",
    )
    app_secret = fields.Char(
        compute="_compute_entered",
        readonly=False,
        copy=False,
        exportable=False,
        groups=ADMIN,
        help="Meta signs deliveries with it. Reads empty.",
    )
    other_app_secret = fields.Char(
        compute="_compute_entered",
        readonly=False,
        copy=False,
        exportable=False,
        groups=ADMIN,
        help="Meta's apps have two, of the app and of its Instagram part; deliveries "
        "signed with either are accepted. Reads empty.",
    )
    proxy = fields.Char(
        compute="_compute_entered",
        readonly=False,
        copy=False,
        exportable=False,
        groups=ADMIN,
        help="http://name:password@host:port, https or socks5h. Reads empty.",
    )
    proxy_host = fields.Char(
        "Proxy Used",
        readonly=True,
        copy=False,
        groups=ADMIN,
        help="Address of the proxy, without name and password.",
    )
    token_is_set = fields.Boolean(
        compute="_compute_is_set", exportable=False, groups=ADMIN
    )
    app_secret_is_set = fields.Boolean(
        compute="_compute_is_set", exportable=False, groups=ADMIN
    )
    other_app_secret_is_set = fields.Boolean(
        compute="_compute_is_set", exportable=False, groups=ADMIN
    )

    def _compute_entered(self):
        for name in ENTERED:
            self[name] = False

    def _compute_is_set(self):
        # sudo: nobody has access to the table; only whether there is a row is told
        rows = self.env["mini_crm.channel.secret"].sudo()
        found = rows.search([("channel_id", "in", self.ids), ("until", "=", False)])
        known = {(row.channel_id.id, row.name) for row in found}
        for channel in self:
            for name in ("token", "app_secret", "other_app_secret"):
                channel[f"{name}_is_set"] = (channel._origin.id, name) in known

    @api.model_create_multi
    def create(self, vals_list):
        entered, rest = zip(*map(self._apart, vals_list), strict=True)
        channels = super().create(list(rest))
        for channel, secrets in zip(channels, entered, strict=True):
            channel._take_entered(secrets)
        return channels

    def write(self, vals):
        secrets, rest = self._apart(vals)
        self.check_access("write")
        result = super().write(rest) if rest else True
        for channel in self:
            channel._take_entered(secrets)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_without_conversations(self):
        # sudo: whether there are any, whoever may see them
        identities = self.env["mini_crm.identity"].sudo()
        used = identities.search([("channel_id", "in", self.ids)], limit=1).channel_id
        if used:
            raise UserError(
                self.env._(
                    "Deleting %s would delete its conversations. Switch it off or"
                    " disconnect it instead.",
                    used.name,
                )
            )

    @api.model
    def _apart(self, vals):
        """Values as they are entered: (secrets, the rest), both ready to be stored.

        :raises ValidationError: for an address that is none
        """
        rest = dict(vals)
        secrets = {name: rest.pop(name) for name in ENTERED if name in vals}
        try:
            if rest.get("api_url"):
                rest["api_url"] = read_api_url(rest["api_url"])
            if "proxy" in secrets:
                given = secrets["proxy"]
                address, shown = read_proxy(given) if given else (False, False)
                secrets["proxy"], rest["proxy_host"] = address, shown
        except AddressError as error:
            raise ValidationError(self._address_texts()[error.code]) from None
        for name in ("token", "app_secret", "other_app_secret"):
            if name in secrets:
                secrets[name] = clean_token(secrets[name])
        return secrets, rest

    def _take_entered(self, secrets):
        """Put what was entered into the vault; an empty value deletes."""
        for name, value in secrets.items():
            self._set_secret(name, value)
        if secrets:
            self.invalidate_recordset(
                [name for name in self._fields if name.endswith("_is_set")]
            )

    @api.model
    def _address_texts(self):
        return {
            "proxy": self.env._(
                "This is no address of a proxy. It looks like"
                " http://host.example:3128 or socks5h://name:password@host.example:1080."
            ),
            "api_url": self.env._(
                "This is no address of a provider. It looks like"
                " https://telegram.example, without a token or a password in it."
            ),
        }
