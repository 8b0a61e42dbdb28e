"""Events of Instagram's messaging webhooks as Meta writes them; pure functions.

Times are milliseconds since 1970.
"""

import hashlib
import hmac
import json

SIGNATURE_HEADER = "X-Hub-Signature-256"


def event(sender, recipient, at, **content):
    """One item of ``messaging`` (dict).

    :param float at: seconds since 1970
    :param content: message, postback, reaction, read, referral, ...
    """
    found = {"sender": {"id": sender}, "recipient": {"id": recipient}}
    return found | {"timestamp": round(at * 1000), **content}


def body(account_id, events, at):
    """What is posted for some events of one account (bytes).

    As Meta writes it: letters beyond ASCII and slashes are escaped, and exactly these
    bytes are signed.

    :param list[dict] events: see `event`
    """
    entry = {"time": int(at * 1000), "id": account_id, "messaging": list(events)}
    text = json.dumps({"object": "instagram", "entry": [entry]}, separators=(",", ":"))
    return text.replace("/", "\\/").encode()


def signed(content, app_secret):
    """Headers of a delivery (dict).

    :param bytes content: what is posted
    """
    digest = hmac.new(app_secret.encode(), content, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: f"sha256={digest}",
    }
