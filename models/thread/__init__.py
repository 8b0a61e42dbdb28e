"""Thread room: one conversation with a customer, whatever the channel.

Owns: ``mini_crm.quick.reply``; what the Communication tab shows and does.
Logs: message_received and message_sent of e-mail.
Offers: ``partner.get_conversation()``, ``partner.send_reply()``.
Must not know: scores, segments, workflows, campaigns.
"""

from . import mini_crm_quick_reply
