"""Whatever comes as a webhook: items that can be stored, and never an exception."""

import copy
import json
import time
from dataclasses import fields, is_dataclass
from datetime import datetime

import pytest
from chat_kit import body_of, fixture_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import instagram, telegram
from engine.chat_items import Ignored, Message, Poison

ACCOUNT = "17841405822304914"
PERSON = "1254459154682919"
BIG = "9" * 5_000
DEEP = "[" * 100_000


def read(provider, body):
    if provider == "telegram":
        return telegram.read_body(body)
    return instagram.read_body(body, ACCOUNT)


def message(**changes):
    """An update of Telegram as text, with a key's value as it stands in JSON."""
    parts = {
        "message_id": "130",
        "from": '{"id": 51, "is_bot": false, "first_name": "Sara"}',
        "chat": '{"id": 51, "type": "private"}',
        "date": "1793700000",
        "text": '"hello"',
        **changes,
    }
    inner = ", ".join(f'"{key}": {value}' for key, value in parts.items() if value)
    return f'{{"update_id": 9, "message": {{{inner}}}}}'


def event(mid="m1", stamp="1793700000434", **parts):
    """An event of Instagram as text; by default a message."""
    parts = parts or {"message": f'{{"mid": "{mid}", "text": "hello"}}'}
    inner = ", ".join(f'"{key}": {value}' for key, value in parts.items())
    return (
        f'{{"sender": {{"id": "{PERSON}"}}, "recipient": {{"id": "{ACCOUNT}"}},'
        f' "timestamp": {stamp}, {inner}}}'
    )


def batch(*events):
    return (
        f'{{"object": "instagram", "entry": [{{"id": "{ACCOUNT}",'
        f' "time": 1793700000000, "messaging": [{", ".join(events)}]}}]}}'
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"text"',
        b"[]",
        b"{",
        b"\xff\xfe\x00",
        b"\x00",
        DEEP.encode(),
        b'{"a":' * 100_000,
        b"NaN",
        BIG.encode(),
        b'{"update_id": 1, "message": 7}',
        b'{"update_id": 1, "message": null}',
        b'{"update_id": 1, "message": []}',
        b'{"update_id": 1, "callback_query": {"message": []}}',
        b'{"update_id": 1, "my_chat_member": {"chat": 1}}',
        *(
            message(**changes).encode()
            for changes in (
                {"message_id": None},
                {"message_id": "0"},
                {"message_id": "-1"},
                {"message_id": "2147483648"},
                {"message_id": "9223372036854775808"},
                {"message_id": BIG},
                {"message_id": "1e999"},
                {"message_id": "1.0"},
                {"message_id": "true"},
                {"message_id": '"130"'},
                {"chat": None},
                {"chat": "[]"},
                {"chat": '{"id": 9223372036854775808, "type": "private"}'},
                {"chat": '{"id": "51", "type": "private"}'},
                {"chat": '{"id": 51, "type": 7}'},
                {"from": None},
                {"from": "7"},
                {"from": '{"id": 51, "is_bot": "no"}'},
                {"date": None},
                {"date": "-1"},
                {"date": "0"},
                {"date": "NaN"},
                {"date": "1e10"},
                {"date": "253402300800"},
                {"date": "9223372036854775807"},
                {"text": "7"},
                {"text": "NaN"},
                {"text": "[]"},
                {"text": None, "photo": "[]"},
                {"text": None, "photo": "{}"},
                {"text": None, "photo": "[7]"},
                {"text": None, "photo": '[{"file_id": 7.5}]'},
                {"text": None, "document": '{"file_id": ""}'},
                {"text": None, "document": f'{{"file_id": "{"x" * 513}"}}'},
                {"text": None, "document": '{"file_id": "\\u0000"}'},
                {"text": None, "contact": '{"phone_number": 98912}'},
                {"text": None, "contact": '{"phone_number": " "}'},
                {"text": None, "location": '{"latitude": 91, "longitude": 0}'},
                {"text": None, "location": '{"latitude": NaN, "longitude": 0}'},
                {"text": None, "location": '{"latitude": true, "longitude": 0}'},
                {"text": None, "poll": '{"question": "?", "options": [7]}'},
                {"text": None, "dice": '{"value": "6"}'},
            )
        ),
    ],
    ids=lambda body: repr(body[-60:]),
)
def test_an_odd_update_of_telegram_is_poison(body):
    (found,) = telegram.read_body(body)
    assert isinstance(found, Poison)
    check_storable(found)


@pytest.mark.parametrize(
    "odd",
    [
        "7",
        "null",
        '"x"',
        "[]",
        event(mid=""),
        event(mid="x" * 513),
        event(mid="\\u0000"),
        event(stamp="1e999"),
        event(stamp="NaN"),
        event(stamp="-1"),
        event(stamp="0"),
        event(stamp="1793700000"),
        event(stamp="9223372036854775808"),
        event(stamp=BIG),
        event(stamp='"1793700000434"'),
        event(message="7"),
        event(message='{"text": "x"}'),
        event(message='{"mid": 7.5}'),
        event(message='{"mid": "m", "text": 7}'),
        event(message='{"mid": "m", "is_echo": "yes"}'),
        event(message='{"mid": "m", "is_deleted": 1}'),
        event(message='{"mid": "m", "attachments": {}}'),
        event(message='{"mid": "m", "attachments": [7]}'),
        event(message='{"mid": "m", "attachments": [{}]}'),
        event(message='{"mid": "m", "attachments": [{"type": "image", "payload": 7}]}'),
        event(message='{"mid": "m", "reply_to": "m0"}'),
        event(message='{"mid": "m", "reply_to": {"story": "s"}}'),
        event(message='{"mid": "m", "quick_reply": "yes"}'),
        event(postback='{"mid": [], "title": "x"}'),
        event(postback='{"mid": "m", "title": {}}'),
        event(reaction='{"action": "react"}'),
        event(reaction='{"mid": "m", "action": 1}'),
        event(read="true"),
        event(read='{"mid": {}}'),
        event(read='{"watermark": 1e999}'),
        event(delivery='{"mids": "m"}'),
        event(message_edit='{"mid": "m", "text": []}'),
        event(referral="7"),
        event().replace(f'"{PERSON}"', "[]"),
        event().replace(f'"{PERSON}"', "1e999"),
        event().replace('"sender"', '"nobody"'),
        event().replace(PERSON, ACCOUNT),
    ],
    ids=lambda text: text[-50:],
)
def test_an_odd_event_of_instagram_is_poison_and_its_neighbours_are_read(odd):
    body = batch(event("before"), odd, event("after")).encode()
    before, poison, after = instagram.read_body(body, ACCOUNT)
    assert (before.external_id, after.external_id) == ("before", "after")
    if odd == event(message='{"mid": "m", "text": 7}'):
        assert poison == Poison(
            json.loads(odd), "text: a text is expected", {"account": ACCOUNT}
        )
    assert isinstance(poison, Poison)
    check_storable(poison)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"object": "instagram", "entry": 7}',
        b'{"object": 7, "entry": []}',
        b'{"object": "instagram", "entry": [7]}',
        b'{"object": "instagram", "entry": [{"id": 1e999}]}',
        b'{"object": "instagram", "entry": [{"id": "%s", "messaging": 7}]}'
        % ACCOUNT.encode(),
    ],
)
def test_a_body_that_is_no_webhook_of_instagram_is_poison(body):
    (found,) = instagram.read_body(body, ACCOUNT)
    assert isinstance(found, Poison)


def test_an_event_nested_without_end_costs_only_what_is_nested():
    deep = event("deep", message=f'{{"mid": "deep", "text": "x", "y": {DEEP}')
    deep = deep[:-1] + "]" * 100_000 + "}}"
    items = instagram.read_body(batch(event("a"), deep, event("b")).encode(), ACCOUNT)
    assert [item.external_id for item in items] == ["a", "deep", "b"]


def test_brackets_in_texts_are_no_nesting():
    body = message(text='"\\\\\\"[[[{{{"', x=DEEP + "]" * 100_000)
    (found,) = telegram.read_body(body.encode())
    assert found.text == '\\"[[[{{{'


def test_bytes_that_are_no_text_cost_only_themselves():
    body = message(text='"a\x80b"').encode("latin-1")
    (found,) = telegram.read_body(body)
    assert found.text == "a\ufffdb"


def test_nothing_optional_makes_a_message_unreadable():
    odd = ("7", "null", "[]", "{}", "NaN", '"\\ud800"')
    for value in odd:
        body = message(
            **{"from": f'{{"id": 51, "first_name": {value}, "username": {value}}}'},
            reply_to_message=value,
            entities=value,
            via_bot=value,
        )
        (found,) = telegram.read_body(body.encode())
        assert (type(found), found.text) == (Message, "hello"), value


def test_items_of_any_account_are_read_when_ours_is_not_known_yet():
    (found,) = instagram.read_body(batch(event("a")).encode(), "")
    assert (found.external_id, found.sender.external_id) == ("a", PERSON)
    swapped = event("a").replace(PERSON, "x").replace(ACCOUNT, PERSON)
    (echo,) = instagram.read_body(batch(swapped.replace("x", ACCOUNT)).encode(), "")
    assert (echo.echo, echo.sender.external_id) == (True, PERSON)


def test_a_full_body_of_a_thousand_events_is_read_at_once():
    text = "سلام، این یک پیام آزمایشی است. " * 8
    parts = [
        event(message=json.dumps({"mid": f"m{n}", "text": text})) for n in range(1_000)
    ]
    body = batch(*parts).encode()
    assert len(body) > 1_000_000
    began = time.process_time()
    items = instagram.read_body(body, ACCOUNT)
    assert time.process_time() - began < 1
    assert [item.external_id for item in items] == [f"m{n}" for n in range(1_000)]


def test_a_body_of_more_events_than_meta_sends_is_one_dead_letter():
    for body in (
        batch(*["7"] * 10_000),
        f'{{"object": "instagram", "entry": [{"7," * 10_000}7]}}',
    ):
        (found,) = instagram.read_body(body.encode(), ACCOUNT)
        assert found.error == "more than 10000 events"


# Properties

thorough = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**31 - 2, 2**63 + 2)
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["\0", "\ud800", "private", "x" * 600, "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
RECORDED = {
    provider: [
        json.loads(body_of(json.loads(path.read_text())))
        for path in fixture_files(provider)
    ]
    for provider in ("telegram", "instagram")
}


def places(value, path=()):
    """Paths to all values in a JSON value, in the order in which they stand there."""
    yield path
    children = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield from places(child, (*path, key))


def replaced(value, path, odd):
    if not path:
        return odd
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return value


def check_storable(value):
    """Whether PostgreSQL can hold all of it, and indexes can hold the ids."""
    if isinstance(value, Poison):
        json.dumps(value.item)
        check_storable(value.error)
        assert value.error.isascii()
    elif is_dataclass(value):
        for each in fields(value):
            check_storable(getattr(value, each.name))
        if hasattr(value, "external_id"):
            assert len(value.external_id) < 700
        assert 0 <= getattr(value, "sequence", 0) < 2**31
        if isinstance(value, Ignored):
            assert value.why
    elif isinstance(value, tuple):
        for each in value:
            check_storable(each)
    elif isinstance(value, str):
        value.encode()
        assert "\0" not in value
    else:
        assert value is None or isinstance(value, (bool, int, datetime))


@pytest.mark.parametrize("provider", ["telegram", "instagram"])
@settings(thorough, max_examples=400)
@given(data=st.data())
def test_a_body_with_one_odd_value_becomes_items_that_can_be_stored(provider, data):
    recorded = data.draw(st.sampled_from(RECORDED[provider]))
    path = data.draw(st.sampled_from(list(places(recorded))))
    body = json.dumps(replaced(recorded, path, data.draw(ODD))).encode()
    found = read(provider, body)
    assert found
    for item in found:
        check_storable(item)


@pytest.mark.parametrize("provider", ["telegram", "instagram"])
@thorough
@given(body=st.binary() | ODD.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_become_items_that_can_be_stored(provider, body):
    found = read(provider, body)
    assert found
    for item in found:
        check_storable(item)


@thorough
@given(data=st.data(), odd=ODD)
def test_an_odd_event_never_harms_its_neighbours(data, odd):
    recorded = data.draw(st.sampled_from(RECORDED["instagram"]))
    path = data.draw(st.sampled_from(list(places(recorded))))
    changed = replaced(recorded, path, odd)
    entries = changed.get("entry") if isinstance(changed, dict) else None
    entry = entries[0] if isinstance(entries, list) and entries else None
    events = entry.get("messaging") if isinstance(entry, dict) else None
    middle = events if isinstance(events, list) else [odd]
    body = batch(event("a"), *map(json.dumps, middle), event("b")).encode()
    found = instagram.read_body(body, ACCOUNT)
    assert len(found) == len(middle) + 2
    assert found[0].external_id == "a"
    assert found[-1].external_id == "b"
