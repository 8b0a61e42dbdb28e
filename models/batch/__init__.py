"""Batch room: everything that changes many records, resumable and accountable.

Owns: ``mini_crm.batch``, ``mini_crm.batch.line``, ``mini_crm.batch.cancel``; the import
wizard; bulk changes and the bin; bringing in what a database has elsewhere.
Logs: customer_created and field_updated, tag_added of an import, each with its batch;
what the purchase room logs is tied to the batch as well. Bulk changes log what a single
change would.
Listens to: messages and purchases of customers in the bin.
Offers: ``_start(kind)`` of a batch, the worker ``_cron_process``, and ``_step_<kind>``:
a new kind of batch is a method that does the next part of the work without a commit.
``_undo_step_<kind>``: likewise, to take it back (``mini_crm_batch_undo.py``).
``_bulk_actions()``: what can be done with many customers at once, an extension list.
Must not know: workflows, campaigns.

The life of an import: the file is kept with the batch. *Staging* reads every row
into ``mini_crm.batch.line`` by COPY (``mini_crm_batch_staging.py``). The *check* plans
each chunk and writes nothing but problems. The *run* plans each chunk again and applies
it: rows, line states and the cursor in one transaction, so that a kill at any instant
loses nothing (``mini_crm_batch_import.py``). What is particular to customers and to
purchases stands in ``mini_crm_batch_customers.py`` and ``mini_crm_batch_purchases.py``,
custom fields in ``mini_crm_batch_custom.py``. Values of other fields of a database come
into custom fields by ``mini_crm_batch_intake*.py``.
"""

from . import mini_crm_batch
from . import mini_crm_batch_line
from . import mini_crm_batch_cancel
from . import mini_crm_batch_undo
from . import mini_crm_batch_messages
from . import mini_crm_batch_choices
from . import mini_crm_batch_opening
from . import mini_crm_batch_staging
from . import mini_crm_batch_repeated
from . import mini_crm_batch_workbook
from . import mini_crm_batch_import
from . import mini_crm_batch_matching
from . import mini_crm_batch_customers
from . import mini_crm_batch_customers_apply
from . import mini_crm_batch_custom
from . import mini_crm_batch_import_segments
from . import mini_crm_batch_purchases
from . import mini_crm_batch_undo_import
from . import mini_crm_batch_undo_created
from . import mini_crm_batch_undo_purchases
from . import mini_crm_batch_undo_events
from . import mini_crm_batch_new_fields
from . import mini_crm_batch_warnings
from . import mini_crm_batch_progress
from . import mini_crm_batch_errors
from . import mini_crm_batch_example
from . import mini_crm_batch_example_moves
from . import mini_crm_batch_example_talk
from . import mini_crm_batch_recalculate
from . import mini_crm_batch_bulk
from . import mini_crm_batch_bulk_run
from . import mini_crm_batch_bulk_texts
from . import mini_crm_batch_bulk_tag
from . import mini_crm_batch_bulk_field
from . import mini_crm_batch_bulk_archive
from . import mini_crm_batch_bulk_stage
from . import mini_crm_batch_bulk_segment
from . import mini_crm_batch_bulk_task
from . import mini_crm_batch_bulk_message
from . import mini_crm_batch_intake_sources
from . import mini_crm_batch_intake
from . import mini_crm_batch_intake_read
from . import mini_crm_batch_intake_run
from . import mini_crm_batch_intake_undo
from . import mini_crm_batch_intake_texts
from . import mini_crm_batch_bin
from . import ir_attachment
from . import ir_http
from . import mini_crm_event
from . import mini_crm_profile
from . import mini_crm_purchase
from . import mini_crm_queue
from . import res_partner
from . import res_partner_bin
from . import res_partner_delete
