"""Which indexes the slots of filterable custom fields have, and what is to be done."""

from .fields import slot_type

TABLE = "res_partner"
PREFIX = "mini_crm_custom_"
# An entry of a B-tree is limited to 2,704 bytes, a text of a customer is not: texts are
# sorted by so many letters. Whatever is sorted by, sorts by this expression.
SORTED_LETTERS = 100
LONG = frozenset({"text", "email", "url"})
SEARCHED = LONG | {"phone"}


def sorted_part(column: str) -> str:
    """Expression by which a long text is sorted, as SQL.

    :param column: the column, quoted as SQL needs it
    """
    return f"left({column}, {SORTED_LETTERS})"


def slot_indexes(slot: str, letters: str | None) -> dict[str, str]:
    """Indexes of a slot: {name: definition, from ``USING`` on}.

    All are partial: an empty slot costs nothing when a contact is written.

    :param slot: a name of ``engine.fields.SLOTS``
    :param letters: what Odoo compares with ``ILIKE``, with ``{}`` for the column, as
        ``unaccent({})``; ``None``: PostgreSQL has no trigrams, so whole texts are
        looked up by a hash, and parts of them by looking through all
    """
    kind = slot_type(slot)
    column = f'"{slot}"'
    filled = f"WHERE {column} IS NOT NULL"
    if kind == "boolean":
        return {_name(slot): f"USING btree (id) WHERE {column} IS TRUE"}
    sorted_by = sorted_part(column) if kind in LONG else column
    indexes = {_name(slot): f"USING btree ({sorted_by}) {filled}"}
    if kind == "date":
        month = f"date_part('month', {column}), date_part('day', {column})"
        indexes[_name(slot, "_day")] = f"USING btree ({month}) {filled}"
    if kind in SEARCHED and letters:
        text = letters.format(column)
        indexes[_name(slot, "_trgm")] = f"USING gin ({text} gin_trgm_ops) {filled}"
    if kind in LONG and letters != "{}":
        # no trigrams, or trigrams of something else than the text itself
        indexes[_name(slot, "_hash")] = f"USING hash ({column}) {filled}"
    return indexes


def _name(slot, suffix=""):
    return f"mini_crm_{slot}{suffix}_idx"


def wanted_indexes(slots, letters: str | None) -> dict[str, str]:
    """Indexes of all these slots: {name: definition}; see ``slot_indexes``."""
    return {
        name: definition
        for slot in slots
        for name, definition in slot_indexes(slot, letters).items()
    }


def changes(wanted: dict[str, str], existing: dict) -> tuple[list[str], list[str]]:
    """What is to be done: names of indexes to drop and names of those to make.

    One that a crash has left unfinished, or of another definition, is in both.

    :param wanted: {name: definition}
    :param existing: {name: (valid, definition)} of what the database has
    """
    right = {
        name
        for name, (valid, definition) in existing.items()
        if valid and name in wanted and definition == wanted[name]
    }
    return sorted(existing.keys() - right), sorted(wanted.keys() - right)
