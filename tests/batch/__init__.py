from . import test_batch_customers
from . import test_batch_columns
from . import test_batch_purchases
from . import test_batch_worker
from . import test_batch_screen
from . import test_batch_search
from . import test_batch_recalculate
from . import test_batch_tour
