from psycopg2.errors import QueryCanceled

from odoo import api, models
from odoo.tools import SQL

from .mini_crm_condition_count import TIMEOUT

SAMPLES = 5  # of those for whom something would change, each way


class MiniCrmRule(models.AbstractModel):
    """What saving a rule would do, asked while somebody is writing it."""

    _inherit = "mini_crm.rule"

    def _wanted_by(self, domain):
        """Select of those for whom a condition would hold, as this rule finds them.

        :param str domain: without problems
        :rtype: SQL
        """
        return self.env["mini_crm.condition"]._subselect(
            domain,
            self.user_id or self.env.user,
            self.company_id or self.env.company,
        )

    @api.model
    def _in_time(self, query):
        """The one row of a select that may take as long as a count.

        :param SQL query:
        :return: {column: value}; ``None``: it took too long
        :rtype: dict | None
        """
        try:
            # a new point to go back to: the timeout ends the statement only
            with self.env.cr.savepoint():
                self.env.cr.execute(SQL("SET LOCAL statement_timeout = %s", TIMEOUT))
                self.env.cr.execute(query, log_exceptions=False)
                row = self.env.cr.dictfetchone()
                self.env.cr.execute("SET LOCAL statement_timeout = DEFAULT")
                return row
        except QueryCanceled:
            return None

    @api.model
    def _samples(self, changes):
        """Customers of a preview, as the user may see them.

        :param dict[str, list[int]] changes: what would change -> ids
        :return: list of ``{"id", "name", "change"}``
        :rtype: list[dict]
        """
        what = {one: change for change, ids in changes.items() for one in ids}
        partners = self.env["res.partner"].search([("id", "in", list(what))])
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "change": what[partner.id],
            }
            for partner in partners
        ]
