"""Batch room: everything that changes many records, resumable and accountable.

Owns: ``mini_crm.batch``, ``mini_crm.batch.line``, ``mini_crm.batch.cancel``; the import
wizard.
Logs: customer_created and field_updated, tag_added of an import, each with its batch;
what the purchase room logs is tied to the batch as well.
Listens to: nothing.
Offers: ``_start(kind)`` of a batch, the worker ``_cron_process``, and ``_step_<kind>``:
a new kind of batch is a method that does the next part of the work without a commit.
Must not know: segments, workflows.

The life of an import: the file is kept with the batch. *Staging* reads every row
into ``mini_crm.batch.line`` by COPY (``mini_crm_batch_staging.py``). The *check* plans
each chunk and writes nothing but problems. The *run* plans each chunk again and applies
it: rows, line states and the cursor in one transaction, so that a kill at any instant
loses nothing (``mini_crm_batch_import.py``). What is particular to customers and to
purchases stands in ``mini_crm_batch_customers.py`` and ``mini_crm_batch_purchases.py``,
custom fields in ``mini_crm_batch_custom.py``.
"""

from . import mini_crm_batch
from . import mini_crm_batch_line
from . import mini_crm_batch_cancel
from . import mini_crm_batch_undo
from . import mini_crm_batch_messages
from . import mini_crm_batch_opening
from . import mini_crm_batch_staging
from . import mini_crm_batch_import
from . import mini_crm_batch_customers
from . import mini_crm_batch_customers_apply
from . import mini_crm_batch_custom
from . import mini_crm_batch_purchases
from . import mini_crm_batch_warnings
from . import mini_crm_batch_progress
from . import mini_crm_batch_example
from . import mini_crm_batch_example_moves
from . import mini_crm_batch_example_talk
from . import mini_crm_batch_recalculate
from . import ir_attachment
from . import ir_http
from . import mini_crm_event
from . import mini_crm_profile
from . import mini_crm_purchase
from . import res_partner
