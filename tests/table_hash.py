"""What stands in a database, to compare before a batch and after its undo.

Plain SQL, for tests inside and outside Odoo.
"""

# Left out: the log and what is made of it in passing, batches themselves, messages and
# audit rows, and what Odoo counts for itself (docs/architecture.md, "Undo").
LEFT_OUT = (
    *("mini_crm_event", "mini_crm_queue", "mini_crm_batch%", "mini_crm_import"),
    *("mini_crm_bulk%", "mini_crm_heartbeat%", "mini_crm_score_history"),
    *("mini_crm_journey_%", "mini_crm_rule_mark", "mini_crm_segment_size"),
    "mini_crm_score_run",
    *("mini_crm_search_%", "mini_crm_%_count", "mini_crm_export%"),
    *("mail_message%", "mail_tracking%", "bus_%", "ir_cron%", "ir_attachment"),
    *("ir_logging", "ir_profile", "res_users_log", "res_device%"),
    *("ir_config_parameter", "orm_signaling_%", "mini_crm_duplicate%"),
)
# Columns that do not count: who has written a row and when; of what the pipeline makes
# anew when it follows an undo, the ids and since when it is so; of rules, when they
# looked at everybody.
WRITTEN = ("write_date", "write_uid")
LOOKED = ("build_began_at", "built_at", "build_seconds", "due_at", "edges")
MADE_ANEW = {
    "mini_crm_profile": ("stage_since", "score_logged", "health_logged"),
    "mini_crm_segment_member": ("id", "since", "reason"),
    "mini_crm_tag_origin": ("id", "since"),
    "mini_crm_segment": LOOKED,
    "mini_crm_tag_rule": LOOKED,
}

_NAMES = ", ".join(f"'{name}'" for name in LEFT_OUT)
TABLES = f"""SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
        AND NOT table_name LIKE ANY(ARRAY[{_NAMES}]) ORDER BY 1"""


def hash_query(table):
    """SELECT of one text, ``hash``, that stands for all rows of a table."""
    names = ", ".join(f"'{name}'" for name in (*WRITTEN, *MADE_ANEW.get(table, ())))
    return f"""SELECT md5(string_agg(row, '|' ORDER BY row)) AS hash FROM (
        SELECT (to_jsonb(t) - ARRAY[{names}])::text AS row
        FROM "{table}" t) rows"""


def differences(before, after):
    """Names of the tables in which two snapshots differ: list of str.

    :param dict before: {table: hash}
    :param dict after: the same later
    """
    return sorted(t for t in before | after if before.get(t) != after.get(t))
