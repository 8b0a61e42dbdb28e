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

    :param calls: ``engine.provider_calls.Call`` in order, nearly always one; the
        message is sent when all of them were accepted
    :param read_answer: the provider's engine: (status, body, headers) -> Outcome
    :param file: (field of the form, file name, bytes, MIME type) that is uploaded
    """

    outbox_id: int
    message_id: int
    channel_id: int
    client: ProviderClient
    calls: tuple
    read_answer: Callable
    file: tuple | None = field(default=None, repr=False)


def carry_out(attempt):
    """Call the provider: its engine's ``Outcome``, or ``Unreachable``.

    :param Attempt attempt: what to send
    :return: never an exception; whatever went wrong once a call had begun may have
        reached the provider
    """
    first = None
    for call in attempt.calls:
        outcome = _carry_out_one(attempt, call)
        if getattr(outcome, "kind", "") != "accepted":
            # a part of it has arrived: not to be sent again by itself
            return outcome if first is None else Unreachable("cut_off", sent=True)
        first = first or outcome
    return first


def _carry_out_one(attempt, call):
    try:
        answer = attempt.client.call(
            call.method, call.path, **_content(call, attempt.file)
        )
        return attempt.read_answer(answer.status, answer.body, answer.headers)
    except Unreachable as error:
        return error
    except Exception:
        return Unreachable("cut_off", sent=True)


def _content(call, file):
    """Arguments of ``ProviderClient.call``: JSON, or a form when a file is uploaded."""
    if file is None:
        return {"json": call.json}
    field_name, *content = file
    form = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in call.json.items()
        if name != field_name
    }
    return {"data": form, "files": {field_name: tuple(content)}}
