"""Score room: counters, score, health and journey stage of every customer.

Owns: ``mini_crm.profile`` (id = the partner's id), ``mini_crm.score.factor``,
``mini_crm.score.history``, ``mini_crm.journey.transition``.
Logs: score_changed, health_changed, stage_changed.
Listens to: interactions, purchases, changes of details.
Must not know: segments, tags by rule, workflows, imports.
"""

from . import mini_crm_profile
from . import mini_crm_score_factor
from . import mini_crm_score_history
from . import mini_crm_journey_transition
from . import mini_crm_event
from . import mini_crm_queue
from . import res_company
from . import res_partner
from . import res_partner_rights
