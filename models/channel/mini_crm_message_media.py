import logging
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import telegram
from ...engine.media_rules import (
    MAX_BYTES,
    is_allowed_address,
    is_file_path,
    safe_name,
    type_of,
)
from .provider_client import Unreachable
from .provider_download import NotFetched, download

_logger = logging.getLogger(__name__)

CALLBACK = "callback:"  # begins the external id of a pressed button of Telegram
SECONDS = 120  # that a file may take
LEASE_MINUTES = 15  # after which a worker that is not heard of has died
BACK_OFF_MINUTES = (1, 5, 30, 120)  # after each try; then it is given up
LASTING = ("too_large", "not_allowed", "gone")  # another try would end the same


class MiniCrmMessage(models.Model):
    """What the provider is asked about a message once it is there: mostly its files."""

    _inherit = "mini_crm.message"

    media_due_at = fields.Datetime(
        help="When the provider is asked for its files, UTC; empty: not any more."
    )
    media_tries = fields.Integer(default=0)

    _media_due_idx = models.Index("(media_due_at) WHERE media_due_at IS NOT NULL")

    @api.model
    def _cron_fetch_media(self):
        """Worker: fetch the files of one message after the other.

        While a file is on its way there is no transaction: the message is reserved
        until some minutes later, so that a worker that dies is followed by another.
        """
        cron = self.env["ir.cron"]
        while message := self._claim_media():
            work = message._media_work()
            cron._commit_progress(remaining=1)
            results = [(place, fetch()) for place, fetch in work]
            message.exists()._record_media(dict(results))
            if not cron._commit_progress(1, remaining=1):
                return
        if self.env["mini_crm.identity"]._fetch_profiles():
            cron._commit_progress(remaining=0)

    @api.model
    def _claim_media(self):
        """The next message with a file to fetch, reserved for a while; or none."""
        rows = self.env.execute_query(
            SQL(
                """UPDATE mini_crm_message
                SET media_tries = coalesce(media_tries, 0) + 1,
                    media_due_at = now() AT TIME ZONE 'utc' + make_interval(mins => %s)
                WHERE id = (SELECT id FROM mini_crm_message
                    WHERE media_due_at <= now() AT TIME ZONE 'utc'
                    ORDER BY media_due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id""",
                LEASE_MINUTES,
            )
        )
        self.invalidate_model(["media_due_at", "media_tries"])
        return self.browse(rows[0]) if rows else self.browse()

    def _media_work(self):
        """What is to be fetched: list of (place in ``media``, function that does it).

        The functions need no database and give ``bytes`` or ``NotFetched``.
        """
        channel = self.channel_id.sudo()
        waiting = [
            (place, one)
            for place, one in enumerate(self.media or [])
            if one["state"] == "waiting"
        ]
        try:
            client = channel._client()
        except UserError:  # without a token, until somebody enters one
            return [(place, lambda: NotFetched("no_token")) for place, _one in waiting]
        if self.external_id.startswith(CALLBACK):
            # the button of whoever has pressed it shows that it works until then
            call = telegram.answer_callback(self.external_id.removeprefix(CALLBACK))
            return [(None, lambda: _call_once(client, call))]
        fetch = _fetch_telegram if channel.type == "telegram" else _fetch_address
        host = urlsplit(channel.api_url or "").netloc
        return [
            (place, lambda one=one: fetch(client, one, host)) for place, one in waiting
        ]

    def _record_media(self, results):
        """Keep what was fetched, or when it is tried again.

        :param dict results: place in ``media`` -> bytes or ``NotFetched``
        """
        if not self or self.deleted_at:
            return
        given_up = self.media_tries > len(BACK_OFF_MINUTES)
        media, again = [dict(one) for one in self.media or []], False
        for place, result in results.items():
            if (
                place is None
                or place >= len(media)
                or media[place]["state"] != "waiting"
            ):
                continue  # edited meanwhile
            if isinstance(result, bytes):
                media[place] |= self._keep_fetched(media[place], result)
            elif result.why in LASTING or given_up:
                state = "too_large" if result.why == "too_large" else "failed"
                media[place] |= {"state": state, "reason": result.why}
                _logger.info("File of message %s: %s", self.id, result.why)
            else:
                media[place]["reason"] = result.why
                again = True
        due = False
        if again:
            minutes = BACK_OFF_MINUTES[self.media_tries - 1]
            due = fields.Datetime.now() + timedelta(minutes=minutes)
        self.write({"media": media, "media_due_at": due})
        self._tell_changed(self.partner_id.ids)

    def _keep_fetched(self, one, content):
        """Store a file as an attachment of this message: changes of its entry (dict).

        Its type is what its bytes say; a page or a drawing is plain text.
        """
        mime = type_of(content, one["name"])
        name = safe_name(one["name"], mime, fallback=one["kind"])
        files = self.env["ir.attachment"].with_context(
            attachments_mime_plainxml=True, image_no_postprocess=True
        )
        attachment = files.create(
            {
                "name": name,
                "raw": content,
                "mimetype": mime,
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
            }
        )
        return {
            "state": "fetched",
            "reason": "",
            "name": name,
            "mime": mime,
            "size": len(content),
            "attachment_id": attachment.id,
        }


def _call_once(client, call):
    """Make a call whose answer changes nothing."""
    try:
        client.call(call.method, call.path, json=call.json)
    except Unreachable as error:
        _logger.info("%s: %s", call.path, error.why)


def _fetch_telegram(client, one, _host):
    """A file of Telegram, which tells where it is: ``bytes`` or ``NotFetched``."""
    limit = MAX_BYTES["telegram"]
    if one["size"] > limit:
        return NotFetched("too_large")
    try:
        answer = client.call("POST", "getFile", json={"file_id": one["reference"]})
        result = (answer.body or {}).get("result")
        if answer.status != 200 or not isinstance(result, dict):
            return _refusal(answer.status, (answer.body or {}).get("description"))
        path = result.get("file_path")
        if not isinstance(path, str) or not is_file_path(path):
            return NotFetched("not_allowed")
        return download(client, path=path, limit=limit, seconds=SECONDS)
    except Unreachable as error:
        return NotFetched(error.why)
    except NotFetched as error:
        return error


def _fetch_address(client, one, host):
    """A file of Instagram, from an address of its own: ``bytes`` or ``NotFetched``.

    :param str host: of a provider's address that was configured, allowed as well
    """
    address = one["reference"]
    if not is_allowed_address(address) and not _is_at(address, host):
        return NotFetched("not_allowed")
    try:
        limit = MAX_BYTES["instagram"]
        return download(client, address=address, limit=limit, seconds=SECONDS)
    except NotFetched as error:
        if error.status in (403, 404, 410):
            return NotFetched("gone")  # these addresses hold for some days
        return error


def _is_at(address, host):
    """Whether an address is at the host that an administrator has configured."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(host) and parts.netloc == host and parts.scheme in ("http", "https")


def _refusal(status, description):
    if "too big" in str(description):
        return NotFetched("too_large", status)
    lasting = status in (400, 403, 404)
    return NotFetched("gone" if lasting else "refused", status)
