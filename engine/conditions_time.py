"""What time alone can change in the answer of a condition."""

from dataclasses import dataclass

from .conditions_dates import Relative, read_date
from .conditions_tree import ROWS, All, Condition, Leaf, leaves
from .fields import SLOT_SET, slot_type

EVERYTHING = All()


@dataclass(frozen=True)
class TimeEdge:
    """A moment in a condition that moves on with time.

    If it never moves back, whoever has a date between the edge of before and the edge
    of now may have come in or gone out; nobody else has, by this edge.

    :param kind: "field": a date of the customer; "rows": the date of an event or
        purchase; "birthday": the days of a period
    :param field: the field of the customer, e.g. ``last_contacted_at``, ``event_ids``
    :param value: the relative date ("today -30d"), or the period ("next_7")
    :param column: of rows: the field that holds the date
    :param filter: of rows: what else is asked of them whatever time it is, as a tree;
        no more than that need be looked at
    :param daily: it moves once a day, at the company's midnight; else all the time
    :param forward: it never moves back
    """

    kind: str
    field: str
    value: str
    column: str | None = None
    filter: Condition = EVERYTHING
    daily: bool = True
    forward: bool = True


# Fields of the customer that are dates, besides custom ones; of rows it is "date".
_DATES = frozenset(
    {
        "awaiting_reply_since",
        "customer_since",
        "date",
        "last_contacted_at",
        "last_purchase_at",
    }
)


def _is_date(name: str) -> bool:
    return name in _DATES or (name in SLOT_SET and slot_type(name) == "date")


def time_edges(tree: Condition) -> list[TimeEdge]:
    """Everything in a condition that time moves, each once, in reading order.

    :param tree: a condition without problems
    """
    found = []
    for _path, leaf in leaves(tree, within=False):
        found += _row_edges(leaf) if leaf.operator in ROWS else _edges(leaf)
    return list(dict.fromkeys(found))


def _edges(leaf: Leaf) -> list[TimeEdge]:
    if leaf.field == "birthday_period":
        periods = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        return [TimeEdge("birthday", leaf.field, period) for period in periods]
    relative = _relative(leaf)
    if not relative:
        return []
    return [
        TimeEdge(
            "field",
            leaf.field,
            leaf.value,
            daily=relative.whole_days,
            forward=relative.forward,
        ),
    ]


def _row_edges(leaf: Leaf) -> list[TimeEdge]:
    inner = leaf.value
    # what must hold as well, where it stands side by side; what time moves itself may
    # have ceased to hold since
    sure = All(
        tuple(part for part in inner.children if not _is_timed(part))
        if isinstance(inner, All)
        else ()
    )
    return [
        TimeEdge(
            "rows",
            leaf.field,
            part.value,
            column=part.field,
            filter=sure,
            daily=relative.whole_days,
            forward=relative.forward,
        )
        for _path, part in leaves(inner)
        if (relative := _relative(part))
    ]


def _is_timed(tree: Condition) -> bool:
    return any(_relative(part) for _path, part in leaves(tree))


def _relative(leaf: Leaf) -> Relative | None:
    """The relative date that a comparison names, if it does."""
    # a city may be called "today"
    if not (isinstance(leaf.value, str) and _is_date(leaf.field)):
        return None
    said = read_date(leaf.value, days_only=False)
    return said if isinstance(said, Relative) else None
