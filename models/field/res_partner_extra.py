import math

from odoo import api, models

from ...engine.field_keys import is_key
from .filled_sql import EXTRA

MAX_TEXT = 4_000  # characters of a value
MAX_KEYS = 500  # of one customer


class ResPartner(models.Model):
    """Keys of ``custom_fields_extra`` that no field defines: what programs keep there.

    Their values are plain JSON: text, numbers, yes or no.
    """

    _inherit = "res.partner"

    @api.model
    def _extra_problem(self, given):
        """What is wrong with the overflow as a whole: a problem or ``None``."""
        if not isinstance(given, dict):
            return {
                "key": EXTRA,
                "code": "extra_form",
                "message": self.env._(
                    "Values beyond the slots must be given by their keys, as in"
                    ' {"shoe_size": 42}.'
                ),
            }
        if len(given) > MAX_KEYS:
            message = self._free_key_messages(EXTRA)["extra_many"]
            return {"key": EXTRA, "code": "extra_many", "message": message}
        return None

    def _free_key_problem(self, key, value, allowed=True):
        """What is wrong with a key that no field in use has: a problem or ``None``.

        :param str key: the key
        :param value: what is to be kept under it; ``None`` takes it out
        :param bool allowed: whether such keys may be written at all
        :return: ``{"key", "code", "message"}`` or ``None``
        """
        code = self._free_key_code(key, value, allowed)
        if not code:
            return None
        message = self._free_key_messages(key)[code]
        return {"key": str(key), "code": code, "message": message}

    def _free_key_code(self, key, value, allowed):
        definitions = self.env["mini_crm.field"]
        if not isinstance(key, str) or not is_key(key):
            return "key_syntax"
        if key in definitions._rules():
            return "key_of_slot"
        if key in definitions._keys():
            return "key_archived"
        if not allowed:
            return "key_unknown"
        if key in self._fields:
            return "key_reserved"
        if not _is_plain(value):
            return "extra_value"
        if isinstance(value, str) and len(value) > MAX_TEXT:
            return "extra_long"
        if len(self) == 1 and key not in (kept := self[EXTRA] or {}):
            return "extra_many" if len(kept) >= MAX_KEYS else None
        return None

    @api.model
    def _free_key_messages(self, key):
        """Sentences by code: {code: str}."""
        _ = self.env._
        key = str(key)[:80]
        return {
            "key_syntax": _(
                "%s: a key begins with a letter a-z and has only the letters a-z,"
                " digits and _, at most 63.",
                key,
            ),
            "key_of_slot": _(
                "%s: this field has a column of its own. Write it there, not beyond the"
                " slots.",
                key,
            ),
            "key_archived": _(
                "%s: the field with this key is archived. Restore it to write values.",
                key,
            ),
            "key_reserved": _(
                "%s: customers have a standard field of this name. Use another key.",
                key,
            ),
            "key_unknown": _("%s: there is no custom field with this key.", key),
            "extra_value": _(
                "%s: only a text, a number, yes or no can be kept here.", key
            ),
            "extra_long": _("%s: keep the text under 4,000 characters.", key),
            "extra_many": _(
                "%s: this customer has 500 values beyond the slots already. Remove one"
                " first.",
                key,
            ),
        }


def _is_plain(value):
    """Whether a value can be kept as JSON in the database: a scalar that has a form."""
    if isinstance(value, str):
        return _encodes(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or type(value) in (int, bool)


def _encodes(text):
    """Whether PostgreSQL takes a text: no NUL, no half of a pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
