"""One bot: its customers, what they do, and how it gets to the shop."""

import json
import random
import threading
import time

from . import telegram_updates as updates
from .delivery import Delivered, Deliveries, post, through
from .people import Clock, Entry, Person, numbers

# What Telegram sends without being asked for more.
DEFAULT_KINDS = frozenset(
    ("message", "edited_message", "callback_query", "my_chat_member")
)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
EXPIRY = 86_400  # seconds that an update is kept


class Bot:
    """A bot with its token; what customers do is a method here.

    Methods that make an update return it (dict), so that tests may deliver it again;
    while it is ``quiet``, nobody else does.

    :param str shop_url: where webhooks are called whatever their host, as a proxy would
    """

    def __init__(self, token, name, username, shop_url=""):
        self.token, self.shop_url = token, shop_url
        self.id = int(token.partition(":")[0])
        self.name, self.username = name, username
        self.people, self.files = {}, {}
        self.clock = Clock()
        self.webhook = {"url": "", "secret_token": "", "last_error": ""}
        self.kinds, self.quiet = DEFAULT_KINDS, False
        self.polling = 0  # number of the newest call of getUpdates
        self.queries = {}
        self._people, self._messages = numbers(5_100_000_001), numbers(1)
        self._files, self._queries = numbers(1), numbers(8_000_000_001)
        self._updates = numbers(random.randrange(10**8))  # not for secrets
        self._lock = threading.RLock()
        self.deliveries = Deliveries(self._send)
        self.deliveries.pause()

    def number_messages(self, first):
        """Number what is written from now on from ``first`` on."""
        self._messages = numbers(first)

    def me(self):
        """The bot as a user (dict)."""
        found = {"id": self.id, "is_bot": True, "first_name": self.name}
        return found | {"username": self.username}

    # What customers do

    def person(self, name, *, phone="", username="", language="fa"):
        """A new customer (Person), who has not written yet."""
        with self._lock:
            number = str(next(self._people))
            found = Person(number, name, username, phone, language)
            self.people[number] = found
            return found

    def say(self, person, text, **more):
        """Write a message; ``more``: further keys of it, as reply_to_message."""
        return self._write(person, "text", text, {"text": text, **more})

    def start(self, person, payload=""):
        """Press Start, with what the link carried."""
        text = f"/start {payload}".strip()
        mark = {"type": "bot_command", "offset": 0, "length": 6}
        return self.say(person, text, entities=[mark])

    def share_contact(self, person, *, own=True, phone=""):
        """Share a phone number: his own, or one of his address book."""
        phone = phone or person.phone or "+989121234567"
        contact = updates.contact(person, phone, own=own)
        return self._write(person, "contact", phone, {"contact": contact})

    def send_photo(self, person, content, caption=""):
        """Send a picture (bytes)."""
        file_id = self.keep(content, "photos", "jpg")
        more = {"photo": updates.photo(file_id, len(content))}
        more |= {"caption": caption} if caption else {}
        return self._write(person, "photo", caption, more, [file_id])

    def send_document(self, person, content, name, mime="application/pdf"):
        """Send a file (bytes)."""
        file_id = self.keep(content, "documents", name.rpartition(".")[2])
        found = updates.document(file_id, name, mime, len(content))
        return self._write(person, "document", name, {"document": found}, [file_id])

    def press(self, person, entry_id, data):
        """Press a button below a message of the shop."""
        entry = person.entry(entry_id)
        pressed = updates.message(person, int(entry.id), entry.at, text=entry.text)
        pressed["from"] = self.me()
        query = str(next(self._queries))
        self.queries[query] = self.clock.now()
        content = updates.callback(query, person, pressed, data)
        return self._push(person, "callback_query", content)

    def edit(self, person, entry_id, text):
        """Change an own message."""
        entry = person.entry(entry_id)
        entry.text, entry.edited = text, True
        content = updates.message(person, int(entry.id), entry.at)
        changed = updates.edited(content, text, self.clock.now())
        return self._push(person, "edited_message", changed)

    def react(self, person, entry_id, emoji=""):
        """Put an emoji on a message; empty: take it off."""
        entry = person.entry(entry_id)
        before, entry.reactions = entry.reactions, [emoji] if emoji else []
        content = updates.reaction(
            person, int(entry.id), self.clock.now(), before, entry.reactions
        )
        return self._push(person, "message_reaction", content)

    def block(self, person, blocked=True):
        """Block the shop, or let it in again."""
        person.blocked = blocked
        content = updates.membership(
            person, self.me(), self.clock.now(), blocked=blocked
        )
        return self._push(person, "my_chat_member", content)

    def push_raw(self, person, kind, content):
        """Send an update of any kind, also one that nobody has heard of."""
        return self._push(person, kind, content)

    def restart_numbers(self, first=None):
        """Count updates from another number on, as after a quiet week.

        :param int first: default any
        """
        first = random.randrange(10**8) if first is None else first
        self._updates = numbers(first)

    def _write(self, person, kind, text, content, media=()):
        with self._lock:
            number, now = next(self._messages), self.clock.now()
            person.entries.append(
                Entry(str(number), "customer", now, text, kind, media=list(media))
            )
            made = updates.message(person, number, now, **content)
            return self._push(person, "message", made)

    def keep(self, content, folder, ending):
        number = next(self._files)
        file_id = f"AgACAgQAAx{number:06}"
        self.files[file_id] = (f"{folder}/file_{number}.{ending}", content)
        return file_id

    def _push(self, person, kind, content):
        with self._lock:
            made = updates.update(next(self._updates), kind, content)
            if kind in self.kinds and not self.quiet:
                self.deliveries.put(person.id, made)
            return made

    # What the shop does

    def wrote(self, person, text, kind, buttons, media=()):
        """A message of the shop has arrived: its Entry."""
        with self._lock:
            number, now = next(self._messages), self.clock.now()
            entry = Entry(str(number), "shop", now, text, kind, "sent", buttons)
            entry.media = list(media)
            person.entries.append(entry)
            return entry

    def set_webhook(self, url, secret_token="", kinds=None, *, drop=False):
        """Deliver to an address, or keep what comes when it is empty."""
        self.webhook = {"url": url, "secret_token": secret_token, "last_error": ""}
        if kinds is not None:
            self.kinds = frozenset(kinds) or DEFAULT_KINDS
        if drop:
            self.deliveries.forget(lambda _update: True)
        self.deliveries.pause(not url)

    def take_updates(self, offset, limit):
        """What waits, the oldest first; all before ``offset`` is done with (list)."""
        if offset > 0:
            self.deliveries.forget(lambda update: update["update_id"] < offset)
        waiting = sorted(self.deliveries.waiting(), key=lambda one: one["update_id"])
        return waiting[offset:] if offset < 0 else waiting[:limit]

    def _send(self, update):
        hook = self.webhook
        body, headers = as_delivered(update, hook["secret_token"])
        url = through(hook["url"], self.shop_url)
        result = post(url, body, headers) if url else Delivered(0, 0)
        if not result.accepted:
            hook["last_error"] = f"Wrong response from the webhook: {result.status}"
            hook["last_error_date"] = int(time.time())
        return result


def as_delivered(update, secret_token):
    """An update as it is posted: (body, headers)."""
    headers = {"Content-Type": "application/json"}
    if secret_token:
        headers[SECRET_HEADER] = secret_token
    return json.dumps(update, ensure_ascii=False).encode(), headers
