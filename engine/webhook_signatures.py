"""Whether a webhook is the provider's: closed when in doubt, in constant time.

The signature is of the bytes as they came: Meta signs its own escaped JSON, so reading
and writing it again would make every Persian message a forgery.
"""

import hashlib
import hmac
from collections.abc import Iterable


def telegram_ok(header: str | None, secrets: Iterable[str]) -> bool:
    """Whether the header ``X-Telegram-Bot-Api-Secret-Token`` is one of the secrets.

    :param secrets: those that are accepted; without any nothing is
    """
    return _is_one_of(header, [secret for secret in secrets if secret])


def meta_ok(header: str | None, body: bytes, secrets: Iterable[str]) -> bool:
    """Whether the header ``X-Hub-Signature-256`` signs a body with one of the secrets.

    :param header: ``sha256=`` and 64 digits in lower case, as Meta writes it
    :param body: of the request, as it came
    :param secrets: those that are accepted; without any nothing is
    """
    return _is_one_of(
        header, [_signature(body, secret) for secret in secrets if secret]
    )


def _signature(body: bytes, secret: str) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def _is_one_of(header: str | None, expected: list[str]) -> bool:
    given = (header or "").encode("utf-8", "surrogatepass")
    # all are compared, so that the time does not tell which
    found = [hmac.compare_digest(given, each.encode()) for each in expected]
    return any(found)
