"""When to send: how fast an account may, and how long to wait after a failure."""

from dataclasses import dataclass, field

# Calls a second that a provider allows an account (Telegram names 30).
RATES = {"telegram": 25.0, "instagram": 100.0}
# Seconds between two messages to the same chat.
GAPS = {"telegram": 1.0, "instagram": 0.0}
BURST = 0.25  # seconds' worth of calls that may begin at once
MAX_ATTEMPTS = 5
FIRST_PAUSE = 5.0  # seconds
GROWTH = 6
LONGEST_ACCOUNT_PAUSE = 30.0  # seconds


def back_off(attempts, jitter):
    """Seconds until a message is tried again that surely was not accepted.

    :param int attempts: calls so far, at least 1
    :param float jitter: 0 to 1, by chance, so that not all come back at once
    :rtype: float

    >>> [back_off(attempts, 0.5) for attempts in (1, 2, 3, 4)]
    [5.0, 30.0, 180.0, 1080.0]
    """
    return FIRST_PAUSE * GROWTH ** (attempts - 1) * (0.75 + jitter / 2)


@dataclass
class Pace:
    """How many calls may begin now, for each account: a bucket that fills by itself.

    Each worker has one of its own and a share of the provider's limit; so workers need
    not tell each other what they do.

    :param int workers: how many share the limit
    """

    workers: int = 1
    _buckets: dict = field(default_factory=dict)  # account: (tokens, filled at)

    def allowed(self, account, kind, now):
        """How many calls of an account may begin now.

        :param account: its id
        :param str kind: telegram or instagram
        :param float now: seconds of a clock that never goes back
        :rtype: int
        """
        rate = RATES[kind] / self.workers
        most = max(1.0, rate * BURST)
        tokens, filled = self._buckets.get(account, (most, now))
        tokens = min(most, tokens + (now - filled) * rate)
        self._buckets[account] = (tokens, now)
        return int(tokens)

    def take(self, account, calls):
        """Note that calls of an account begin, at most as many as were allowed."""
        tokens, filled = self._buckets[account]
        self._buckets[account] = (tokens - calls, filled)

    def wait(self, account, kind):
        """Seconds until the next call of an account may begin, as of ``allowed``."""
        tokens, _filled = self._buckets.get(account, (1.0, 0.0))
        return max(0.0, 1.0 - tokens) * self.workers / RATES[kind]
