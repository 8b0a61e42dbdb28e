from odoo import fields


class NumberSlot(fields.Float):
    """A number that can be unset: its column is NULL then, and it reads as 0.

    Odoo's own stores 0 for an empty number, and nobody could tell the two apart. What
    clients and files get of an unset number is empty.
    """

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_write(self, value, record):
        return False if value is None or value is False else float(value)

    def convert_to_read(self, value, record, use_display_name=True):
        return False if self._is_unset(record) else value

    def convert_to_export(self, value, record):
        return (
            "" if self._is_unset(record) else super().convert_to_export(value, record)
        )

    def _is_unset(self, record):
        """Whether the record, which has been read, has no number."""
        return self._get_cache(record.env).get(record.id) is None
