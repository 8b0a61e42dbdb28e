from .test_condition_birthday import *
from .test_condition_count import *
from .test_condition_hostile import *
from .test_condition_query import *
from .test_condition_sentence import *
