from odoo import api, models
from odoo.tools import SQL


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: pairs of the sources end with them.

    What people have said stays: who was not the same as a source is not the same as
    who has become of it.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env.cr.flush()
        sources = list(src_partners.ids)
        self.env.cr.execute(
            SQL(
                """WITH ended AS (
                    DELETE FROM mini_crm_duplicate
                    WHERE partner_id = ANY(%(of)s) OR other_id = ANY(%(of)s)
                    RETURNING CASE WHEN partner_id = ANY(%(of)s) THEN other_id
                        ELSE partner_id END AS id, company_id, score, bits, reasons,
                        state, decided_by_id, decided_at)
                INSERT INTO mini_crm_duplicate AS have (partner_id, other_id,
                    company_id, score, bits, reasons, state, decided_by_id, decided_at)
                SELECT DISTINCT ON (id) least(id, %(to)s), greatest(id, %(to)s),
                    company_id, score, bits, reasons, state, decided_by_id, decided_at
                FROM ended WHERE state = 'not_duplicate' AND id <> %(to)s
                    AND id <> ALL(%(of)s)
                ON CONFLICT (partner_id, other_id) DO UPDATE SET state = excluded.state,
                    decided_by_id = excluded.decided_by_id,
                    decided_at = excluded.decided_at
                WHERE have.state IN ('open', 'gone')""",
                of=sources,
                to=dst_partner.id,
            )
        )
        self.env.cr.execute(
            SQL("DELETE FROM mini_crm_duplicate_trait WHERE id = ANY(%s)", sources)
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO mini_crm_duplicate_mark (partner_id) VALUES (%s)",
                dst_partner.id,
            )
        )
        self.env["mini_crm.duplicate"].invalidate_model()
        return super()._update_foreign_keys(src_partners, dst_partner)
