from odoo import api, models
from odoo.tools import SQL

# Add-ons whose create() of a contact does nothing to the contacts of an import: they
# look at values or contexts that an import never has.
HARMLESS_CREATES = frozenset(
    {"account", "base", "base_vat", "l10n_in", "mail", "mail_plugin", "mini_crm"}
)
# Stored computed columns that are known here, and who may define them; any other, and
# any that somebody else overrides, is computed by the ORM.
KNOWN_COMPUTES = {
    "commercial_company_name": {"base"},
    "commercial_partner_id": {"base"},
    "company_registry": {"base", "account"},
    "complete_name": {"base"},
    "email_normalized": {"mail"},
    "lang": {"base"},
    "partner_share": {"base"},
    "phone_sanitized": {"phone_validation"},
    "user_id": {"base"},
}
# What these columns hold for a person without a parent.
KNOWN_VALUES = {
    "commercial_company_name": SQL("new.company_name"),
    "commercial_partner_id": SQL("new.id"),
    "complete_name": SQL(
        "trim(CASE WHEN new.company_name <> '' THEN new.company_name || ', ' ELSE ''"
        " END || new.name)"
    ),
    "partner_share": SQL("TRUE"),
}


class ResPartner(models.Model):
    """Many contacts at once, with the columns that ``create()`` would give them."""

    _inherit = "res.partner"

    @api.model
    def _insert_many(self, columns, source):
        """Insert one contact per row of a SQL source: persons without a parent.

        The result is that of ``create()`` with tracking disabled, also for the stored
        fields of other add-ons; their own ``create()`` is respected by taking the slow
        way through the ORM when there is one that is not known to be harmless. No
        profile is made and no event logged; the search finds them after their first
        event.

        :param dict[str, SQL] columns: column -> expression over ``source``; needed are
            ``id`` (reserved from the sequence), ``name``, ``company_name``,
            ``email_normalized`` and ``phone_sanitized``
        :param SQL source: ``FROM ...`` clause with joins and conditions
        :return: ids that are not the reserved ones: {reserved: real}
        :rtype: dict[int, int]
        """
        self.env.flush_all()
        selected = SQL(", ").join(
            SQL("%s AS %s", expression, SQL.identifier(name))
            for name, expression in columns.items()
        )
        defaults = self._column_defaults()
        no_person = defaults.get("is_company") or defaults.get("parent_id")
        if no_person or self._foreign_creates():
            return self._create_many(SQL("SELECT %s %s", selected, source))
        unknown = self._unknown_computes()
        values = {name: SQL("%s", value) for name, value in defaults.items()}
        values |= {n: v for n, v in KNOWN_VALUES.items() if n not in unknown}
        values |= {n: SQL.identifier("new", n) for n in columns if n not in unknown}
        values = self._with_defaults(values, defaults, columns)
        self.env.cr.execute(
            SQL(
                "INSERT INTO res_partner (%s) SELECT %s FROM (SELECT %s %s) new"
                " RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(values.values()),
                selected,
                source,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self._compute_unknown(ids, unknown)
        return {}

    @api.model
    def _with_defaults(self, values, defaults, columns):
        """Values with the default where a given column is empty, and who wrote them."""
        for name in defaults.keys() & columns.keys() & values.keys():
            values[name] = SQL("coalesce(%s, %s)", values[name], defaults[name])
        now = SQL("now() AT TIME ZONE 'utc'")
        uid = SQL("%s", self.env.uid)
        log = {
            "create_uid": uid,
            "create_date": now,
            "write_uid": uid,
            "write_date": now,
        }
        return {**values, **log}

    @api.model
    def _column_defaults(self):
        """Columns with a default for this user: {name: value of the column}."""
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and not field.company_dependent
        ]
        defaults = {}
        for name, value in self.default_get(names).items():
            column = self._fields[name].convert_to_column_insert(value, self)
            if column is not None:
                defaults[name] = column
        return defaults

    @api.model
    def _definers(self, attribute):
        """Add-ons whose classes define an attribute of this model: set of names."""
        return {
            cls.__module__.split(".")[2]
            for cls in type(self).__mro__
            if attribute in vars(cls) and cls.__module__.startswith("odoo.addons.")
        }

    @api.model
    def _foreign_creates(self):
        """Add-ons with a create() of contacts that is not known to be harmless."""
        return self._definers("create") - HARMLESS_CREATES

    @api.model
    def _unknown_computes(self):
        """Names of stored computed columns that only the ORM can compute."""
        unknown = set()
        for name, field in self._fields.items():
            if not (field.store and field.compute and field.column_type):
                continue
            known = KNOWN_COMPUTES.get(name)
            definers = isinstance(field.compute, str) and self._definers(field.compute)
            if not known or not definers or not definers <= known:
                unknown.add(name)
        if not self._has_properties():
            unknown.discard("properties")
        return unknown

    @api.model
    def _has_properties(self):
        """Whether contacts have properties, which may have defaults."""
        # sudo: that a property exists is no secret
        definition = self.env["properties.base.definition"].sudo()
        record = definition._get_definition_for_property_field(self._name, "properties")
        return bool(record.properties_definition)

    @api.model
    def _compute_unknown(self, ids, unknown):
        """Have the ORM compute what new rows need beyond the known columns."""
        records = self.browse(ids)
        self.invalidate_model()
        known = [
            field
            for name, field in self._fields.items()
            if field.store and field.compute and name not in unknown
        ]
        with self.env.protecting(known, records):
            for name in unknown:
                self.env.add_to_compute(self._fields[name], records)
            records.modified(list(self._fields), create=True)
            self.env.flush_all()

    @api.model
    def _create_many(self, select):
        """Create contacts through the ORM: {reserved id: real id}."""
        self.env.cr.execute(select)
        rows = self.env.cr.dictfetchall()
        given = [
            name
            for name in (rows[0] if rows else ())
            if name != "id" and (name == "lang" or not self._fields[name].compute)
        ]
        model = self.with_context(mini_crm_no_customer=True, mini_crm_no_events=True)
        partners = model.create(
            [{n: row[n] for n in given if row[n] is not None} for row in rows]
        )
        self.env.flush_all()
        return dict(zip((row["id"] for row in rows), partners.ids, strict=True))
