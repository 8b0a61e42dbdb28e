from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# What of the log belongs to the conversation and is no message of a channel: e-mails,
# calls, notes, and messages of which only the event is known (entered, imported).
SAID = """type IN ('call_logged', 'note_added', 'message_received', 'message_sent')
    AND res_model IS DISTINCT FROM 'mini_crm.message'"""
JUST_NOW = timedelta(minutes=5)
HEARD = frozenset({"message_received"})  # of what owners are told
MOST_NOTICES = 50  # at once; more is an import, of which nobody is told


class MiniCrmEvent(models.Model):
    _inherit = "mini_crm.event"

    # A thread of thousands of messages has an event for each: without an index of its
    # own, looking for the few e-mails and calls between them would read them all.
    _said_idx = models.Index(f"(partner_id, date DESC, id DESC) WHERE {SAID}")

    @api.model
    def _tell_owners(self, claimed):
        """Listener: tell the owners of customers who have just written.

        Only ids go out; what they may see, browsers ask for with their user's rights.
        An owner who is no agent could read none of it, so he is not told.

        :param SQL claimed: relation of (event_id, partner_id, type)
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT p.user_id, e.partner_id
                FROM %s AS claimed
                JOIN mini_crm_event e ON e.id = claimed.event_id
                JOIN res_partner p ON p.id = e.partner_id
                WHERE claimed.type = ANY(%s)
                    AND e.res_model IN ('mini_crm.message', 'mail.message')
                    AND e.date > %s AND p.user_id IS NOT NULL
                LIMIT %s""",
                claimed,
                list(HEARD),
                fields.Datetime.now() - JUST_NOW,
                MOST_NOTICES,
            )
        )
        users = self.env["res.users"]
        for user_id, partner_id in rows:
            owner = users.browse(user_id)
            if owner.has_group("mini_crm.mini_crm_group_agent"):
                owner._bus_send("mini_crm.customer_wrote", {"partner_id": partner_id})
