"""Other ids in the domains that are stored as text: what was merged has a new one.

The text is read, never run, and stays as it is but for the ids: domains of filters may
hold what only Odoo can compute (``uid``, dates).
"""

import ast
from collections.abc import Callable, Iterator, Mapping

NAMING = frozenset({"=", "!=", "=?", "in", "not in", "child_of", "parent_of"})
_WITHIN = frozenset({"any", "not any"})
_LISTS = (ast.List, ast.Tuple)


def with_other_ids(
    text: str, becomes: Mapping[int, int], names: Callable[[str], bool]
) -> str:
    """A domain in which ids have become others.

    :param text: Python or JSON; what cannot be read is given back as it is
    :param becomes: old id -> new id
    :param names: whether a field, given by its path (``parent_id.child_ids``), holds
        such ids
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return text
    raw, lines = text.strip().encode(), _starts(text.strip())
    places = []
    for node, value in _changes(tree, "", becomes, names):
        begin = lines[node.lineno - 1] + node.col_offset
        end = lines[node.end_lineno - 1] + node.end_col_offset
        places.append((begin, end, value))
    for begin, end, value in sorted(places, reverse=True):
        raw = raw[:begin] + value.encode() + raw[end:]
    return raw.decode() if places else text


def _starts(text):
    """Where each line begins, in bytes."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _changes(tree, prefix, becomes, names) -> Iterator[tuple]:
    """Pairs of (node, text that replaces it) of one domain."""
    for item in tree.elts if isinstance(tree, _LISTS) else ():
        leaf = _leaf(item)
        if not leaf:
            continue
        name, operator, value = leaf
        path = prefix + name
        if operator in _WITHIN:
            yield from _changes(value, f"{path}.", becomes, names)
        elif operator in NAMING and names(path):
            yield from _value_changes(value, becomes)


def _leaf(item):
    """(field, operator, node of the value) of a comparison, else nothing."""
    if not isinstance(item, _LISTS) or len(item.elts) != 3:
        return None
    name, operator, value = item.elts
    if not (_is_constant(name, str) and _is_constant(operator, str)):
        return None
    return name.value, operator.value, value


def _value_changes(value, becomes):
    ones = value.elts if isinstance(value, _LISTS) else [value]
    changed = [one for one in ones if _is_id(one) and one.value in becomes]
    if changed and len(ones) > 1 and all(map(_is_id, ones)):
        ids = dict.fromkeys(becomes.get(one.value, one.value) for one in ones)
        yield value, f"[{', '.join(map(str, ids))}]"
        return
    for one in changed:
        yield one, str(becomes[one.value])


def _is_id(node):
    return _is_constant(node, int) and not isinstance(node.value, bool)


def _is_constant(node, kind):
    return isinstance(node, ast.Constant) and isinstance(node.value, kind)
