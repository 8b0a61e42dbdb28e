from . import test_sources_orders
