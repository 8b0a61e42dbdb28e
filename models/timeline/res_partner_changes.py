import json

from odoo import api, models
from odoo.tools import SQL

from ...engine.fields import SLOT_SET, SLOTS
from ..field.filled_sql import EXTRA

KEY = "mini_crm.changes"

# Fields whose change is told in the timeline. Images are told without their values.
WATCHED = frozenset(
    {
        "active",
        "name",
        "email",
        "phone",
        "street",
        "city",
        "zip",
        "country_id",
        "lang",
        "ref",
        "company_id",
        "parent_id",
        "user_id",
        "source_id",
        "referred_by_id",
        "image_1920",
        *SLOTS,
        EXTRA,
    }
)
WAY = "mini_crm_through"  # context: by what way fields are changed
DOCUMENT = "mini_crm_document"  # context: (model, id) of what has changed them


class ResPartner(models.Model):
    """One ``field_updated`` per customer and transaction, whatever wrote the fields."""

    _inherit = "res.partner"

    def write(self, vals):
        before = self._values_before(vals)
        result = super().write(vals)
        self._note_changes(before)
        return result

    def _update_address(self, vals):  # pylint: disable=missing-return
        # A contact takes over its company's address past our ``write``.
        before = self._values_before(set(vals).intersection(self._address_fields()))
        super()._update_address(vals)
        self._note_changes(before)

    def _values_before(self, names):
        """Values of the watched ones of some fields, before they are written.

        :return: as of ``_readable_values``; empty where nothing is to be logged
        """
        names = self._watched_fields().intersection(names)
        if not names or not self.ids or self.env.context.get("mini_crm_no_events"):
            return {}
        return self._readable_values(names)

    def _note_changes(self, before):
        """Have what differs from ``before`` logged when this transaction commits."""
        if not before:
            return
        precommit = self.env.cr.precommit
        if KEY not in precommit.data:
            precommit.data[KEY] = {}
            # sudo: the log must tell the truth whatever the writer may read
            precommit.add(self.sudo().browse()._log_changes)
        pending = precommit.data[KEY]
        for partner_id, values in before.items():
            first, _way = pending.get(partner_id, ({}, None))
            pending[partner_id] = {**values, **first}, self._way()

    def web_save(self, vals, specification, next_id=None):
        way = "list" if len(self) > 1 else "form"
        return super(ResPartner, self._through(way)).web_save(
            vals, specification, next_id
        )

    def web_save_multi(self, vals_list, specification):
        return super(ResPartner, self._through("list")).web_save_multi(
            vals_list, specification
        )

    @api.model
    def load(self, fields, data):
        return super(ResPartner, self._through("import")).load(fields, data)

    def _through(self, way):
        """These partners, changed by a way unless another is given already."""
        known = self.env.context.get(WAY)
        return self if known else self.with_context(**{WAY: way})

    @api.model
    def _way(self):
        """By what way fields are changed: a value of ``mini_crm.event.through``."""
        way = self.env.context.get(WAY)
        known = self.env["mini_crm.event"]._fields["through"].get_values(self.env)
        return way if way in known else "program"

    @api.model
    def _watched_fields(self):
        """Names of the fields whose change is an event; rooms may add to them."""
        return WATCHED | {"category_id"}

    def _readable_values(self, names):
        """Values of fields as the timeline tells them: {partner id: {name: value}}."""
        records = self.sudo().with_context(bin_size=True, active_test=False)
        values = {}
        for partner in records.browse(self.ids):
            values[partner.id] = {name: _readable(partner, name) for name in names}
        return values

    @api.model
    def _log_changes(self):
        """Log what changed in this transaction: once for each customer."""
        pending = self.env.cr.precommit.data.pop(KEY, {})
        partners = self.browse(pending).exists()
        if any("image_1920" in old for old, _way in pending.values()):
            # the size that was read before stays in the cache whatever is written
            partners.invalidate_recordset(["image_1920"])
        changes, tags = [], []
        for partner in partners:
            old, way = pending[partner.id]
            new = partner._readable_values(old)[partner.id]
            data = {n: [old[n], new[n]] for n in sorted(old) if old[n] != new[n]}
            if "category_id" in data:
                tags += _tag_changes(partner.id, *data.pop("category_id"), way)
            data |= _extra_changes(*data.pop(EXTRA, ({}, {})))
            if not SLOT_SET.isdisjoint(data):
                keys = self.env["mini_crm.field"]._keys_by_slot()
                data = {keys.get(name, name): both for name, both in data.items()}
            if data:
                if "image_1920" in data:
                    data["image_1920"] = [None, None]
                changes.append((partner.id, "field_updated", json.dumps(data), way))
        if changes or tags:
            self._log_rows(changes + tags)

    @api.model
    def _log_rows(self, rows):
        """Log (partner id, type, data as JSON text, way or None) of customers."""
        partner_ids, types, data, ways = (
            list(column) for column in zip(*rows, strict=True)
        )
        model, res_id = self.env.context.get(DOCUMENT, (None, None))
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("p.id"),
                "company_id": SQL("coalesce(p.company_id, %s)", self.env.company.id),
                "type": SQL("c.type"),
                "data": SQL("c.data::jsonb"),
                "through": SQL("c.way"),
                "res_model": SQL("%s::varchar", model),
                "res_id": SQL("%s::int", res_id),
            },
            SQL(
                """FROM unnest(%s::int[], %s::varchar[], %s::text[], %s::varchar[])
                    WITH ORDINALITY AS c(partner_id, type, data, way, n)
                JOIN res_partner p ON p.id = c.partner_id
                WHERE %s ORDER BY c.n""",
                partner_ids,
                types,
                data,
                ways,
                self._customer_filter("p"),
            ),
        )

    # The history of fields

    def action_open_field_history(self):
        """Open the history of this customer's fields: an action dict."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mini_crm.mini_crm_field_change_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {},
        }


def _readable(partner, name):
    """Value of a field as JSON: names for relations, ISO dates, text, numbers."""
    value = partner[name]
    field = partner._fields[name]
    if field.type == "many2one":
        return value.display_name if value else None
    if field.type == "many2many":
        return {str(tag.id): tag.display_name for tag in value}
    if field.type in ("date", "datetime"):
        return value.isoformat() if value else None
    if field.type == "binary":
        # with bin_size the value is the size: enough to tell a change
        return str(value) if value else None
    if field.type == "json":
        return value or {}
    if field.type == "float":
        # unset is not 0
        return value or field._get_cache(partner.env).get(partner.id)
    return value if value or field.type == "boolean" else None


def _extra_changes(old, new):
    """What changed beyond the slots: {key: [old, new]}."""
    return {
        key: [old.get(key), new.get(key)]
        for key in sorted(old.keys() | new.keys())
        if not _equal(old.get(key), new.get(key))
    }


def _equal(one, other):
    """Whether two JSON values are the same; ``True`` is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _tag_changes(partner_id, old, new, way):
    """Rows of tag_added and tag_removed between two {id: name}."""
    rows = []
    for kind, tags in (
        ("tag_added", {k: v for k, v in new.items() if k not in old}),
        ("tag_removed", {k: v for k, v in old.items() if k not in new}),
    ):
        rows += [
            (partner_id, kind, json.dumps({"tag_id": int(tag), "tag": name}), way)
            for tag, name in tags.items()
        ]
    return rows
