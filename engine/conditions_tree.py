"""A condition on customers as a tree, and its two written forms: text and list.

The language is Odoo's domains, less what nobody needs and what could do harm. Text is
read, never run: JSON, else Python's literals.
"""

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_BYTES = 20_000  # of the text, in UTF-8
MAX_LEAVES = 50  # comparisons, those about events and purchases included
MAX_DEPTH = 5  # groups within groups
MAX_INTEGER = 10**15  # every smaller whole number is exact as a float

OPERATORS = frozenset(
    {"=", "!=", "<", ">", "<=", ">=", "in", "not in"}
    | {"ilike", "not ilike", "=ilike", "not =ilike"}
    | {"any", "not any"}
)
ROWS = frozenset({"any", "not any"})
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
_KNOWN_ESCAPES = frozenset("\\'\"abfnrtvxuUN01234567\n")
_TRUE, _FALSE = (1, "=", 1), (0, "=", 1)


class ConditionProblem(ValueError):
    """What is wrong with a condition.

    :param code: why, see ``models/condition/condition_messages.py``
    :param path: numbers of the comparison, counted from 1 in reading order; a second
        number counts within one about events or purchases; empty: the whole
    :param details: what the sentence of this code mentions
    """

    def __init__(self, code: str, path: tuple[int, ...] = (), details=None):
        super().__init__(code)
        self.code = code
        self.path = path
        self.details = dict(details or {})


@dataclass(frozen=True)
class Leaf:
    """One comparison.

    :param field: name of a field, maybe with a part of a date: ``x.month_number``
    :param value: text, number, boolean, tuple of these; a tree for "any", "not any"
    """

    field: str
    operator: str
    value: object

    @property
    def name(self) -> str:
        """The field without a part."""
        return self.field.partition(".")[0]

    @property
    def part(self) -> str:
        """The part of a date, or nothing."""
        return self.field.partition(".")[2]


@dataclass(frozen=True)
class All:
    """Everything below must hold; nothing below: it holds for everybody."""

    children: tuple = ()


@dataclass(frozen=True)
class Either:
    """One of those below must hold; nothing below: it holds for nobody."""

    children: tuple = ()


@dataclass(frozen=True)
class Not:
    """What is below must not hold."""

    child: object


Condition = All | Either | Not | Leaf


def all_of(children: Iterable) -> Condition:
    """The condition that all of these hold, in its one form."""
    return _group(All, children)


def either(children: Iterable) -> Condition:
    """The condition that one of these holds, in its one form."""
    return _group(Either, children)


def _group(kind, children):
    flat = []
    for child in children:
        flat.extend(child.children if isinstance(child, kind) else [child])
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def parse(given: str | list | tuple | None) -> Condition:
    """Read a condition.

    :param given: text or list; nothing at all is the condition that always holds
    :raises ConditionProblem: at the first thing that cannot be read
    """
    if given in (None, False, ""):
        return All()
    if isinstance(given, str):
        given = _read_text(given)
    if not isinstance(given, list | tuple):
        raise ConditionProblem("no_list", details={"given": short(given)})
    return _Reader().condition(given, (), 1)


def _read_text(text: str):
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise ConditionProblem("too_long", details={"limit": MAX_BYTES})
    if not text.strip():
        return []
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _read_literal(text)


def _read_literal(text):
    """Python's way to write a list, as Odoo does."""
    if "\0" in text or not _KNOWN_ESCAPES.issuperset(_ESCAPES.findall(text)):
        raise ConditionProblem("syntax")
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise ConditionProblem("syntax") from error


@dataclass
class _Reader:
    """Reads lists; counts comparisons over all levels."""

    leaves: int = 0
    size: int = 0
    numbers: list = field(default_factory=lambda: [0])

    def condition(self, items, path, depth) -> Condition:
        """A list in prefix notation; what stands side by side must all hold."""
        if len(items) > 4 * MAX_LEAVES:
            raise ConditionProblem("too_many", path, {"limit": MAX_LEAVES})
        if depth > MAX_DEPTH:
            raise ConditionProblem("too_deep", path, {"limit": MAX_DEPTH})
        self.numbers.append(0)
        items = list(items)[::-1]
        children = []
        while items:
            children.append(self._term(items, path, depth, depth))
        self.numbers.pop()
        return all_of(children)

    def _term(self, items, path, depth, written):
        """One term off the end of ``items``.

        :param depth: groups so far, as people see them
        :param written: nesting as it is written, where "a and b and c" is two groups
        """
        if not items:
            raise ConditionProblem("operand_missing", path)
        if written > 4 * MAX_LEAVES:
            raise ConditionProblem("too_deep", path, {"limit": MAX_DEPTH})
        item = items.pop()
        if item in ("&", "|"):
            pair = [self._term(items, path, depth, written + 1) for _ in range(2)]
            term = (all_of if item == "&" else either)(pair)
        elif item == "!":
            term = Not(self._term(items, path, depth, written + 1))
        else:
            term = self._leaf(item, path, depth)
        if depth + levels(term) > MAX_DEPTH + 1:
            raise ConditionProblem("too_deep", path, {"limit": MAX_DEPTH})
        return term

    def _leaf(self, item, path, depth):
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            raise ConditionProblem("too_many", (), {"limit": MAX_LEAVES})
        if isinstance(item, list | tuple) and list(item) in (list(_TRUE), list(_FALSE)):
            return All() if item[0] else Either()
        self.numbers[-1] += 1
        path = (*path, self.numbers[-1])
        if not isinstance(item, list | tuple) or len(item) != 3:
            raise ConditionProblem("no_triple", path, {"given": short(item)})
        name, operator, value = item
        if not isinstance(name, str) or not name:
            raise ConditionProblem("no_field", path, {"given": short(name)})
        self._weigh(name, path)
        if not isinstance(operator, str) or operator not in OPERATORS:
            raise ConditionProblem(
                "operator_unknown", path, {"field": name, "given": short(operator)}
            )
        if operator not in ROWS:
            return Leaf(name, operator, self._value(value, path, name))
        if not isinstance(value, list | tuple):
            raise ConditionProblem(
                "no_list_within", path, {"field": name, "given": short(value)}
            )
        return Leaf(name, operator, self.condition(value, path, depth + 1))

    def _value(self, value, path, name):
        """A plain value, lists as tuples; ``None`` is how programs write "empty"."""
        if isinstance(value, list | tuple):
            if len(value) > MAX_BYTES:
                raise ConditionProblem("too_long", path, {"limit": MAX_BYTES})
            return tuple(self._single(one, path, name) for one in value)
        return self._single(value, path, name)

    def _single(self, value, path, name):
        if value is None:
            return False
        if isinstance(value, str):
            self._weigh(value, path)
            return value
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            self._weigh("0" * 8, path)
            if abs(value) <= MAX_INTEGER:  # neither infinite nor NaN is
                return value
            raise ConditionProblem(
                "number_range", path, {"field": name, "given": short(value)}
            )
        raise ConditionProblem(
            "value_kind", path, {"field": name, "given": short(value)}
        )

    def _weigh(self, text, path):
        """Hold a list to the size of a text, and texts to what can be stored."""
        self.size += min(len(text), MAX_BYTES + 1)
        if self.size > MAX_BYTES:
            raise ConditionProblem("too_long", (), {"limit": MAX_BYTES})
        if any(ch == "\0" or "\ud800" <= ch <= "\udfff" for ch in text):
            raise ConditionProblem("text_broken", path)


def levels(tree: Condition) -> int:
    """How many groups are nested, "any" included; a comparison by itself is one."""
    if isinstance(tree, Leaf):
        return 1 + levels(tree.value) if tree.operator in ROWS else 1
    if isinstance(tree, Not):
        return 1 + levels(tree.child)
    return 1 + max((levels(child) for child in tree.children), default=0)


def write(tree: Condition) -> list:
    """A condition as the list that Odoo takes; ``parse(write(tree)) == tree``."""
    if isinstance(tree, All):
        return _joined("&", tree.children)
    return _written(tree)


def write_text(tree: Condition) -> str:
    """A condition as the text that is stored: a Python literal, as Odoo writes it."""
    return repr(write(tree))


def _written(tree):
    if isinstance(tree, Leaf):
        value = write(tree.value) if tree.operator in ROWS else tree.value
        value = list(value) if isinstance(value, tuple) else value
        return [(tree.field, tree.operator, value)]
    if isinstance(tree, Not):
        return ["!", *_written(tree.child)]
    if not tree.children:
        return [_TRUE if isinstance(tree, All) else _FALSE]
    return _joined("&" if isinstance(tree, All) else "|", tree.children)


def _joined(sign, children):
    written = [sign] * (len(children) - 1)
    for child in children:
        written += _written(child)
    return written


def leaves(tree: Condition, within: bool = True, path: tuple[int, ...] = ()):
    """All comparisons with their numbers: pairs of (path, ``Leaf``).

    :param within: also those inside of comparisons about events and purchases
    """
    for number, leaf in enumerate(_own_leaves(tree), 1):
        here = (*path, number)
        yield here, leaf
        if within and leaf.operator in ROWS:
            yield from leaves(leaf.value, within, here)


def _own_leaves(tree):
    if isinstance(tree, Leaf):
        yield tree
    elif isinstance(tree, Not):
        yield from _own_leaves(tree.child)
    else:
        for child in tree.children:
            yield from _own_leaves(child)


def short(value) -> str:
    """A few letters of whatever was given, for a message; never long to make."""
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        return "…"
    if isinstance(value, list | tuple | dict | set | bytes):
        return type(value).__name__
    text = (value if isinstance(value, str) else str(value))[:40]
    text = "".join(ch if ch.isprintable() else "�" for ch in text)
    return text if len(text) < 40 else f"{text}…"
