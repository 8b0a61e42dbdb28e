"""One Instagram account: its followers, what they do, and how it gets to the shop."""

import base64
import contextlib
import itertools
import threading
import time
import urllib.parse
import urllib.request

from . import instagram_events as events
from .delivery import Deliveries, post, through
from .people import Clock, Entry, Person, numbers

WINDOW = 86_400  # seconds after the last message of the customer
AGENT_WINDOW = 7 * 86_400
DELAYS = (0, 1, 2, 4, 8, 16, 32, 60)


class Account:
    """A professional account with its token; what customers do is a method here.

    Methods that make an event return it (dict), so that tests may deliver it again;
    while it is ``quiet``, nobody else does.

    :param str address: where its media can be fetched
    :param str app_secret: of the Meta app; what is delivered is signed with it
    :param bool human_agent: whether Meta has approved that feature for the app
    :param str echo: when the shop is told of its own message: ``before`` or ``after``
        the answer to the call that sent it, or ``never``
    """

    def __init__(
        self, token, app_secret, username, address, *, human_agent=True, echo="before"
    ):
        self.address, self.shop_url = address, ""
        self.token, self.app_secret, self.username = token, app_secret, username
        self.id, self.scoped_id = "17841400000000001", "24600000000000001"
        self.human_agent, self.echo = human_agent, echo
        self.expires_in = 60 * 86_400
        self.people, self.files = {}, {}
        self.clock = Clock()
        self.webhook, self.fields, self.quiet = "", [], False
        self._people, self._mids = numbers(7_400_000_000_000_001), numbers(1)
        self._queues = itertools.count()  # each delivery its own: no order is promised
        self._batch = None
        self._lock = threading.RLock()
        self.deliveries = Deliveries(self._send, delays=DELAYS)
        self.deliveries.pause()

    def number_messages(self, first):
        """Number what is written from now on from ``first`` on."""
        self._mids = numbers(first)

    # What the owner does on Meta's pages

    def set_webhook(self, url, verify_token):
        """Enter the webhook: whether the shop has proved that it is its (bool)."""
        challenge = f"challenge.{next(self._mids)}"
        query = {"hub.mode": "subscribe", "hub.challenge": challenge}
        query["hub.verify_token"] = verify_token
        address = f"{self._through(url)}?{urllib.parse.urlencode(query)}"
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(address, timeout=30) as reply:
                proved = reply.read().decode() == challenge
            if proved:
                self.webhook = url
                self._wake()
            return proved
        return False

    def subscribe(self, fields):
        """What the shop wants to be told (list); empty: nothing."""
        self.fields = list(fields)
        self._wake()

    def _wake(self):
        self.deliveries.pause(not (self.webhook and self.fields))

    # What customers do

    def person(self, name, *, username="", phone="", language="fa"):
        """A new customer (Person), who has not written yet."""
        with self._lock:
            number = str(next(self._people))
            username = username or name.lower().replace(" ", ".")
            found = Person(number, name, username, phone, language)
            self.people[number] = found
            return found

    def say(self, person, text, **more):
        """Write a message; ``more``: further keys of it, as reply_to, referral."""
        return self._write(person, "text", text, {"text": text, **more})

    def choose(self, person, label, payload):
        """Tap a quick reply."""
        return self.say(person, label, quick_reply={"payload": payload})

    def answer_story(self, person, text):
        """Answer a story of the shop."""
        story = {"id": "18000000000000001", "url": self._media_url("story.jpg")}
        return self.say(person, text, reply_to={"story": story})

    def send_photo(self, person, content):
        """Send a picture (bytes)."""
        return self._attach(person, "image", content, "jpg")

    def mention_in_story(self, person, content):
        """Mention the shop in a story with a picture (bytes)."""
        return self._attach(person, "story_mention", content, "jpg")

    def press(self, person, entry_id, data):
        """Press a button below a message of the shop, or tap a quick reply."""
        entry = person.entry(entry_id)
        button = next(b for b in entry.buttons if b["payload"] == data)
        if button.get("quick"):
            return self.choose(person, button["label"], data)
        mid, now = self._mid(), self.clock.now()
        person.window = now
        person.entries.append(Entry(mid, "customer", now, button["label"], "postback"))
        content = {"mid": mid, "title": button["label"], "payload": data}
        return self._push(person, now, postback=content)

    def edit(self, person, entry_id, text):
        """Change an own message."""
        entry = person.entry(entry_id)
        entry.text, entry.edited = text, True
        content = {"mid": entry.id, "text": text, "num_edit": 1}
        return self._push(person, self.clock.now(), message_edit=content)

    def unsend(self, person, entry_id):
        """Take back an own message."""
        entry = person.entry(entry_id)
        entry.deleted = True
        content = {"mid": entry.id, "is_deleted": True}
        return self._push(person, self.clock.now(), message=content)

    def react(self, person, entry_id, emoji=""):
        """Put an emoji on a message; empty: take it off."""
        person.entry(entry_id).reactions = [emoji] if emoji else []
        content = {"mid": str(entry_id), "action": "react" if emoji else "unreact"}
        content |= {"reaction": "love", "emoji": emoji} if emoji else {}
        return self._push(person, self.clock.now(), reaction=content)

    def read(self, person):
        """Read what the shop has sent so far."""
        last = person.received()[-1]
        for entry in person.received():
            entry.state = "read"
        return self._push(person, self.clock.now(), read={"mid": last.id})

    def block(self, person, blocked=True):
        """Block the shop, or let it in again; Meta tells nobody."""
        person.blocked = blocked

    def _attach(self, person, kind, content, ending):
        name = f"{kind}-{next(self._mids)}.{ending}"
        self.files[name] = content
        payload = {"url": self._media_url(name)}
        attached = {"attachments": [{"type": kind, "payload": payload}]}
        return self._write(person, kind, "", attached, [name])

    def _media_url(self, name):
        return f"{self.address}/media/{name}"

    def _write(self, person, kind, text, content, media=()):
        with self._lock:
            mid, now = self._mid(), self.clock.now()
            person.window = now
            entry = Entry(mid, "customer", now, text, kind, media=list(media))
            person.entries.append(entry)
            return self._push(person, now, message={"mid": mid, **content})

    def _mid(self):
        number = f"message:{self.id}:{next(self._mids):08}"
        return "aWdf" + base64.urlsafe_b64encode(number.encode()).decode().rstrip("=")

    def _push(self, person, at, **content):
        return self._queue(events.event(person.id, self.id, at, **content))

    def _queue(self, event):
        with self._lock:
            if self._batch is not None:
                self._batch.append(event)
            elif not self.quiet:
                self.deliveries.put(next(self._queues), [event])
            return event

    @contextlib.contextmanager
    def batch(self):
        """Deliver all that happens in the block by one request."""
        with self._lock:
            self._batch, held = [], self._batch
            try:
                yield
            finally:
                found, self._batch = self._batch, held
                if found:
                    self.deliveries.put(next(self._queues), found)

    # What the shop does

    def wrote(self, person, text, kind, buttons, media=()):
        """A message of the shop has arrived: its Entry; it is told of it (echo)."""
        mid, now = self._mid(), self.clock.now()
        entry = Entry(mid, "shop", now, text, kind, "sent", buttons, list(media))
        with self._lock:
            person.entries.append(entry)
        content = {"mid": mid, "is_echo": True, "text": text}
        if kind != "text":
            payload = {"url": media[0]}
            content = {"mid": mid, "is_echo": True}
            content["attachments"] = [{"type": kind, "payload": payload}]
        echo = events.event(self.id, person.id, now, message=content)
        wanted = self.echo == "before" and self.webhook and self.fields
        if self.echo == "after" or (wanted and not self._send([echo]).accepted):
            self._queue(echo)
        return entry

    def as_delivered(self, found):
        """Some events as one request: (body, headers)."""
        content = events.body(self.id, found, time.time())
        return content, events.signed(content, self.app_secret)

    def _send(self, found):
        return post(self._through(self.webhook), *self.as_delivered(found))

    def _through(self, url):
        return through(url, self.shop_url)
