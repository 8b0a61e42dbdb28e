from . import test_export_files
from . import test_export_rights
from . import test_export_round_trip
from . import test_export_background
from . import test_export_odoo
from . import test_export_fetch
from . import test_export_tour
