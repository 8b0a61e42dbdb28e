from odoo import api, models
from odoo.tools import SQL

from .mini_crm_consent import CHANNELS


class BasePartnerMerge(models.TransientModel):
    """Odoo's own merge of contacts: who has opted out once stays out.

    Of each channel one consent is left: out before all, for the same person has said
    no; then in, which somebody has said and "not asked" does not take back.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        consents = self.env["mini_crm.consent"]
        people = src_partners | dst_partner
        channels = [channel for channel, _label in CHANNELS]
        before = consents._states_by_channel(people.ids, channels)
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_consent m USING (
                    SELECT id, row_number() OVER (PARTITION BY channel
                        ORDER BY (state = 'out') DESC, (state = 'in') DESC,
                            (partner_id = %s) DESC, date DESC, id) AS n
                    FROM mini_crm_consent WHERE partner_id = ANY(%s)) ranked
                WHERE m.id = ranked.id AND ranked.n > 1""",
                dst_partner.id,
                people.ids,
            )
        )
        result = super()._update_foreign_keys(src_partners, dst_partner)
        consents.invalidate_model()
        self._keep_opted_out(dst_partner, before)
        return result

    @api.model
    def _keep_opted_out(self, dst_partner, before):
        """Have the survivor out if any of them was, and log what the merge changed.

        :param before: what each of them had said: {channel: {partner id: state}}
        """
        told = set()
        for channel, states in before.items():
            if "out" in states.values():
                # a source may have been out by its address on Odoo's list alone
                dst_partner._set_blacklisted(channel, True)
                if dst_partner._set_consent(channel, "out", source="merge"):
                    told.add(channel)
        consents = self.env["mini_crm.consent"]
        after = consents._states_by_channel(dst_partner.ids, list(before))
        for channel, states in before.items():
            old, new = (of[dst_partner.id] for of in (states, after[channel]))
            if new != old and channel not in told:
                dst_partner._log_consent(channel, old, new, source="merge")
