from odoo import api, models
from odoo.exceptions import UserError

from .conditions import move_conditions
from .moving import Mover


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts stays Odoo's; ours uses its parts (``Mover``).

    It deletes the contacts that it merges, and every room keeps its own rows safe in
    it. Contacts that we have merged already are refused: their old ids would lead
    elsewhere, and what our undo needs would be gone.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if merged := self.env["mini_crm.merge"]._tell_merged(partners):
            raise UserError(merged)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    @api.model
    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        mover = self.env.context.get("mini_crm_merge")
        if model != "res.partner" or not isinstance(mover, Mover):
            return super()._update_foreign_keys_generic(model, src_records, dst_record)
        self.env.flush_all()
        mover.move_keys()
        self.env.invalidate_all(flush=False)
        return None

    @api.model
    def _update_reference_fields_generic(
        self,
        referenced_model,
        src_records,
        dst_record,
        additional_update_records=None,
    ):
        mover = self.env.context.get("mini_crm_merge")
        if referenced_model != "res.partner" or not isinstance(mover, Mover):
            return super()._update_reference_fields_generic(
                referenced_model, src_records, dst_record, additional_update_records
            )
        self.env.flush_all()
        mover.move_documents()
        move_conditions(mover)
        self.env.invalidate_all(flush=False)
        return None
