"""One attempt to send a message: what is called, and what came of it.

Made with the database, carried out without it, in a thread.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from .provider_client import ProviderClient, Unreachable


@dataclass(frozen=True)
class Attempt:
    """A claimed message, ready to be sent.

    :param requests: (HTTP method, path, JSON) in order; the message is sent when all
        of them were accepted
    :param read_answer: the provider's engine: (status, body, headers) -> Outcome
    :param files: name of the field in the form -> (file name, bytes, MIME type)
    """

    outbox_id: int
    message_id: int
    channel_id: int
    client: ProviderClient
    requests: tuple
    read_answer: Callable
    files: dict = field(default_factory=dict, repr=False)


def carry_out(attempt):
    """Call the provider: its engine's ``Outcome``, or ``Unreachable``.

    :param Attempt attempt: what to send
    :return: never an exception; whatever went wrong once a call had begun may have
        reached the provider
    """
    outcome = None
    try:
        for method, path, values in attempt.requests:
            answer = attempt.client.call(
                method, path, **_content(values, attempt.files)
            )
            outcome = attempt.read_answer(
                answer.status, answer.body, answer.headers
            )
            if outcome.kind != "accepted":
                break
    except Unreachable as error:
        return error
    except Exception:
        return Unreachable("cut_off", sent=True)
    return outcome


def _content(values, files):
    """Arguments of ``ProviderClient.call``: JSON, or a form when there are files."""
    if not files:
        return {"json": values}
    form = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if name not in files
    }
    return {"data": form, "files": files}
