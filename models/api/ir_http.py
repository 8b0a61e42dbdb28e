import hashlib
import re
import time

from odoo import models
from odoo.http import request

from ...engine.api_operations import BASE, find_operation
from ...engine.token_bucket import Limiter
from .problem import Problem

AGENT = "mini_crm.mini_crm_group_agent"
SCOPES = ("mini_crm", "rpc")
RATE = "mini_crm.api_requests_per_minute"
DEFAULT_RATE = 600
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)
# Of this process: with worker processes each counts by itself (docs/api.md).
_limiter = Limiter()


class IrHttp(models.AbstractModel):
    """Who asks the API: the owner of a key, never the user of a session.

    A browser sends the cookie of a session by itself, whatever page has made the
    request; a key it cannot send. So no request of the API can be forged.
    """

    _inherit = "ir.http"

    @classmethod
    def _auth_method_mini_crm_api(cls):
        """The key of a request: ``Authorization: Bearer KEY``.

        Unknown addresses are told before: which there are stands in the document that
        everybody may read.
        """
        request.session.can_save = False
        cls._auth_method_none()  # whoever a cookie says it is
        api = request.env["mini_crm.api"]
        request.update_env(context={"lang": api._asked_lang(request.httprequest)})
        api = request.env["mini_crm.api"]
        path = request.httprequest.path.removeprefix(BASE)
        found = find_operation(request.httprequest.method, path)
        if not found.allowed:
            raise Problem(404, api._status_text(404), code="no_such_address")
        if not found.operation:
            allow = {"Allow": ", ".join(found.allowed)}
            raise Problem(405, api._status_text(405), headers=allow)
        token = cls._mini_crm_api_token()
        if token:
            cls._mini_crm_api_log_in(token)
        elif not found.operation.open:
            raise _unauthorized(api)

    @classmethod
    def _mini_crm_api_token(cls):
        header = request.httprequest.headers.get("Authorization", "")
        match = _BEARER.fullmatch(header)
        return match[1] if match else None

    @classmethod
    def _mini_crm_api_log_in(cls, token):
        """Go on as the owner of a key, in his company and language."""
        api = request.env["mini_crm.api"]
        keys = request.env["res.users.apikeys"]
        found = (keys._check_credentials(scope=scope, key=token) for scope in SCOPES)
        user_id = next(filter(None, found), None)
        if not user_id:
            raise _unauthorized(api)
        user = request.env(user=user_id).user
        lang = request.env.context.get("lang") or user.lang
        request.update_env(user=user_id, context={"lang": lang, "tz": user.tz})
        api = request.env["mini_crm.api"]
        cls._mini_crm_api_limit(token)
        if not request.env.user.has_group(AGENT):
            raise Problem(403, api._no_agent_text())
        company = api._chosen_company(request.httprequest)
        request.update_env(
            context={
                **request.env.context,
                "allowed_company_ids": [company.id],
                # what is changed is told as changed by a program
                "mini_crm_through": "api",
                "tracking_disable": True,
            }
        )

    @classmethod
    def _mini_crm_api_limit(cls, token):
        """Refuse a key that asks too often.

        :raises Problem: 429 with the seconds to wait
        """
        api = request.env["mini_crm.api"]
        key = hashlib.sha256(token.encode()).hexdigest()
        wait = _limiter.wait(key, api._rate(), time.monotonic())
        if wait:
            headers = {"Retry-After": str(int(wait) + 1)}
            raise Problem(429, api._status_text(429), headers=headers)

    @classmethod
    def _serve_fallback(cls):
        # what no route matches, such as an empty part of the path
        if f"{request.httprequest.path}/".startswith(f"{BASE}/"):
            text = request.env["mini_crm.api"]._status_text(404)
            return Problem(404, text, code="no_such_address").get_response()
        return super()._serve_fallback()


def _unauthorized(api):
    challenge = {"WWW-Authenticate": 'Bearer realm="mini_crm"'}
    return Problem(401, api._status_text(401), headers=challenge)
