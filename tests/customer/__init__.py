from . import test_customer_doors
from . import test_customer_field_life
from . import test_customer_field_messages
from . import test_customer_fields
from . import test_customer_search
from . import test_customer_values
