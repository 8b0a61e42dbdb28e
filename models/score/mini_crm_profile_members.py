from contextlib import ExitStack

from odoo import api, models
from odoo.tools import SQL

from ..customer.bulk_indexes import indexes_afterwards, packed
from ..customer.statistics import renew_statistics
from .chosen import Chosen
from .detail_sql import details

# So many profiles are named by their ids; more new ones are found by having no score.
NAMED = 1000


class MiniCrmProfile(models.Model):
    """Who has a profile: the rule, and what always makes a customer."""

    _inherit = "mini_crm.profile"

    @api.model
    def _ensure(self, partners):
        """Make profiles of those partners that may be customers and have none.

        For what always makes a customer whatever the setting: a purchase, a message, an
        import. The new profiles are counted and scored at once.

        :param partners: list of ids, or an SQL condition on ``res_partner p``
        :return: number of profiles made
        :rtype: int
        """
        condition = partners
        if not isinstance(partners, SQL):
            condition = SQL("p.id = ANY(%s)", list(partners))
        eligible = self.env["res.partner"]._customer_eligible_condition("p")
        made, new = self._make(SQL("%s AND %s", condition, eligible))
        if made:
            self._score_new(new)
        return made

    @api.model
    def _apply_customer_rule(self, installing=False):
        """Make profiles of all whom the rule makes customers; drop those of others.

        A few statements whatever the number of contacts; no row of ``res_partner`` is
        written and no event logged. A profile with history of its own is kept, and so
        is that of an archived customer.

        :param bool installing: there is nothing to drop yet
        """
        self.env.flush_all()
        if not installing:
            self._drop(SQL("TRUE"))
        rule = self.env["res.partner"]._customer_condition("p")
        with ExitStack() as once:
            if installing:
                once.enter_context(indexes_afterwards(self))
                once.enter_context(self._counted_afterwards())
            made, new = self._make(rule)
            if made:
                self._score_new(new)
            if installing:
                packed(self.env.cr, self._table)  # every row was written twice
        self._forget_cache()

    @api.model
    def _apply_customer_rule_to(self, partner_ids, *, log=True):
        """Apply the rule to some partners that were just made or changed.

        :param list[int] partner_ids: their ids
        :param bool log: log customer_created for the new customers; the pipeline then
            scores them. Otherwise they are scored at once.
        """
        self.env.flush_all()
        partners = SQL("p.id = ANY(%s)", list(partner_ids))
        dropped = self._drop(partners)
        rule = self.env["res.partner"]._customer_condition("p")
        made, new = self._make(SQL("%s AND %s", partners, rule))
        if made and log:
            self._log_created(new)
        elif made:
            self._score_new(new)
        if made or dropped:
            self._forget_cache()

    @api.model
    def _make(self, condition):
        """Insert profiles of partners that have none: (how many, which).

        :param SQL condition: on ``res_partner p``
        :rtype: tuple[int, Chosen]
        """
        self.env.cr.execute(
            SQL(
                """WITH made AS (
                    INSERT INTO mini_crm_profile (id, journey_stage, customer_since,
                        currency_id, basic_filled, custom_filled, has_photo,
                        partner_company_id, partner_share, partner_active)
                    SELECT p.id, 'awareness', coalesce(p.create_date, %(now)s),
                        co.currency_id, p.basic_filled, p.custom_filled, p.has_photo,
                        p.company_id, p.partner_share IS TRUE, p.active IS TRUE
                    FROM (%(details)s) p
                    JOIN res_company co ON co.id = coalesce(p.company_id, %(first)s)
                    ON CONFLICT (id) DO NOTHING RETURNING id)
                SELECT (SELECT count(*) FROM made),
                    ARRAY(SELECT id FROM made LIMIT %(named)s)""",
                now=SQL("(now() AT TIME ZONE 'utc')"),
                first=self._shop().first_company_id,
                details=details(
                    self.env["mini_crm.field"]._rules().values(),
                    SQL(
                        """%s AND NOT EXISTS (
                            SELECT FROM mini_crm_profile pr WHERE pr.id = p.id)""",
                        condition,
                    ),
                ),
                named=NAMED + 1,
            )
        )
        made, ids = self.env.cr.fetchone()
        if made <= NAMED:
            return made, Chosen.among(ids)
        renew_statistics(self.env.cr, "mini_crm_profile", made)
        return made, Chosen.unscored()

    @api.model
    def _score_new(self, new):
        """Count and score new profiles at once, of whom no event tells.

        :param Chosen new: as ``_make`` gives them
        """
        self._refresh(new, details=False, quiet=True)
        self._untold(new.ids, membership=True)

    @api.model
    def _past_changed(self, company, since):
        """Extension: what happened since a moment is another, and no event tells of it.

        :param company: record of the company where it happened
        :param datetime since: UTC
        """

    @api.model
    def _drop(self, condition):
        """Delete profiles that the rule no longer asks for and that have no history.

        :param SQL condition: on ``res_partner p``
        :return: number of profiles deleted
        :rtype: int
        """
        Partner = self.env["res.partner"]
        self.env.cr.execute(
            SQL(
                """WITH dropped AS (
                    DELETE FROM mini_crm_profile pr USING res_partner p
                    WHERE p.id = pr.id AND p.active AND %(condition)s
                    AND NOT %(rule)s AND NOT %(history)s RETURNING pr.id
                ), history AS (
                    DELETE FROM mini_crm_score_history
                    WHERE partner_id IN (SELECT id FROM dropped)
                ), moves AS (
                    DELETE FROM mini_crm_journey_transition
                    WHERE partner_id IN (SELECT id FROM dropped)
                ) SELECT (SELECT count(*) FROM dropped),
                    ARRAY(SELECT id FROM dropped LIMIT %(named)s)""",
                condition=condition,
                rule=Partner._customer_condition("p"),
                history=Partner._customer_evidence_condition("p"),
                named=NAMED + 1,
            )
        )
        dropped, ids = self.env.cr.fetchone()
        if dropped:
            self._untold(ids if dropped <= NAMED else None, membership=True)
        return dropped

    @api.model
    def _log_created(self, chosen):
        """Log customer_created for new profiles."""
        self.env["mini_crm.event"]._log_many(
            {
                "partner_id": SQL("p.id"),
                "company_id": SQL("coalesce(p.company_id, %s)", self.env.company.id),
                "type": SQL("'customer_created'"),
            },
            SQL("FROM res_partner p WHERE %s", chosen.on(SQL("p.id"))),
        )
