"""How many requests a key may make: a bucket of tokens that fills by itself."""

from dataclasses import dataclass


@dataclass
class Bucket:
    """Tokens of one key.

    :param tokens: how many are left
    :param filled: when they were counted, in seconds of any clock that never goes back
    """

    tokens: float
    filled: float


class Limiter:
    """Buckets of many keys; a key that has not come for a minute is forgotten.

    A full bucket holds what flows in within a minute, so that a minute's requests may
    come at once.
    """

    def __init__(self):
        self._buckets: dict[str, Bucket] = {}
        self._swept = 0.0

    def wait(self, key: str, per_minute: int, now: float) -> float:
        """Take a token: 0.0, or the seconds until there is one.

        :param per_minute: tokens that flow in within a minute
        :param now: seconds of a clock that never goes back
        """
        self._sweep(now)
        bucket = self._buckets.setdefault(key, Bucket(per_minute, now))
        flown = (now - bucket.filled) * per_minute / 60
        bucket.tokens = min(per_minute, bucket.tokens + flown)
        bucket.filled = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) * 60 / per_minute
        bucket.tokens -= 1
        return 0.0

    def _sweep(self, now: float) -> None:
        """Forget full buckets: a new one is full as well."""
        if now - self._swept < 60:
            return
        self._swept = now
        for key in [k for k, b in self._buckets.items() if now - b.filled >= 60]:
            del self._buckets[key]
