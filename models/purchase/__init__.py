"""Purchase room: the ledger of what customers bought, in many currencies.

Owns: ``mini_crm.purchase``, unique by company and origin.
Logs: purchase_made, purchase_refunded, purchase_changed.
Listens to: nothing.
Must not know: scores, segments, where imports come from.
"""

from . import mini_crm_event
from . import mini_crm_purchase
from . import res_partner
