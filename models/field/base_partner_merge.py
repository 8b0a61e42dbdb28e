from odoo import api, models
from odoo.tools import SQL

from ...engine.fields import SLOTS
from .filled_sql import EXTRA
from .mini_crm_field_slots import has_value
from .res_partner_values import STORED


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: custom values are merged, archived ones too.

    Odoo merges only what it shows.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self._keep_one_archived_value(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        slots = self._merged_slots(src_partners, dst_partner)
        extra = {}
        for partner in [*src_partners, dst_partner]:
            extra |= partner[EXTRA] or {}
        # judged when they were first stored
        survivor = dst_partner.with_context(
            mini_crm_values=STORED, mini_crm_through="merge"
        )
        result = super()._update_values(src_partners, survivor)
        survivor.write({**slots, EXTRA: extra})
        return result

    @api.model
    def _merged_slots(self, src_partners, dst_partner):
        """Values of all slots, hidden ones too: {slot: value}.

        The survivor's own stands if there is one; else that of the last source with
        one, which is the order of Odoo for its fields. 0 and no are none.
        """
        order = [*src_partners.ids, dst_partner.id]
        self.env["res.partner"].flush_model(SLOTS)
        columns = SQL(", ").join(
            SQL(
                """(array_agg(%(slot)s ORDER BY array_position(%(order)s, p.id) DESC)
                    FILTER (WHERE %(has)s))[1] AS %(slot)s""",
                slot=SQL.identifier(slot),
                order=order,
                has=has_value(slot, "p"),
            )
            for slot in SLOTS
        )
        merged = self.env.execute_query_dict(
            SQL("SELECT %s FROM res_partner p WHERE p.id = ANY(%s)", columns, order)
        )[0]
        return {slot: value for slot, value in merged.items() if value is not None}

    @api.model
    def _keep_one_archived_value(self, src_partners, dst_partner):
        """Of each archived field leave one value: the survivor's, else the last."""
        order = [*src_partners.ids, dst_partner.id]
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_field_value v USING (
                    SELECT id, row_number() OVER (PARTITION BY field_id
                        ORDER BY array_position(%s, partner_id) DESC) AS n
                    FROM mini_crm_field_value WHERE partner_id = ANY(%s)) ranked
                WHERE v.id = ranked.id AND ranked.n > 1""",
                order,
                order,
            )
        )
