from odoo import fields, models


class SegmentsOfCustomer(fields.Many2many):
    """A many2many over the table of a model, which makes that table itself."""

    def update_db(self, model, columns):
        """Leave the table to ``mini_crm.segment.member``."""


class ResPartner(models.Model):
    _inherit = "res.partner"

    # shown and searched, never written: members are kept by the segments
    segment_ids = SegmentsOfCustomer(
        "mini_crm.segment",
        "mini_crm_segment_member",
        "partner_id",
        "segment_id",
        "Segments",
        readonly=True,
        copy=False,
        prefetch="mini_crm_segments",
        groups="mini_crm.mini_crm_group_agent",
    )
