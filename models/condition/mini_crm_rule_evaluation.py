import logging
from datetime import timezone
from zoneinfo import ZoneInfo

from psycopg2.errors import OperationalError, QueryCanceled, UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from .kept_plans import THESE, select_by_kept_plan

_logger = logging.getLogger(__name__)

# Nothing is wrong with the rule: others are at the same customers, or there is no room,
# no memory, no time. Of two that let the same customer in, one meets the index first.
FEW = 100  # customers for whom rules are looked at before anything is written
NOT_ITS_FAULT = (OperationalError, UniqueViolation)


class MiniCrmRule(models.AbstractModel):
    """From a stored condition to SQL, and from SQL to a difference."""

    _inherit = "mini_crm.rule"

    def _apply_difference(self, wanted, scope, causes=None):
        """Make what a rule holds equal to what its condition says, within a scope.

        One statement by difference, which also logs the events.

        :param SQL wanted: select of the ids of the customers for whom the condition
            holds, within the scope
        :param scope: function from the SQL of a column of ids to an SQL condition
        :param dict[int, int] | None causes: customer -> event that caused this; none:
            the rule is being built, which the events say
        """
        raise NotImplementedError

    def _apply_differences(self, wanted, scope, causes=None):
        """``_apply_difference`` of several rules; kinds may do it in one statement.

        :param dict[int, SQL] wanted: rule id -> select
        """
        for rule in self:
            rule._apply_difference(wanted[rule.id], scope, causes)

    def _differing(self, ids):
        """Those of the rules that do not hold what they should of a few customers.

        Most changes of a customer are none to most rules, and to look costs a part of
        what letting in and out costs. Conditions that change by the minute have no plan
        worth keeping: their rules may differ.

        :param list[int] ids: the customers
        :return: some of the rules
        """
        steady = self.filtered(lambda rule: rule.timing != "hour")
        wanted = {rule.id: rule._wanted_among(THESE) for rule in steady}
        query = steady and steady._differing_sql(
            wanted, lambda column: SQL("%s = ANY(%s)", column, THESE)
        )
        if not query:
            return self
        rows = select_by_kept_plan(self.env.cr, query, ids)
        found = {row[0] for row in rows}
        return self.filtered(lambda rule: rule.id in found or rule not in steady)

    def _differing_sql(self, wanted, scope):
        """Select of the ids of rules that do not hold what they should.

        :param wanted, scope: as of ``_apply_differences``
        :return: ``None`` where a kind of rules cannot tell
        :rtype: SQL | None
        """
        return

    def _let_go(self, scope):
        """Drop what these rules hold within a scope; afterwards they hold nobody there.

        :param scope: as of ``_apply_difference``
        """
        raise NotImplementedError

    @api.model
    def _caused(self, columns, source, causes):
        """Let events of a difference name what has caused them.

        :param dict[str, SQL] columns: of ``_log_many``
        :param SQL source: of ``_log_many``, with the customer as ``p``
        :param dict[int, int] | None causes: customer -> event
        :return: columns and source
        """
        if not causes:
            return columns, source
        columns |= {
            "cause_id": SQL("cause.event_id"),
            "depth": SQL("coalesce(ce.depth, 0) + 1"),
        }
        source = SQL(
            """%s LEFT JOIN unnest(%s::int[], %s::int[]) AS cause (id, event_id)
                ON cause.id = p.id
            LEFT JOIN mini_crm_event ce ON ce.id = cause.event_id""",
            source,
            list(causes),
            list(causes.values()),
        )
        return columns, source

    def _wanted(self, chosen):
        """Select of those for whom the condition holds, evaluated as the owner.

        :param chosen: function from the SQL of a column of ids to an SQL condition
        :rtype: SQL
        """
        query = self._query_among(chosen)
        profile = f"{query.table}__mini_crm_profile_id"
        if profile in query._joins:
            # The same id, but the planner carries no range over to it: each step of a
            # rebuild would read the profiles of everybody. Customers all have one.
            query.add_where(chosen(SQL.identifier(profile, "id")))
        return query.select()

    def _query_among(self, chosen):
        """Query of those for whom the condition holds; ``chosen`` as above."""
        self.ensure_one()
        query = self.env["mini_crm.condition"]._query(
            self.domain, self.user_id, self.company_id
        )
        query.add_where(chosen(SQL.identifier(query.table, "id")))
        return query

    def _wanted_among(self, ids):
        """``_wanted`` of some customers; compiled once a day (a minute) and kept.

        :param list[int] ids: some thousands at most; or ``THESE``
        """
        self.ensure_one()
        now = self._local(fields.Datetime.now())
        # by its words, not by its id: a change that is rolled back leaves nothing
        code, params = self._compiled(
            self.domain,
            self.user_id.id,
            self.company_id.id,
            f"{now:%Y-%m-%d %H:%M}" if self.timing == "hour" else now.date(),
            self.env["mini_crm.version"]._current(),
        )
        return SQL(code, *(ids if param is THESE else param for param in params))

    @ormcache("domain", "owner_id", "company_id", "when", "version")
    def _compiled(self, domain, owner_id, company_id, when, version):
        """SQL of a condition, with ``THESE`` for the ids: (code, parameters)."""
        query = self._query_among(lambda column: SQL("%s = ANY(%s)", column, THESE))
        sql = query.select()
        return sql.code, tuple(sql.params)

    def _local(self, moment):
        """A moment (naive, UTC) in the time zone of the rule's company."""
        zone = ZoneInfo(self.company_id.mini_crm_tz or "UTC")
        return moment.replace(tzinfo=timezone.utc).astimezone(zone)

    def _evaluate(self, ids, causes):
        """Bring customers up to date with these rules of one kind.

        One statement for all; if that fails, each rule alone, so that a bad one does
        not stop the others.

        :param list[int] ids: the customers
        :param dict[int, int] causes: customer -> event
        """
        wanted = {}
        for rule in self:
            try:
                wanted[rule.id] = rule._wanted_among(ids)
            except Exception as error:  # whatever it names is gone
                rule._break(error)
        rules = self.filtered(lambda rule: rule.id in wanted)
        if not rules or rules._try(wanted, ids, causes) is None:
            return
        for rule in rules:
            if error := rule._try(wanted, ids, causes):
                rule._break(error)

    def _refresh(self, partner_ids):
        """Bring some customers up to date with these rules now, for a person's action.

        :param list[int] partner_ids: some thousands at most
        """
        self.env.flush_all()
        ids = sorted(partner_ids)
        # sudo: rules are kept up to date whoever has changed the customer
        rules = self.sudo()._hold(SQL("id = ANY(%s) AND active", self.ids))
        self.env["mini_crm.rule.mark"]._touch(SQL("SELECT unnest(%s::int[])", ids))
        rules._evaluate(ids, {})

    def _try(self, wanted, ids, causes):
        """Apply differences inside a savepoint: what failed, or ``None``."""
        self.env.flush_all()  # among it a rule just set aside, whatever comes now

        def scope(column):
            return SQL("%s = ANY(%s)", column, ids)

        try:
            with self.env.cr.savepoint(flush=False):
                # of many customers nearly every rule lets some in or out
                few = len(ids) <= FEW
                if rules := self._differing(ids) if few else self:
                    rules._apply_differences(wanted, scope, causes)
        except NOT_ITS_FAULT:
            raise
        except Exception as error:
            return error
        return None

    def _break(self, error):
        """Set a rule aside with what is wrong; it holds what it held."""
        self.ensure_one()
        # what people have done is told where they look; the rest is ours to mend
        by_people = isinstance(error, UserError)
        level = logging.INFO if by_people else logging.WARNING
        _logger.log(level, "%s cannot be kept up to date: %s", self, error)
        text = error.args[0] if by_people else self._not_by_people(error)
        # sudo: the state of a rule is kept by the machine
        self.sudo().write({"status": "broken", "problem": str(text), "next_id": 0})

    def _not_by_people(self, error):
        """What people are told of an error that only the log can explain: str."""
        _ = self.with_context(lang=self.user_id.lang).env._
        if isinstance(error, QueryCanceled):
            return _(
                "Comparing the customers with this condition took too long. Fewer"
                " comparisons make it faster. It is tried again every day."
            )
        return _(
            "It could not be brought up to date; the log of the server says why. It is"
            " tried again every day."
        )
