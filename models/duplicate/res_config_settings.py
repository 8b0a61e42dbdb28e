from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.duplicates import DEFAULT_THRESHOLD, LEAST_SCORE
from .mini_crm_duplicate import THRESHOLD


class ResConfigSettings(models.TransientModel):
    """From which score two customers are shown as possible duplicates."""

    _inherit = "res.config.settings"

    mini_crm_duplicate_threshold = fields.Integer(
        "Score of Possible Duplicates",
        config_parameter=THRESHOLD,
        default=DEFAULT_THRESHOLD,
    )

    @api.constrains("mini_crm_duplicate_threshold")
    def _check_duplicate_threshold(self):
        for settings in self:
            if not LEAST_SCORE <= settings.mini_crm_duplicate_threshold <= 99:
                raise ValidationError(
                    self.env._(
                        "The score from which duplicates are shown is a number from"
                        " %(least)s to %(most)s.",
                        least=LEAST_SCORE,
                        most=99,
                    )
                )
