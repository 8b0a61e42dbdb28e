from odoo import api, models
from odoo.tools import SQL

from .mail_message import REPLY_PREFIX

# Nobody has written them: they count as the shop's automated messages.
UNWRITTEN = "auto_comment"


class MiniCrmMessage(models.Model):
    """The gate knows e-mails from their events: they are no rows of this table."""

    _inherit = "mini_crm.message"

    @api.model
    def _gate_facts(self, identity, purpose, by_person):
        if identity.sudo().channel_id.type != "email":
            return super()._gate_facts(identity, purpose, by_person)
        return identity.partner_id._mail_facts(
            purpose, by_person, identity.state, identity.external_id
        )

    @api.model
    def _count_sent(self, partner, since, but):
        """E-mails that the shop has written by itself count as other messages do.

        Those that wait for a mail server are told by no event yet. What Odoo sends by
        its templates is none of the shop's own messages.
        """
        self.env["mail.message"].flush_model()
        self.env["mail.notification"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM mail_message m
                WHERE m.model = 'res.partner' AND m.res_id = %(partner)s
                    AND m.date >= %(since)s AND m.message_type = %(unwritten)s
                    AND starts_with(m.message_id, %(ours)s)
                    AND NOT EXISTS (SELECT FROM mail_notification n
                        WHERE n.mail_message_id = m.id AND n.res_partner_id = m.res_id
                        AND n.notification_status IN ('exception', 'canceled'))""",
                partner=partner.id,
                since=since,
                unwritten=UNWRITTEN,
                ours=REPLY_PREFIX,
            )
        )
        return super()._count_sent(partner, since, but) + rows[0][0]
