from . import test_customer_doors
from . import test_customer_field_life
from . import test_customer_fields
from . import test_customer_search
from . import test_customer_labels
from . import test_customer_field_views
from . import test_customer_field_files
from . import test_customer_values
