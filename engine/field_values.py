"""One way from what people or programs give to the stored value of a custom field."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Option:
    """A choice of a select field.

    :param code: what is stored
    :param names: its label in every language
    """

    code: str
    names: tuple[str, ...]
    active: bool = True


@dataclass(frozen=True)
class FieldRule:
    """What may stand in a custom field: plain data of one ``mini_crm.field``.

    :param slot: column of the customer; ``None``: a key of ``custom_fields_extra``
    :param pattern: RE2, must match the whole text
    """

    key: str
    type: str
    slot: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    earliest: date | None = None
    latest: date | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    options: tuple[Option, ...] = ()
    required: bool = False
