"""Segment room: groups of customers that keep themselves up to date.

Owns: ``mini_crm.segment``, ``.segment.member``, ``.segment.pin``, ``.segment.size``,
``mini_crm.segment.wizard``.
Logs: segment_changed.
Listens to: changes of what its conditions read, by ``mini_crm.rule``.
Offers: ``res.partner.segment_ids`` (searchable),
``mini_crm.segment._apply_difference``, ``_usages()`` (extension list: who uses one).
Must not know: tag rules, workflows, campaigns.
"""

from . import base_partner_merge
from . import mini_crm_condition
from . import mini_crm_event
from . import mini_crm_industry
from . import mini_crm_rule
from . import mini_crm_segment
from . import mini_crm_segment_count
from . import mini_crm_segment_difference
from . import mini_crm_segment_hand
from . import mini_crm_segment_look
from . import mini_crm_segment_member
from . import mini_crm_segment_nesting
from . import mini_crm_segment_pin
from . import mini_crm_segment_preview
from . import mini_crm_segment_shipped
from . import mini_crm_segment_size
from . import mini_crm_segment_template
from . import mini_crm_segment_usages
from . import res_partner
from . import res_partner_filter_panel
