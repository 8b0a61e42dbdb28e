from . import test_customer_fields
from . import test_customer_search
from . import test_customer_slot_indexes
from . import test_customer_slot_search
