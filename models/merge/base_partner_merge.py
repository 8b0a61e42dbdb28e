from odoo import api, models
from odoo.exceptions import UserError

from .moving import Mover

ODOO_MOST = 3


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts goes our way: nothing is deleted, it can be undone.

    Contacts that we refuse (with users, of companies) still go Odoo's way, in which
    every room keeps its own rows safe; not those that were merged already.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        merge = self.env["mini_crm.merge"]
        # Odoo would have the old id lead elsewhere, and delete what the undo needs
        if merged := merge._tell_merged(partners):
            raise UserError(merged)
        too_few_or_many = not 2 <= len(partners) <= ODOO_MOST
        if too_few_or_many or merge._refusal(partners):
            return super()._merge(partner_ids, dst_partner, extra_checks)
        emails = {partner.email for partner in partners}
        if extra_checks and not self.env.is_admin() and len(emails) > 1:
            raise UserError(
                self.env._(
                    "Contacts with different e-mail addresses are merged by"
                    " administrators here. In Mini CRM, use “Merge”: it shows what"
                    " becomes of them, and can be undone."
                )
            )
        survivor = dst_partner
        if not survivor or survivor not in partners:
            survivor = self._get_ordered_partner(partners.ids)[-1]
        sources = partners - survivor
        partners.check_access("write")
        merge._merge(survivor, sources, survivor_first=True)
        self._log_merge_operation(sources, survivor)
        return None

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
        self.env.invalidate_all(flush=False)
        return None
