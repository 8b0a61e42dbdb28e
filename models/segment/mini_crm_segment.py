from odoo import fields, models


class MiniCrmSegment(models.Model):
    """A group of customers: those for whom a condition holds, or picked by hand."""

    _name = "mini_crm.segment"
    _inherit = ["mini_crm.rule"]
    _description = "Segment"
    _order = "sequence, id"

    kind = fields.Selection(
        [("dynamic", "By condition"), ("static", "Picked by hand")],
        default="dynamic",
        required=True,
    )
    key = fields.Char(copy=False, help="Name for programs, of those that ship.")
    description = fields.Char(translate=True)
    color = fields.Char(default="#2196F3", help="As #RRGGBB.")
    sequence = fields.Integer(default=10)
    member_ids = fields.One2many("mini_crm.segment.member", "segment_id", "Members")
    member_count = fields.Integer(compute="_compute_member_count")
    size_ids = fields.One2many("mini_crm.segment.size", "segment_id", "Size over Time")

    _key_uniq = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL", "Another segment has this key."
    )
    # A change of the generation is one of a key: see ``mini_crm.rule._concerned``.
    _generation_uniq = models.UniqueIndex("(id, generation)")

    def _compute_member_count(self):
        counts = self.env["mini_crm.segment.count"]._of(self.ids)
        for segment in self:
            segment.member_count = counts.get(segment.id, 0)

    def write(self, vals):
        kinds = {segment: segment.kind for segment in self}
        result = super().write(vals)
        for segment, kind in kinds.items():
            if segment.kind != kind:
                segment._restart()
        return result
