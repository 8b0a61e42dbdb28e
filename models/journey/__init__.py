"""Journey room: how customers move from first contact to loyalty, as a map.

Owns: the abstract ``mini_crm.journey``, ``mini_crm.journey.day`` (daily figures) and
``mini_crm.journey.flow`` (daily moves).
Listens to: nothing; it reads transitions and stored counts.
Offers: ``mini_crm.journey.get_map()``, ``res.partner.journey_transition_ids``.
Must not know: segments, tag rules, workflows.
"""

from . import mini_crm_journey
from . import mini_crm_journey_figures
from . import mini_crm_journey_day
from . import mini_crm_journey_day_writer
from . import mini_crm_journey_flow
from . import mini_crm_profile
from . import res_partner
