from . import test_condition_birthday
from . import test_condition_count
from . import test_condition_hostile
from . import test_condition_kept_plans
from . import test_condition_query
from . import test_condition_sentence
from . import test_condition_shop_days
