from . import test_score_merge
