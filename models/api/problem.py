"""What is answered when something is wrong: problem details (RFC 9457)."""

import json
from http import HTTPStatus

from werkzeug.exceptions import HTTPException

from odoo.http import Response

from ...engine.api_document import CODES

MIMETYPE = "application/problem+json"


class Problem(HTTPException):
    """Raised anywhere below the API; rolls back the request and becomes its answer.

    :param int status: HTTP status
    :param str detail: what is wrong and how to mend it, in the user's language
    :param str | None code: the same in every language; default that of the status
    :param errors: dicts with ``pointer``, ``key``, ``code``, ``detail``
    :param dict headers: further HTTP headers
    """

    def __init__(self, status, detail, *, code=None, errors=(), headers=None):
        super().__init__(detail)
        self.code = status
        self.body = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "code": code or CODES[status],
            "errors": list(errors),
        }
        self.headers = headers or {}

    def get_response(self, environ=None, scope=None):
        """The answer as Odoo's response."""
        return Response(
            json.dumps(self.body, ensure_ascii=False),
            status=self.code,
            headers=[
                ("Content-Type", MIMETYPE),
                ("Cache-Control", "no-store"),
                *self.headers.items(),
            ],
        )


def error(pointer, code, detail, key=None):
    """One entry of ``errors``."""
    return {"pointer": pointer, "key": key, "code": code, "detail": detail}
