"""A call of a provider, as pure data: whoever has a client makes it."""

from typing import NamedTuple


class Call(NamedTuple):
    """One request.

    :param method: of HTTP
    :param path: below the provider's base address, without a slash in front
    :param json: what is sent
    """

    method: str
    path: str
    json: dict


class Part(NamedTuple):
    """What fits into one message of the provider: it is sent by one call.

    :param media: a ``chat_items.Media``, or ``None``
    """

    text: str
    media: object = None
