from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError


class MiniCrmRule(models.AbstractModel):
    """Who owns a rule, and what becomes of it without him."""

    _inherit = "mini_crm.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_owner()
        return rules

    def write(self, vals):
        if "domain" not in vals or "user_id" in vals or self._chooses_owners():
            result = super().write(vals)
            if "user_id" in vals:
                self._check_owner()
            return result
        # who says what the shop's own rule asks for answers for what it finds
        shops = self.filtered(
            lambda rule: (
                rule.user_id.id == SUPERUSER_ID and rule.domain != vals["domain"]
            )
        )
        super(MiniCrmRule, shops).write({**vals, "user_id": self.env.uid})
        return super(MiniCrmRule, self - shops).write(vals)

    @api.model
    def _chooses_owners(self):
        """Whether the user may have rules evaluated with the rights of others."""
        return self.env.su or self.env.user.has_group("mini_crm.mini_crm_group_admin")

    def _check_owner(self):
        """:raises AccessError: when the user may not give these rules to their owner"""
        if self._chooses_owners():
            return
        for rule in self.filtered(lambda rule: rule.user_id != self.env.user):
            raise AccessError(
                self.env._(
                    "A rule finds what its owner may see: only administrators choose"
                    " somebody else. Make yourself the owner of %s.",
                    rule.name,
                )
            )

    def _has_owner(self):
        """Whether somebody is there whose rights decide what the rule finds.

        The shop's own rules belong to Odoo itself, which is never archived.
        """
        self.ensure_one()
        owner = self.user_id
        return bool(owner) and (owner.active or owner.id == SUPERUSER_ID)

    def _follow_owner(self):
        """Pause rules whose owner is gone, go on with those whose owner is back.

        Archived ones let their customers go, whoever owns them.
        """
        # sudo: the state of a rule is kept by the machine
        for rule in self.sudo().filtered("active"):
            if not rule._has_owner():
                if rule.status != "paused":
                    rule._pause()
            elif rule.status == "paused":
                rule.write({"status": "waiting", "problem": False, "next_id": 0})
                self.env["mini_crm.rule"]._wake_workers()

    def _pause(self):
        """Leave a rule as it is, and tell the administrators once."""
        self.ensure_one()
        self.write(
            {
                "status": "paused",
                "problem": self.env._(
                    "Its owner is archived or deleted. Choose another owner."
                ),
            }
        )
        group = self.env.ref("mini_crm.mini_crm_group_admin")
        # sudo: whoever archives a colleague need not see the administrators
        admins = group.sudo().all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )
        self.env["mail.thread"].message_notify(
            partner_ids=admins.partner_id.ids,
            subject=self.env._("%s is paused", self.name),
            body=self.problem,
        )
