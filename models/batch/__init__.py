"""Batch room: everything that changes many records, resumable and accountable.

Owns: ``mini_crm.batch``, ``mini_crm.batch.line``; the import wizard.
Logs: customer_created and what the purchase room logs, with the batch.
Must not know: segments, workflows.
"""

from . import mini_crm_batch
from . import mini_crm_batch_line
from . import mini_crm_event
