from odoo import models
from odoo.models import MAGIC_COLUMNS
from odoo.tools import SQL

from ...engine.intake import TYPES
from .intake_source import CODED, NAMED, PROPERTIES, PROPERTY, Source, choice_text

# Of Odoo's own fields those in which shops keep what they know of a customer. The
# others are what every customer has anyway (name, address), or none of a person's.
ODOO = {"comment", "company_registry", "function", "industry_id", "vat", "website"}
# Add-ons whose fields of contacts are for themselves.
TECHNICAL = {
    "account",
    "auth_signup",
    "base",
    "bus",
    "calendar",
    "mail",
    "mini_crm",
    "phone_validation",
    "portal",
    "utm",
    "web",
}
PLAIN = ("char", "text", "html", "integer", "float", "monetary", "date", "datetime")
SAMPLES = 200  # values by which the type of a text is guessed


class MiniCrmBatch(models.Model):
    """Where a database may have values of customers already, besides custom fields.

    Fields that somebody has made in Odoo (``x_...``), Odoo's properties of contacts,
    and stored columns of other add-ons. Only those that the user may read.
    """

    _inherit = "mini_crm.batch"

    def _intake_sources(self):
        """All places with a value of a kind that a custom field can have: {name:
        Source}, in the order in which they are shown."""
        # sudo(False): a batch is in superuser mode, what its user may read is asked
        partners = self.env["res.partner"].sudo(False)
        fields = {
            name: field
            for name, field in partners._fields.items()
            if _is_source(field) and partners._has_field_access(field, "read")
        }
        labels, choices = self._field_texts(fields)
        found = {
            name: Source(
                name,
                field.type,
                labels.get(name) or {"en_US": field.string},
                choices=tuple(choices.get(name) or ()),
                comodel=field.comodel_name or "" if field.type in NAMED else "",
                translated=bool(getattr(field, "translate", False)),
                relation=(field.relation, field.column1, field.column2)
                if field.type == "many2many"
                else (),
            )
            for name, field in sorted(
                fields.items(), key=lambda item: (not item[1].manual, item[0])
            )
        }
        own = {name: s for name, s in found.items() if fields[name].manual}
        return own | self._property_sources(partners) | found

    def _field_texts(self, names):
        """Labels of fields of contacts, and their choices, in every language.

        :return: {name: {language: text}}, {name: [(code, {language: text})]}
        """
        partner = SQL("f.model = 'res.partner' AND f.name = ANY(%s)", list(names))
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT f.name, f.field_description FROM ir_model_fields f WHERE %s",
                partner,
            )
        )
        labels = dict(self.env.cr.fetchall())
        self.env.cr.execute(
            SQL(
                """SELECT f.name, s.value, s.name FROM ir_model_fields_selection s
                JOIN ir_model_fields f ON f.id = s.field_id
                WHERE %s ORDER BY s.sequence, s.id""",
                partner,
            )
        )
        choices = {}
        for name, code, texts in self.env.cr.fetchall():
            choices.setdefault(name, []).append((code, texts or {}))
        return labels, choices

    def _property_sources(self, partners):
        """Odoo's properties of contacts: {name: Source}."""
        field = partners._fields.get(PROPERTIES)
        if not field or not partners._has_field_access(field, "read"):
            return {}
        # sudo: what properties there are is no secret to who may read their values
        definition = self.env["properties.base.definition"].sudo()
        record = definition._get_definition_for_property_field(
            "res.partner", PROPERTIES
        )
        found = {}
        for entry in record.properties_definition or ():
            kind = entry.get("type")
            if kind not in TYPES:
                continue
            name = PROPERTY + entry["name"]
            listed = entry.get("tags" if kind == "tags" else "selection") or ()
            found[name] = Source(
                name,
                kind,
                {"en_US": entry.get("string") or entry["name"]},
                choices=tuple((row[0], {"en_US": row[1]}) for row in listed),
                comodel=entry.get("comodel") or "",
            )
        return {
            name: source
            for name, source in found.items()
            if source.kind not in NAMED or source.comodel in self.env
        }

    # Values

    def _intake_zone(self):
        return self.env.company.mini_crm_tz or "UTC"

    def _intake_lang(self):
        return self.env.lang or "en_US"

    def _intake_customers(self):
        """Query of the customers, archived ones too, whom the user may change."""
        domain = self.sudo(False).env["ir.rule"]._compute_domain("res.partner", "write")
        # sudo: the rule for writing is asked, not what else is readable
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        self.env.flush_all()
        query = partners._search(domain or [])
        query.add_where(partners._customer_filter(query.table))
        return query

    def _intake_parts(self, source, query):
        """Value and condition of a source over the contacts of a query: two SQL."""
        place = (query.table, self._intake_lang(), self._intake_zone())
        return source.value(*place), source.filled(*place)

    def _intake_counts(self, sources):
        """How many customers have a value in each source: {name: int}, none at 0."""
        if not sources:
            return {}
        query = self._intake_customers()
        filled = [self._intake_parts(s, query)[1] for s in sources.values()]
        self.env.cr.execute(
            query.select(*(SQL("count(*) FILTER (WHERE %s)", one) for one in filled))
        )
        counts = zip(sources, self.env.cr.fetchone(), strict=True)
        return {name: count for name, count in counts if count}

    def _intake_samples(self, source, limit=SAMPLES):
        """The first values of a source, as they stand there: list."""
        query = self._intake_customers()
        value, filled = self._intake_parts(source, query)
        query.add_where(filled)
        query.order, query.limit = SQL.identifier(query.table, "id"), limit
        self.env.cr.execute(query.select(value))
        return [row[0] for row in self.env.cr.fetchall()]

    def _intake_names(self, source, values):
        """Names of what the ids among some values mean: {id: text}."""
        if source.kind not in NAMED:
            return {}
        ids = set()
        for value in values:
            ids.update(value if isinstance(value, list) else [value])
        # sudo: as Odoo's own forms show the name of whatever a field refers to
        records = (
            self.env[source.comodel]
            .sudo()
            .browse(sorted(one for one in ids if isinstance(one, int)))
        )
        return {record.id: record.display_name for record in records.exists()}

    def _intake_writings(self, source, value, names, *, codes):
        """In which ways a value can be written, the likeliest first: list.

        :param value: as it stands there
        :param dict names: of ``_intake_names``
        :param bool codes: whether the field has the codes of the source
        """
        lang = self._intake_lang()
        if source.kind in CODED or source.kind in NAMED:
            labels = dict(source.choices)
            listed = value if isinstance(value, list) else [value]
            if source.kind in NAMED:
                texts = [names[one] for one in listed if names.get(one)]
            else:
                texts = [choice_text(labels.get(c, {}), str(c), lang) for c in listed]
            if source.kind != "selection":
                return [", ".join(texts)]
            others = labels.get(value, {}).values()
            ways = [value, *texts] if codes else [*texts, *others, value]
            return list(dict.fromkeys(ways))
        return [value]


def _is_source(field):
    """Whether a field of contacts is a column that is not ours: bool."""
    if not field.store or field.company_dependent or field.inherited:
        return False
    if field.manual:
        return field.type in TYPES and bool(field.column_type or field.relation)
    first = field._modules[0] if field._modules else field._module
    if first == "base" and field.name in ODOO:
        return field.type in (*PLAIN, "selection", "many2one")
    plain = not (field.compute or field.related) and bool(field.column_type)
    plain = plain and field.name not in MAGIC_COLUMNS
    return plain and first not in TECHNICAL and field.type in (*PLAIN, "selection")
