"""A definition of a workflow without what only its managers may see."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from .workflow_graph import kind_of, nodes_of
from .workflow_kinds import NODES

HIDDEN = "..."  # stands for the rest of an address, which is still one with it


def without_secrets(definition) -> dict:
    """A definition whose addresses tell the host only, as ``https://host/...``.

    Paths, queries and users of webhooks' addresses are what lets in.

    :param definition: any JSON; it is not changed
    """
    if not isinstance(definition, Mapping):
        return {}
    nodes = {key: _shown(node) for key, node in nodes_of(definition).items()}
    return {**definition, "nodes": nodes}


def _shown(node):
    kind = NODES.get(kind_of(node))
    urls = {
        setting.name: host_of(node[setting.name])
        for setting in (kind.settings if kind else ())
        if setting.kind == "url" and node.get(setting.name)
    }
    return {**node, **urls} if urls else node


def host_of(address) -> str:
    """The scheme and host of an address; of what is none, nothing but ``HIDDEN``."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        return HIDDEN
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}/{HIDDEN}"
