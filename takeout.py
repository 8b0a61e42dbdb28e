"""All data of the add-on in one file, for whoever uninstalls it.

A zip with one member per table, ``<table>.jsonl``: one JSON object a line, its keys are
the columns. Tables of other add-ons hold only the columns that this add-on has put
there, with the id and the name of the row, and only the rows where one is filled: the
slots of customers are in ``res_partner.jsonl``. ``manifest.json`` names the version,
the date and the number of rows of every table. docs/operations.md says it to people.
"""

import json
import zipfile

from odoo import fields
from odoo.release import version as odoo_version
from odoo.tools import SQL

PREFIX = "mini_crm."
# Work under way, rows of imported files, raw deliveries of providers: nothing that
# anybody has entered here. And the tokens of channels, which go nowhere.
NOT_EXPORTED = (
    *("mini_crm.queue", "mini_crm.batch.line", "mini_crm.score.run"),
    *("mini_crm.api.claim", "mini_crm.api.request", "mini_crm.mail.sending"),
    *("mini_crm.channel.secret", "mini_crm.inbox", "mini_crm.outbox"),
    *("mini_crm.webhook.secret", "mini_crm.workflow.mail"),
)
CHUNK = 2_000  # rows in memory at a time
_CURSOR = SQL.identifier("mini_crm_takeout")


def write(env, path):
    """Write the file. Memory does not grow with the number of customers.

    :param env: environment of the superuser
    :param path: the file
    :return: number of rows by table
    :rtype: dict
    """
    env.flush_all()
    counts = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for table, query in [*_own_tables(env), *_own_columns(env), *_relations(env)]:
            with packed.open(f"{table}.jsonl", "w", force_zip64=True) as member:
                counts[table] = 0
                for lines in _lines(env.cr, query):
                    member.write("".join(f"{line}\n" for line in lines).encode())
                    counts[table] += len(lines)
        packed.writestr("manifest.json", json.dumps(_about(env, counts), indent=2))
    return counts


def _about(env, counts):
    module = env["ir.module.module"].search([("name", "=", "mini_crm")])
    return {
        "product": "mini_crm",
        "format": 1,
        "version": module.latest_version,
        "odoo": odoo_version,
        "date": fields.Date.today().isoformat(),
        "tables": counts,
    }


def _lines(cr, query):
    """What a query gives, as lists of JSON texts of at most CHUNK rows (iterator)."""
    cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", _CURSOR, query))
    while True:
        cr.execute(SQL("FETCH %s FROM %s", CHUNK, _CURSOR))
        rows = cr.fetchall()
        if not rows:
            break
        yield [row[0] for row in rows]
    cr.execute(SQL("CLOSE %s", _CURSOR))


def _own_tables(env):
    """(table, query) of every model of ours that keeps something."""
    for name in sorted(env.registry):
        model = env[name]
        if name.startswith(PREFIX) and name not in NOT_EXPORTED and _has_rows(model):
            columns = _columns(model, model._fields)
            yield (
                model._table,
                SQL(
                    """SELECT row_to_json(t)::text
                    FROM (SELECT %s FROM %s ORDER BY id) t""",
                    SQL(", ").join(columns),
                    SQL.identifier(model._table),
                ),
            )


def _own_columns(env):
    """(table, query) of what we have added to the tables of others."""
    for name, added in sorted(_fields_added(env).items()):
        model = env.get(name)
        columns = [] if model is None else _columns(model, added)
        if not columns or not _has_rows(model):
            continue
        known = ["id"]
        if model._rec_name and model._fields[model._rec_name].column_type:
            known.append(model._rec_name)
        yield (
            model._table,
            SQL(
                """SELECT jsonb_strip_nulls(to_jsonb(t))::text
                FROM (SELECT %s FROM %s WHERE num_nonnulls(%s) > 0 ORDER BY id) t""",
                SQL(", ").join([*map(SQL.identifier, known), *columns]),
                SQL.identifier(model._table),
                SQL(", ").join(columns),
            ),
        )


def _relations(env):
    """(table, query) of the tables behind our many-to-many fields."""
    env.cr.execute(
        SQL(
            """SELECT r.name FROM ir_model_relation r
            JOIN ir_module_module m ON m.id = r.module
            GROUP BY r.name HAVING bool_and(m.name = 'mini_crm') ORDER BY 1"""
        )
    )
    for (table,) in env.cr.fetchall():
        query = SQL("SELECT row_to_json(t)::text FROM %s t", SQL.identifier(table))
        yield table, query


def _fields_added(env):
    """Fields of other add-ons' models that only we declare: {model: [names]}."""
    env.cr.execute(
        SQL(
            """SELECT f.model, array_agg(f.name ORDER BY f.name)
            FROM ir_model_fields f
            WHERE NOT starts_with(f.model, %s) AND EXISTS (
                SELECT FROM ir_model_data d
                WHERE d.model = 'ir.model.fields' AND d.res_id = f.id
                HAVING bool_and(d.module = 'mini_crm'))
            GROUP BY f.model""",
            PREFIX,
        )
    )
    return dict(env.cr.fetchall())


def _has_rows(model):
    return model._auto and not model._abstract and not model._transient


def _columns(model, names):
    """Columns of these fields (list of SQL), but for what only programs may know."""
    known = [model._fields[name] for name in names if name in model._fields]
    return [
        SQL.identifier(field.name)
        for field in known
        if field.store and field.column_type and field.groups != "base.group_system"
    ]
