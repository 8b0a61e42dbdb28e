"""What can stand in an export of customers: columns, formats, what is chosen at first.

A column is named as programs name it; where an import knows the column too
(``columns``), it is by the same name, so that a file with these names maps itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .columns import CUSTOM, CUSTOMERS

FORMATS = ("xlsx", "csv", "csv_import", "json")
EXTENSIONS = {"xlsx": "xlsx", "csv": "csv", "csv_import": "csv", "json": "json"}
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv;charset=utf-8",
    "csv_import": "text/csv;charset=utf-8",
    "json": "application/json;charset=utf-8",
}
MAX_SHEET_ROWS = 1_048_575  # of an XLSX file, below the header
MAX_CHOSEN = 2_000  # customers that can be named one by one; more go by a condition


@dataclass(frozen=True)
class ExportColumn:
    """A column of an export.

    :param name: as programs name it; of a custom field ``custom:`` and its key
    :param type: text, lines, phone, number, integer, money, date, datetime, boolean,
        select
    :param group: contact, figures or custom: where it stands in the choice of columns
    :param field: field of the contact whose reader may read the column
    :param first: chosen until a person chooses otherwise
    :param width: in a sheet, in characters
    """

    name: str
    type: str
    group: str
    field: str
    first: bool = False
    width: int = 16

    @property
    def importable(self) -> bool:
        """Whether an import knows this column."""
        return self.name in CUSTOMERS or self.name.startswith(CUSTOM)


def _contact(
    name: str, kind: str = "text", *, first=False, width=16, field=""
) -> tuple:
    column = ExportColumn(name, kind, "contact", field or name, first, width)
    return name, column


def _figure(name: str, kind: str, *, first=False, width=14, field="") -> tuple:
    column = ExportColumn(name, kind, "figures", field or name, first, width)
    return name, column


COLUMNS: dict[str, ExportColumn] = dict(
    (
        _contact("ref", first=True),
        _contact("name", first=True, width=28),
        _contact("phone", "phone", first=True, width=20),
        _contact("email", first=True, width=28),
        _contact("company_name", width=24),
        _contact("function"),
        _contact("street", width=28),
        _contact("street2", width=24),
        _contact("city", first=True),
        _contact("state", field="state_id"),
        _contact("zip", width=12),
        _contact("country", first=True, field="country_id"),
        _contact("lang"),
        _contact("tags", first=True, width=28, field="category_id"),
        _contact("segments", first=True, width=28, field="segment_ids"),
        _contact("owner", first=True, width=20, field="user_id"),
        _contact("source", first=True, field="source_id"),
        _contact("comment", "lines", width=40),
        _figure("crm_score", "integer", first=True, width=10),
        _figure("crm_health", "select", first=True),
        _figure("journey_stage", "select", first=True),
        _figure("last_contacted_at", "datetime", first=True, width=20),
        _figure("total_interactions", "integer"),
        _figure("response_rate", "number"),
        _figure("total_purchases", "integer", first=True),
        _figure("total_spent", "money", first=True),
        _figure("average_order_value", "money"),
        _figure("currency", "text", first=True, width=10, field="mini_crm_currency_id"),
        _figure("last_purchase_at", "datetime", width=20),
        _figure("since", "datetime", first=True, width=20, field="customer_since"),
    )
)
_WIDTHS = {"text": 24, "email": 28, "url": 32, "phone": 18, "boolean": 10, "date": 12}
_CUSTOM_TYPES = {"email": "text", "url": "text"}


def custom_column(key: str, kind: str, slot: str | None) -> ExportColumn:
    """The column of a custom field.

    :param kind: its type (``fields``)
    :param slot: its column of the contact, if it has one
    """
    if kind == "date" and not slot:
        kind = "text"  # beyond the slots days are kept as ISO texts
    return ExportColumn(
        CUSTOM + key,
        _CUSTOM_TYPES.get(kind, kind),
        "custom",
        slot or "custom_fields_extra",
        first=True,
        width=_WIDTHS.get(kind, 16),
    )


def chosen_columns(
    names: Iterable[str] | None, known: dict[str, ExportColumn], file_format: str
) -> tuple[list[ExportColumn], list[str]]:
    """The columns of a file, and names that are none.

    :param names: in the order of the file; ``None`` for those chosen at first, or in a
        file for an import for all
    :param known: by name, in the usual order
    """
    of_import = file_format == "csv_import"
    if names is None:
        usual = [c for c in known.values() if c.importable or not of_import]
        return [c for c in usual if of_import or c.first], []
    unknown = [name for name in names if name not in known]
    chosen = [known[name] for name in dict.fromkeys(names) if name in known]
    return [c for c in chosen if c.importable or not of_import], unknown
