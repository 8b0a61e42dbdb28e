"""Channel room: messages with the outside world, one gate, nothing lost or doubled.

Owns: ``mini_crm.channel`` (accounts) with its secrets, ``mini_crm.identity`` (who a
customer is there), ``mini_crm.inbox``, ``mini_crm.message``, ``mini_crm.outbox``.
Logs: message_received, message_sent.
Listens to: nothing; webhooks store into the inbox, workers do the rest.
Offers: ``identity._send()``, ``identity._gate()``, the list ``_gate_checks()``.
Must not know: scores, segments, workflows, campaigns.
"""

from . import mini_crm_channel
from . import mini_crm_channel_secret
from . import mini_crm_channel_receivers
from . import mini_crm_channel_client
from . import mini_crm_channel_entry
from . import mini_crm_channel_ask
from . import mini_crm_channel_telegram
from . import mini_crm_channel_instagram
from . import mini_crm_channel_setup
from . import mini_crm_channel_watch
from . import mini_crm_channel_send
from . import mini_crm_identity
from . import mini_crm_identity_send
from . import mini_crm_inbox
from . import mini_crm_message
from . import mini_crm_message_gate
from . import mini_crm_message_life
from . import mini_crm_message_limits
from . import mini_crm_channel_receive
from . import mini_crm_channel_changes
from . import mini_crm_channel_polling
from . import mini_crm_identity_customer
from . import mini_crm_identity_link
from . import mini_crm_identity_profile
from . import mini_crm_inbox_worker
from . import mini_crm_inbox_letters
from . import mini_crm_message_media
from . import base_partner_merge
from . import mini_crm_outbox
from . import mini_crm_channel_card
from . import mini_crm_outbox_attempt
from . import mini_crm_outbox_claim
from . import mini_crm_outbox_lock
from . import mini_crm_outbox_record
from . import mini_crm_outbox_worker
from . import res_partner_consent
from . import res_company
from . import res_config_settings
from . import res_partner_files
from . import res_partner_indexes
