"""Ids inside domains: those that one record had become those of another."""

COMPARING = ("=", "!=", "in", "not in", "child_of", "parent_of", "=?", "<>", "==")


def with_ids(domain, becomes, names_them):
    """A domain in which ids of records are replaced.

    :param list domain: in Odoo's form; what is no leaf stays as it is
    :param dict[int, int] becomes: old id -> new id
    :param names_them: says of the field of a leaf whether its values are such ids
    :return: the domain, equal to the given one where it names none
    :rtype: list
    """
    return [_leaf(part, becomes, names_them) for part in domain]


def _leaf(part, becomes, names_them):
    if not isinstance(part, tuple | list) or len(part) != 3:
        return part
    name, operator, value = part
    if operator not in COMPARING or not names_them(name):
        return part
    return type(part)((name, operator, _value(value, becomes)))


def _value(value, becomes):
    if isinstance(value, list | tuple):
        return type(value)(_value(one, becomes) for one in value)
    return becomes.get(value, value) if _is_id(value) else value


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool)
