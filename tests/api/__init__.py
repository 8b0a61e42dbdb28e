from . import test_api_access
from . import test_api_customers
from . import test_api_fields
from . import test_api_ledger
from . import test_api_upsert
from . import test_api_nasty
