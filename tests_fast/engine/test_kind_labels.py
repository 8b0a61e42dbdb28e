"""Every kind of message that a parser gives has a name on the screen."""

import json
import re
from pathlib import Path

import pytest
from chat_kit import body_of, fixture_files

from engine import instagram, instagram_content, telegram, telegram_content

SCRIPT = Path(__file__).parents[2] / "static/src/thread/thread_text.js"
TABLE = re.search(
    r"const KIND_LABELS = \{\n(.*?)\n\};", SCRIPT.read_text(), re.DOTALL
).group(1)
LABELS = dict(re.findall(r'^ {4}(\w+): _t\("([^"]+)"\),$', TABLE, re.MULTILINE))
ARRIVALS = {"postback", "referral", "optin"}  # Instagram tells them as other events
OTHERS = {"email", "call", "note"}
INVENTED = {"hologram"}  # what Meta might add one day keeps its name


def kinds_of(provider, read):
    """Kinds of all messages, and of their files, that the recorded requests become."""
    kinds = set()
    for path in fixture_files(provider):
        fixture = json.loads(path.read_text())
        for item in read(body_of(fixture), fixture):
            message = getattr(item, "message", item)
            if hasattr(message, "kind"):
                kinds |= {message.kind, *(file.kind for file in message.media)}
    return kinds


def test_every_line_of_the_table_is_read():
    assert len(LABELS) == len(TABLE.splitlines())


@pytest.mark.parametrize(
    "kind",
    sorted(telegram_content.KINDS | instagram_content.KINDS | ARRIVALS | OTHERS),
)
def test_kind_has_a_label(kind):
    assert LABELS.get(kind), f"KIND_LABELS of {SCRIPT.name} lacks it"


def test_parsers_give_no_kind_that_is_not_listed():
    telegrams = kinds_of("telegram", lambda body, _of: telegram.read_body(body))
    known = telegram_content.KINDS | {"unsupported"}
    assert {"text", "voice"} <= telegrams <= known
    instagrams = kinds_of(
        "instagram", lambda body, of: instagram.read_body(body, of["account_id"])
    )
    known = instagram_content.KINDS | ARRIVALS | INVENTED
    assert {"text", "ig_reel", "referral"} <= instagrams <= known
