from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..engine import columns
from ..engine.calendars import ORDERS, DateError, looks_like_date, parse_date
from ..engine.money import TOMAN

# Settings that a person can choose, besides the mapping.
CHOSEN = (
    *("key", "existing", "missing", "repeated", "similar", "create_customers"),
    *("decimal", "date_order", "date_orders", "currency"),
)


class MiniCrmImport(models.TransientModel):
    """A person's way through an import: file, columns, check, run.

    It only gathers choices; the batch does the work. The screen is the client action
    ``mini_crm_import``; it follows the work by ``mini_crm.batch.progress``.
    """

    _name = "mini_crm.import"
    _description = "Import"

    batch_id = fields.Many2one("mini_crm.batch", required=True, ondelete="cascade")

    @api.model
    def open_file(self, file_name, file_base64):
        """Take a file and say what is in it (managers).

        :param str file_name: as the person sees it
        :param str file_base64: the file
        :return: see ``_describe``
        :rtype: dict
        :raises UserError: when the file cannot be read; says why and what to do
        """
        batch = self.env["mini_crm.batch"]._open_file(file_name, file_base64)
        return self.create({"batch_id": batch.id})._describe()

    def choose(self, kind=None, delimiter=None, has_header=None, sheet=None):
        """Read the same file in another way and guess its columns anew (managers).

        :param str kind: ``customers`` or ``purchases``
        :param str delimiter: see ``engine.sheet.DELIMITERS``
        :param bool has_header: whether the first row names the columns
        :param int sheet: number of the sheet of a spreadsheet
        :rtype: dict
        :raises UserError: when it cannot be read like this
        """
        batch = self._batch()
        if sheet is not None:
            batch._unpack(int(sheet))
            batch.settings = {**batch.settings, "has_header": None}
        chosen = {"delimiter": delimiter, "has_header": has_header}
        batch._choose({name: v for name, v in chosen.items() if v is not None})
        if kind in columns.KINDS:
            batch.kind = f"import_{kind}"
        batch._unstage()  # what was read was read in another way
        batch._look_into()
        return self._describe()

    def create_fields(self, indexes, mapping):
        """Make a custom field of each of some columns (who may make fields).

        :param list[int] indexes: of the columns; their names become the labels
        :param dict mapping: what is chosen for the other columns so far
        :rtype: dict
        :raises AccessError: for who may not
        """
        batch = self._batch()
        batch._choose({"mapping": mapping})
        batch._create_fields(indexes)
        return self._describe()

    def check(self, settings):
        """Read and check every row; nothing is imported yet (managers).

        :param dict settings: ``mapping``, ``key``, ``existing``, ``missing``,
            ``repeated``, ``similar``, ``create_customers``, ``decimal``,
            ``date_order``, ``date_orders``, ``currency``
        :raises UserError: when a column that is needed is missing
        """
        batch = self._batch()
        batch._choose(settings)
        batch._check_settings()
        batch._unstage()
        batch._set_checking()

    def run(self):
        """Import what was checked (managers)."""
        self._batch()._set_running()

    def _batch(self):
        """The batch of this import, to be changed by the batch room's code.

        :raises AccessError: unless it is an import that this person has opened:
            anybody who may import can name any batch here
        :raises UserError: when it has begun; then nothing about it is chosen any more
        """
        self.ensure_one()
        self.check_access("write")
        batch = self.batch_id
        batch._check_manager()
        batch.check_access("read")
        kinds = [f"import_{kind}" for kind in columns.KINDS]
        # it runs with the rights of whoever has opened the file
        if batch.kind not in kinds or batch.user_id != self.env.user:
            raise AccessError(self.env._("This is no import of a file you opened."))
        if batch.started_at or batch.undone_by_id:
            raise UserError(
                self.env._(
                    "“%s” has begun already. To import it again, open the file anew.",
                    batch.name,
                )
            )
        # sudo: nobody may write batches but the code of their room
        return batch.sudo()

    def _describe(self):
        """The file and how it is going to be read.

        - ``id`` of the import, ``batch_id``, ``name``, ``kind``, ``rows``,
          ``encoding``, ``delimiter``, ``has_header``
        - ``sheets``, ``sheet``: names of the sheets of a spreadsheet, number of the one
          that is read; of other files an empty list and 0
        - ``columns``: index, name, samples, field (empty: left out), ``dates``: how its
          first date is read in each order, if it has dates
        - ``fields``, ``keys``, ``currencies``: value and label of what can be chosen;
          of fields also ``needed``, ``type`` and whether they are ``custom`` ones
        - ``settings``: what is chosen or guessed
        - ``may_create_fields``: whether ``create_fields`` is possible; ``slots``: how
          many fields of each type can still be filtered and sorted

        :rtype: dict
        """
        batch = self._batch()
        settings = batch.settings
        labels = batch._field_labels()
        types = batch._field_types()
        needed = set(columns.REQUIRED[batch._file_kind()])
        return {
            "id": self.id,
            "batch_id": batch.id,
            "name": batch.file_name or batch.name,
            "kind": batch._file_kind(),
            "rows": batch.total,
            **{
                name: settings[name] for name in ("encoding", "delimiter", "has_header")
            },
            "sheets": settings.get("sheets", []),
            "sheet": settings.get("sheet", 0),
            "columns": self._columns(settings),
            "fields": [
                {
                    "value": field,
                    "label": label,
                    "needed": field in needed,
                    "type": types[field],
                    "custom": field.startswith(columns.CUSTOM),
                }
                for field, label in labels.items()
            ],
            "keys": [
                {"value": key, "label": labels[key]}
                for key in batch._possible_keys()
                if key in labels
            ],
            "currencies": self._currencies(settings["currency"]),
            "settings": {n: settings.get(n, batch._setting(n)) for n in CHOSEN},
            "warning": batch._warning_imported_before(),
            "may_create_fields": batch._may_create_fields(),
            "slots": self._slots_left(),
        }

    def _slots_left(self):
        """Number of free slots by type: {type: int}."""
        free = self.env["mini_crm.field"]._free_slots()
        return {kind: len(slots) for kind, slots in free.items()}

    def _columns(self, settings):
        """The columns of the file, for ``_describe``."""
        return [
            {
                "index": index,
                "name": name,
                "samples": [r[index] for r in settings["samples"] if len(r) > index],
                "field": settings["mapping"].get(str(index), ""),
                "dates": self._dates(index, settings["samples"]),
            }
            for index, name in enumerate(settings["header"])
            if not columns.is_error_column(name)
        ]

    def _dates(self, index, samples):
        """How the first date of a column is read in each order: {order: text}, empty
        when there is none. A Jalali date is shown with its Gregorian day."""
        cells = [row[index] for row in samples if len(row) > index and row[index]]
        cell = next(filter(looks_like_date, cells), "")
        found = {}
        for order in ORDERS if cell else ():
            try:
                said = parse_date(cell, order)
            except (DateError, OverflowError):
                continue
            found[order] = format_date(self.env, said, date_format="d MMMM y")
        return found

    def _currencies(self, chosen):
        """Currencies that amounts without one can be in: value and label."""
        company = self.batch_id.company_id
        # sudo: the shop's currency counts, also for who may not see inactive ones
        model = self.env["res.currency"].sudo()
        found = model.search([("active", "=", True)]) | company.currency_id
        iranian = company.country_id.code == "IR" or chosen in ("IRR", TOMAN)
        if iranian:
            found |= model.with_context(active_test=False).search(
                [("name", "=", "IRR")]
            )
        names = sorted({*found.mapped("name"), chosen} - {TOMAN})
        choices = [{"value": name, "label": name} for name in names]
        if "IRR" in names:
            label = self.env._("Toman (10 Rial)")
            choices.append({"value": TOMAN, "label": label})
        return choices
