"""Instagram: each kind of event, what is sent, what answers mean."""

import json

import pytest
from chat_kit import body_of, fixture_files, plain

from engine import instagram
from engine.chat_items import Ignored, Media, Poison
from engine.provider_answers import Outcome

PERSON = "1254459154682919"
ACCOUNT = "17841405822304914"
ADDRESS = "https://shop.example/media/1"


@pytest.mark.parametrize("path", fixture_files("instagram"), ids=lambda path: path.stem)
def test_each_kind_of_event_becomes_its_item(path):
    fixture = json.loads(path.read_text())
    items = instagram.read_body(body_of(fixture), fixture["account_id"])
    assert [plain(item) for item in items] == fixture["items"]


def test_a_dead_letter_is_read_again_as_it_is_kept():
    event = {
        "sender": {"id": PERSON},
        "recipient": {"id": ACCOUNT},
        "timestamp": 1_793_700_000_434,
        "message": {"mid": 7.5, "text": "سلام"},
    }
    body = {"object": "instagram", "entry": [{"id": ACCOUNT, "messaging": [event]}]}
    (poison,) = instagram.read_body(json.dumps(body).encode(), ACCOUNT)
    assert isinstance(poison, Poison)
    kept = json.dumps(poison.item)
    assert instagram.read_body(kept.encode(), ACCOUNT) == [poison]
    mended = kept.replace("7.5", '"m1"')
    (message,) = instagram.read_body(mended.encode(), ACCOUNT)
    assert (message.external_id, message.text) == ("m1", "سلام")


def calls(*args, **values):
    return instagram.send_calls(*args, recipient=PERSON, **values)


def test_a_text_is_sent_as_an_answer():
    assert calls("سلام") == [
        (
            "POST",
            "me/messages",
            {
                "recipient": {"id": PERSON},
                "messaging_type": "RESPONSE",
                "message": {"text": "سلام"},
            },
        )
    ]


def test_a_person_s_late_answer_carries_the_tag():
    (call,) = calls("سلام", tag="HUMAN_AGENT")
    assert call.json["messaging_type"] == "MESSAGE_TAG"
    assert call.json["tag"] == "HUMAN_AGENT"


def test_a_persian_text_is_split_by_its_bytes():
    text = "این یک پیام بلند است. " * 60
    sent = [call.json["message"]["text"] for call in calls(text)]
    assert all(len(part.encode()) <= 1000 for part in sent)
    assert all(part.endswith("است.") for part in sent)
    assert " ".join(sent).split() == text.split()


def test_files_go_by_their_address_before_the_text():
    files = [Media("photo", ADDRESS), Media("voice", ADDRESS), Media("pdf", ADDRESS)]
    sent = [call.json["message"] for call in calls("رسید", media=files)]
    assert [part.get("attachment", {}).get("type") for part in sent] == [
        "image",
        "audio",
        "file",
        None,
    ]
    assert sent[0]["attachment"]["payload"] == {"url": ADDRESS}
    assert sent[-1] == {"text": "رسید"}


def test_a_file_without_an_address_is_an_error():
    with pytest.raises(ValueError, match="address"):
        calls("", media=[Media("photo", "")])


def test_choices_are_quick_replies_with_titles_that_fit():
    labels = ["بله", "یک گزینه با نوشته‌ای بسیار بلند", "👨‍👩‍👧‍👦" * 3]
    buttons = [{"label": label, "payload": f"o:{label}"} for label in labels]
    (call,) = calls("کدام؟", buttons=buttons)
    replies = call.json["message"]["quick_replies"]
    assert [reply["title"] for reply in replies] == [
        "بله",
        "یک گزینه با نوشته‌ا…",
        "👨‍👩‍👧‍👦…",
    ]
    assert [reply["payload"] for reply in replies] == [f"o:{x}" for x in labels]


def test_choices_of_a_late_answer_are_lines_of_its_text():
    buttons = [{"label": "بله", "payload": "1"}, {"label": "نه", "payload": "2"}]
    (call,) = calls("کدام؟", buttons=buttons, tag="HUMAN_AGENT")
    assert call.json["message"] == {"text": "کدام؟\n1. بله\n2. نه"}


def test_more_choices_than_instagram_takes_are_an_error():
    buttons = [{"label": str(n), "payload": str(n)} for n in range(14)]
    with pytest.raises(ValueError, match="13"):
        calls("کدام؟", buttons=buttons)
    with pytest.raises(ValueError, match="text"):
        calls("", media=[Media("photo", ADDRESS)], buttons=buttons[:1])


def error(status, code, subcode=None, message="(#1) Some words"):
    found = {"message": message, "type": "OAuthException", "code": code}
    if subcode:
        found["error_subcode"] = subcode
    return status, {"error": {**found, "fbtrace_id": "A1"}}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (error(401, 190), ("account_broken", "token")),
        (error(400, 190, 463), ("account_broken", "token")),
        (error(400, 10, 2018278), ("window_closed", "")),
        (error(400, 10, 2534022), ("window_closed", "")),
        (error(400, 10, None, "sent outside of allowed window"), ("window_closed", "")),
        (error(400, 10), ("account_broken", "permission")),
        (error(400, 200), ("account_broken", "permission")),
        (error(400, 100, 2018276), ("refused", "human_agent")),
        (error(400, 551), ("unreachable_person", "blocked")),
        (error(400, 100, 33), ("unreachable_person", "invalid")),
        (error(400, 100, 2534014), ("unreachable_person", "invalid")),
        (error(400, 230), ("refused", "profile_consent")),
        (error(400, 4), ("wait", "")),
        (error(400, 17), ("wait", "")),
        (error(400, 32), ("wait", "")),
        (error(400, 613), ("wait", "")),
        (error(400, 80001), ("wait", "")),
        (error(400, 80002), ("wait", "")),
        (error(400, 80006), ("wait", "")),
        (error(429, 1), ("wait", "")),
        ((429, None), ("wait", "")),
        (error(500, 1), ("uncertain", "")),
        (error(400, 2), ("uncertain", "")),
        (error(503, 2, 1545133), ("uncertain", "")),
        (error(500, 100), ("uncertain", "")),
        (error(400, 368), ("account_broken", "policy")),
        (error(400, 100), ("refused", "refused")),
        ((200, None), ("uncertain", "")),
        ((200, {"recipient_id": PERSON}), ("uncertain", "")),
        ((502, None), ("uncertain", "")),
        ((403, None), ("account_broken", "not_provider")),
        ((301, None), ("account_broken", "not_provider")),
        ((400, {"error": "odd"}), ("account_broken", "not_provider")),
        ((400, {"error": {"code": "4"}}), ("refused", "refused")),
    ],
)
def test_each_answer_has_its_meaning(answer, outcome):
    found = instagram.read_answer(*answer, {})
    assert (found.kind, found.reason) == outcome


def test_what_was_taken_has_its_id():
    body = {"recipient_id": PERSON, "message_id": "aWdf"}
    assert instagram.read_answer(200, body, {}) == Outcome(
        "accepted", external_id="aWdf"
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (
            {
                "x-business-use-case-usage": '{"1": [{"type": "messenger",'
                ' "estimated_time_to_regain_access": 7}, {"call_count": 100}]}'
            },
            420,
        ),
        ({"x-business-use-case-usage": "[" * 100_000}, 60),
        ({"x-business-use-case-usage": '{"1": [7]}', "retry-after": "90"}, 90),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60),
        ({}, 60),
    ],
)
def test_a_limit_waits_as_long_as_meta_says(headers, seconds):
    found = instagram.read_answer(*error(400, 613), headers)
    assert (found.kind, found.scope, found.seconds) == ("wait", "account", seconds)


def test_of_a_delivery_for_several_accounts_each_gets_its_own():
    def entry(account):
        event = {
            "sender": {"id": PERSON},
            "recipient": {"id": account},
            "timestamp": 1793700000434,
            "message": {"mid": f"m{account}", "text": f"to {account}"},
        }
        return {"id": account, "time": 1793700000434, "messaging": [event]}

    value = {"object": "instagram", "entry": [entry("1"), entry("2")]}
    body = json.dumps(value).encode()
    first, second = (instagram.read_body(body, account) for account in "12")
    assert [getattr(item, "text", item) for item in first] == [
        "to 1",
        Ignored("other account"),
    ]
    assert [getattr(item, "text", item) for item in second] == [
        Ignored("other account"),
        "to 2",
    ]
