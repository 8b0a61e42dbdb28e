"""Score room: counters, score, health and journey stage of every customer.

Owns: ``mini_crm.profile`` (id = the partner's id), ``mini_crm.score.factor``,
``mini_crm.score.history``, ``mini_crm.score.setting``, ``mini_crm.score.run``,
``mini_crm.journey.transition``, ``mini_crm.customer.count`` and its triggers.
Logs: customer_created, score_changed, health_changed, stage_changed.
Listens to: interactions, purchases, changes of details, referrals, advocates' tags.
Offers: ``mini_crm.profile._ensure()``, ``_rescore()``, ``_recalculate_range()``,
``_set_full_marks_if_due()``; the extensions ``_full_marks_held()``, ``_untold()`` and
``res.partner._health_actions()``.
Must not know: segments, tags by rule, workflows, imports.
"""

from . import base_partner_merge
from . import mini_crm_score_factor
from . import mini_crm_profile
from . import mini_crm_profile_members
from . import mini_crm_profile_counters
from . import mini_crm_profile_scores
from . import mini_crm_profile_listener
from . import mini_crm_profile_journey
from . import mini_crm_profile_full_marks
from . import mini_crm_profile_counts
from . import mini_crm_profile_facts
from . import mini_crm_profile_daily
from . import mini_crm_score_factor_screen
from . import mini_crm_score_history
from . import mini_crm_score_setting
from . import mini_crm_score_run
from . import mini_crm_journey_transition
from . import mini_crm_customer_count
from . import mini_crm_event
from . import mini_crm_queue
from . import mini_crm_field
from . import ir_config_parameter
from . import res_company
from . import res_config_settings
from . import res_users
from . import res_partner_category
from . import res_partner
from . import res_partner_rights
from . import res_partner_read
from . import res_partner_counts
from . import res_partner_filter_panel
from . import res_partner_customers
from . import res_partner_actions
from . import res_partner_explanation
from . import res_partner_score_history
from . import res_partner_health
