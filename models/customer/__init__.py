"""Customer room: who is a customer, the 90 slots, field definitions, source, search.

Owns: ``res.partner`` fields that describe a person, ``mini_crm.field``
with its sections and options, ``mini_crm.field.value``, ``mini_crm.industry``,
``mini_crm.version``, ``mini_crm.search``.
Logs: nothing (the timeline room watches writes).
Offers: ``_customer_condition()`` (SQL of who is a customer), the extension lists
``_customer_evidence()`` and ``mini_crm.field._field_usages()``, values by key
(``_set_custom``, ``_custom_problems``, ``_custom_values``) and, for who writes contacts by SQL,
``mini_crm.search._make()``.
Must not know: events, purchases, scores.
"""

from . import shared_id
from . import search_text
from . import mini_crm_version
from . import mini_crm_field_section
from . import mini_crm_field_option
from . import mini_crm_field
from . import mini_crm_field_looks
from . import mini_crm_field_slots
from . import mini_crm_field_life
from . import mini_crm_field_usages
from . import mini_crm_field_birthday
from . import mini_crm_field_value
from . import mini_crm_field_builder_changes
from . import mini_crm_field_builder
from . import mini_crm_field_index
from . import mini_crm_industry
from . import mini_crm_industry_apply
from . import mini_crm_industry_field
from . import mini_crm_industry_remove
from . import mini_crm_industry_templates
from . import mini_crm_search
from . import res_partner
from . import res_partner_slots
from . import res_partner_views
from . import res_partner_actions
from . import res_partner_search
from . import res_partner_values
from . import res_partner_extra
from . import res_partner_required
from . import res_partner_slot_search
from . import base_partner_merge
from . import res_company
from . import res_config_settings
from . import res_lang
from . import res_users
from . import ir_model_fields
from . import ir_http
