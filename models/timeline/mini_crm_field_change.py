from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.field_values import show_value
from ...engine.fields import SLOT_SET

# Changes of one event are numbered behind its id; none has as many.
PER_EVENT = 1024
JSON_TYPES = {"number": float, "boolean": bool}  # of the other types: str


class MiniCrmFieldChange(models.Model):
    """Field history: one row for each changed field, read off the event log.

    Never stored. The id is made of the event's, so a row keeps it.
    """

    _name = "mini_crm.field.change"
    _description = "Change of a Field"
    _auto = False
    _log_access = False
    _order = "date desc, event_id desc, id"
    _rec_name = "key"

    event_id = fields.Many2one("mini_crm.event", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    date = fields.Datetime("When", readonly=True)
    author_id = fields.Many2one("res.users", "Who", readonly=True)
    through = fields.Selection(selection="_selection_through", readonly=True)
    key = fields.Char("Field Key", readonly=True)
    old = fields.Json("Old Value (JSON)", readonly=True)
    new = fields.Json("New Value (JSON)", readonly=True)
    label = fields.Char("Field", compute="_compute_shown", search="_search_label")
    old_value = fields.Char(compute="_compute_shown")
    new_value = fields.Char(compute="_compute_shown")

    @property
    def _table_query(self):
        return SQL(
            """SELECT e.id::bigint * %(per_event)s + c.n AS id, e.id AS event_id,
                e.company_id, e.partner_id, e.date, e.author_id, e.through, c.key,
                c.value -> 0 AS old, c.value -> 1 AS new
            FROM mini_crm_event e
            CROSS JOIN LATERAL jsonb_each(e.data) WITH ORDINALITY AS c (key, value, n)
            WHERE e.type = 'field_updated' AND e.undone_by IS NULL
                AND c.n < %(per_event)s""",
            per_event=PER_EVENT,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        # ids tell the events: without them every change would be looked at
        domain = Domain(domain).map_conditions(
            lambda one: (
                one & Domain("event_id", "in", _events(one.value))
                if one.field_expr == "id" and one.operator == "in"
                else one
            )
        )
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _selection_through(self):
        return (
            self.env["mini_crm.event"]
            ._fields["through"]
            ._description_selection(self.env)
        )

    @api.depends("key", "old", "new")
    @api.depends_context("lang")
    def _compute_shown(self):
        labels = self._labels(set(self.mapped("key")))
        rules = self._rules_with_archived()
        persian = (self.env.lang or "").startswith("fa")
        events = self.env["mini_crm.event"]
        for change in self:
            change.label = labels[change.key]
            rule = rules.get(change.key)
            if change._is_standard_boolean():
                change.old_value = events._yes_or_no(change.old)
                change.new_value = events._yes_or_no(change.new)
                continue
            change.old_value = self._shown(rule, change.old, persian)
            change.new_value = self._shown(rule, change.new, persian)

    def _is_standard_boolean(self):
        """Whether Odoo's own field of the contact is yes or no, e.g. Active."""
        self.ensure_one()
        field = self.env["res.partner"]._fields.get(self.key)
        return bool(field) and field.type == "boolean" and self.key not in SLOT_SET

    @api.model
    def _search_label(self, operator, value):
        if operator not in ("ilike", "=ilike", "in"):
            return NotImplemented
        labels = self._labels(None)
        texts = [value] if isinstance(value, str) else list(value)
        if operator == "in":
            found = [key for key, label in labels.items() if label in texts]
        else:
            wanted = texts[0].strip("%").casefold()
            found = [key for key, label in labels.items() if wanted in label.casefold()]
        return Domain("key", "in", found)

    @api.model
    def _labels(self, keys):
        """Labels in the viewer's language, also of archived fields: {key: label}.

        :param set[str] | None keys: only these, which all get one; ``None``: all there
            are
        """
        definitions = self._definitions()
        own = {definition.key: definition.name for definition in definitions}
        columns = self.env["res.partner"]._watched_fields()
        wanted = columns if keys is None else columns.intersection(keys)
        shown = (
            self.env["res.partner"].fields_get(list(wanted), ["string"])
            if wanted
            else {}
        )
        labels = {name: field["string"] for name, field in shown.items()} | own
        if keys is None:
            return labels
        return {key: labels.get(key, key) for key in keys}

    @api.model
    def _rules_with_archived(self):
        return {
            definition.key: definition._rule() for definition in self._definitions()
        }

    @api.model
    def _definitions(self):
        # sudo: labels and choices of fields tell nothing that may not be read
        everything = self.env["mini_crm.field"].sudo().with_context(active_test=False)
        return everything.search([])

    @api.model
    def _shown(self, rule, stored, persian):
        """A stored value as people read it (str)."""
        if stored is False and (rule is None or rule.type != "boolean"):
            return ""  # how Odoo reads a JSON null
        if rule is None or not isinstance(stored, JSON_TYPES.get(rule.type, str)):
            # a standard field, or a key that had another meaning then
            return str(stored)
        if rule.type == "date":
            stored = fields.Date.to_date(stored)
        return show_value(rule, stored, persian)


def _events(ids):
    """Ids of the events behind the ids of changes."""
    return [id_ // PER_EVENT for id_ in ids if isinstance(id_, int)]
