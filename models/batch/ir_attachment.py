from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """The file of an import is not copied into the database as searchable text:
        it is deleted after a while, and so must be all that it says of people."""
        if self.env.context.get("mini_crm_file_of_batch"):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)
