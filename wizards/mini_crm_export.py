from odoo import api, models

from ..engine.export_columns import FORMATS, chosen_columns
from ..models.export.mini_crm_export_start import AT_ONCE


class MiniCrmExport(models.TransientModel):
    """A person's way to an export: whom, in what form, which columns.

    It only gathers choices; ``mini_crm.export.log`` does the work. The screen is the
    client action ``mini_crm_export``.
    """

    _name = "mini_crm.export"
    _description = "Export"

    @api.model
    def choices(self, domain=None, ids=None, archived=False):
        """What can be chosen, and what was chosen the last time (who may export).

        - ``count``: number of customers; ``at_once``: the most for which no one waits
        - ``formats``: value, label, hint
        - ``columns``: name, label, group (``contact``, ``figures``, ``custom``),
          ``importable``
        - ``format``, ``chosen`` (names of columns): where the screen begins

        :param domain, ids, archived: see ``mini_crm.export.log.start_export``
        :rtype: dict
        :raises AccessError: not allowed to export
        """
        log = self.env["mini_crm.export.log"]
        log._check_allowed()
        condition, archived = log._condition(domain, ids, archived)
        scope = log._scope()
        asked = log._customers(condition, archived, scope, self.env.user)
        known, labels = log._columns(), log._column_labels()
        last = log._last()
        names = [name for name in last.column_names or () if name in known]
        first = [c.name for c in chosen_columns(None, known, "xlsx")[0]]
        return {
            "count": log._count(*asked),
            "at_once": AT_ONCE,
            "formats": self._formats(),
            "columns": [
                {
                    "name": column.name,
                    "label": labels[column.name],
                    "group": column.group,
                    "importable": column.importable,
                }
                for column in known.values()
            ],
            "format": log._last(any_format=True).format or FORMATS[0],
            "chosen": names or first,
        }

    @api.model
    def _formats(self):
        """Labels of the formats, and what each is good for."""
        _ = self.env._
        hints = {
            "xlsx": _("To read, sort and print. Phone numbers stay whole."),
            "csv": _("For other programs that read tables."),
            "csv_import": _(
                "To change and import again: every column finds its place."
            ),
            "json": _("Everything that is stored, to keep in a safe place."),
        }
        labels = dict(
            self.env["mini_crm.export.log"]
            ._fields["format"]
            ._description_selection(self.env)
        )
        return [
            {"value": name, "label": labels[name], "hint": hints[name]}
            for name in FORMATS
        ]
