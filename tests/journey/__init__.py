from . import test_journey_since
from . import test_journey_map
from . import test_journey_days
from . import test_journey_rights
