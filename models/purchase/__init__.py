"""Purchase room: the ledger of what customers bought, in many currencies.

Owns: ``mini_crm.purchase``, unique by company and origin; ``mini_crm.purchase.source``,
how far Sales, Point of Sale and Invoicing have been pulled (docs/purchases.md).
Logs: purchase_made, purchase_refunded, purchase_changed.
Offers: ``mini_crm.purchase._purchase_sources()``, the list of what is pulled.
Listens to: nothing.
Must not know: scores, segments, where imports come from.
"""

from . import mini_crm_event
from . import mini_crm_purchase
from . import res_partner
from . import mini_crm_purchase_documents
from . import mini_crm_purchase_opening
from . import mini_crm_purchase_source
from . import mini_crm_purchase_source_pull
from . import res_config_settings
