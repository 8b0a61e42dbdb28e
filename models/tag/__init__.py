"""Tag room: rules that put tags on customers and take them off again.

Owns: ``mini_crm.tag.rule``, ``mini_crm.tag.origin``, ``mini_crm.tag.count``.
Logs: tag_added, tag_removed with the rule in their data.
Listens to: changes of what its conditions read, by ``mini_crm.rule``; tags by hand.
Offers: ``mini_crm.tag.rule.preview()``.
Must not know: workflows, campaigns.
"""

from . import base_partner_merge
from . import mini_crm_event
from . import mini_crm_industry
from . import mini_crm_queue
from . import mini_crm_rule
from . import mini_crm_segment
from . import mini_crm_segment_count
from . import mini_crm_tag_count
from . import mini_crm_tag_rule
from . import mini_crm_tag_rule_difference
from . import mini_crm_tag_rule_look
from . import mini_crm_tag_rule_loop
from . import mini_crm_tag_rule_preview
from . import mini_crm_tag_rule_shipped
from . import mini_crm_tag_rule_template
from . import mini_crm_tag_origin
from . import res_partner
from . import res_partner_category
