"""Api room: other programs read and write fields, customers, purchases and events.

Owns: ``mini_crm.api`` (what each operation does), ``mini_crm.api.request`` (answers to
requests with an idempotency key), ``mini_crm.api.claim`` (keys of customers that are
being created), the key of a request (``ir_http.py``).
Logs: customer_created, field_updated, note_added, call_logged, message_received and
message_sent; what the purchase room logs.
Listens to: nothing.
Offers: ``_call()``, which ``controllers/api.py`` turns into HTTP.
Must not know: segments, workflows.

The operations with their schemas are one table, ``engine/api_operations.py``; a request
is routed and checked by it, and the OpenAPI document is made of it. An operation named
``read_field`` is done by the method ``_do_read_field``. Whatever goes wrong is raised
as a ``Problem``, so that nothing half written is ever committed.
"""

from . import mini_crm_api_request
from . import mini_crm_api_claim
from . import mini_crm_api
from . import mini_crm_api_texts
from . import mini_crm_api_once
from . import mini_crm_api_fields
from . import mini_crm_api_customers
from . import mini_crm_api_items
from . import mini_crm_api_upsert
from . import mini_crm_api_upsert_apply
from . import mini_crm_api_ledger
from . import ir_http
from . import res_config_settings
