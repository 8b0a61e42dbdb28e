from . import test_customer_fields
