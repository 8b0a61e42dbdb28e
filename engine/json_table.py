"""A JSON document of records as a table: one row each, one column for each key."""

import json
from collections.abc import Iterator

from .columns import CUSTOM
from .spreadsheet_cells import cell_text

MAX_COLUMNS = 500
CUSTOMERS = "customers"
_MARKS = frozenset(',;|\n"\u060c\u061b')


class NoRecords(ValueError):
    """The document has no list of objects."""


def json_rows(text: str) -> Iterator[list[str]]:
    """Header and rows of the records in a document.

    :param text: a list of objects, or an object with such a list: under ``customers``,
        else the first there is
    :raises NoRecords: when there is none, or more keys than a table may have columns
    :raises ValueError: when it is no JSON
    """
    records = [_flat(record) for record in _records(json.loads(text))]
    header: dict[str, None] = {}
    for record in records:
        header.update(dict.fromkeys(record))
        if len(header) > MAX_COLUMNS:
            raise NoRecords
    yield list(header)
    for record in records:
        yield [_cell(record.get(name)) for name in header]


def _flat(record: dict) -> dict:
    """A record whose custom values stand beside the others, as an import names them."""
    custom = record.get("custom")
    if not isinstance(custom, dict):
        return record
    others = {name: value for name, value in record.items() if name != "custom"}
    return {**others, **{CUSTOM + key: value for key, value in custom.items()}}


def _records(document) -> list[dict]:
    if isinstance(document, dict):
        lists = [document.get(CUSTOMERS), *document.values()]
        document = next((one for one in lists if _is_records(one)), None)
    if not _is_records(document):
        raise NoRecords
    return document


def _is_records(value) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) for one in value)
    )


def _cell(value) -> str:
    """A value as a cell: lists of plain values as people write them, with commas."""
    if isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
        return ", ".join(map(_listed, map(cell_text, value)))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return cell_text(value)


def _listed(name: str) -> str:
    """A name in a list: in quotes where it has a mark that ends names."""
    if _MARKS.isdisjoint(name):
        return name
    return '"{}"'.format(name.replace('"', '""'))
