"""Customer room: who is a customer, where he came from, finding him.

Owns: ``res.partner`` fields that describe a person, ``mini_crm.search``.
Logs: nothing (the timeline room watches writes).
Offers: ``_customer_condition()`` (SQL of who is a customer), the extension list
``_customer_evidence()`` and, for who writes contacts by SQL,
``mini_crm.search._make()``.
Must not know: custom fields, events, purchases, scores.
"""

from . import shared_id
from . import search_text
from . import mini_crm_search
from . import res_partner
from . import res_partner_actions
from . import res_partner_search
from . import res_partner_filter_panel
from . import base_partner_merge
from . import res_company
from . import res_config_settings
