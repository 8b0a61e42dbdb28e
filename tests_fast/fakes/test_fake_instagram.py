import hashlib
import hmac
import json
import urllib.error
import urllib.request

import pytest
from fakes import faults
from fakes.instagram import Instagram
from hook_kit import Hook

TOKEN, SECRET = "IGAA-made-up", "app-secret"


@pytest.fixture
def instagram():
    with Instagram() as served:
        served.account(TOKEN, SECRET)
        yield served


def call(instagram, method, path, token=TOKEN, **fields):
    """Status and JSON of a call of the Graph API."""
    request = urllib.request.Request(
        f"{instagram.url}/{path}",
        json.dumps(fields).encode() if method == "POST" else None,
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def send(instagram, person, text, **more):
    message = {"recipient": {"id": person.id}, "message": {"text": text}, **more}
    return call(instagram, "POST", "v23.0/me/messages", **message)


def connected(instagram, hook):
    """The account, delivering to a webhook."""
    (account,) = instagram.accounts()
    account.webhook = hook.url
    account.subscribe(["messages"])
    return account


def test_it_says_who_it_is_and_refuses_a_wrong_token(instagram):
    status, me = call(instagram, "GET", "v23.0/me?fields=user_id,username")
    assert (status, me["username"]) == (200, "shop")
    status, answer = call(instagram, "GET", "v23.0/me", token="wrong")
    assert (status, answer["error"]["code"]) == (401, 190)
    assert TOKEN not in json.dumps(instagram.requests)


def test_what_is_posted_is_escaped_and_signed_as_it_is(instagram):
    with Hook() as hook:
        account = connected(instagram, hook)
        sara = account.person("Sara")
        account.say(sara, "سلام/hi")
        assert account.deliveries.settle(10)
        ((headers, body),) = hook.calls
    assert b"\\u0633" in body
    assert b"\\/" in body
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={digest}"
    (item,) = json.loads(body)["entry"][0]["messaging"]
    assert item["message"]["text"] == "سلام/hi"
    assert len(str(item["timestamp"])) == 13


def test_a_batch_is_one_request(instagram):
    with Hook([503]) as hook:
        account = connected(instagram, hook)
        sara = account.person("Sara")
        with account.batch():
            for number in range(3):
                account.say(sara, str(number))
        assert account.deliveries.settle(10)
        first, again = hook.bodies()
    assert len(again["entry"][0]["messaging"]) == 3
    assert first["entry"][0]["messaging"] == again["entry"][0]["messaging"]


def test_the_echo_comes_before_the_answer_with_sides_swapped(instagram):
    with Hook() as hook:
        account = connected(instagram, hook)
        sara = account.person("Sara")
        account.say(sara, "hi")
        assert account.deliveries.settle(10)
        status, answer = send(instagram, sara, "welcome")
        assert status == 200
        echo = hook.bodies()[-1]["entry"][0]["messaging"][0]
    assert echo["message"]["is_echo"] is True
    assert echo["message"]["mid"] == answer["message_id"]
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (account.id, sara.id)


def test_the_window_closes_and_people_may_answer_for_seven_days(instagram):
    (account,) = instagram.accounts()
    sara = account.person("Sara")
    assert send(instagram, sara, "first")[1]["error"]["code"] == 10
    account.say(sara, "hi")
    assert send(instagram, sara, "in time")[0] == 200
    account.clock.ahead = 2 * 86_400
    tag = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert send(instagram, sara, "late")[1]["error"]["error_subcode"] == 2534022
    assert send(instagram, sara, "by a person", **tag)[0] == 200
    account.human_agent = False
    error = send(instagram, sara, "not approved", **tag)[1]["error"]
    assert (error["code"], error["error_subcode"]) == (100, 2018276)
    account.human_agent, account.clock.ahead = True, 8 * 86_400
    assert send(instagram, sara, "too late", **tag)[1]["error"]["code"] == 10


@pytest.mark.parametrize(("text", "status"), [("س" * 500, 200), ("س" * 501, 400)])
def test_length_counts_in_bytes(instagram, text, status):
    (account,) = instagram.accounts()
    sara = account.person("Sara")
    account.say(sara, "hi")
    assert send(instagram, sara, text)[0] == status


def test_errors_come_on_order(instagram):
    (account,) = instagram.accounts()
    sara = account.person("Sara")
    account.say(sara, "hi")
    error = {"code": 613, "text": "Calls to this API have exceeded the rate limit."}
    instagram.faults.add(faults.Fault(error=error, to=sara.id))
    assert send(instagram, sara, "a")[1]["error"]["code"] == 613
    assert send(instagram, sara, "a")[0] == 200
    sara.blocked = True
    assert send(instagram, sara, "a")[1]["error"]["code"] == 551


def test_a_token_is_refreshed_and_both_work(instagram):
    path = "refresh_access_token?grant_type=ig_refresh_token"
    status, answer = call(instagram, "GET", path)
    assert status == 200
    for token in (TOKEN, answer["access_token"]):
        assert call(instagram, "GET", "v23.0/me", token=token)[0] == 200


def test_a_picture_is_served_and_reading_is_told(instagram):
    with Hook() as hook:
        account = connected(instagram, hook)
        sara = account.person("Sara")
        item = account.send_photo(sara, b"picture")
        url = item["message"]["attachments"][0]["payload"]["url"]
        with urllib.request.urlopen(url, timeout=10) as reply:
            assert reply.read() == b"picture"
        sent = send(instagram, sara, "nice")[1]["message_id"]
        assert account.read(sara)["read"] == {"mid": sent}
        assert account.deliveries.settle(10)
    assert sara.received()[0].state == "read"
