"""Circles among rules: a tag that is put on because of itself, by whatever way."""

EVERY_TAG = ("tag", None)
STAGE = ("stage", None)  # follows from tags that mark advocates
_NODES = {"category_id": "tag", "segment_ids": "segment"}


def what_is_read(leaves):
    """Tags and segments that a condition asks for, and whether for the journey stage.

    :param leaves: iterable of (field, operator, value)
    :return: set of ("tag" or "segment", id) and ``STAGE``; a leaf that does
        not name its tags by id (by a part of their name, or "has none") reads
        ``EVERY_TAG``
    """
    nodes = set()
    for field, _operator, value in leaves:
        if field == "journey_stage":
            nodes.add(STAGE)
        kind = _NODES.get(field.split(".")[0])
        if not kind:
            continue
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        for one in values:
            named = isinstance(one, int) and not isinstance(one, bool)
            nodes.add((kind, one if named and "." not in field else None))
    return nodes


def find_loop(start, arrows):
    """A way from a node back to itself: list of nodes, empty if there is none.

    :param start: the node, e.g. ``("tag", 7)``
    :param arrows: iterable of (node that is read, node that follows from it); whoever
        reads a kind without an id reads all nodes of that kind
    """
    follows = {}
    for read, follower in arrows:
        follows.setdefault(read, []).append(follower)
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop(0)
        kind = way[-1][0]
        for follower in [*follows.get(way[-1], ()), *follows.get((kind, None), ())]:
            if follower == start:
                return [*way, start]
            if follower not in seen:
                seen.add(follower)
                ways.append([*way, follower])
    return []
