"""Consent room: who may be written to, by which channel, and how we know.

Owns: ``mini_crm.consent``.
Logs: consent_changed.
Offers: ``partner._set_consent()``, ``mini_crm.consent._states()`` and
``_states_by_channel()``; ``get_consents()``, ``set_consent()`` for the block "May we
write?" on the customer's form.
Must not know: channels' accounts, messages, workflows, campaigns.
"""

from . import base_partner_merge
from . import mini_crm_consent
from . import mini_crm_event
from . import res_partner
