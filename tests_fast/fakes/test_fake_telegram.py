import json
import threading
import time
import urllib.error
import urllib.request

import pytest
from fakes import faults
from fakes.telegram import Telegram
from hook_kit import Hook

TOKEN = "4242:made-up"


@pytest.fixture
def telegram():
    with Telegram() as served:
        served.bot(TOKEN)
        yield served


def call(telegram, method, token=TOKEN, **fields):
    """Status and JSON of a call of the Bot API."""
    request = urllib.request.Request(
        f"{telegram.url}/bot{token}/{method}",
        json.dumps(fields).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def customer(telegram, name="Sara Rad"):
    return telegram.bots[TOKEN].person(name, phone="+989121112233")


def test_a_wrong_token_is_unauthorized_and_not_kept(telegram):
    status, answer = call(telegram, "getMe", token="1:wrong")
    assert (status, answer["description"]) == (401, "Unauthorized")
    assert "wrong" not in json.dumps(telegram.requests)
    call(telegram, "getMe")
    assert TOKEN not in json.dumps(telegram.requests)


def test_updates_come_with_the_secret_and_in_order_per_chat(telegram):
    bot, sara = telegram.bots[TOKEN], customer(telegram)
    with Hook([500]) as hook:
        secret = "s-3_cret"
        assert call(telegram, "setWebhook", url=hook.url, secret_token=secret)[0] == 200
        for number in range(5):
            bot.say(sara, f"n{number}")
        assert bot.deliveries.settle(20)
        texts = [body["message"]["text"] for body in hook.bodies()]
        assert texts == ["n0", "n0", "n1", "n2", "n3", "n4"]
        name = "X-Telegram-Bot-Api-Secret-Token"
        assert {headers[name] for headers, _body in hook.calls} == {secret}
    info = call(telegram, "getWebhookInfo")[1]["result"]
    assert info["pending_update_count"] == 0
    assert "500" in info["last_error_message"]


def test_one_chat_that_fails_does_not_hold_up_another(telegram):
    bot = telegram.bots[TOKEN]
    first, second = customer(telegram), customer(telegram, "Ali")
    with Hook([500]) as hook:
        call(telegram, "setWebhook", url=hook.url)
        bot.say(first, "stuck")
        deadline = time.monotonic() + 5
        while not hook.calls and time.monotonic() < deadline:
            time.sleep(0.01)
        bot.say(second, "goes through")
        assert bot.deliveries.settle(20)
        texts = [body["message"]["text"] for body in hook.bodies()]
    assert texts == ["stuck", "goes through", "stuck"]


def test_polling_and_a_webhook_exclude_each_other(telegram):
    bot, sara = telegram.bots[TOKEN], customer(telegram)
    update = bot.say(sara, "hello")
    assert call(telegram, "getUpdates")[1]["result"] == [update]
    assert call(telegram, "getUpdates")[1]["result"] == [update]
    after = update["update_id"] + 1
    assert call(telegram, "getUpdates", offset=after)[1]["result"] == []
    call(telegram, "setWebhook", url="http://127.0.0.1:9/nobody")
    status, answer = call(telegram, "getUpdates")
    assert (status, answer["error_code"]) == (409, 409)


def test_a_second_poller_ends_the_first(telegram):
    found = []
    thread = threading.Thread(
        target=lambda: found.append(call(telegram, "getUpdates", timeout=5))
    )
    thread.start()
    while not telegram.bots[TOKEN].polling:
        time.sleep(0.01)
    assert call(telegram, "getUpdates")[0] == 200
    thread.join()
    assert found[0][0] == 409


def test_one_message_a_second_per_chat(telegram):
    sara = customer(telegram)
    statuses = [
        call(telegram, "sendMessage", chat_id=sara.id, text=text)[0] for text in "ab"
    ]
    assert statuses == [200, 429]
    status, answer = call(telegram, "sendMessage", chat_id=sara.id, text="c")
    assert (status, answer["parameters"]) == (429, {"retry_after": 1})
    assert [entry.text for entry in sara.received()] == ["a"]


@pytest.mark.parametrize(
    ("text", "status"),
    [("😀" * 2048, 200), ("😀" * 2048 + "a", 400), (" \n", 400)],
)
def test_length_counts_in_utf16_units(telegram, text, status):
    sara = customer(telegram)
    assert call(telegram, "sendMessage", chat_id=sara.id, text=text)[0] == status


def test_who_has_blocked_or_is_unknown_gets_nothing(telegram):
    bot, sara = telegram.bots[TOKEN], customer(telegram)
    update = bot.block(sara)
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    status, answer = call(telegram, "sendMessage", chat_id=sara.id, text="a")
    assert (status, answer["description"]) == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    assert call(telegram, "sendMessage", chat_id=1, text="a")[0] == 400


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        (faults.takes_and_cuts(), True),
        (faults.takes_and_hangs(1), True),
        (faults.cuts(), False),
    ],
)
def test_a_cut_line_tells_nothing_of_what_has_arrived(telegram, fault, arrives):
    sara = customer(telegram)
    telegram.faults.add(fault)
    with pytest.raises((OSError, ConnectionError)):
        call(telegram, "sendMessage", chat_id=sara.id, text="a")
    assert bool(sara.received()) == arrives
    assert telegram.requests[-1]["answered"] is False


def test_an_error_of_the_server_may_hide_a_delivery(telegram):
    sara = customer(telegram)
    error = {"code": 500, "description": "Internal Server Error"}
    telegram.faults.add(faults.Fault(accepts=True, error=error, to=sara.id))
    assert call(telegram, "getMe")[0] == 200, "only what sends fails"
    assert call(telegram, "sendMessage", chat_id=sara.id, text="a")[0] == 500
    assert len(sara.received()) == 1


def test_a_button_is_answered_once(telegram):
    bot, sara = telegram.bots[TOKEN], customer(telegram)
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    call(telegram, "sendMessage", chat_id=sara.id, text="?", reply_markup=keyboard)
    (entry,) = sara.received()
    query = bot.press(sara, entry.id, "y")["callback_query"]
    assert query["data"] == "y"
    for status in (200, 400):
        asked = call(telegram, "answerCallbackQuery", callback_query_id=query["id"])
        assert asked[0] == status


def test_a_photo_is_fetched_by_its_id(telegram):
    bot, sara = telegram.bots[TOKEN], customer(telegram)
    sizes = bot.send_photo(sara, b"picture")["message"]["photo"]
    found = call(telegram, "getFile", file_id=sizes[-1]["file_id"])[1]["result"]
    address = f"{telegram.url}/file/bot{TOKEN}/{found['file_path']}"
    with urllib.request.urlopen(address, timeout=10) as reply:
        assert reply.read() == b"picture"


def test_a_file_of_the_shop_arrives(telegram):
    sara = customer(telegram)
    edge = "----edge"
    start = f"--{edge}\r\nContent-Disposition: form-data; name="
    head = (
        f'{start}"chat_id"\r\n\r\n{sara.id}\r\n{start}"document";'
        ' filename="offer.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    content, end = b"%PDF \r\n--not-the-edge\r\n", f"\r\n--{edge}--\r\n"
    body = head.encode() + content + end.encode()
    request = urllib.request.Request(
        f"{telegram.url}/bot{TOKEN}/sendDocument",
        body,
        {"Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        assert reply.status == 200
    (entry,) = sara.received()
    path, found = telegram.bots[TOKEN].files[entry.media[0]]
    assert path.endswith(".pdf")
    assert found == content


def test_the_page_and_its_commands_work_on_this_machine_only(telegram):
    customer(telegram)

    def ask(path, values=None, **headers):
        data = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(f"{telegram.url}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    assert "<title>Mini CRM" in ask("/")[1]
    assert ask("/", Host="shop.example")[0] == 403
    person = json.loads(ask("/control/state")[1])["people"][0]
    act = {"act": "say", "person": person["id"], "text": "سلام"}
    assert ask("/control/act", act, **{"Content-Type": "text/plain"})[0] == 415
    json_type = {"Content-Type": "application/json"}
    status, answer = ask("/control/act", act, **json_type)
    assert status == 200, answer
    assert json.loads(answer)["entries"][0]["text"] == "سلام"
    assert ask("/control/act", act | {"act": "close"}, **json_type)[0] == 400


def test_a_reaction_comes_to_who_has_asked_for_it_only(telegram):
    bot, sara = telegram.bots[TOKEN], customer(telegram)
    message = bot.say(sara, "hello")["message"]
    bot.react(sara, message["message_id"], "❤")
    assert len(call(telegram, "getUpdates")[1]["result"]) == 1
    kinds = ["message", "message_reaction"]
    call(telegram, "getUpdates", allowed_updates=kinds)
    bot.react(sara, message["message_id"])
    found = call(telegram, "getUpdates")[1]["result"][-1]["message_reaction"]
    assert found["old_reaction"] == [{"type": "emoji", "emoji": "❤"}]
    assert found["new_reaction"] == []
