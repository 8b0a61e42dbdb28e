from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.modules.module import get_manifest

from ...engine.api_document import openapi
from ...engine.customer_values import Home
from ...engine.json_input import MAX_VIOLATIONS, violations
from .ir_http import DEFAULT_RATE, RATE
from .problem import Problem, error


class MiniCrmApi(models.AbstractModel):
    """What the operations of the API do; see the room's docstring."""

    _name = "mini_crm.api"
    _description = "API for Programs"

    @api.model
    def _call(self, operation, arguments, wrong, body):
        """Do an operation.

        :param Operation operation: which
        :param dict arguments: values of its parameters
        :param list[Violation] wrong: what is wrong with them
        :param body: the JSON body; ``None`` without one
        :return: the answer, as JSON takes it
        :raises Problem: for whatever is wrong
        """
        if any(violation.code == "missing" for violation in wrong):
            raise Problem(404, self._status_text(404))
        self._refuse(wrong)
        do = getattr(self, f"_do_{operation.name}")
        if operation.body is None:
            return do(arguments)
        # all of them: an item that is not found wrong is taken for right
        found = violations(body, operation.body, limit=None)
        if self._concerns_items(found, body):
            return do(arguments, body, found)
        self._refuse(found[:MAX_VIOLATIONS])
        return do(arguments, body)

    @api.model
    def _concerns_items(self, found, body):
        """Whether only single items are wrong, of which the others are to be done."""
        return (
            bool(found)
            and isinstance(body, dict)
            and body.get("mode") == "per_item"
            and all(violation.pointer.startswith("/items/") for violation in found)
        )

    @api.model
    def _refuse(self, found):
        """Raise violations as a problem, if there are any.

        :raises Problem: 422
        """
        if found:
            errors = [self._violation_error(violation) for violation in found]
            raise Problem(422, self._status_text(422), errors=errors)

    @api.model
    def _violation_error(self, violation):
        """A violation of a schema as an entry of ``errors``."""
        parts = violation.pointer.split("/")
        key = parts[parts.index("custom") + 1] if "custom" in parts[:-1] else None
        return error(
            violation.pointer, violation.code, self._violation_text(violation), key
        )

    @api.model
    def _do_describe(self, _arguments):
        """The OpenAPI document; the custom fields only for who has a key."""
        named = []
        if self.env.uid:
            named = [
                {
                    "key": field.key,
                    "label": field.name,
                    "type": field.type,
                    "options": field.option_ids.mapped("code"),
                }
                for field in self.env["mini_crm.field"].search([])
            ]
        return openapi(get_manifest("mini_crm")["version"], named)

    # Who asks, and how

    @api.model
    def _asked_lang(self, httprequest):
        """Code of an installed language that a request asks for, or ``None``."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for wanted, _quality in httprequest.accept_languages:
            wanted = wanted.replace("-", "_").lower()
            for code in installed:
                if wanted in (code.lower(), code.split("_")[0].lower()):
                    return code
        return None

    @api.model
    def _chosen_company(self, httprequest):
        """The company that a request is about: that of the key's owner by default.

        :raises Problem: 403 for a company that is not one of his
        """
        given = httprequest.headers.get("X-Company") or httprequest.args.get("company")
        if not given:
            return self.env.user.company_id
        companies = self.env.user.company_ids
        chosen = companies.filtered(lambda company: str(company.id) == given.strip())
        if not chosen:
            raise Problem(403, self._company_text(), code="company_unknown")
        return chosen

    @api.model
    def _rate(self):
        """Requests that a key may make in a minute."""
        # sudo: the setting is the same for everybody
        value = self.env["ir.config_parameter"].sudo().get_param(RATE)
        return (
            int(value) if value and value.isdecimal() and int(value) else DEFAULT_RATE
        )

    @api.model
    def _home(self, names=()):
        """What is meant where a value does not say it.

        :param names: fields that are to be read; what only others need is not looked up
        :rtype: Home
        """
        company = self.env.company
        # sudo: names of countries and languages, which everybody may know
        batch = self.env["mini_crm.batch"].sudo()
        persian = (self.env.lang or "").startswith("fa")
        region = company.country_id.code or ("IR" if persian else None)
        return Home(
            region=region,
            persian=persian or region in ("IR", "AF"),
            zone=ZoneInfo(company.mini_crm_tz or "UTC"),
            countries=batch._countries() if "country" in names else {},
            languages=batch._languages() if "lang" in names else {},
        )
