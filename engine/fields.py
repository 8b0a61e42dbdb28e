"""The 90 typed slots of a customer: their types, how many there are, their names."""

SLOT_COUNTS = {
    "text": 30,
    "number": 15,
    "date": 10,
    "boolean": 10,
    "email": 5,
    "phone": 5,
    "url": 5,
    "select": 10,
}

SLOTS = tuple(
    f"custom_{kind}_{number}"
    for kind, count in SLOT_COUNTS.items()
    for number in range(1, count + 1)
)
SLOT_SET = frozenset(SLOTS)


def slot_type(slot: str) -> str:
    """Type of a slot by its name: ``custom_text_3`` is ``text``."""
    return slot.split("_")[1]
