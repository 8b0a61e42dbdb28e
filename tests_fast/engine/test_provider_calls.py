"""Whatever is sent fits, and whatever is answered has a meaning."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import instagram, telegram
from engine.chat_items import Media
from engine.provider_answers import wait

KINDS = {
    "accepted",
    "wait",
    "unreachable_person",
    "window_closed",
    "refused",
    "account_broken",
    "retry_plain",
    "moved",
    "uncertain",
}
TEXTS = st.text(max_size=80).flatmap(
    lambda text: st.integers(1, 120).map(lambda times: text * times)
)
FILES = st.lists(
    st.builds(
        Media,
        kind=st.sampled_from(["photo", "video", "voice", "document", "sticker"]),
        reference=st.sampled_from(["https://shop.example/1", "https://shop.example/2"]),
    ),
    max_size=3,
)


@settings(deadline=None)
@given(TEXTS, FILES)
def test_each_call_of_telegram_fits_its_limits(text, files):
    calls = telegram.send_calls(text, files, recipient="51")
    for call in calls:
        content = call.json.get("text", call.json.get("caption", ""))
        limit = 4096 if call.path == "sendMessage" else 1024
        assert len(content.encode("utf-16-le")) <= 2 * limit
        assert content or call.path != "sendMessage"
    assert len(calls) == len(telegram.split_message(text, files))


@settings(deadline=None)
@given(TEXTS, FILES, st.sampled_from(["", "HUMAN_AGENT"]))
def test_each_call_of_instagram_fits_its_limits(text, files, tag):
    calls = instagram.send_calls(text, files, recipient="12", tag=tag)
    for call in calls:
        content = call.json["message"]
        assert set(content) in ({"text"}, {"attachment"})
        assert 0 < len(content.get("text", "x").encode()) <= 1000
        assert call.json.get("tag", "") == tag
    assert len(calls) == len(instagram.split_message(text, files))


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
NUMBERS = st.sampled_from([1, 4, 10, 100, 190, 230, 400, 403, 429, 500, 551]) | ODD
KEYS = ["ok", "result", "error_code", "description", "parameters", "message_id"]
WORDS = st.sampled_from(["Forbidden", "chat not found", "retry after 9"]) | ODD
BODIES = (
    st.none()
    | ODD
    | st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(KEYS, ODD),
            "ok": st.booleans() | ODD,
            "error_code": NUMBERS,
            "description": WORDS,
            "parameters": st.fixed_dictionaries(
                {}, optional={"retry_after": ODD, "migrate_to_chat_id": ODD}
            )
            | ODD,
            "result": st.fixed_dictionaries(
                {}, optional={"message_id": ODD, "chat": ODD, "date": ODD}
            )
            | ODD,
            "error": st.fixed_dictionaries(
                {},
                optional={"code": NUMBERS, "error_subcode": ODD, "message": WORDS},
            )
            | ODD,
        },
    )
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "retry-after": st.text() | st.integers().map(str),
        "x-business-use-case-usage": st.text() | ODD.map(json.dumps),
    },
)


@pytest.mark.parametrize("engine", [telegram, instagram], ids=["telegram", "instagram"])
@settings(deadline=None)
@given(status=st.sampled_from([200, 302, 400, 403, 404, 429, 500, 502]), data=st.data())
def test_any_answer_has_a_meaning(engine, status, data):
    found = engine.read_answer(status, data.draw(BODIES), data.draw(HEADERS))
    assert found.kind in KINDS
    assert len(found.detail) <= 200
    assert found.kind != "wait" or 1 <= found.seconds <= 86_400
    assert found.kind not in ("refused", "account_broken") or found.reason


@pytest.mark.parametrize("engine", [telegram, instagram], ids=["telegram", "instagram"])
@settings(deadline=None, max_examples=40)
@given(status=st.integers(500, 599), data=st.data())
def test_an_error_of_the_server_is_never_sent_again_by_itself(engine, status, data):
    body = data.draw(st.none() | st.dictionaries(st.text(), ODD))
    assert engine.read_answer(status, body, {}).kind == "uncertain"


@pytest.mark.parametrize(
    ("seconds", "waited"), [(0, 1), (0.2, 1), (1.5, 2), (-9, 1), (10**12, 86_400)]
)
def test_a_pause_is_at_least_a_second_and_at_most_a_day(seconds, waited):
    assert wait(seconds).seconds == waited
