from . import test_score_formula
from . import test_score_counters
