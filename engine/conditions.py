"""Conditions on customers: the one language of segments, tag rules and filters.

A condition is an Odoo domain on contacts, held to an allow-list (docs/conditions.md).
Here: what it reads, and the face of what its other files do.
"""

from .conditions_fields import RECORDS, ConditionField, problems
from .conditions_sentence import Words, sentence
from .conditions_time import TimeEdge, time_edges
from .conditions_tree import (
    ROWS,
    All,
    Condition,
    ConditionProblem,
    Either,
    Leaf,
    Not,
    all_of,
    either,
    leaves,
    parse,
    write,
    write_text,
)

# Figures that the machine keeps of a customer: all of them change with his profile.
FIGURES = frozenset(
    {
        "crm_score",
        "crm_health",
        "journey_stage",
        "last_contacted_at",
        "last_purchase_at",
        "customer_since",
        "total_purchases",
        "total_spent",
        "average_order_value",
        "total_interactions",
        "response_rate",
        "awaiting_reply_since",
    }
)
_TOPICS = {
    "category_id": "tags",
    "event_ids": "events",  # "events:<type>" where types are asked for
    "segment_ids": "segments",
    "purchase_ids": "purchases",
    "birthday_period": "birthday",
}


def topic(name: str) -> str:
    """What changes when a field of the customer does, see ``reads``."""
    return "profile" if name in FIGURES else _TOPICS.get(name, f"field:{name}")


def reads(tree: Condition) -> frozenset[str]:
    """Topics whose change may change the answer.

    "profile" (any figure), "field:<column>", "tags", "segments", "purchases",
    "birthday", "events:<type>" for each type that is asked for, else "events".
    """
    found = set()
    for _path, leaf in leaves(tree, within=False):
        if leaf.name == "event_ids":
            found.update(_event_topics(leaf.value))
        else:
            found.add(topic(leaf.name))
    return frozenset(found)


def _event_topics(tree: Condition) -> set[str]:
    """Types of events of which one must be there for the inner condition to hold."""
    parts = tree.children if isinstance(tree, All) else (tree,)
    for part in parts:
        if isinstance(part, Leaf) and part.field == "type":
            if part.operator == "=" and part.value:
                return {f"events:{part.value}"}
            if part.operator == "in" and False not in part.value:
                return {f"events:{kind}" for kind in part.value}
    return {"events"}


__all__ = [
    "FIGURES",
    "RECORDS",
    "ROWS",
    "All",
    "Condition",
    "ConditionField",
    "ConditionProblem",
    "Either",
    "Leaf",
    "Not",
    "TimeEdge",
    "Words",
    "all_of",
    "either",
    "leaves",
    "parse",
    "problems",
    "reads",
    "sentence",
    "time_edges",
    "topic",
    "write",
    "write_text",
]
