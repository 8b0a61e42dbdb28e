"""Translations that a file or a template brings, added where nobody has written any."""

from odoo.tools import SQL

SOURCE = "en_US"  # what Odoo keeps a translated text under whatever languages there are


def languages(env):
    """Languages in use besides the source: list of codes."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return [code for code in codes if code != SOURCE]


def stored_texts(record, field_name):
    """What is stored for a translated field: {language: text}, empty if nothing."""
    return record._fields[field_name]._get_stored_translations(record) or {}


def fill_texts(model, field_name, lang, rows):
    """Write texts of a language where the source is unchanged and none is there yet.

    One statement. A text that a person has changed in either language stays.

    :param model: recordset of the model
    :param str field_name: a translated field
    :param list rows: (id, text in the source language, text in ``lang``)
    """
    rows = [row for row in rows if row[1] and row[2]]
    if not rows:
        return
    ids, sources, texts = zip(*rows, strict=True)
    model.flush_model([field_name])
    model.env.cr.execute(
        SQL(
            """UPDATE %(table)s t
            SET %(field)s = t.%(field)s || jsonb_build_object(%(lang)s::text, v.text)
            FROM unnest(%(ids)s::int[], %(sources)s::text[], %(texts)s::text[])
                AS v (id, source, text)
            WHERE t.id = v.id AND t.%(field)s ->> %(source)s = v.source
                AND t.%(field)s -> %(lang)s IS NULL""",
            table=SQL.identifier(model._table),
            field=SQL.identifier(field_name),
            lang=lang,
            ids=list(ids),
            sources=list(sources),
            texts=list(texts),
            source=SOURCE,
        )
    )
    model.invalidate_model([field_name])
