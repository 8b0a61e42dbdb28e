"""Whether a machine has written an e-mail, by its headers (RFC 3834 and custom)."""

from collections.abc import Iterable

# header -> values that people's messages have
_PEOPLE = {"auto-submitted": ("no",)}
# header -> values (their beginning) that only machines' messages have
_MACHINES = {
    "precedence": ("bulk", "junk", "list", "auto_reply"),
    "x-autoreply": ("yes",),
    "x-failed-recipients": ("",),
    "x-autorespond": ("",),
    "list-id": ("",),
    "feedback-id": ("",),
}


def is_automatic(headers: Iterable[tuple[str, object]]) -> bool:
    """Whether an answering machine, a mailing list or a mail server has sent it.

    Nobody answers to an empty return path: who sets it does not want to be answered.

    :param headers: names, in any case, with values
    """
    for name, value in headers:
        name, value = name.lower(), str(value).strip().lower()
        if name == "return-path" and value == "<>":
            return True
        if name in _PEOPLE and value.split(";")[0].strip() not in _PEOPLE[name]:
            return True
        if name in _MACHINES and value.startswith(_MACHINES[name]):
            return True
    return False
