"""Telegram: each kind of update, what is sent, what answers mean."""

import json
from datetime import datetime

import pytest
from chat_kit import body_of, fixture_files, plain

from engine import telegram
from engine.chat_items import Media
from engine.provider_answers import Outcome

CHAT = "5120034567"


@pytest.mark.parametrize("path", fixture_files("telegram"), ids=lambda path: path.stem)
def test_each_kind_of_update_becomes_its_item(path):
    fixture = json.loads(path.read_text())
    found = [plain(item) for item in telegram.read_body(body_of(fixture))]
    assert found == fixture["items"]


def calls(*args, **values):
    return telegram.send_calls(*args, recipient=CHAT, **values)


def test_a_text_is_sent_as_it_is_without_parsing():
    assert calls("5 < 6 *سلام* _x_") == [
        ("POST", "sendMessage", {"chat_id": int(CHAT), "text": "5 < 6 *سلام* _x_"})
    ]


def test_a_long_text_becomes_messages_that_telegram_takes():
    text = "پیام بلند برای مشتری 🌸 " * 600
    sent = [call.json["text"] for call in calls(text)]
    assert len(sent) == 4
    assert all(len(part.encode("utf-16-le")) // 2 <= 4096 for part in sent)
    assert " ".join(sent).split() == text.split()


def test_an_answer_names_its_message_and_only_the_first_part_does():
    first, second = calls("word " * 1_000, reply_to=f"{CHAT}:104")
    assert first.json["reply_parameters"] == {
        "message_id": 104,
        "allow_sending_without_reply": True,
    }
    assert "reply_parameters" not in second.json


def test_choices_are_buttons_under_the_last_message():
    buttons = [{"label": "بله", "payload": "o:1"}, {"label": "نه", "payload": "o:2"}]
    first, second = calls("word " * 1_000, buttons=buttons)
    assert "reply_markup" not in first.json
    assert second.json["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "بله", "callback_data": "o:1"}],
            [{"text": "نه", "callback_data": "o:2"}],
        ]
    }


def test_a_phone_number_is_asked_for_by_a_keyboard():
    (call,) = calls("شماره؟", buttons=[{"label": "شماره من", "request_contact": True}])
    assert call.json["reply_markup"]["keyboard"] == [
        [{"text": "شماره من", "request_contact": True}]
    ]


@pytest.mark.parametrize("payload", ["", "ب" * 33])
def test_a_payload_that_telegram_cuts_off_is_an_error(payload):
    with pytest.raises(ValueError, match="64 bytes"):
        calls("x", buttons=[{"label": "x", "payload": payload}])


@pytest.mark.parametrize(
    ("kind", "method", "field"),
    [
        ("photo", "sendPhoto", "photo"),
        ("video", "sendVideo", "video"),
        ("voice", "sendVoice", "voice"),
        ("audio", "sendAudio", "audio"),
        ("animation", "sendAnimation", "animation"),
        ("document", "sendDocument", "document"),
        ("hologram", "sendDocument", "document"),
    ],
)
def test_a_file_is_uploaded_with_its_caption(kind, method, field):
    (call,) = calls("رسید", media=[Media(kind, "", name="a.bin")])
    assert call.path == method
    assert call.json["caption"] == "رسید"
    assert telegram.upload_of(call) == (field, 0)


def test_a_file_that_telegram_has_is_named_not_uploaded():
    (call,) = calls("", media=[Media("photo", "AgACAgQ")])
    assert call.json["photo"] == "AgACAgQ"
    assert "caption" not in call.json
    assert telegram.upload_of(call) is None


def test_text_too_long_for_a_caption_and_several_files_go_apart():
    files = [Media("photo", ""), Media("photo", "known"), Media("document", "")]
    sent = calls("م" * 1_025, media=files)
    assert [call.path for call in sent] == [
        "sendPhoto",
        "sendPhoto",
        "sendDocument",
        "sendMessage",
    ]
    uploads = [telegram.upload_of(call) for call in sent]
    assert uploads == [("photo", 0), None, ("document", 2), None]


def test_a_text_that_looks_like_an_upload_stays_a_text():
    (call,) = calls("attach://0")
    assert telegram.upload_of(call) is None


def test_a_button_stops_waiting():
    assert telegram.answer_callback("77") == (
        "POST",
        "answerCallbackQuery",
        {"callback_query_id": "77"},
    )


def error(code, description, **parameters):
    body = {"ok": False, "error_code": code, "description": description}
    return code, {**body, "parameters": parameters} if parameters else body


def broken(reason, detail):
    return Outcome("account_broken", reason=reason, detail=detail)


def gone(reason, detail):
    return Outcome("unreachable_person", reason=reason, detail=detail)


FLOOD = "Too Many Requests: retry after 17"
BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
KICKED = "Forbidden: bot was kicked from the group chat"
NOT_FOUND = "Bad Request: chat not found"
PRIVATE = "Bad Request: private chat not found"
ENTITIES = "Bad Request: can't parse entities: Unsupported start tag"
LONG = "Bad Request: message is too long"
EMPTY = "Bad Request: message text is empty"
SAME = "Bad Request: message is not modified: specified new message content"
OLD = "Bad Request: query is too old and response timeout expired"
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
CONFLICT = "Conflict: terminated by other getUpdates request"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (error(429, FLOOD, retry_after=17), ("wait", "", 17)),
        (error(429, FLOOD), ("wait", "", 17)),
        (error(429, "Too Many Requests"), ("wait", "", 5)),
        (error(429, FLOOD, retry_after=10**9), ("wait", "", 86_400)),
        (error(429, FLOOD, retry_after=-4), ("wait", "", 1)),
        ((429, None), ("wait", "", 5)),
        (error(403, BLOCKED), ("unreachable_person", "blocked", 0)),
        (error(403, DEACTIVATED), ("unreachable_person", "invalid", 0)),
        (error(403, KICKED), ("unreachable_person", "invalid", 0)),
        (error(403, "Forbidden: strange"), ("refused", "forbidden", 0)),
        (error(400, NOT_FOUND), ("unreachable_person", "invalid", 0)),
        (error(400, PRIVATE), ("unreachable_person", "invalid", 0)),
        (error(400, ENTITIES), ("retry_plain", "", 0)),
        (error(400, LONG), ("refused", "too_long", 0)),
        (error(400, EMPTY), ("refused", "empty", 0)),
        (error(400, SAME), ("accepted", "", 0)),
        (error(400, OLD), ("refused", "too_old", 0)),
        (error(400, "Bad Request: strange"), ("refused", "refused", 0)),
        (error(401, "Unauthorized"), ("account_broken", "token", 0)),
        (error(404, "Not Found"), ("account_broken", "token", 0)),
        (error(409, CONFLICT), ("account_broken", "conflict", 0)),
        (error(500, "Internal Server Error"), ("uncertain", "", 0)),
        (error(502, "Bad Gateway"), ("uncertain", "", 0)),
        ((502, None), ("uncertain", "", 0)),
        ((200, None), ("uncertain", "", 0)),
        ((200, {}), ("uncertain", "", 0)),
        ((403, None), ("account_broken", "not_provider", 0)),
        ((404, {"detail": "nginx"}), ("account_broken", "not_provider", 0)),
        ((302, None), ("account_broken", "not_provider", 0)),
        ((413, None), ("refused", "too_large", 0)),
    ],
)
def test_each_answer_has_its_meaning(answer, outcome):
    found = telegram.read_answer(*answer, {})
    assert (found.kind, found.reason, found.seconds) == outcome


def test_what_was_taken_has_its_id_and_date():
    result = {"message_id": 9, "chat": {"id": 5120034567}, "date": 1_793_700_000}
    assert telegram.read_answer(200, {"ok": True, "result": result}, {}) == Outcome(
        "accepted",
        external_id="5120034567:9",
        date=datetime.fromisoformat("2026-11-03 10:00"),
        sequence=9,
    )
    assert telegram.read_answer(200, {"ok": True, "result": True}, {}) == Outcome(
        "accepted"
    )


def test_a_chat_that_has_moved_has_its_new_id():
    answer = error(400, UPGRADED, migrate_to_chat_id=-1001987654321)
    found = telegram.read_answer(*answer, {})
    assert (found.kind, found.chat_id) == ("moved", "-1001987654321")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no /bot7001234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/x", "no /bot***/x"),
        ("Invalid token EAABwzLixnjYBOZC0123456789abcdef", "Invalid token ***"),
        ("no IGQVJXabc-012345678901234567890 here", "no *** here"),
        ("x?access_token=abc&y=1", "x?***&y=1"),
        ("by http://ali:geheim@proxy.example:3128", "by http://***@proxy.example:3128"),
        ("a\u202e\n b\0", "a b"),
        ("x" * 5_000, "x" * 200),
        (["odd"], ""),
    ],
)
def test_no_token_is_told(said, told):
    answer = {"ok": False, "error_code": 400, "description": said}
    assert telegram.read_answer(400, answer, {}).detail == told
