from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .chosen import Chosen
from .counter_sql import bought

BUYERS = 30  # from here on the shop's own figures say what earns full marks
PERCENTILE = 0.95


class FullMarks(NamedTuple):
    """What earns full marks in a shop, in its currency."""

    buyers: int  # whom it comes from
    spent: float
    order: float


class MiniCrmProfile(models.Model):
    """S and A: the spending and the average order that earn full marks in a shop."""

    _inherit = "mini_crm.profile"

    @api.model
    def _set_full_marks_if_due(self, company):
        """Set S and A of a company once it has buyers enough, and score it anew.

        To be called at the end of whatever brought many purchases. Counts from the
        ledger, so it does not matter how far the pipeline has come.

        :param company: ``res.company``
        :return: whether they were set
        :rtype: bool
        """
        if company.mini_crm_full_marks_date:
            return False
        return self._set_full_marks(company, "first")

    @api.model
    def _renew_full_marks(self, company):
        """Set S and A when due for the first time, and anew a month later."""
        since = company.mini_crm_full_marks_date
        if not since:
            return self._set_full_marks_if_due(company)
        if fields.Date.today() < since + relativedelta(months=1):
            return False
        return self._set_full_marks(company, "renewed")

    @api.model
    def _full_marks_held(self, company):
        """Extension: whether S and A have to wait, as purchases are coming in."""
        return False

    @api.model
    def _set_full_marks(self, company, reason):
        """Take S and A from the company's buyers, and score it anew.

        :return: whether there are enough of them
        :rtype: bool
        """
        if not self._take_full_marks(company, reason):
            return False
        self._rescore(self._of_company(company), quiet=True)
        self._untold(None)
        return True

    @api.model
    def _take_full_marks(self, company, reason):
        """Take S and A from the company's buyers; scoring is left to the caller.

        :return: whether there are enough of them
        :rtype: bool
        """
        self.env.flush_all()
        self._ensure(
            SQL(
                "p.id IN (SELECT partner_id FROM mini_crm_purchase"
                " WHERE company_id = %s)",
                company.id,
            )
        )
        marks = self._own_full_marks(company)
        if not marks:
            return False
        # sudo: the shop's figures decide, whoever brought in the purchases
        company = company.sudo()
        company.with_context(mini_crm_full_marks=(reason, marks.buyers)).write(
            {
                "mini_crm_full_spent": marks.spent,
                "mini_crm_full_order": marks.order,
                "mini_crm_full_marks_date": fields.Date.today(),
            }
        )
        return True

    @api.model
    def _own_full_marks(self, company):
        """S and A as the company's buyers say them.

        :return: ``None`` while these are too few, or purchases are coming in
        :rtype: FullMarks | None
        """
        if self._full_marks_held(company):
            return None
        buyers, spent, order = self._buyers(company)
        if buyers < BUYERS:
            return None
        return FullMarks(buyers, max(spent, 0), max(order, 0))

    @api.model
    def _buyers(self, company):
        """Buyers of a company: number, 95th percentiles of spending and of orders."""
        shop = self._shop()
        self.env.cr.execute(
            SQL(
                """SELECT count(*),
                    percentile_cont(%(share)s) WITHIN GROUP (ORDER BY b.spent),
                    percentile_cont(%(share)s) WITHIN GROUP (
                        ORDER BY b.spent / b.purchases)
                FROM (%(bought)s) b
                JOIN mini_crm_profile pr ON pr.id = b.id
                JOIN res_partner p ON p.id = b.id AND p.active
                WHERE b.purchases > 0
                    AND coalesce(p.company_id, %(first)s) = %(company)s""",
                share=PERCENTILE,
                bought=bought(Chosen.everyone(), shop),
                first=shop.first_company_id,
                company=company.id,
            )
        )
        return self.env.cr.fetchone()

    @api.model
    def _of_company(self, company):
        """SQL condition on ``mini_crm_profile pr``: scored by a company's settings."""
        if self.env["res.company"].sudo().search_count([], limit=2) == 1:
            return SQL("TRUE")
        return SQL(
            """pr.id IN (SELECT id FROM res_partner
                WHERE coalesce(company_id, %s) = %s)""",
            self._shop().first_company_id,
            company.id,
        )
