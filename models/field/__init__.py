"""Field room: the 90 slots of a customer, what they mean, the one way to a value.

Owns: the slots and ``custom_fields_extra`` on ``res.partner``, ``mini_crm.field`` with
its sections and options, ``mini_crm.field.value``, ``mini_crm.industry``,
``mini_crm.version``.
Logs: nothing (the timeline room watches writes).
Offers: values by key (``_set_custom``, ``_custom_problems``, ``_custom_values``), rules
of the definitions in use (``mini_crm.field._rules()``) and the extension list
``mini_crm.field._field_usages()``.
Must not know: events, purchases, scores.
"""

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
from . import res_partner_slots
from . import res_partner_views
from . import res_partner_filter_panel
from . import res_partner_values
from . import res_partner_extra
from . import res_partner_required
from . import res_partner_slot_search
from . import res_lang
from . import res_users
from . import ir_model_fields
from . import ir_http
from . import res_partner
from . import base_partner_merge
