from .test_merge_addresses import *
from .test_merge_choices import *
from .test_merge_moves import *
from .test_merge_references import *
from .test_merge_refusals import *
from .test_merge_tour import *
from .test_merge_undo import *
from .test_merge_wizard import *
