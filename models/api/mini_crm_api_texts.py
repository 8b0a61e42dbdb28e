from odoo import api, models


class MiniCrmApi(models.AbstractModel):
    """Codes of what is wrong with a request, as sentences for people."""

    _inherit = "mini_crm.api"

    @api.model
    def _status_text(self, status):
        """What a status says when nothing more special is known."""
        texts = {
            400: self.env._("The request cannot be read."),
            401: self.env._(
                "The API key is missing, wrong or expired. Send it in the header"
                " “Authorization: Bearer KEY”."
            ),
            403: self.env._("You may not do this."),
            404: self.env._("There is no such thing here."),
            405: self.env._("This address does not know this method."),
            409: self.env._(
                "Somebody is changing the same thing right now. Try again in a moment."
            ),
            413: self.env._("The request is larger than 1 MB. Split it."),
            415: self.env._(
                "Send JSON, with the header “Content-Type: application/json”."
            ),
            422: self.env._(
                "Something in the request is wrong; nothing was changed. The list of"
                " errors says what and where."
            ),
            429: self.env._("Too many requests. Wait for a moment."),
            500: self.env._(
                "This is our mistake; nothing was changed. The administrator finds the"
                " reason in the server's log."
            ),
        }
        return texts.get(status) or texts[400]

    @api.model
    def _no_agent_text(self):
        return self.env._(
            "The owner of this key is no agent of Mini CRM. An administrator can change"
            " that in the user's settings."
        )

    @api.model
    def _company_text(self):
        return self.env._("The owner of this key does not belong to this company.")

    @api.model
    def _json_text(self, problem):
        """What is wrong with a body that is no proper JSON (``JsonError``)."""
        texts = {
            "utf8": self.env._("The body is not UTF-8."),
            "syntax": self.env._(
                "The body is not JSON: see line and column %s.", problem.value
            ),
            "number": self.env._("A number is too large: %s", problem.value),
            "duplicate_key": self.env._(
                "A key occurs twice in one object: %s", problem.value
            ),
            "depth": self.env._("The body is nested too deeply."),
            "character": self.env._(
                "A text has a character that cannot be stored. Remove it."
            ),
        }
        return texts[problem.code]

    @api.model
    def _violation_text(self, violation):
        """What a value has that its schema forbids (``Violation``)."""
        text = self._violation_texts()[violation.code]
        return text.format_map(violation.details)

    @api.model
    def _violation_texts(self):
        too_short = self.env._("Too short: at least {limit} characters.")
        too_small = self.env._("Too small: at least {limit}.")
        return {
            "type": self.env._("The wrong type of value. Allowed: {expected}."),
            "enum": self.env._("Not one of the allowed values: {expected}."),
            "pattern": self.env._("Not in the form that is wanted: {expected}"),
            "minLength": too_short,
            "maxLength": self.env._("Too long: at most {limit} characters."),
            "minimum": too_small,
            "maximum": self.env._("Too large: at most {limit}."),
            "minItems": self.env._("Too few: at least {limit}."),
            "maxItems": self.env._("Too many: at most {limit}."),
            "minProperties": self.env._("Give at least {limit} of the values."),
            "maxProperties": self.env._("Give at most {limit} of the values."),
            "uniqueItems": self.env._("Something occurs twice."),
            "required": self.env._("{name} is missing."),
            "unknown": self.env._("There is no {name} here. Check its spelling."),
            "character": self.env._(
                "A text has a character that cannot be stored. Remove it."
            ),
        }

    @api.model
    def _value_texts(self):
        """Codes of values and items that are refused, with their sentences: dict."""
        # sudo: sentences, the same for everybody
        texts = self.env["mini_crm.batch"].sudo()._problem_texts()
        return {
            **texts,
            "name_missing": self.env._("A customer needs a name."),
            "key_missing": self.env._(
                "The customer cannot be recognised: the value that you match by is"
                " missing."
            ),
            "repeated": self.env._("Item {other} is about the same. Send each once."),
            "internal_user": self.env._(
                "This is the contact of one of your own users, which the API never"
                " changes."
            ),
            "own_company": self.env._(
                "This is the contact of your own company, which the API never changes."
            ),
            "archived": self.env._(
                "This customer is archived. Restore the customer first."
            ),
            "customer_unknown": self.env._("There is no customer {value}."),
            "forbidden": self.env._("You may not change this customer."),
            "currency_inactive": self.env._(
                "The currency {value} is not in use. An administrator can switch it on."
            ),
            "event_differs": self.env._(
                "Another event was logged with this external key; it stays as it is."
            ),
        }
