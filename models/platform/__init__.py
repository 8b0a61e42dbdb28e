"""Platform room: that the product lives, and how anybody can tell.

Owns: ``mini_crm.heartbeat`` (when scheduled jobs ran), ``mini_crm.cron.repair`` (which
were set going again), ``mini_crm.health`` (the state in figures, one SQL view); secure
cookies behind HTTPS; the direction of a page in a language just chosen.
Logs: nothing; it is not about customers.
Listens to: nothing.
Offers: the view, to the health address, to `./run doctor` and to the settings.
Must not know: what the rooms below do, only how much work they have waiting.
"""

from . import mini_crm_heartbeat
from . import mini_crm_cron_repair
from . import mini_crm_health
from . import ir_cron
from . import ir_http
from . import res_config_settings
