"""Thread room: one conversation with a customer, whatever the channel.

Owns: ``mini_crm.quick.reply``; what the Communication tab shows and does;
``mini_crm.mail.sending`` (e-mails on their way to a mail server).
Logs: message_received and message_sent of e-mail.
Offers: ``partner.get_conversation()``, ``partner.send_reply()``; for e-mail
``partner._send_mail_reply()``, ``_mail_states()``, ``_unsent_mails()``.
Must not know: scores, segments, workflows, campaigns.
"""

from . import mail_mail
from . import mail_message
from . import mail_notification
from . import mail_thread
from . import mini_crm_channel
from . import mini_crm_event
from . import mini_crm_mail_sending
from . import mini_crm_message_mail
from . import mini_crm_quick_reply
from . import res_partner_call
from . import res_partner_mail
from . import res_partner_mail_gate
