"""Merge room: several contacts are one customer, and may become several again.

Owns: ``mini_crm.merge`` (checks, comparison, the merge itself), ``mini_crm.redirect``
(which old id leads to whom), ``mini_crm.merge.trace`` (what a merge has done to which
row); batches of the kind ``merge``.
Logs: customers_merged (through the room of scores), field_updated of the survivor with
``through="merge"``.
Listens to: nothing.
Offers: ``res.partner._merge_action()``, ``mini_crm.merge.merge()``.
Must not know: dashboards, campaigns; which columns of other add-ons name a contact: the
database tells (``references.py``).

A merge is one transaction. Every reference to a source becomes one to the survivor, by
one statement for each table or column (``moving.py``); rows that would clash with a
unique index are kept aside with what refers to them. What rooms decide themselves
(consents, runs, tags, figures) stands in their ``base_partner_merge.py``; rows that
they may touch are photographed before and after (``images.py``), the difference is
kept. The undo puts back both, in one transaction as well
(``mini_crm_batch_undo.py``).
"""

from . import mini_crm_redirect
from . import mini_crm_merge_trace
from . import mini_crm_merge
from . import mini_crm_merge_checks
from . import mini_crm_merge_compare
from . import mini_crm_merge_references
from . import mini_crm_merge_values

# what the room adds to others
from . import base_partner_merge
from . import mail_thread
from . import mini_crm_api
from . import mini_crm_batch
from . import mini_crm_batch_undo
from . import mini_crm_event
from . import mini_crm_identity
from . import res_partner
