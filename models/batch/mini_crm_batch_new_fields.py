from itertools import islice

from odoo import models
from odoo.exceptions import UserError

from ...engine.column_types import guess_type
from ...engine.columns import CUSTOM, is_error_column
from .mini_crm_batch_opening import SAMPLE_ROWS


class MiniCrmBatch(models.Model):
    """Custom fields for the columns of a file that are none yet."""

    _inherit = "mini_crm.batch"

    def _may_create_fields(self):
        """Whether who imports may make custom fields, and this file can have some."""
        return self._file_kind() == "customers" and self.env["mini_crm.field"].sudo(
            False
        ).has_access("create")

    def _left_columns(self):
        """Named columns that nothing has been chosen for: list of indexes (int)."""
        settings = self.settings
        return [
            index
            for index, name in enumerate(settings["header"])
            if name
            and str(index) not in settings["mapping"]
            and not is_error_column(name)
        ]

    def _create_fields(self, indexes):
        """Make a custom field of each of these columns, and choose it for the column.

        The type is guessed by the cells. Where all slots of a type are taken the field
        keeps its values beyond them.

        :param list[int] indexes: of columns that are named and left over
        :raises AccessError: for who may not make fields
        :raises UserError: for other columns
        """
        left = self._left_columns()
        if not set(indexes) <= set(left):
            raise UserError(self.env._("These columns cannot become custom fields."))
        samples = [cells for _n, cells in islice(self._sheet().records(), SAMPLE_ROWS)]
        # the batch is in superuser mode; whether somebody may make fields is not its
        # business to decide
        Field = self.env["mini_crm.field"].sudo(False)
        free = {kind: len(slots) for kind, slots in Field._free_slots().items()}
        mapping = dict(self.settings["mapping"])
        for index in sorted(indexes):
            kind = guess_type(
                [row[index] for row in samples if len(row) > index],
                self._country_code(),
            )
            values = {"name": self.settings["header"][index][:100], "type": kind}
            free[kind] = free.get(kind, 0) - 1
            if free[kind] < 0:
                values["slot"] = False
            mapping[str(index)] = CUSTOM + Field.create(values).key
        self.settings = {**self.settings, "mapping": mapping}
