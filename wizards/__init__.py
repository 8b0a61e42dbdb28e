from . import mini_crm_bulk
from . import mini_crm_export
from . import mini_crm_import
from . import mini_crm_intake
from . import mini_crm_segment_wizard
