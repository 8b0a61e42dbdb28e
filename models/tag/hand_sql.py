"""Triggers that tell what people do to tags from what rules do, whoever writes.

A tag has many doors: the contact's form, the tag's own list of contacts, imports, bulk
changes, the API, raw SQL of other add-ons. All end in one table of links. Whatever is
written there while no rule is at work was done by hand: a tag put on stays for good, a
tag taken off is declined.

The statements are dynamic, planned for the rows at hand; the function does nothing when
the tables of this add-on are gone.
"""

from odoo.tools import SQL

LINKS = SQL.identifier("res_partner_res_partner_category_rel")
SETTING = "mini_crm.tag_by_rule"  # of the transaction: "on" while a rule is at work

_TURN = """UPDATE mini_crm_tag_origin o SET by_hand = {put_on}, declined = NOT {put_on}
    FROM {rows} r WHERE o.partner_id = r.partner_id AND o.category_id = r.category_id
        AND (o.by_hand, o.declined) IS DISTINCT FROM ({put_on}, NOT {put_on})"""
# Whoever may meet a rule that looks at the same customer writes the customer's mark:
# of two transactions side by side one fails and is tried again.
_MARK = """INSERT INTO mini_crm_rule_mark (id, revision)
    SELECT DISTINCT r.partner_id, 1 FROM {rows} r
    JOIN res_partner p ON p.id = r.partner_id
    WHERE r.category_id IN (SELECT category_id FROM mini_crm_tag_rule)
    ORDER BY 1
    ON CONFLICT (id) DO UPDATE SET revision = mini_crm_rule_mark.revision + 1"""
_BY_HAND = SQL(
    """CREATE FUNCTION mini_crm_tag_by_hand() RETURNS trigger SET jit = off AS $body$
    DECLARE
        marked boolean := to_regclass('mini_crm_rule_mark') IS NOT NULL;
    BEGIN
        IF to_regclass('mini_crm_tag_origin') IS NULL
            OR current_setting('mini_crm.tag_by_rule', TRUE) = 'on' THEN
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            IF marked THEN EXECUTE $$%s$$; END IF;
            EXECUTE $$%s$$;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            IF marked THEN EXECUTE $$%s$$; END IF;
            EXECUTE $$%s$$;
        END IF;
        RETURN NULL;
    END $body$ LANGUAGE plpgsql""",
    SQL(_MARK.format(rows="old_rows")),
    SQL(_TURN.format(rows="old_rows", put_on="FALSE")),
    SQL(_MARK.format(rows="new_rows")),
    SQL(_TURN.format(rows="new_rows", put_on="TRUE")),
)
_ROWS = {
    "INSERT": SQL("NEW TABLE AS new_rows"),
    "UPDATE": SQL("OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "DELETE": SQL("OLD TABLE AS old_rows"),
}


def create_triggers(cr):
    """Make the triggers anew."""
    drop_triggers(cr)
    cr.execute(_BY_HAND)
    for operation, rows in _ROWS.items():
        cr.execute(
            SQL(
                """CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s
                FOR EACH STATEMENT EXECUTE FUNCTION mini_crm_tag_by_hand()""",
                SQL.identifier(f"mini_crm_tag_{operation.lower()}"),
                SQL(operation),
                LINKS,
                rows,
            )
        )


def drop_triggers(cr):
    """Drop the triggers with their function, also from the table of others."""
    cr.execute("DROP FUNCTION IF EXISTS mini_crm_tag_by_hand() CASCADE")
