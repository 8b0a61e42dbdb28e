from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: the survivor goes on with the runs of all.

    In a workflow he can be once only: his own run goes on there, else the oldest.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        runs = (src_partners | dst_partner)._active_runs()
        for one_workflow in runs.grouped("workflow_id").values():
            ranked = one_workflow.sorted(
                lambda run: (run.partner_id != dst_partner, run.id)
            )
            ranked[1:]._stop("merged")
        self.env.flush_all()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["mini_crm.workflow.run"].invalidate_model(flush=False)
        return result
