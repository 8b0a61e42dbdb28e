from . import mini_crm_import
