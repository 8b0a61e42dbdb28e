"""How custom fields show in one language: plain data, fit for a cache."""

from dataclasses import dataclass, field

# A text that may be longer than this is written in a box of several lines.
ONE_LINE = 200


@dataclass(frozen=True)
class Choice:
    """A choice of a select field; ``color``: index in Odoo's palette of tags."""

    code: str
    label: str
    color: int = 0
    active: bool = True


@dataclass(frozen=True)
class FieldLook:
    """A custom field as one language shows it.

    :param slot: column of the customer; ``None``: a key of ``custom_fields_extra``
    :param section: (id, name), or ``None``
    """

    key: str
    type: str
    label: str
    slot: str | None = None
    role: str | None = None
    active: bool = True
    help: str = ""
    placeholder: str = ""
    required: bool = False
    multiline: bool = False
    section: tuple[int, str] | None = None
    in_form: bool = True
    in_list: bool = False
    in_card: bool = False
    in_filter: bool = True
    choices: tuple[Choice, ...] = ()

    def choice(self, code):
        """The choice with a code: ``Choice`` or ``None``."""
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True)
class Looks:
    """All custom fields in display order, the archived ones too."""

    fields: tuple[FieldLook, ...]
    active: tuple[FieldLook, ...] = field(init=False)
    by_slot: dict[str, FieldLook] = field(init=False)

    def __post_init__(self):
        active = tuple(look for look in self.fields if look.active)
        object.__setattr__(self, "active", active)
        by_slot = {look.slot: look for look in active if look.slot}
        object.__setattr__(self, "by_slot", by_slot)

    def find(self, name):
        """The field with a key, else the one whose slot it is: look or ``None``.

        An archived field is found too: the log names it as long as it lives.
        """
        return (
            next((look for look in self.fields if look.key == name), None)
            or self.by_slot.get(name)
            or next((look for look in self.fields if look.slot == name), None)
        )
