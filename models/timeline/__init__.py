"""Timeline room: everything that happened to a customer, one row each.

Owns: ``mini_crm.event`` (append-only), ``mini_crm.queue`` (work that follows from it),
``mini_crm.field.change`` (the log read as a history of fields).
Logs: customer_created, field_updated, tag_added, tag_removed, note_added, call_logged.
Offers: ``partner._log()`` and ``mini_crm.event._log_many()``, the only doors;
``mini_crm.queue._event_listeners()``, the ordered list that higher rooms extend.
Must not know: purchases, scores, segments, batches.
"""

from . import mini_crm_event
from . import mini_crm_event_rows
from . import mini_crm_field_change
from . import mini_crm_queue
from . import res_partner
from . import res_partner_changes
from . import res_partner_timeline
