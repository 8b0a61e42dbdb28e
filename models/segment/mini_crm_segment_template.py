from odoo import api, models

# For Odoo's colours 0 to 11, in which templates speak.
COLOURS = (
    "#607D8B",
    "#F44336",
    "#FF9800",
    "#FFD700",
    "#2196F3",
    "#9C27B0",
    "#795548",
    "#00BCD4",
    "#607D8B",
    "#E91E63",
    "#4CAF50",
    "#9C27B0",
)


class MiniCrmSegment(models.Model):
    """Segments that come with the template of an industry."""

    _inherit = "mini_crm.segment"

    @api.model
    def _template_values(self, entry):
        color = COLOURS[entry.get("color", 0) % len(COLOURS)]
        return {**super()._template_values(entry), "color": color}

    def _template_state(self):
        pins = self.env["mini_crm.segment.pin"].search_count(
            [("segment_id", "=", self.id)]
        )
        return [*super()._template_state(), self.color, self.kind, pins]
