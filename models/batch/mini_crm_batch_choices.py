from odoo import models
from odoo.exceptions import UserError

from ...engine import columns
from ...engine.calendars import ORDERS
from ...engine.columns import CUSTOM, KEY_TYPES
from ...engine.sheet import DELIMITERS

# Earlier programs choose what becomes of both kinds of customers by one word.
MODES = {
    "upsert": {"existing": "update", "missing": "create"},
    "create": {"existing": "skip", "missing": "create"},
    "update": {"existing": "update", "missing": "skip"},
}
CHOICES = {
    "delimiter": DELIMITERS,
    "decimal": (".", ","),
    "date_order": ORDERS,
    "existing": ("update", "skip", "create"),
    "missing": ("create", "skip"),
    "repeated": ("first", "last"),
    "similar": ("create", "skip"),
    "has_header": (True, False),
    "create_customers": (True, False),
}
DEFAULTS = {
    **MODES["upsert"],
    "repeated": "first",
    "similar": "create",
    "create_customers": True,
    "date_orders": {},
}


class MiniCrmBatch(models.Model):
    """What people choose for an import: settings, each checked when it is chosen."""

    _inherit = "mini_crm.batch"

    def _setting(self, name):
        """A choice of this import, or what it is when nobody has chosen."""
        settings = self.settings or {}
        if name not in settings and "mode" in settings:
            settings = {**settings, **MODES[settings["mode"]]}
        return settings.get(name, DEFAULTS.get(name))

    def _choose(self, chosen):
        """Take over a person's choices into the settings.

        :param dict chosen: part of the settings; what is not known is refused
        :raises UserError: which says what is wrong
        """
        settings = dict(self.settings)
        chosen = {**MODES.get(chosen.get("mode"), {}), **chosen}
        if chosen.get("mode") in MODES:
            chosen.pop("mode")
        for name, value in chosen.items():
            settings[name] = self._checked_choice(name, value, settings)
        settings["doubts"] = [d for d in settings["doubts"] if d not in chosen]
        self.settings = settings

    def _checked_choice(self, name, value, settings):
        """A choice as it is stored.

        :raises UserError: if it is not possible
        """
        if name == "mapping":
            return self._checked_mapping(value)
        if name == "date_orders":
            return self._checked_orders(value)
        if name == "key":
            return value if value in self._possible_keys() else settings["key"]
        if name == "currency":
            return self._checked_currency(value)
        if value in CHOICES.get(name, ()):
            return value
        raise UserError(
            self.env._(
                "“%(value)s” is not possible for “%(name)s”.", value=value, name=name
            )
        )

    def _possible_keys(self):
        """By what customers can be told apart, whatever the columns: list of str."""
        rules = self._all_rules().values()
        custom = [CUSTOM + rule.key for rule in rules if rule.type in KEY_TYPES]
        return [*columns.KEYS, "any", *custom]

    def _checked_orders(self, orders):
        """Order of day, month and year by column: {index (text): order}."""
        checked = {}
        for index, order in (orders or {}).items():
            if order not in ORDERS or not str(index).isdecimal():
                raise UserError(
                    self.env._("Column %s cannot have its dates like this.", index)
                )
            checked[str(int(index))] = order
        return checked

    def _checked_currency(self, code):
        """A currency of which amounts without one are."""
        if self._known_code(code) != code or not code:
            raise UserError(self.env._("There is no currency %s.", code))
        return code

    def _checked_mapping(self, mapping):
        """A mapping with known fields only, each on one column: {index: field}."""
        known = self._field_labels()
        width = len(self.settings["header"])
        checked = {}
        for index, field in mapping.items():
            if not field:
                continue
            number = int(index) if str(index).isdecimal() else -1
            if field not in known or not 0 <= number < width:
                raise UserError(
                    self.env._(
                        "Column %(column)s cannot be “%(field)s”.",
                        column=index,
                        field=field,
                    )
                )
            if field in checked.values():
                raise UserError(
                    self.env._(
                        "Two columns are to be “%s”. Choose one of them.",
                        known[field],
                    )
                )
            checked[str(number)] = field
        return checked

    def _check_settings(self):
        """Refuse settings with which a file cannot be read; note what they rest on.

        :raises UserError: which says what is missing
        """
        self._note_custom()
        fields_ = set(self.settings.get("mapping", {}).values())
        keys = set(self._possible_keys()) & fields_
        key = self.settings.get("key")
        if key == "any":
            keys &= set(columns.KEYS)
        if not keys or (key != "any" and key not in keys):
            raise UserError(
                self.env._(
                    "Choose the column that tells customers apart: customer key, e-mail"
                    " or phone."
                )
            )
        if self.kind == "import_purchases" and not {"date", "amount"} <= fields_:
            raise UserError(
                self.env._("Purchases need a date and an amount: choose their columns.")
            )

    def _field_labels(self):
        """What a person reads for the fields a column can be: {field: label}."""
        labels = {
            "ref": self.env._("Customer key"),
            "name": self.env._("Name"),
            "first_name": self.env._("First name"),
            "last_name": self.env._("Last name"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
            "company_name": self.env._("Company"),
            "function": self.env._("Job"),
            "street": self.env._("Street"),
            "street2": self.env._("Street, second line"),
            "city": self.env._("City"),
            "zip": self.env._("Postal code"),
            "country": self.env._("Country"),
            "tags": self.env._("Tags"),
            "segments": self.env._("Segments"),
            "source": self.env._("Source"),
            "owner": self.env._("Owner"),
            "comment": self.env._("Notes"),
            "since": self.env._("Customer since"),
            "lang": self.env._("Language"),
            "date": self.env._("Date"),
            "amount": self.env._("Amount"),
            "currency": self.env._("Currency"),
            "quantity": self.env._("Quantity"),
            "reference": self.env._("Reference (order or receipt number)"),
        }
        fixed = columns.FIELDS[self._file_kind()]
        return {field: labels[field] for field in fixed} | self._custom_labels()
