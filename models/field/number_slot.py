from odoo import fields
from odoo.tools import SQL


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

    # "Is set" and "is not set" tell 0 and no number apart. Compared with a number, no
    # number counts as 0, as Odoo has it.

    def _condition_to_sql(self, field_expr, operator, value, model, alias, query):
        numbers = _numbers_beside_none(operator, value)
        if numbers is None:
            return super()._condition_to_sql(
                field_expr, operator, value, model, alias, query
            )
        column = model._field_to_sql(alias, field_expr, query)
        either, none = SQL("OR"), SQL("%s IS NULL", column)
        if operator == "not in":
            either, none = SQL("AND"), SQL("%s IS NOT NULL", column)
        if not numbers:
            return none
        given = super()._condition_to_sql(
            field_expr, operator, numbers, model, alias, query
        )
        return SQL("(%s %s %s)", given, either, none)

    def filter_function(self, records, field_expr, operator, value):
        numbers = _numbers_beside_none(operator, value)
        if numbers is None:
            return super().filter_function(records, field_expr, operator, value)
        return lambda record: record[self.name] in numbers or self._is_unset(record)

    def _is_unset(self, record):
        """Whether the record, which has been read, has no number."""
        return self._get_cache(record.env).get(record.id) is None


def _numbers_beside_none(operator, value):
    """The numbers in a list in which there is also "no number".

    :return: list of numbers; ``None`` where no number is not asked for
    """
    if operator not in ("in", "not in"):
        return None
    # 0 == False: only what it is tells them apart
    numbers = [one for one in value if one is not False and one is not None]
    return numbers if len(numbers) < len(value) else None
