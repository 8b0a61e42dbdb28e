import time
from datetime import timedelta

from psycopg2.errors import QueryCanceled

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.calendars import as_utc
from .mini_crm_rule_evaluation import DISTURBED

RANGE = 250_000  # customers of one step, one commit each
FIRST_RANGE = 25_000  # likewise, while many enter and leave
SMALLEST = 1_000
ATTEMPTS = 5  # of steps that others disturb
STEP_SECONDS = 60
AGAIN_SECONDS = 60  # longer than those transactions last in which rules are looked at
WORKERS = ("ir_cron_mini_crm_rule", "ir_cron_mini_crm_rule_2")


class MiniCrmRule(models.AbstractModel):
    """Rebuilds: everybody is looked at, in steps, and goes on after a restart."""

    _inherit = "mini_crm.rule"

    def _rebuild(self):
        """Have these rules compared with everybody as soon as possible."""
        # sudo: the state of a rule is kept by the machine
        for rule in self.sudo().filtered(lambda rule: rule.status != "paused"):
            values = {"next_id": 0, "due_at": fields.Datetime.now()}
            if rule.status == "broken":
                values |= {"status": "waiting", "problem": False}
            rule.write(values)
        self.env["mini_crm.rule"]._wake_workers()

    @api.model
    def _rebuild_all(self, topics=None, companies=None):
        """Have rules of all kinds compared with everybody as soon as possible.

        :param set[str] | None topics: only those that read one of these
        :param companies: only those of these companies
        """
        for kind in self._kinds():
            # sudo: as in ``_rebuild``
            rules = self.env[kind].sudo().search([])
            rules.filtered(
                lambda rule: (
                    (not topics or not rule._topics().isdisjoint(topics))
                    and (not companies or rule.company_id in companies)
                )
            )._rebuild()

    @api.model
    def _wake_workers(self):
        """Have the workers look for rules as soon as this transaction commits."""
        for name in WORKERS:
            cron = self.env.ref(f"mini_crm.{name}", raise_if_not_found=False)
            if cron:  # not while the add-on is being installed
                cron.sudo()._trigger()  # sudo: whoever changes a rule or a customer

    @api.model
    def _cron_rules(self):
        """Worker: do steps of the rules that wait, one commit each."""
        cron = self.env["ir.cron"]
        most, attempts = RANGE, 0
        while attempts < ATTEMPTS and (rule := self._claim()):
            generation = rule.generation
            built = rule.built_generation == generation
            size = min(most, RANGE if built else FIRST_RANGE)
            try:
                done = rule._step(size)
                self.env.flush_all()
            except DISTURBED:
                # somebody else changed the same customers: as good as not begun
                self.env.cr.rollback()
                most, attempts = max(SMALLEST, size // 4), attempts + 1
                continue
            except Exception as error:
                self.env.cr.rollback()
                if isinstance(error, QueryCanceled) and size > SMALLEST:
                    most = max(SMALLEST, size // 4)
                    continue
                if rule.exists() and rule.generation == generation:
                    rule._break(error)
                done = 0
            most, attempts = min(RANGE, most * 2), 0
            if not cron._commit_progress(done, remaining=self._waiting()):
                break

    @api.model
    def _run_all(self):
        """Bring every rule that waits up to date in this transaction (for tests)."""
        self.env.flush_all()
        while rule := self._claim():
            try:
                with self.env.cr.savepoint():
                    rule._step(RANGE)
            except Exception as error:
                rule._break(error)
            self.env.flush_all()

    @api.model
    def _claim(self):
        """A rule that waits and nobody works on, locked: those never built first."""
        for kind in self._kinds():
            rules = self.env[kind].sudo()  # sudo: the worker's
            # Not FOR UPDATE: those who look at a customer hold rules by their keys.
            self.env.cr.execute(
                SQL(
                    """SELECT id FROM %s WHERE %s
                    ORDER BY built_at NULLS FIRST, id LIMIT 1
                    FOR NO KEY UPDATE SKIP LOCKED""",
                    SQL.identifier(rules._table),
                    rules._waits(),
                )
            )
            if row := self.env.cr.fetchone():
                return rules.browse(row[0])
        return None

    @api.model
    def _waits(self):
        """SQL condition on a table of rules: there is something to do."""
        return SQL(
            """(active AND (status = 'waiting' OR (status = 'ready'
                AND due_at <= %s)))""",
            fields.Datetime.now(),
        )

    @api.model
    def _waiting(self):
        """Number of rules that wait."""
        total = 0
        for kind in self._kinds():
            rules = self.env[kind]
            self.env.cr.execute(
                SQL(
                    "SELECT count(*) FROM %s WHERE %s",
                    SQL.identifier(rules._table),
                    rules._waits(),
                )
            )
            total += self.env.cr.fetchone()[0]
        return total

    def _step(self, size):
        """Compare this rule with the next customers: how many.

        :param int size: how many at most
        """
        self.ensure_one()
        began = time.monotonic()
        first = self.next_id
        if not first:
            self.write(self._begun())
        self.env.flush_all()
        last, count = self._range_end(first, size)

        def chosen(column):
            # the last step also takes whoever is no customer any more
            if count < size:
                return SQL("%s >= %s", column, first)
            return SQL("%s BETWEEN %s AND %s", column, first, last)

        self.env["mini_crm.profile"]._prepare_bulk()
        self.env.cr.execute(
            SQL("SET LOCAL statement_timeout = %s", STEP_SECONDS * 1000)
        )
        self._apply_differences({self.id: self._wanted(chosen)}, chosen)
        self.env.cr.execute("SET LOCAL statement_timeout = DEFAULT")
        values = {"build_seconds": self.build_seconds + time.monotonic() - began}
        if count < size:
            values |= self._built()
        else:
            values["next_id"] = last + 1
        self.write(values)
        return count

    @api.model
    def _range_end(self, first, size):
        """The last of the next customers, and how many they are."""
        self.env.cr.execute(
            SQL(
                """SELECT max(id), count(*) FROM (SELECT id FROM mini_crm_profile
                WHERE id >= %s ORDER BY id LIMIT %s) step""",
                first,
                size,
            )
        )
        return self.env.cr.fetchone()

    def _begun(self):
        """Values of a rule when everybody begins to be looked at.

        Transactions that run since before the rule was there, or was mended, do not
        look at it: what they change is found by comparing once more a little later.
        """
        now = fields.Datetime.now()
        values = {"build_began_at": now, "build_seconds": 0}
        if self.status == "waiting":
            self.env.cr.execute(
                """SELECT EXISTS (SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND xact_start < now() AND backend_type = 'client backend')"""
            )
            others = self.env.cr.fetchone()[0]
            values["due_at"] = others and now + timedelta(seconds=AGAIN_SECONDS)
        return values

    def _built(self):
        """Values of a rule that was compared with everybody."""
        edge = self._next_edge(self.build_began_at)
        if self.status == "waiting" and self.due_at:
            edge = min(self.due_at, edge or self.due_at)
        return {
            "status": "ready",
            "problem": False,
            "next_id": 0,
            "built_at": fields.Datetime.now(),
            "built_generation": self.generation,
            "due_at": edge,
        }

    def _next_edge(self, moment):
        """When time alone may next change the answer (naive, UTC), or ``False``."""
        if not self.timing:
            return False
        if self.timing == "hour":
            hour = moment.replace(minute=0, second=0, microsecond=0)
            return hour + timedelta(hours=1)
        local = self._local(moment)
        return as_utc(local.date() + timedelta(days=1), local.tzinfo)
