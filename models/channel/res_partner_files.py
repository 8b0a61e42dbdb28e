from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    """The files of a customer's messages go with him: no reference takes them along."""

    _inherit = "res.partner"

    def unlink(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT a.id FROM ir_attachment a
                JOIN mini_crm_message m ON m.id = a.res_id
                WHERE a.res_model = 'mini_crm.message' AND m.partner_id = ANY(%s)""",
                self.ids,
            )
        )
        result = super().unlink()
        # sudo: whoever may delete the customer deletes what he has sent
        self.env["ir.attachment"].sudo().browse(row[0] for row in rows).unlink()
        return result
