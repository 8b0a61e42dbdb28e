from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, parse_contact_from_email


class ResPartner(models.Model):
    """Merged contacts: who they have become, and the way into a merge."""

    _inherit = "res.partner"

    merged_into_id = fields.Many2one(
        "res.partner",
        compute="_compute_merged_into_id",
        compute_sudo=True,
        groups="mini_crm.mini_crm_group_agent",
        help="The customer who has everything that this one had.",
    )

    @api.depends("active")
    def _compute_merged_into_id(self):
        survivors = self.env["mini_crm.redirect"]._survivors(self.ids)
        for partner in self:
            partner.merged_into_id = survivors.get(partner.id, False)

    # Archived for good

    def write(self, vals):
        """As in Odoo; who was merged is active again by taking the merge back only.

        :raises UserError: says whom to look at
        """
        if vals.get("active"):
            # sudo: whoever brings contacts back need not see what became of them
            merged = self.filtered(lambda partner: partner.sudo().merged_into_id)[:1]
            if merged:
                raise UserError(self._tell_archived(merged))
        return super().write(vals)

    def _tell_archived(self, merged):
        # sudo: names only, of the contact and of who has everything that he had
        merged = merged.sudo()
        return self.env._(
            "%(name)s has been merged into %(survivor)s and stays archived. Take the"
            " merge back instead: open %(name)s and choose “Undo the merge”.",
            name=merged.display_name,
            survivor=merged.merged_into_id.display_name,
        )

    def _leave_bin(self):  # pylint: disable=missing-return
        # sudo: which of them were merged
        merged = self.filtered(lambda partner: partner.sudo().merged_into_id)
        super(ResPartner, self - merged)._leave_bin()
        merged.write({"binned_at": False, "bin_note": False})

    # The way into a merge

    def action_merge(self):
        """Compare these customers, to merge them (agents): a client action.

        :raises UserError: says why they cannot be merged
        """
        self.env["mini_crm.merge"]._check_people(self)
        return self._merge_action()

    def action_merge_with(self):
        """Choose with whom this customer is to be merged (agents): a client action."""
        self.ensure_one()
        self.check_access("write")
        if self.merged_into_id:
            raise UserError(self.env["mini_crm.merge"]._refusal(self))
        return self._merge_action()

    def _merge_action(self):
        """Client action that opens the dialog in which these are merged.

        :rtype: dict
        """
        return {
            "type": "ir.actions.client",
            "tag": "mini_crm_merge",
            "name": self.env._("Merge"),
            "target": "new",
            "params": {"partner_ids": self.ids},
        }

    def action_open_survivor(self):
        """Open the customer into whom this one was merged."""
        self.ensure_one()
        return (self.merged_into_id or self).action_open_customer()

    def action_undo_merge(self):
        """Take back the merge that archived this contact (managers; agents: their own).

        :return: number of details that were left as they are, changed since
        :rtype: int
        :raises UserError: says why it cannot be undone, or what to undo before
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: which merge it was; whether he may undo it is asked there
        redirects = self.env["mini_crm.redirect"].sudo()
        merge = redirects.search([("source_id", "=", self.id)], limit=1).batch_id
        return self.env["mini_crm.merge"].undo(merge.id)

    # Finding contacts by e-mail

    @api.model
    def _survivors_by_email(self, emails):
        """Survivors of those who had these addresses: {normal address: partner}."""
        # sudo: the gateway asks where an old address leads to, whoever it runs as
        redirects = self.env["mini_crm.redirect"].sudo()
        found = redirects._survivors_with("email_normalized", emails)
        return {email: self.browse(survivor) for email, survivor in found.items()}

    @api.model
    def _find_or_create_from_emails(self, emails, ban_emails=None, **options):
        normal = [parse_contact_from_email(email)[1] for email in emails]
        survivors = self._survivors_by_email(
            {email for email in normal if email and email not in (ban_emails or [])}
        )
        if not survivors:
            return super()._find_or_create_from_emails(
                emails, ban_emails=ban_emails, **options
            )
        banned = [*(ban_emails or []), *survivors]
        found = super()._find_or_create_from_emails(
            emails, ban_emails=banned, **options
        )
        return [
            partner or survivors.get(email) or partner
            for partner, email in zip(found, normal, strict=True)
        ]

    @api.model
    def find_or_create(self, email, assert_valid_email=False):
        """As in Odoo; the address of a merged customer finds the survivor."""
        normal = email_normalize(email) if email else None
        survivors = self._survivors_by_email({normal}) if normal else {}
        return survivors.get(normal) or super().find_or_create(
            email, assert_valid_email=assert_valid_email
        )
