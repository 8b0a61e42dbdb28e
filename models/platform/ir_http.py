from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    """Cookies that came over HTTPS never go over HTTP.

    Odoo leaves out the attribute because it does not know how people reach it; behind a
    proxy that it trusts (``proxy_mode``) the scheme of the request says so.

    And a language that somebody has just chosen has its own direction at once.
    """

    _inherit = "ir.http"

    def webclient_rendering_context(self):
        """Have the page run in the direction of the language it is in.

        Odoo asks the session for the language, which is told of a new one while the
        page is made: Persian would run from left to right until the page after it.
        """
        context = super().webclient_rendering_context()
        chosen = context["session_info"].get("user_context", {}).get("lang")
        if chosen:
            request.update_context(lang=chosen)
        return context

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        cls._mini_crm_secure_cookies(response)
        return result

    @classmethod
    def _handle_error(cls, exception):
        response = super()._handle_error(exception)
        cls._mini_crm_secure_cookies(response)
        return response

    @classmethod
    def _mini_crm_secure_cookies(cls, response):
        """Mark the cookies of a response as secure if its request came by HTTPS."""
        headers = getattr(response, "headers", None)
        if request.httprequest.scheme != "https" or not headers:
            return
        cookies = headers.getlist("Set-Cookie")
        if cookies:
            headers.setlist("Set-Cookie", [_secured(cookie) for cookie in cookies])


def _secured(cookie):
    """A Set-Cookie header with the attribute Secure."""
    attributes = [part.strip().lower() for part in cookie.split(";")[1:]]
    return cookie if "secure" in attributes else f"{cookie}; Secure"
