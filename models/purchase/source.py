"""What a source of purchases is: documents of another add-on, read by SQL."""

from collections.abc import Callable
from typing import NamedTuple

from odoo.tools import SQL

ALL = SQL("TRUE")


class Source(NamedTuple):
    """Documents of one model that are purchases (``_purchase_sources()``).

    ``select`` gives one row per document, live or not, with the columns
    ``document_id``, ``made`` (its create_date, UTC), ``company_id``, ``partner_id``
    (NULL: nobody's purchase), ``date`` (UTC), ``amount`` (refunds negative),
    ``currency_id``, ``quantity`` (or NULL), ``reference`` and ``live`` (it counts as it
    is now). It says so of the document as it is, never of what the ledger holds.
    """

    name: str  # technical name of the model, a value of mini_crm.purchase.source
    table: str  # where write_date and id are looked up
    select: SQL
    among: SQL = ALL  # condition on row ``d`` of the table: it may be a purchase at all
    # {source: function of ids of its documents -> SELECT of the ids of ours whose
    # rows may change with them}
    follows: dict[str, Callable[[list[int]], SQL]] = {}
