from . import test_sources_invoices
from . import test_sources_orders
from . import test_sources_thousand
