from odoo.tests import tagged

from ...models.merge import references
from .merge_case import MergeCase

# JSON columns of this add-on, none of which names a contact by id unless it says so.
JSON = {
    "mini_crm_identity.dismissed_partner_ids": "moved with the references",
    "mini_crm_event.data": "the log tells what was then",
    "mini_crm_batch.settings": "what was asked for then",
    "mini_crm_batch_line.values": "what a row of a file said",
    "mini_crm_batch_line.before": "what stood there then",
}


@tagged("post_install", "-at_install")
class TestMergeReferences(MergeCase):
    """No column that names a contact is without a rule; a new one fails here."""

    def setUp(self):
        super().setUp()
        known = [
            *references.key_references(self.env),
            *references.document_references(self.env),
            *references.text_references(self.env),
        ]
        self.known = {(one.table, one.column) for one in known}
        self.known |= set(references.STAYS)
        self.known |= set(references.company_references(self.env))

    def fields(self):
        for model in references.stored_models(self.env):
            for field in model._fields.values():
                if field.store and not field.inherited:
                    yield model, field

    def test_every_field_that_names_a_contact_follows(self):
        self.env.cr.execute(
            """SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')
            AND relnamespace = current_schema::regnamespace"""
        )
        tables = {row[0] for row in self.env.cr.fetchall()}
        missing = set()
        for model, field in self.fields():
            if model._table not in tables:
                continue  # a query
            of_partner = getattr(field, "comodel_name", None) == "res.partner"
            if field.type == "many2one" and of_partner and field.column_type:
                missing.add((model._table, field.name))
            elif field.type == "many2many" and of_partner:
                missing.add((field.relation, field.column2))
            elif field.type == "many2many" and model._name == "res.partner":
                missing.add((field.relation, field.column1))
            elif field.type in ("many2one_reference", "reference"):
                missing.add((model._table, field.name))
        skipped = references.transient_tables(self.env)
        missing = {one for one in missing if one[0] not in skipped} - self.known
        self.assertFalse(missing)

    def test_every_column_called_like_a_contact_follows(self):
        self.env.cr.execute(
            r"""SELECT c.relname, a.attname FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                AND c.relnamespace = current_schema::regnamespace
                AND c.relname LIKE 'mini\_crm\_%'
                AND a.attname LIKE '%partner%id%' AND a.attname NOT LIKE '%company%'
                AND a.atttypid = 'int'::regtype"""
        )
        found = set(self.env.cr.fetchall())
        skipped = references.transient_tables(self.env)
        self.assertFalse({one for one in found if one[0] not in skipped} - self.known)

    def test_every_json_column_that_may_name_contacts_is_known(self):
        self.env.cr.execute(
            r"""SELECT c.relname || '.' || a.attname FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                AND c.relnamespace = current_schema::regnamespace
                AND c.relname LIKE 'mini\_crm\_%' AND a.atttypid = 'jsonb'::regtype
                AND a.attname LIKE ANY(ARRAY['%partner%', '%customer%', '%people%'])"""
        )
        self.assertFalse({row[0] for row in self.env.cr.fetchall()} - set(JSON))
