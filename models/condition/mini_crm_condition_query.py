from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.conditions import ROWS, All, Either, Leaf, Not, write
from ..field.res_partner_slot_search import ALL_HITS

CUSTOMER = Domain("journey_stage", "!=", False)


class MiniCrmCondition(models.AbstractModel):
    """For which customers a condition holds, as a query."""

    _inherit = "mini_crm.condition"

    @api.model
    def _query(self, domain_text, user, company, ids_sql=None):
        """Customers for whom a condition holds, as its owner would find them.

        Nothing is read as superuser: the owner's rights and record rules hold. Nothing
        is looked up now either: the query stays right while rights, definitions and the
        shop's day (with "now": the second) stay the same.

        :param domain_text: text or list, which is checked
        :param user: record of the owner (``res.users``)
        :param company: whose customers, whose days: its own and the shared ones
        :param SQL | None ids_sql: select of ids of contacts to look among
        :return: query of ``res.partner`` without an order
        :rtype: odoo.tools.Query
        :raises ValidationError: if the condition is wrong
        :raises AccessError: if the owner may not read what it asks for
        :raises UserError: if there is no owner
        """
        tree = self._check(domain_text)
        partners = self._partners_of(user, company)
        query = partners._search(self._domain_of(tree, company))
        if ids_sql is not None:
            query.add_where(
                SQL("%s IN (%s)", SQL.identifier(query.table, "id"), ids_sql)
            )
        return query

    @api.model
    def _subselect(self, domain_text, user, company, ids_sql=None):
        """The same as ``_query`` as a select of ids: SQL."""
        query = self._query(domain_text, user, company, ids_sql)
        return query.select(SQL.identifier(query.table, "id"))

    @api.model
    def _partners_of(self, user, company):
        """The model of contacts as a rule's owner sees it in the rule's company.

        :raises UserError: there is no owner, and nobody's rights would be those of all
        """
        if not user:
            raise UserError(
                self.env._("Nobody owns this condition. Choose whose rights it has.")
            )
        return (
            self.env["res.partner"]
            .with_user(user)
            .with_context(
                allowed_company_ids=company.ids,
                tz=company.mini_crm_tz or "UTC",
                lang=user.lang,
                active_test=True,
                **{ALL_HITS: True},
            )
        )

    @api.model
    def _domain_of(self, tree, company):
        """A tree as a domain of customers whom a company may have.

        :rtype: Domain
        """
        return (
            CUSTOMER
            & Domain("company_id", "in", [False, company.id])
            & _as_domain(tree)
        )


def _as_domain(tree):
    """A checked tree as a domain; events and purchases as plain EXISTS.

    Odoo's own "any" collects the contacts of all such rows first: for the one customer
    who has just bought that would be everybody's purchases.
    """
    if isinstance(tree, All):
        return Domain.AND(_as_domain(child) for child in tree.children)
    if isinstance(tree, Either):
        return Domain.OR(_as_domain(child) for child in tree.children)
    if isinstance(tree, Leaf) and tree.operator in ROWS:
        return _rows_exist(tree, tree.operator == "any")
    if isinstance(tree, Not):
        child = tree.child
        if isinstance(child, Leaf) and child.operator in ROWS:
            return _rows_exist(child, child.operator != "any")
        return ~_as_domain(tree.child)
    return Domain(write(tree))


def _rows_exist(leaf, wanted):
    """Domain of those who have a row of a one2many in the companies of the query.

    With the user's rights; the shop's own rules are the superuser's, whom no record
    rule keeps from the rows of other companies.

    :param leaf: names the field and the condition on its rows
    :param bool wanted: False: those who have none; said plainly, so that the planner
        can join instead of looking up each
    """
    inner = Domain(write(leaf.value))

    def to_sql(model, alias, query):
        field = model._fields[leaf.field]
        model._check_field_access(field, "read")
        own = Domain("company_id", "in", model.env.companies.ids)
        comodel = model.env[field.comodel_name]
        if "undone_by" in comodel._fields:
            own &= Domain("undone_by", "=", False)
        rows = comodel._search(inner & own)
        return SQL(
            "%s (SELECT FROM %s WHERE %s = %s AND %s)",
            SQL("EXISTS" if wanted else "NOT EXISTS"),
            rows.from_clause,
            SQL.identifier(rows.table, field.inverse_name),
            SQL.identifier(alias, "id"),
            rows.where_clause or SQL("TRUE"),
        )

    return Domain.custom(to_sql=to_sql)
