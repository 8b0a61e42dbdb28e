"""Stored conditions that name a merged contact by his id.

Those of rules and saved filters, and of workflows: of what is being edited and of every
version. A version is what customers follow, and never another sequence of steps; whom
its conditions name is a reference like any other, which leads to the survivor. Else who
is under way would be compared with somebody who is gone, and the workflow would look
edited as nobody has edited it. What is kept of versions is their triggers
(``_triggers``), which have no condition.
"""

import ast
import json

from odoo.tools import SQL

from ...engine.domain_ids import with_ids
from ...engine.workflow_references import with_conditions
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
    edited = {
        # an editor that is open asks before it writes the old ids again
        "revision": SQL("coalesce(t.revision, 0) + 1"),
        "revised_by_id": SQL("%s::int", env.uid),
    }
    _move_definitions(mover, "mini_crm_workflow", edited)
    _move_definitions(mover, "mini_crm_workflow_version", {})


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
    found = mover.env.execute_query(
        SQL(
            """SELECT t.id, t.domain, %s FROM %s t
            WHERE t.domain ~ %s AND length(t.domain) <= %s""",
            model,
            SQL.identifier(table),
            _named(mover),
            MOST,
        )
    )
    texts = {}
    for row_id, text, name in found:
        changed = _rewritten(mover, text, name)
        if changed != text:
            texts[row_id] = changed
    if texts:
        mover.change(
            table,
            {"domain": SQL("%s::jsonb ->> t.id::text", json.dumps(texts))},
            SQL("t.id = ANY(%s)", list(texts)),
        )
    return list(texts)


def _move_definitions(mover, table, more):
    """Rewrite the conditions in the definitions of a table.

    :param dict more: what else is written where one has changed, for ``Mover.change``
    """
    found = mover.env.execute_query(
        SQL(
            "SELECT t.id, t.definition FROM %s t WHERE t.definition::text ~ %s",
            SQL.identifier(table),
            _named(mover),
        )
    )
    made = {}
    for row_id, definition in found:
        changed = with_conditions(definition, lambda t: _rewritten(mover, t, PARTNER))
        if changed != definition:
            made[row_id] = changed
    if made:
        definition = SQL("%s::jsonb -> t.id::text", json.dumps(made))
        mover.change(
            table, {"definition": definition, **more}, SQL("t.id = ANY(%s)", list(made))
        )


def _named(mover):
    """What finds texts in which the number of a source stands (str)."""
    # only numbers: ids of contacts
    return rf"\y({'|'.join(map(str, mover.source_ids))})\y"


def _rewritten(mover, text, model):
    """A condition as text with other ids; the same text if it names none of them."""
    env = mover.env
    if model not in env or len(text) > MOST:
        return text
    try:
        domain = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    if not isinstance(domain, list):
        return text
    becomes = dict.fromkeys(mover.source_ids, mover.survivor_id)
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
