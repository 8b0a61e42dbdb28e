"""Where the database and the registry refer to a contact.

Nobody lists columns: foreign keys stand in ``pg_constraint``; documents named by model
and id, references as text and values of other companies stand in the registry. So an
add-on that is installed tomorrow is merged as well.
"""

from functools import lru_cache
from typing import NamedTuple

from odoo.tools import SQL

from ..condition.kept_plans import THESE

PARTNER = "res.partner"

# Columns that stay what they are: {(table, column): why}.
STAYS = {
    ("res_users", "partner_id"): "contacts with a user are not merged",
    ("res_company", "partner_id"): "contacts of companies are not merged",
    ("mini_crm_redirect", "source_id"): "the old id itself",
    ("mini_crm_profile", "id"): "the source loses his profile",
    ("mini_crm_search", "id"): "the source has his own row",
    ("mini_crm_rule_mark", "id"): "the source loses his mark",
    ("mini_crm_duplicate_trait", "id"): "the source is compared no more",
    ("mini_crm_duplicate_mark", "partner_id"): "whoever is marked is read anew",
}
# Columns with ids of contacts that no foreign key tells of.
PLAIN = (("mini_crm_queue", "partner_id"),)
# Documents that are not moved: values of the contact's own fields (photos).
PAIR_CONDITIONS = {"ir_attachment": SQL("t.res_field IS NULL")}


class Reference(NamedTuple):
    """A column that holds ids of ``parent``, or of whatever its document names.

    :param str kind: ``key``: an id; ``document``: an id beside the name of a model;
        ``text``: model and id in one
    :param str model_column: the column that names the model, of a document
    :param str model: the model that is named there
    """

    table: str
    column: str
    parent: str = "res_partner"
    kind: str = "key"
    model_column: str | None = None
    model: str = PARTNER

    @property
    def condition(self):
        """SQL condition on the row ``t``: it is about that model at all."""
        if self.kind != "document":
            return SQL("TRUE")
        return SQL(
            "t.%s = %s AND %s",
            SQL.identifier(self.model_column),
            self.model,
            PAIR_CONDITIONS.get(self.table, SQL("TRUE")),
        )


def foreign_keys(env, parent):
    """Columns with a foreign key to a table.

    :param str parent: name of the table
    :return: list of (table, column)
    """
    env.cr.execute(
        SQL(
            """SELECT c.relname, a.attname FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
            WHERE k.contype = 'f' AND cardinality(k.conkey) = 1
                AND c.relnamespace = current_schema::regnamespace
                AND k.confrelid = (quote_ident(current_schema) || '.'
                    || quote_ident(%s))::regclass
            ORDER BY c.relname, a.attname""",
            parent,
        )
    )
    return env.cr.fetchall()


def stored_models(env):
    """Models with a table of their own that outlives the day: list of classes."""
    return [
        model
        for model in env.registry.models.values()
        if model._auto and not model._abstract and not model._transient
    ]


def transient_tables(env):
    """Tables of wizards, those of their many2many fields too: set of names."""
    tables = set()
    for model in env.registry.models.values():
        if model._transient:
            tables.add(model._table)
            tables.update(
                field.relation
                for field in model._fields.values()
                if field.type == "many2many" and field.store
            )
    return tables


def key_references(env):
    """Columns with ids of contacts that follow a merge: list of Reference."""
    skipped = env["mini_crm.merge"]._transient_tables()
    found = [*foreign_keys(env, "res_partner"), *PLAIN]
    return [
        Reference(table, column)
        for table, column in found
        if table not in skipped and (table, column) not in STAYS
    ]


@lru_cache(maxsize=16)
def used_query(found):
    """Select of the numbers of those that name one of some ids, which is ``THESE``.

    :param tuple[Reference, ...] found: one at least
    :rtype: SQL
    """
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s WHERE EXISTS (SELECT FROM %s t WHERE t.%s = ANY(%s) AND %s)",
            number,
            SQL.identifier(reference.table),
            SQL.identifier(reference.column),
            THESE,
            reference.condition,
        )
        for number, reference in enumerate(found)
    )


def document_references(env, model=PARTNER, parent="res_partner"):
    """Columns that name any document, thus also contacts: list of Reference.

    :param str model: which documents are meant, and their table
    """
    found, meant = {}, {"kind": "document", "model": model, "parent": parent}
    for one in stored_models(env):
        for field in one._fields.values():
            if not field.store or field.type not in ("many2one_reference", "integer"):
                continue
            beside = _model_column(one, field)
            if beside:
                key = (one._table, field.name)
                found[key] = Reference(*key, model_column=beside, **meant)
    return [found[key] for key in sorted(found)]


def _model_column(model, field):
    """The column that names the model of the document ``field``, or ``None``."""
    if field.type == "many2one_reference":
        names = (field.model_field,)
    elif field.name == "res_id":
        names = ("res_model", "model")
    else:
        return None
    for name in names:
        beside = model._fields.get(name)
        if beside is not None and beside.store and beside.type in ("char", "selection"):
            return name
    return None


def model_of(env, table):
    """Name of the model whose documents stand in a table, or ``None``."""
    for model in stored_models(env):
        if model._table == table:
            return model._name
    return None


def text_references(env):
    """Columns of reference fields, ``res.partner,7``: list of Reference."""
    return sorted(
        Reference(model._table, field.name, kind="text")
        for model in stored_models(env)
        for field in model._fields.values()
        if field.type == "reference" and field.store and field.column_type
    )


def company_references(env):
    """JSON columns of many2one fields that differ by company: (table, column)."""
    return sorted(
        (env[field.model_name]._table, field.name)
        for field in env.registry.many2one_company_dependents[PARTNER]
    )
