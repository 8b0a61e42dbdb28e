from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

FUNCTION = "mini_crm_mark_customers"
UNMARKED = "mini_crm.unmarked"  # setting of a transaction: "on" while nobody is marked


class MiniCrmRuleMark(models.Model):
    """One row for each customer whose memberships were ever changed; id: the partner's.

    Whoever evaluates conditions for a customer writes his row first. Two that look at
    the same customer side by side then meet there: the second fails with a
    serialization error and is done again on what the first has left.
    """

    _name = "mini_crm.rule.mark"
    _description = "Customer Looked at by Rules"
    _log_access = False
    _rec_name = "id"

    revision = fields.Integer(help="How often his memberships were looked at.")

    def init(self):  # pylint: disable=missing-return
        super().init()
        self.env.cr.execute(
            """
            ALTER TABLE mini_crm_rule_mark SET (fillfactor = 70);
            ALTER TABLE mini_crm_rule_mark
                DROP CONSTRAINT IF EXISTS mini_crm_rule_mark_partner_fkey,
                ADD CONSTRAINT mini_crm_rule_mark_partner_fkey
                FOREIGN KEY (id) REFERENCES res_partner (id) ON DELETE CASCADE
            """
        )

    @api.model
    def _touch(self, partner_ids):
        """Claim customers before their memberships are looked at, in order of ids.

        :param SQL partner_ids: select of ids
        """
        self.env.cr.execute(SQL(_TOUCH, partner_ids))

    @api.model
    @contextmanager
    def _unmarked(self):
        """Whoever enters or leaves meanwhile is not marked: for whole rules that go."""
        switch = "SELECT set_config(%s, %s, TRUE)"  # of this transaction
        self.env.cr.execute(SQL(switch, UNMARKED, "on"))
        yield
        self.env.cr.execute(SQL(switch, UNMARKED, "off"))

    @api.model
    def _follow(self, table):
        """Have a table of memberships mark whoever enters or leaves it.

        So a rebuild marks the customers of its difference, whatever kind of rule.

        :param str table: name of a table with ``partner_id``
        """
        self.env.cr.execute(_FUNCTION)
        for event, rows in (("INSERT", "NEW"), ("DELETE", "OLD")):
            self.env.cr.execute(
                SQL(
                    """CREATE OR REPLACE TRIGGER %(name)s AFTER %(event)s ON %(table)s
                    REFERENCING %(rows)s TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION mini_crm_mark_customers()""",
                    name=SQL.identifier(f"mini_crm_mark_{event.lower()}"),
                    event=SQL(event),
                    table=SQL.identifier(table),
                    rows=SQL(rows),
                )
            )


_TOUCH = """INSERT INTO mini_crm_rule_mark (id, revision)
    SELECT p.id, 1 FROM res_partner p WHERE p.id IN (%s) ORDER BY p.id
    ON CONFLICT (id) DO UPDATE SET revision = mini_crm_rule_mark.revision + 1"""

# Does nothing when this add-on is gone. Who is deleted with his memberships has no row.
_FUNCTION = SQL(
    """CREATE OR REPLACE FUNCTION %s() RETURNS trigger AS $body$
    BEGIN
        IF to_regclass('mini_crm_rule_mark') IS NOT NULL
            AND current_setting('mini_crm.unmarked', TRUE) IS DISTINCT FROM 'on' THEN
            EXECUTE $$%s$$;
        END IF;
        RETURN NULL;
    END $body$ LANGUAGE plpgsql""",
    SQL.identifier(FUNCTION),
    SQL(_TOUCH, SQL("SELECT partner_id FROM changed")),
)
