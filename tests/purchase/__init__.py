from . import test_purchase_ledger
from . import test_purchase_pull
