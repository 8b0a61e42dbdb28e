"""Which customers a set-based statement is about."""

from odoo.tools import SQL

HANDFUL = 20


class Chosen:
    """A choice of customers, as a condition on whatever column holds their id.

    Tables are filtered by the choice directly: a join with the chosen profiles would
    let the planner read the whole log for a range of customers.
    """

    def __init__(self, condition, many=True, ids=None):
        """
        :param condition: function from the SQL of a column to an SQL condition
        :param bool many: more than a handful
        :param list[int] | None ids: the customers, if they are named
        """
        self.on = condition
        self.many = many
        self.ids = ids

    @classmethod
    def everyone(cls):
        """All customers."""
        return cls(lambda _column: SQL("TRUE"))

    @classmethod
    def among(cls, ids):
        """These ids, some thousands at most."""
        ids = list(ids)
        return cls(
            lambda column: SQL("%s = ANY(%s)", column, ids), len(ids) > HANDFUL, ids
        )

    @classmethod
    def between(cls, first_id, last_id):
        """A range of ids, both ends included."""
        return cls(
            lambda column: SQL("%s BETWEEN %s AND %s", column, first_id, last_id)
        )

    @classmethod
    def unscored(cls):
        """Those whose profile is so new that it has no score."""
        return cls(
            lambda column: SQL(
                "%s IN (SELECT id FROM mini_crm_profile WHERE crm_score IS NULL)",
                column,
            )
        )
