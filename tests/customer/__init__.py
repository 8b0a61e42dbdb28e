from . import test_customer_field_messages
from . import test_customer_fields
from . import test_customer_search
