from . import mini_crm_export
