from . import test_purchase_ledger
