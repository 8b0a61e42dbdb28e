import json

from odoo import api, models
from odoo.tools import SQL

from ...engine.conditions_records import with_other_ids
from .references import PARTNER

# Columns of filters, and of definitions, in which domains of contacts stand.
DEFINITIONS = ("mini_crm_workflow", "mini_crm_workflow_version")
IN_DEFINITIONS = ("domain", "audience")


class MiniCrmMerge(models.AbstractModel):
    """Whom stored domains name by id: segments, tag rules, saved filters, workflows.

    No reference of the database tells of them. What they name becomes the survivor, and
    is traced like everything else that is changed.
    """

    _inherit = "mini_crm.merge"

    @api.model
    def _name_survivor(self, mover):
        """Have stored domains name the survivor in place of the sources.

        :param Mover mover: of the merge
        """
        becomes = dict.fromkeys(mover.source_ids, mover.survivor_id)
        self._rename_in_filters(mover, becomes)
        for table in DEFINITIONS:
            found = self._naming(table, "definition", becomes)
            self._write_changed(
                mover,
                table,
                "definition",
                {
                    row_id: (definition, self._renamed_within(definition, becomes))
                    for row_id, definition in found
                },
            )
        for model in self.env["mini_crm.rule"]._kinds():
            table = self.env[model]._table
            found = self._naming(table, "domain", becomes)
            changed = self._write_changed(
                mover,
                table,
                "domain",
                {i: (text, self._renamed(PARTNER, text, becomes)) for i, text in found},
            )
            self._build_anew(model, changed)

    @api.model
    def _rename_in_filters(self, mover, becomes):
        found = dict(self._naming("ir_filters", "domain", becomes))
        # sudo: filters of colleagues too
        filters = self.env["ir.filters"].sudo().browse(found)
        asked = {one.id: one.model_id for one in filters}
        self._write_changed(
            mover,
            "ir_filters",
            "domain",
            {
                row_id: (text, self._renamed(asked[row_id], text, becomes))
                for row_id, text in found.items()
            },
        )

    @api.model
    def _naming(self, table, column, becomes):
        """Rows in which one of the ids stands as a number: list of (id, value).

        There are as many as people have made, and of those only a few name anybody.
        """
        return self.env.execute_query(
            SQL(
                "SELECT t.id, t.%(column)s FROM %(table)s t"
                " WHERE t.%(column)s::text ~ %(ids)s ORDER BY t.id",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                ids=rf"\m({'|'.join(map(str, becomes))})\M",
            )
        )

    @api.model
    def _write_changed(self, mover, table, column, values):
        """Write, and trace, what has changed: ids of those rows.

        :param dict values: id -> (value before, value after)
        """
        changed = {i: new for i, (old, new) in values.items() if new != old}
        if changed:
            sign = SQL("->" if column == "definition" else "->>")
            value = SQL("%s::jsonb %s t.id::text", json.dumps(changed), sign)
            mover.change(table, {column: value}, SQL("t.id = ANY(%s)", list(changed)))
            self.env.invalidate_all()
        return list(changed)

    @api.model
    def _renamed(self, model, text, becomes):
        return with_other_ids(
            text, becomes, lambda path: self._holds_contacts(model, path)
        )

    @api.model
    def _renamed_within(self, value, becomes):
        """The same of all domains of a definition, which may be any JSON."""
        if isinstance(value, list):
            return [self._renamed_within(one, becomes) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self._renamed(PARTNER, one, becomes)
            if key in IN_DEFINITIONS and isinstance(one, str)
            else self._renamed_within(one, becomes)
            for key, one in value.items()
        }

    @api.model
    def _holds_contacts(self, model, path):
        """Whether a field of a domain holds ids of contacts: bool."""
        for name in path.split("."):
            if model not in self.env:
                return False
            if name == "id":
                continue
            field = self.env[model]._fields.get(name)
            model = getattr(field, "comodel_name", None)
        return model == PARTNER

    # Who fits is another question by then

    @api.model
    def _build_anew(self, model, ids):
        # sudo: rules of colleagues too; archived ones have nobody
        for rule in self.env[model].sudo().browse(ids).filtered("active"):
            rule._restart()

    @api.model
    def _build_restored(self, batch):
        """Build the rules anew whose domains name the sources again, after an undo."""
        for model in self.env["mini_crm.rule"]._kinds():
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT r.id FROM mini_crm_merge_trace t
                    JOIN %s r ON r.id = t.row_id
                        AND r.domain = t.before ->> 'domain'
                    WHERE t.batch_id = %s AND t.kind = 'changed' AND t.relation = %s""",
                    SQL.identifier(self.env[model]._table),
                    batch.id,
                    self.env[model]._table,
                )
            )
            self._build_anew(model, [row[0] for row in rows])
