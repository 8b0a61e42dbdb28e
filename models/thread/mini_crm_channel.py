from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize, parse_contact_from_email

SOURCE = "E-mail"


class MiniCrmChannel(models.Model):
    """A channel of type e-mail is an alias: whoever writes to it is a customer."""

    _inherit = "mini_crm.channel"

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        channels._check_mail_alias()
        return channels

    def write(self, vals):
        result = super().write(vals)
        if not {"alias_name", "alias_domain_id", "type", "active"}.isdisjoint(vals):
            self._check_mail_alias()
        return result

    def _alias_get_creation_values(self):
        return {
            **super()._alias_get_creation_values(),
            "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
            "alias_contact": "everyone",
        }

    def _check_mail_alias(self):
        """Only e-mail channels have an address, and one without a domain gets nothing.

        :raises UserError: says what is missing and where to put it
        """
        for channel in self:
            if channel.alias_name and channel.type != "email":
                raise UserError(
                    self.env._("Only a channel for e-mail has an e-mail address.")
                )
            if channel.alias_name and not channel.alias_domain_id:
                raise UserError(
                    self.env._(
                        "This company has no domain for e-mail yet, so nothing would"
                        " reach %s. Set the alias domain under Settings, General"
                        " Settings, Discuss, and let the mail of that domain come in"
                        " there, then try again.",
                        channel.alias_name,
                    )
                )

    @api.model
    def _mail_channel(self, company):
        """The company's channel of type e-mail, or none."""
        return self._company_channel("email", company)

    @api.model
    def _company_channel(self, kind, company):
        """A company's first channel of a type that is not switched off, or none.

        :param str kind: email or phone
        """
        # sudo: which channels a company has is no secret, and the gateway has no role
        return self.sudo().search(
            [
                ("type", "=", kind),
                ("company_id", "=", company.id),
                ("state", "!=", "off"),
            ],
            limit=1,
        )

    # Who writes

    def _find_mail_contact(self, email_from):
        """The contact whose messages to this channel's address are.

        Somebody of the own staff stays himself and becomes no customer. Else whoever
        is known by that address in this channel, else the customer with that address:
        of several the one there was contact with most recently.

        :param str | bool email_from: the sender, as it stands in the e-mail
        :rtype: res.partner
        """
        self.ensure_one()
        # sudo: the gateway has no role
        contacts = self.env["res.partner"].sudo()
        address = email_normalize(email_from or "", strict=False)
        if not address:
            return contacts
        staff = contacts.search(
            [("email_normalized", "=", address), ("partner_share", "=", False)], limit=1
        )
        if staff.user_ids:
            return staff
        known = self.env["mini_crm.identity"].sudo()
        known = known.search(
            [("channel_id", "=", self.id), ("external_id", "=", address)]
        )
        if known.partner_id.active:
            return known.partner_id
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM res_partner p
                WHERE p.email_normalized = %s AND %s
                    AND (p.company_id IS NULL OR p.company_id = %s)
                ORDER BY %s DESC, p.company_id IS NULL, (SELECT e.date
                    FROM mini_crm_event e WHERE e.partner_id = p.id
                    ORDER BY e.date DESC, e.id DESC LIMIT 1) DESC NULLS LAST, p.id DESC
                LIMIT 1""",
                address,
                contacts._customer_eligible_condition("p"),
                self.company_id.id,
                contacts._customer_filter("p"),
            )
        )
        return contacts.browse(row[0] for row in rows)

    def _make_mail_customer(self, message_dict):
        """A new customer out of the sender of an e-mail to this channel's address.

        :param dict message_dict: as ``mail.thread.message_parse`` gives it
        :rtype: res.partner
        """
        self.ensure_one()
        sender = message_dict.get("email_from") or ""
        name, address = parse_contact_from_email(sender)
        companies = self.env["res.company"].sudo().search_count([], limit=2)
        # sudo: the gateway has no role
        contact = (
            self.env["res.partner"]
            .sudo()
            .with_company(self.company_id)
            .create(
                {
                    "name": name or address or sender or self.env._("Unknown sender"),
                    "email": address or sender,
                    # as Odoo does: none, while there is only one
                    "company_id": self.company_id.id if companies > 1 else False,
                    "source_id": self.env["utm.mixin"]
                    .sudo()
                    ._find_or_create_record("utm.source", SOURCE)
                    .id,
                }
            )
        )
        # Two first e-mails at once: the second to come here fails, and is done again.
        contact._mail_identity_row(self)
        return contact
