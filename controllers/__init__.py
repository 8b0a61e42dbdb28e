from . import api
from . import batch
from . import contact_delete
from . import export
from . import health
from . import odoo_export
from . import webhook
