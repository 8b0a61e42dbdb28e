from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # shown and searched, never written: members are kept by the segments
    segment_ids = fields.Many2many(
        "mini_crm.segment",
        "mini_crm_segment_member",
        "partner_id",
        "segment_id",
        "Segments",
        readonly=True,
        copy=False,
        prefetch="mini_crm_segments",
        groups="base.group_user",
    )
