"""Fill a database with the example shop: its name is the one argument.

The configuration is that of ODOO_RC, as for Odoo itself.
"""

import sys

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

config.parse_config(["--no-http", "--log-level=warn"], setup_logging=True)
with Registry(sys.argv[1]).cursor() as cr:
    admin = api.Environment(cr, SUPERUSER_ID, {}).ref("base.user_admin")
    api.Environment(cr, admin.id, {})["mini_crm.batch"].start_example()
