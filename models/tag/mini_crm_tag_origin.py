from odoo import fields, models


class MiniCrmTagOrigin(models.Model):
    """Why a customer carries a tag: one row for each rule that wants it there."""

    _name = "mini_crm.tag.origin"
    _description = "Origin of a Tag"
    _log_access = False
    _order = "since desc, id desc"
    _rec_name = "partner_id"

    rule_id = fields.Many2one("mini_crm.tag.rule", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade"
    )
    category_id = fields.Many2one(
        "res.partner.category", "Tag", required=True, ondelete="cascade"
    )
    since = fields.Datetime(required=True, help="When the condition began to hold.")
    by_hand = fields.Boolean(
        help="A person had put the tag on as well: it stays when the rule lets go."
    )
    declined = fields.Boolean(
        help="A person has taken the tag off: the rule does not put it on again while"
        " its condition goes on holding."
    )

    _origin_uniq = models.UniqueIndex("(rule_id, partner_id)")
    _partner_idx = models.Index("(partner_id, category_id)")
