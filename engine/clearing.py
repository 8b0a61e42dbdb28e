"""Words in a cell that empty a value: an empty cell keeps what is there.

They stand in brackets, which nobody's name, city or note is in.
"""

from .text import match_key

CLEAR_WORDS = ("[clear]", "[empty]", "[پاک]", "[خالی]")
_KEYS = frozenset(map(match_key, CLEAR_WORDS))

# Columns of a contact that become empty, by the field of the file.
CLEARED = {
    "ref": "ref",
    "email": "email",
    "phone": "phone",
    "company_name": "company_name",
    "function": "function",
    "street": "street",
    "street2": "street2",
    "city": "city",
    "zip": "zip",
    "country": "country_id",
    "source": "source_id",
    "owner": "user_id",
    "comment": "comment",
}


def is_clear_word(cell: str) -> bool:
    """Whether a cell says that the value is to become empty."""
    return "[" in cell and match_key(cell) in _KEYS
