from odoo import fields


class NumberSlot(fields.Float):
    """A number that can be unset: its column is NULL then, and it reads as 0.

    Odoo's own stores 0 for an empty number, and nobody could tell the two apart.
    """

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)
