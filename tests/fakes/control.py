"""What only people and tests may ask of a fake: act as customers, order trouble, judge.

``GET /`` is a page for people, ``/control/...`` its JSON. Only this machine is let in,
and no web page of somebody else's: the host must be ours, and what acts must be JSON,
which other pages' forms cannot send.
"""

import base64
import struct
import zlib
from pathlib import Path

from . import faults
from .http_server import Reply
from .people import told

_HOSTS = ("127.0.0.1", "localhost")
_WITH_FILE = ("send_photo", "send_document", "mention_in_story")
_TROUBLE = {
    "hang": faults.takes_and_hangs,
    "cut": faults.takes_and_cuts,
    "cut_before": faults.cuts,
    "error": faults.Fault,
}


class Control:
    """Pages and commands beside a provider's own API.

    :param fake: the provider: ``accounts()``, ``faults``, ``requests``
    """

    def __init__(self, fake):
        self._fake = fake

    def answer(self, request):
        """Answer a request that is none of the provider's (Reply)."""
        if request.headers.get("host", "").partition(":")[0] not in _HOSTS:
            return Reply(403, {"error": "Only this machine may ask."})
        if (request.method, request.path) == ("GET", "/"):
            page = Path(__file__).with_name("page.html").read_bytes()
            return Reply(200, page, "text/html; charset=utf-8")
        run = _COMMANDS.get((request.method, request.path))
        if run is None:
            return Reply(404, {"error": f"There is no {request.path}."})
        kind = request.headers.get("content-type", "")
        if request.method == "POST" and not kind.startswith("application/json"):
            return Reply(415, {"error": "Send JSON."})
        try:
            return Reply(200, run(self, **request.fields()))
        except (KeyError, TypeError, ValueError) as error:
            return Reply(400, {"error": str(error)})

    def _state(self):
        return {
            "provider": self._fake.provider,
            "acts": sorted(self._fake.acts),
            "people": [
                told(person)
                for account in self._fake.accounts()
                for person in account.people.values()
            ],
        }

    def _log(self):
        return {"requests": self._fake.requests}

    def _person(self, **values):
        account = self._fake.accounts()[0]
        return told(account.person(**values))

    def _act(self, act, person, **values):
        """Do something as a customer; ``content`` of files is in base64."""
        if act not in self._fake.acts:
            raise ValueError(f"There is no act {act}.")
        for account in self._fake.accounts():
            if person in account.people:
                if act in _WITH_FILE:
                    given = values.pop("content", None)
                    picture = base64.b64decode(given) if given else sample_picture()
                    values["content"] = picture
                getattr(account, act)(account.people[person], **values)
                return told(account.people[person])
        raise KeyError(f"There is no customer {person}.")

    def _trouble(self, kind, **values):
        if kind == "none":
            self._fake.faults.clear()
        else:
            self._fake.faults.add(_TROUBLE[kind](**values))
        return {}


_COMMANDS = {
    ("GET", "/control/state"): Control._state,
    ("GET", "/control/log"): Control._log,
    ("POST", "/control/person"): Control._person,
    ("POST", "/control/act"): Control._act,
    ("POST", "/control/trouble"): Control._trouble,
}


def sample_picture(side=64):
    """A small PNG with a colour gradient (bytes)."""
    rows = b"".join(
        b"\0" + bytes(part for x in range(side) for part in (4 * x, 4 * y, 160))
        for y in range(side)
    )

    def chunk(name, content):
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)
