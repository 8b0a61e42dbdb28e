import json

from odoo import api, models
from odoo.tools import SQL

from ...engine.fields import SLOTS

KEY = "mini_crm.changes"

# Fields whose change is told in the timeline. Images are told without their values.
WATCHED = frozenset(
    {
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
    }
)


class ResPartner(models.Model):
    """One ``field_updated`` per customer and transaction, whatever wrote the fields."""

    _inherit = "res.partner"

    def write(self, vals):
        names = self._watched_fields().intersection(vals)
        if not names or not self.ids or self.env.context.get("mini_crm_no_events"):
            return super().write(vals)
        before = self._readable_values(names)
        result = super().write(vals)
        precommit = self.env.cr.precommit
        if KEY not in precommit.data:
            precommit.data[KEY] = {}
            # sudo: the log must tell the truth whatever the writer may read
            precommit.add(self.sudo().browse()._log_changes)
        pending = precommit.data[KEY]
        for partner_id, values in before.items():
            pending[partner_id] = {**values, **pending.get(partner_id, {})}
        return result

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
        changes, tags = [], []
        for partner in partners:
            old = pending[partner.id]
            new = partner._readable_values(old)[partner.id]
            data = {n: [old[n], new[n]] for n in sorted(old) if old[n] != new[n]}
            if "category_id" in data:
                tags += _tag_changes(partner.id, *data.pop("category_id"))
            if data:
                if "image_1920" in data:
                    data["image_1920"] = [None, None]
                changes.append((partner.id, "field_updated", json.dumps(data)))
        if changes or tags:
            self._log_rows(changes + tags)

    @api.model
    def _log_rows(self, rows):
        """Log (partner id, type, data as JSON text) for those that are customers."""
        partner_ids, types, data = (list(column) for column in zip(*rows, strict=True))
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("p.id"),
                "company_id": SQL("coalesce(p.company_id, %s)", self.env.company.id),
                "type": SQL("c.type"),
                "data": SQL("c.data::jsonb"),
            },
            SQL(
                """FROM unnest(%s::int[], %s::varchar[], %s::text[])
                    WITH ORDINALITY AS c(partner_id, type, data, n)
                JOIN res_partner p ON p.id = c.partner_id
                WHERE %s ORDER BY c.n""",
                partner_ids,
                types,
                data,
                self._customer_filter("p"),
            ),
        )


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
    return value if value or field.type in ("boolean", "float") else None


def _tag_changes(partner_id, old, new):
    """Rows of tag_added and tag_removed between two {id: name}."""
    rows = []
    for kind, tags in (
        ("tag_added", {k: v for k, v in new.items() if k not in old}),
        ("tag_removed", {k: v for k, v in old.items() if k not in new}),
    ):
        rows += [
            (partner_id, kind, json.dumps({"tag_id": int(tag), "tag": name}))
            for tag, name in tags.items()
        ]
    return rows
