"""Bodies that a provider should never send, and may: each with a name for failures."""

import json

MEGABYTE = 1_000_000
DEEP = 100_000  # nested lists
# Values that JSON, Python or PostgreSQL do not take the same way, as they stand in it.
ODD_VALUES = {
    "NUL": r'"a\u0000b"',
    "half a surrogate pair": r'"\ud83d"',
    "surrogates the wrong way round": r'"\udc00\ud83d"',
    "2^63": "9223372036854775808",
    "minus 2^63 - 1": "-9223372036854775809",
    "1e999": "1e999",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "5,000 digits": "9" * 5_000,
    "5,000 digits behind the point": "0." + "1" * 5_000,
    "null": "null",
    "true": "true",
    "a list": "[[], {}]",
    "an object": '{"a": {"b": []}}',
    "empty": '""',
    "minus one": "-1",
    "300,000 letters": '"' + "ش" * 150_000 + '"',
}


def _whole(kind):
    """Bodies that are no object of the provider at all: {name: bytes}."""
    return {
        f"{kind}: nothing": b"",
        f"{kind}: no JSON": b"hello",
        f"{kind}: half": b'{"update_id": 1, "message": {"te',
        f"{kind}: a list": b"[1, 2, 3]",
        f"{kind}: a number": b"42",
        f"{kind}: null": b"null",
        f"{kind}: an empty object": b"{}",
        f"{kind}: no UTF-8": b'{"update_id": 1, "message": {"text": "\xff\xfe"}}',
        f"{kind}: UTF-16": '{"update_id": 1}'.encode("utf-16"),
        f"{kind}: byte order mark": b"\xef\xbb\xbf{}",
        f"{kind}: deep lists": b"[" * DEEP + b"]" * DEEP,
        f"{kind}: deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        f"{kind}: a megabyte": b'{"a": "' + b"x" * (MEGABYTE - 9) + b'"}',
    }


def telegram_bodies(chat):
    """{name: bytes} for a bot; ``chat`` is the id of a customer it names (int)."""
    sender = {"id": chat, "is_bot": False, "first_name": "Poison"}
    message = {
        "message_id": 7_000_000,
        "from": sender,
        "chat": {"id": chat, "type": "private"},
        "date": 1_790_000_000,
        "text": "poison",
    }
    found = _whole("telegram")
    for number, (name, value) in enumerate(ODD_VALUES.items()):
        for key in ("text", "date") if number < 11 else ("text",):
            odd = {**message, "message_id": 7_000_001 + number, key: "@"}
            body = json.dumps({"update_id": 100 + number, "message": odd})
            found[f"telegram {key}: {name}"] = body.replace('"@"', value).encode()
    unknown = {
        "unknown kind": {"update_id": 1, "shop_closed": {"why": "holiday"}},
        "no kind": {"update_id": 2},
        "message is a text": {"update_id": 3, "message": "hello"},
        "no sender": {"update_id": 4, "message": {**message, "from": None}},
        "no chat": {"update_id": 5, "message": {**message, "chat": None}},
        "sender is a list": {"update_id": 6, "message": {**message, "from": [1]}},
        "photo of nothing": {"update_id": 7, "message": {**message, "photo": []}},
        "contact is a number": {"update_id": 8, "message": {**message, "contact": 5}},
        "update id is a text": {"update_id": "9", "message": {**message, "text": 9}},
    }
    for name, value in unknown.items():
        found[f"telegram: {name}"] = json.dumps(value).encode()
    return found


def instagram_bodies(account_id, person):
    """{name: bytes} for an account; ``person`` is the id of a customer (str)."""
    item = {
        "sender": {"id": person},
        "recipient": {"id": account_id},
        "timestamp": 1_790_000_000_000,
        "message": {"mid": "poison", "text": "poison"},
    }

    def body(*items, **entry):
        found = {"id": account_id, "time": 1_790_000_000_000, "messaging": list(items)}
        return {"object": "instagram", "entry": [{**found, **entry}]}

    found = _whole("instagram")
    for number, (name, value) in enumerate(ODD_VALUES.items()):
        odd = {**item, "message": {"mid": f"poison-{number}", "text": "@"}}
        text = json.dumps(body(odd)).replace('"@"', value)
        found[f"instagram text: {name}"] = text.encode()
    unknown = {
        "another object": {"object": "page", "entry": []},
        "no entry": {"object": "instagram"},
        "entry is an object": {"object": "instagram", "entry": {"id": account_id}},
        "entry of numbers": {"object": "instagram", "entry": [1, None, "x"]},
        "messaging of numbers": body(1, None, "x", []),
        "unknown kind": body({**item, "message": None, "shop_closed": {}}),
        "somebody else's account": body(item, id="1"),
        "no sender": body({**item, "sender": None}),
        "time is a text": body({**item, "timestamp": "yesterday"}),
        "mid is a list": body({**item, "message": {"mid": [1], "text": "a"}}),
        "comments": {"object": "instagram", "entry": [{"id": "1", "changes": [{}]}]},
    }
    for name, value in unknown.items():
        found[f"instagram: {name}"] = json.dumps(value).encode()
    return found
