"""Stored conditions that name a merged contact by his id: rules and saved filters."""

import ast
import json

from odoo.tools import SQL

from ...engine.domain_ids import with_ids
from .references import PARTNER

MOST = 100_000  # characters of a condition that is read


def move_conditions(mover):
    """Have conditions name the survivor where they named a source, with a trace.

    A condition that is no plain list (``uid``, ``context_today()``) stays as it is.

    :param Mover mover: of the merge
    """
    env = mover.env
    for kind in env["mini_crm.rule"]._kinds():
        begin_anew(env, kind, _move(mover, env[kind]._table, SQL("%s", PARTNER)))
    _move(mover, "ir_filters", SQL("t.model_id"))


def begin_anew(env, kind, rule_ids):
    """Have rules look at everybody whose condition was written past the ORM.

    :param str kind: name of their model
    :param rule_ids: ids; those that are gone are left out
    """
    # sudo: the state of a rule is kept by the machine
    rules = env[kind].sudo().browse(rule_ids).exists()
    rules.invalidate_recordset(["domain"])
    for rule in rules:
        rule._restart()
    env.flush_all()


def _move(mover, table, model):
    """Rewrite the conditions of a table.

    :param SQL model: name of the model that a condition of the row ``t`` is of
    :return: ids of the rows that were rewritten
    :rtype: list[int]
    """
    # only numbers: ids of contacts
    word = rf"\y({'|'.join(map(str, mover.source_ids))})\y"
    mover.cr.execute(
        SQL(
            """SELECT t.id, t.domain, %s FROM %s t
            WHERE t.domain ~ %s AND length(t.domain) <= %s""",
            model,
            SQL.identifier(table),
            word,
            MOST,
        )
    )
    becomes = dict.fromkeys(mover.source_ids, mover.survivor_id)
    texts = {}
    for row_id, text, name in mover.cr.fetchall():
        changed = _rewritten(mover.env, text, name, becomes)
        if changed != text:
            texts[row_id] = changed
    if texts:
        mover.change(
            table,
            {"domain": SQL("%s::jsonb ->> t.id::text", json.dumps(texts))},
            SQL("t.id = ANY(%s)", list(texts)),
        )
    return list(texts)


def _rewritten(env, text, model, becomes):
    """A condition as text with other ids; the same text if it names none of them."""
    if model not in env:
        return text
    try:
        domain = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    if not isinstance(domain, list):
        return text
    changed = with_ids(domain, becomes, lambda name: _is_contact(env[model], name))
    return text if changed == domain else repr(changed)


def _is_contact(model, path):
    """Whether a path of fields leads to ids of contacts (bool)."""
    if not isinstance(path, str):
        return False
    for name in path.split("."):
        if name == "id":
            return model._name == PARTNER
        field = model._fields.get(name)
        if field is None or not field.relational:
            return False
        model = model.env[field.comodel_name]
    return model._name == PARTNER
