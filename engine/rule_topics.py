"""Which stored conditions an event concerns, and how often time alone may change one.

A topic is what ``engine.conditions.reads()`` says a condition reads.
"""

from .conditions import Condition
from .conditions_time import time_edges

# In the topics of an event: whatever a condition reads may have changed.
EVERYTHING = "*"

# Types in the queue of what no event tells: figures have moved; somebody has become a
# customer, or is none any more.
UNTOLD_FIGURES = "untold_figures"
UNTOLD_CUSTOMER = "untold_customer"

# Who exists, who is in use, and whose colleague or company may see him.
_EVERYTHING_FIELDS = frozenset({"active", "company_id", "user_id", "parent_id"})
_EVERYTHING_EVENTS = frozenset(
    {"customer_created", "customers_merged", UNTOLD_CUSTOMER}
)
_TAGS = frozenset({"tag_added", "tag_removed"})
_PURCHASES = frozenset({"purchase_made", "purchase_refunded", "purchase_changed"})
# What the machine has concluded; moves no figure of the customer itself.
_CONCLUSIONS = _TAGS | {"segment_changed"}


def event_topics(
    kind: str, changed: list[str] | None, columns: dict[str, str], birthday: str | None
) -> frozenset[str]:
    """Topics that one event touches, or what no event tells.

    :param kind: type in the queue: of the event, or one of the ``UNTOLD``
    :param changed: of field_updated: what changed, by names as the timeline has them
    :param columns: column of each custom field by its key
    :param birthday: column of the birthday, if there is one
    """
    if kind in _EVERYTHING_EVENTS:
        return frozenset({EVERYTHING})
    if kind == UNTOLD_FIGURES:
        return frozenset({"profile"})
    topics = {"events", f"events:{kind}"}
    if kind not in _CONCLUSIONS:
        topics.add("profile")
    if kind in _TAGS:
        topics.add("tags")
    if kind in _PURCHASES:
        topics.add("purchases")
    if kind == "segment_changed":
        topics.add("segments")
    for name in changed or ():
        if name in _EVERYTHING_FIELDS:
            topics.add(EVERYTHING)
        column = columns.get(name, name)
        topics.add(f"field:{column}")
        if column == birthday:
            topics.add("birthday")
    return frozenset(topics)


def timing(tree: Condition) -> str | None:
    """How often the answer may change by time alone: "day", "hour", ``None`` for never.

    A condition that counts from this moment ("-3H") is looked at every hour.
    """
    edges = time_edges(tree)
    if not edges:
        return None
    return "day" if all(edge.daily for edge in edges) else "hour"
