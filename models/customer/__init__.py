"""Customer room: who is a customer, the 90 slots, field definitions, source.

Owns: ``res.partner`` fields that describe a person, ``mini_crm.field``.
Logs: nothing (the timeline room watches writes).
Offers: ``_customer_condition()`` (SQL of who is a customer) and the extension
list ``_customer_evidence()``.
Must not know: events, purchases, scores.
"""

from . import shared_id
from . import mini_crm_field
from . import res_partner
from . import res_partner_slots
from . import res_partner_actions
from . import res_company
from . import res_config_settings
from . import res_users
