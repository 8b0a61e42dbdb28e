"""Thread room: one conversation with a customer, whatever the channel.

Owns: ``mini_crm.quick.reply``; what the Communication tab shows and does; the list of
customers who wait for an answer; ``mini_crm.mail.sending`` (e-mails on their way to a
mail server).
Logs: message_received and message_sent of e-mail.
Listens to: message_received, to tell the customer's owner.
Offers: ``partner.get_conversation()``, ``partner.send_reply()``; for e-mail
``partner._send_mail_reply()``, ``_mail_states()``, ``_unsent_mails()``.
Must not know: scores, segments, workflows, campaigns.
"""

from . import mail_mail
from . import mail_message
from . import mail_message_said
from . import mail_notification
from . import mail_thread
from . import mini_crm_channel
from . import mini_crm_event
from . import mini_crm_event_rows
from . import mini_crm_event_said
from . import mini_crm_identity
from . import mini_crm_mail_sending
from . import mini_crm_message_mail
from . import mini_crm_message
from . import mini_crm_queue
from . import mini_crm_quick_reply
from . import res_partner_call
from . import res_partner_conversation
from . import res_partner_identities
from . import res_partner_mail
from . import res_partner_mail_gate
from . import res_partner_quick_replies
from . import res_partner_replies
