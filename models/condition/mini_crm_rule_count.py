from odoo import api, fields, models
from odoo.tools import SQL


class MiniCrmRuleCount(models.AbstractModel):
    """How many rows rules hold, as signed differences that a job adds up.

    Triggers on the table of those rows append them, so that every door is covered, and
    two who change rows of one rule side by side never meet in a row. A kind of rule
    inherits it and says what is counted.
    """

    _name = "mini_crm.rule.count"
    _description = "Differences of What Rules Hold"
    _log_access = False
    _rec_name = "id"

    # name of the many2one to the rule, here and in the table of the rows
    _rule_field = ""
    # name of the triggers' function
    _function = ""
    # SQL condition on the rows that count
    _counted = "TRUE"

    members = fields.Integer(required=True)

    @api.model
    def _of(self, rule_ids):
        """What rules hold: {rule id: number}; none of whom nothing was ever counted."""
        self.env.cr.execute(
            SQL(
                """SELECT %(rule)s, sum(members) FROM %(counts)s
                WHERE %(rule)s = ANY(%(ids)s) GROUP BY 1""",
                ids=list(rule_ids),
                **self._sql_names(),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _follow(self, table):
        """Have triggers count the rows of a table, and count those that are there.

        :param str table: name of a table with the column ``_rule_field``
        """
        self.env.cr.execute(SQL(_CREATE, **self._sql_names(), **self._appends()))
        for event, rows in _ROWS.items():
            self.env.cr.execute(
                SQL(
                    """CREATE OR REPLACE TRIGGER %s AFTER %s ON %s REFERENCING %s
                    FOR EACH STATEMENT EXECUTE FUNCTION %s()""",
                    SQL.identifier(f"mini_crm_count_{event.lower()}"),
                    SQL(event),
                    SQL.identifier(table),
                    rows,
                    SQL.identifier(self._function),
                )
            )
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(counts)s (%(rule)s, members)
                SELECT %(rule)s, count(*) FROM %(table)s
                WHERE %(counted)s AND NOT EXISTS (SELECT FROM %(counts)s) GROUP BY 1""",
                table=SQL.identifier(table),
                **self._sql_names(),
            )
        )

    @api.model
    def _sql_names(self):
        """Names and conditions in the statements: {name: SQL}."""
        rules = self.env[self._fields[self._rule_field].comodel_name]
        return {
            "rule": SQL.identifier(self._rule_field),
            "rules": SQL.identifier(rules._table),
            "counts": SQL.identifier(self._table),
            "function": SQL.identifier(self._function),
            "counted": SQL(self._counted),
        }

    @api.model
    def _appends(self):
        """What each operation appends: {name in ``_CREATE``: statement}."""
        names = self._sql_names()
        come, gone = (
            SQL(
                "SELECT %(rule)s, %(sign)s AS n FROM %(rows)s WHERE %(counted)s",
                sign=SQL(sign),
                rows=SQL(rows),
                **names,
            )
            for rows, sign in (("new_rows", "1"), ("old_rows", "-1"))
        )
        signed = {
            "inserted": come,
            "deleted": gone,
            "updated": SQL("%s UNION ALL %s", come, gone),
        }
        return {
            name: SQL(_APPEND, signed=rows, **names) for name, rows in signed.items()
        }

    @api.model
    def _compact(self):
        """Add up the differences."""
        self.env.cr.execute(SQL(_COMPACT, **self._sql_names()))


_ROWS = {
    "INSERT": SQL("NEW TABLE AS new_rows"),
    "UPDATE": SQL("OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "DELETE": SQL("OLD TABLE AS old_rows"),
}

# Nothing is counted for a rule that is being deleted.
_APPEND = """INSERT INTO %(counts)s (%(rule)s, members)
    SELECT r.id, c.n FROM (
        SELECT %(rule)s AS id, sum(n) AS n FROM (%(signed)s) each GROUP BY 1) c
    JOIN %(rules)s r ON r.id = c.id WHERE c.n <> 0"""

# Does nothing when this add-on is gone.
_CREATE = """CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $body$
    BEGIN
        IF to_regclass('%(counts)s') IS NULL THEN
            RETURN NULL;
        END IF;
        CASE TG_OP
            WHEN 'INSERT' THEN EXECUTE $$%(inserted)s$$;
            WHEN 'DELETE' THEN EXECUTE $$%(deleted)s$$;
            ELSE EXECUTE $$%(updated)s$$;
        END CASE;
        RETURN NULL;
    END $body$ LANGUAGE plpgsql"""

_COMPACT = """WITH rows AS (
        DELETE FROM %(counts)s WHERE id IN (
            SELECT id FROM %(counts)s ORDER BY id
            LIMIT 100000 FOR UPDATE SKIP LOCKED)
        RETURNING %(rule)s, members)
    INSERT INTO %(counts)s (%(rule)s, members)
    SELECT %(rule)s, sum(members) FROM rows GROUP BY 1 HAVING sum(members) <> 0"""
