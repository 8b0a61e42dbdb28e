"""Journey room: how customers move from first contact to loyalty, as a map.

Owns: the abstract ``mini_crm.journey`` and ``mini_crm.journey.day`` (daily aggregates).
Listens to: nothing; it reads transitions and stored counts.
Offers: ``mini_crm.journey.get_map()``.
Must not know: segments, tag rules, workflows.
"""

from . import mini_crm_journey
from . import mini_crm_journey_day
