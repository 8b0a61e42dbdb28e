from odoo import api, fields, models


class MiniCrmTagRule(models.Model):
    """A tag that customers carry while a condition holds."""

    _name = "mini_crm.tag.rule"
    _inherit = ["mini_crm.rule"]
    _description = "Tag Rule"
    _order = "sequence, id"

    key = fields.Char(copy=False, help="Name for programs, of those that ship.")
    sequence = fields.Integer(default=10)
    category_id = fields.Many2one(
        "res.partner.category", "Tag", required=True, ondelete="cascade"
    )
    color = fields.Integer(related="category_id.color")
    origin_ids = fields.One2many("mini_crm.tag.origin", "rule_id", "Tagged")
    tagged_count = fields.Integer("Tagged Customers", compute="_compute_tagged_count")

    _key_uniq = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "Another tag rule has this key."
    )
    # A change of the generation is one of a key: see ``mini_crm.rule._concerned``.
    _generation_uniq = models.UniqueIndex("(id, generation)")
    _category_idx = models.Index("(category_id)")

    def _compute_tagged_count(self):
        counts = dict(
            self.env["mini_crm.tag.origin"]._read_group(
                [("rule_id", "in", self.ids), ("declined", "=", False)],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.tagged_count = counts.get(rule._origin, 0)

    @api.onchange("category_id")
    def _onchange_category_id(self):
        if self.category_id and not self.name:
            self.name = self.category_id.name

    def _reason(self):
        """Why the rule tags a customer, in its owner's language: str."""
        self.ensure_one()
        lang = self.user_id.lang or self.env.lang
        return self.env["mini_crm.condition"]._sentence(self.domain, lang=lang)

    def write(self, vals):
        letting_go = self.browse()
        if vals.get("active") is False:
            letting_go = self.filtered("active")
        elif "category_id" in vals:
            letting_go = self.filtered(
                lambda rule: rule.category_id.id != vals["category_id"]
            )
        if letting_go:
            # another tag has been declined by nobody yet
            letting_go._release(
                self.env._("The rule was switched off or got another tag."),
                for_good="category_id" in vals,
            )
        return super().write(vals)

    def unlink(self):
        self._release(self.env._("The rule was deleted."), for_good=True)
        return super().unlink()

    # What the screen asks for

    def action_open_tagged(self):
        """Open who carries the tag because of this rule, and since when: an action."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mini_crm.mini_crm_tag_origin_action"
        )
        return {**action, "display_name": self.name, "domain": [("rule_id", "=", self.id)]}

    def action_switch_off(self):
        """Archive these rules and tell what that did: an action (managers)."""
        before = self._held()
        self.action_archive()
        return self._told(
            self.env._(
                "%(untagged)s customers have lost the tag. %(kept)s keep it, because a"
                " person put it on or another rule holds it. Switch the rule on again"
                " to undo that.",
                untagged=before["remove"],
                kept=before["keep"],
            )
        )

    def action_switch_on(self):
        """Bring archived rules back; they are built anew (managers): an action."""
        self.action_unarchive()
        return self._told(
            self.env._("The rule works again. Its tags come back within moments.")
        )

    def _told(self, message):
        """An action that shows a message and the record as it is now."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
