from . import test_score_formula
from . import test_score_counters
from . import test_score_members
from . import test_score_shared_id
from . import test_score_events
from . import test_score_runs
from . import test_score_explanation
from . import test_score_merge
