"""Looking after connected channels: what the provider knows, silence, expiry."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise

TELEGRAM_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
)
META_FIELDS = (
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "message_reactions",
    "messaging_referral",
)
FAILING_MINUTES = 60  # an error of the provider's last hour still matters
QUIET_HOURS = 24  # shorter silences are never told
USUAL_DELIVERIES = 20  # fewer say nothing about what is usual
REFRESH_DAYS = 10  # before it expires
REFRESH_AFTER_HOURS = 24  # younger tokens cannot be refreshed
WARN_DAYS = 3  # before it expires


@dataclass(frozen=True)
class Webhook:
    """What Telegram says of a bot's webhook.

    :param action: empty (all is well), register (make it known again), foreign
        (somebody else's address is registered)
    :param failing: whether deliveries fail
    :param waiting: updates that wait to be delivered
    :param error: what Telegram says of the last failure, or empty
    """

    action: str
    failing: bool = False
    waiting: int = 0
    error: str = ""


def read_webhook(info: dict, url: str, key: str, now: datetime) -> Webhook:
    """Compare Telegram's answer to getWebhookInfo with what it should be.

    :param info: its ``result``
    :param url: our address, or empty where we ask for the messages ourselves
    :param key: last part of our address, whatever the server's name is
    :param now: UTC
    """
    known = _text(info.get("url"))
    waiting = info.get("pending_update_count")
    waiting = waiting if isinstance(waiting, int) else 0
    if not url:
        return Webhook("foreign" if known else "", waiting=waiting)
    if known and not known.rstrip("/").endswith(f"/{key}"):
        return Webhook("foreign", waiting=waiting)
    allowed = info.get("allowed_updates")
    misses = not isinstance(allowed, list) or not set(TELEGRAM_UPDATES) <= set(allowed)
    error = _text(info.get("last_error_message"))
    failed_at = info.get("last_error_date")
    since = now - timedelta(minutes=FAILING_MINUTES)
    failing = (
        bool(error and waiting)
        and isinstance(failed_at, int)
        and failed_at >= since.replace(tzinfo=timezone.utc).timestamp()
    )
    action = "register" if known != url or misses else ""
    return Webhook(action, failing, waiting, error if failing else "")


def is_subscribed(body: dict) -> bool:
    """Whether Meta's answer to subscribed_apps names what we need."""
    apps = body.get("data")
    return isinstance(apps, list) and any(
        isinstance(app, dict) and "messages" in (app.get("subscribed_fields") or ())
        for app in apps
    )


def is_silent(received: list[datetime], now: datetime) -> bool:
    """Whether nothing has come for unusually long: twice the longest gap so far.

    :param received: when deliveries came, in any order: some hundred of the last weeks
    """
    if len(received) < USUAL_DELIVERIES:
        return False
    times = sorted(received)
    longest = max(later - earlier for earlier, later in pairwise(times))
    return now - times[-1] > max(2 * longest, timedelta(hours=QUIET_HOURS))


def refresh_due(
    set_at: datetime | None, expires_at: datetime | None, now: datetime
) -> bool:
    """Whether an Instagram token should and can be refreshed now.

    One whose end nobody has told is refreshed as soon as it can be: the answer says it.
    """
    if set_at is None or now - set_at < timedelta(hours=REFRESH_AFTER_HOURS):
        return False
    return expires_at is None or (now < expires_at < now + timedelta(days=REFRESH_DAYS))


def expiry_problem(expires_at: datetime | None, now: datetime) -> str:
    """token_expired, expiring, or empty."""
    if expires_at is None or expires_at > now + timedelta(days=WARN_DAYS):
        return ""
    return "expiring" if expires_at > now else "token_expired"


def _text(value):
    return value if isinstance(value, str) else ""
