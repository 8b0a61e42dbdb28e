"""Duplicate room: who is in the book twice, with the reasons, for people to decide.

Owns: ``mini_crm.duplicate`` (pairs), and what finds them: ``mini_crm.duplicate.trait``
(what each customer is compared by, and the keys of the blocks he is in),
``mini_crm.duplicate.word`` (what is common in this shop), ``mini_crm.duplicate.mark``
(customers who have changed since); the kind ``duplicates`` of batches.
Logs: nothing.
Listens to: customer_created, field_updated, customers_merged (marks the customer).
Offers: ``mini_crm.duplicate._review_action(partners)``, which opens two of them and may
be overridden.
Must not know: merges, segments, workflows.

How two are compared is pure: ``engine/duplicate_traits.py`` (traits and keys),
``engine/duplicate_names.py``, ``engine/duplicates.py`` (bits, reasons, score). A full
run reads everybody's traits and then compares those who share a key, range by range
(``mini_crm_batch.py``); afterwards a job compares who was marked
(``mini_crm_duplicate_mark.py``). Both go through ``mini_crm_duplicate_compare.py``.
"""

from . import mini_crm_duplicate
from . import mini_crm_duplicate_word
from . import mini_crm_duplicate_trait
from . import mini_crm_duplicate_compare
from . import mini_crm_duplicate_mark
from . import mini_crm_duplicate_screen
from . import mini_crm_duplicate_hint
from . import mini_crm_batch
from . import mini_crm_queue
from . import base_partner_merge
from . import res_partner
from . import res_config_settings
