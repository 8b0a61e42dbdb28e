from . import test_customer_fields
from . import test_customer_industries
from . import test_customer_industries_tour
from . import test_customer_search
