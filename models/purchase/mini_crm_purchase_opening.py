from odoo import api, fields, models
from odoo.exceptions import UserError


class MiniCrmPurchase(models.Model):
    """From a line to the order or invoice that it follows."""

    _inherit = "mini_crm.purchase"

    can_open_document = fields.Boolean(compute="_compute_can_open_document")

    @api.depends("source", "document_id")
    @api.depends_context("uid")
    def _compute_can_open_document(self):
        self.can_open_document = False
        for source, lines in self.filtered("document_id").grouped("source").items():
            if source not in self.env:
                continue
            documents = self.env[source].browse(
                line.document_id for line in lines if line.document_id > 0
            )
            # sudo: whether it is there at all; the rights are asked right after
            there = documents.sudo().exists().sudo(self.env.su)
            readable = set(there._filtered_access("read").ids)
            for line in lines:
                line.can_open_document = line.document_id in readable

    def action_open_document(self):
        """Open the order or invoice of this line, for those who may read it.

        :return: action
        :rtype: dict
        :raises UserError: when there is none, or the user may not read it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.can_open_document:
            raise UserError(
                self.env._(
                    "There is no document that you may see behind this purchase."
                )
            )
        return self.env[self.source].browse(self.document_id).get_formview_action()
