import logging
import re
import time
from secrets import token_hex

from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
)

from odoo import http
from odoo.http import Dispatcher, request
from odoo.tools import consteq

from ..engine.token_bucket import Limiter
from ..engine.webhook_signatures import meta_ok, telegram_ok
from ..models.channel.mini_crm_channel_receivers import OPEN
from ..models.channel.mini_crm_inbox import MAX_BODY

DRAIN = 8_000_000  # bytes read of a body that is too large: who sends, then listens
TELEGRAM_HEADER = "X-Telegram-Bot-Api-Secret-Token"
META_HEADER = "X-Hub-Signature-256"
BAD_PER_MINUTE = 60  # requests that are not the provider's, of a channel or an address
# Of this process: with worker processes each counts by itself.
_bad = Limiter()
_NOBODYS = token_hex()  # an unknown channel's secret, so that asking takes as long
_VERIFY_TOKEN = re.compile(r"(hub\.verify_token=)[^&\s]*")


class WebhookDispatcher(Dispatcher):
    """Requests of providers: nothing reads the body before its size is looked at."""

    routing_type = "mini_crm_webhook"

    @classmethod
    def is_compatible_with(cls, request):
        """Any: a provider's type of body does not matter, its bytes do."""
        return True

    def dispatch(self, endpoint, args):
        """Call the endpoint with the parts of the path.

        :raises ServiceUnavailable: without the database: the provider tries again
        """
        if not self.request.db:
            raise ServiceUnavailable
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """A refusal as it is; anything else is ours, and the provider tries again."""
        return http.HttpDispatcher(self.request).handle_error(exc)


class Webhook(http.Controller):
    """Where providers deliver: docs/channels.md."""

    @http.route(
        "/mini_crm/webhook/<string:key>",
        type="mini_crm_webhook",
        auth="none",  # the request proves whose it is, and no user is asked for
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        readonly=False,  # without a user it would be
    )
    def webhook(self, key):
        """Store what a provider delivers, and answer when it is committed.

        Who does not prove to be the provider changes nothing: an unknown address gets
        404, a wrong or missing proof 403, and so does everything for a channel that is
        not connected or has no secret. Only such requests are limited (429).
        """
        own, others = request.env["mini_crm.channel"]._receivers_at(key)
        if request.httprequest.method != "POST":
            return self._challenge(own)
        body = self._raw_body()
        receivers = self._receivers(own, others, body)
        if not receivers:
            self._refuse(own)
        request.env["mini_crm.inbox"]._store_alone(
            sorted((one.id, one.company_id) for one in receivers), body
        )
        return request.make_response("", [("Content-Type", "text/plain")])

    def _challenge(self, channel):
        """Meta asks whether the address is ours: its challenge, as text."""
        asked = request.httprequest.args
        given = asked.get("hub.verify_token", "").encode()
        known = channel.accepted("verify_token") if channel else [_NOBODYS]
        fits = [consteq(token.encode(), given) for token in known]
        usable = channel and channel.type == "instagram" and channel.state != "off"
        if not (usable and any(fits) and asked.get("hub.mode") == "subscribe"):
            self._refuse(channel)
        return request.make_response(
            asked.get("hub.challenge", ""),
            [("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff")],
        )

    def _raw_body(self):
        """The bytes of the body.

        :raises RequestEntityTooLarge: for more than ``MAX_BODY``, also when it comes in
            pieces of unknown number
        """
        asked = request.httprequest
        if (asked.content_length or 0) > MAX_BODY:
            asked.max_content_length = DRAIN
            asked.get_data(cache=False)
            raise RequestEntityTooLarge
        # werkzeug cuts pieces off at the limit without a word: one byte more tells
        asked.max_content_length = MAX_BODY + 1
        try:
            body = asked.get_data(cache=True)
        except OSError as error:  # pieces that are none
            raise BadRequest from error
        if len(body) > MAX_BODY:
            raise RequestEntityTooLarge
        return body

    def _receivers(self, own, others, body):
        """Channels that a request is for and proves to be for, by the secrets of each.

        An app of Meta has one address for all its accounts: what comes to the address
        of one is kept for each of them that stands in it.
        """
        receivers = [own] if self._is_of_provider(own, body) else []
        return receivers + [
            one
            for one in others
            if one.account_id.encode() in body and self._is_of_provider(one, body)
        ]

    def _is_of_provider(self, channel, body):
        """Whether a request proves to be the provider's; the unknown costs the same."""
        headers = request.httprequest.headers
        if channel and channel.type == "telegram":
            secrets = channel.accepted("webhook_secret")
            proved = telegram_ok(headers.get(TELEGRAM_HEADER), secrets)
        else:
            secrets = [_NOBODYS]
            if channel and channel.type == "instagram":
                secrets = [
                    *channel.accepted("app_secret"),
                    *channel.accepted("other_app_secret"),
                ]
            proved = meta_ok(headers.get(META_HEADER), body, secrets)
        return bool(channel) and proved and channel.state in OPEN

    def _refuse(self, channel):
        """Count a request that is not the provider's, and refuse it.

        :raises TooManyRequests: when its address or its channel has had many of them
        :raises NotFound: without a channel
        :raises Forbidden: with one
        """
        keys = [f"address {request.httprequest.remote_addr}"]
        if channel:
            keys.append(f"channel {channel.id}")
        now = time.monotonic()
        wait = max(_bad.wait(key, BAD_PER_MINUTE, now) for key in keys)
        if wait:
            raise TooManyRequests(retry_after=int(wait) + 1)
        raise Forbidden if channel else NotFound


class _WithoutVerifyToken(logging.Filter):
    """Meta sends the verify token in the address, which the server logs."""

    def filter(self, record):
        """Take the token out of the line."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                _VERIFY_TOKEN.sub(r"\1***", value) if isinstance(value, str) else value
                for value in record.args
            )
        return True


logging.getLogger("werkzeug").addFilter(_WithoutVerifyToken())
