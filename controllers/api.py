import logging
import re

import psycopg2
from werkzeug.exceptions import HTTPException

from odoo import http
from odoo.exceptions import (
    AccessDenied,
    AccessError,
    ConcurrencyError,
    MissingError,
    UserError,
)
from odoo.http import Dispatcher, request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..engine.api_document import CODES
from ..engine.api_operations import (
    BASE,
    IDEMPOTENCY_KEY,
    MAX_BODY,
    find_operation,
    read_parameters,
)
from ..engine.json_input import JsonError, parse_json
from ..models.api.problem import Problem

_logger = logging.getLogger(__name__)

_KEY = re.compile("[!-~]{1,200}")
JSON = "application/json"
DRAIN = 8_000_000  # bytes read of a body that is too large: who sends, then listens
CONFLICTS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


class ApiDispatcher(Dispatcher):
    """Requests of the API: bodies are read by the endpoint, problems are JSON."""

    routing_type = "mini_crm_api"
    mimetypes = (JSON,)

    @classmethod
    def is_compatible_with(cls, request):
        """Any: what type a body must have depends on the operation."""
        return True

    def dispatch(self, endpoint, args):
        """Call the endpoint with the path."""
        self.request.params = dict(args)
        try:
            return self.request.registry["ir.http"]._dispatch(endpoint)
        except UserError as exc:
            # refused to who asks: nothing that the log of the server is for
            raise _problem(self.request, exc) from exc

    def handle_error(self, exc):
        """Whatever went wrong, as problem details."""
        return _problem(self.request, exc).get_response()


def _problem(request, exc):
    """An exception as a ``Problem``."""
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, psycopg2.Error) and not request.env.cr.closed:
        request.env.cr.rollback()
    api = request.env["mini_crm.api"]
    if isinstance(exc, CONFLICTS):
        return Problem(409, api._status_text(409), headers={"Retry-After": "1"})
    if isinstance(exc, HTTPException) and exc.code in CODES:
        return Problem(exc.code, api._status_text(exc.code))
    for kind, status in ((AccessDenied, 401), (AccessError, 403), (MissingError, 404)):
        if isinstance(exc, kind):
            return Problem(status, str(exc) or api._status_text(status))
    if isinstance(exc, UserError):
        return Problem(422, str(exc), code="refused")
    return Problem(500, api._status_text(500))


class Api(http.Controller):
    @http.route(
        [BASE, f"{BASE}/<path:path>"],
        type="mini_crm_api",
        auth="mini_crm_api",
        save_session=False,
        readonly=lambda *_args: request.httprequest.method in ("GET", "HEAD"),
    )
    def api(self, path=""):
        """Every operation of ``engine/api_operations.py``: docs/api.md."""
        asked = request.httprequest
        found = find_operation(asked.method, asked.path.removeprefix(BASE))
        operation = found.operation
        query = list(asked.args.items(multi=True))
        arguments, wrong = read_parameters(operation, found.arguments, query)
        raw = self._raw_body() if asked.method not in ("GET", "HEAD") else b""
        body = self._parsed(raw) if operation.body is not None else None
        api = request.env["mini_crm.api"]

        def work():
            return api._call(operation, arguments, wrong, body)

        key = asked.headers.get(IDEMPOTENCY_KEY)
        if key is None or not operation.repeatable:
            return _answer(work(), operation.status)
        company = request.env.company.id
        target = f"{asked.method} {asked.full_path} {company}\n".encode()
        answer, repeated = api._once(self._checked_key(key), target + raw, work)
        headers = [("Idempotent-Replayed", "true")] if repeated else []
        return _answer(answer, operation.status, headers)

    def _raw_body(self):
        """The bytes of the body.

        :raises Problem: 413
        """
        asked = request.httprequest
        if (asked.content_length or 0) > MAX_BODY:
            asked.max_content_length = DRAIN
            asked.get_data(cache=False)
            raise Problem(413, request.env["mini_crm.api"]._status_text(413))
        asked.max_content_length = MAX_BODY
        return asked.get_data(cache=True)

    def _parsed(self, raw):
        """The value of a JSON body.

        :raises Problem: 400 or 415
        """
        api = request.env["mini_crm.api"]
        if request.httprequest.mimetype != JSON:
            raise Problem(415, api._status_text(415))
        try:
            return parse_json(raw)
        except JsonError as problem:
            text = api._json_text(problem)
            raise Problem(400, text, code=f"json_{problem.code}") from problem

    def _checked_key(self, key):
        """An idempotency key of up to 200 visible ASCII characters.

        :raises Problem: 400
        """
        if not _KEY.fullmatch(key):
            text = request.env["mini_crm.api"]._status_text(400)
            raise Problem(400, text, code="idempotency_key")
        return key


def _answer(value, status, headers=()):
    headers = [("Cache-Control", "no-store"), *headers]
    return request.make_json_response(value, headers=headers, status=status)
