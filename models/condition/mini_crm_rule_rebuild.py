import time
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import OperationalError, QueryCanceled, UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL

RANGE = 250_000  # customers of one step, one commit each
FIRST_RANGE = 25_000  # likewise, while many enter and leave
SMALLEST = 1_000
ATTEMPTS = 5  # of steps that others disturb
STEP_SECONDS = 60
LOCK_SECONDS = 10  # that a step waits for somebody else
AGAIN_SECONDS = 60  # longer than those transactions last in which rules are looked at
WORKERS = ("ir_cron_mini_crm_rule", "ir_cron_mini_crm_rule_2")


class MiniCrmRule(models.AbstractModel):
    """Rebuilds: everybody is looked at, in steps, and goes on after a restart."""

    _inherit = "mini_crm.rule"

    def _rebuild(self):
        """Have these rules compared with everybody as soon as possible."""
        # sudo: the state of a rule is kept by the machine
        for rule in self.sudo().filtered(lambda rule: rule.status != "paused"):
            values = {"next_id": 0, "due_at": fields.Datetime.now(), "edges": False}
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
            except Exception as error:
                # whatever it was: as good as not begun
                self.env.cr.rollback()
                if _may_pass(error, size):
                    most, attempts = max(SMALLEST, size // 4), attempts + 1
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
        """A rule that waits and nobody works on: quick ones first, the oldest first.

        It is held by an advisory lock until this transaction ends. Its row is free:
        whoever saves the rule meanwhile does not wait, and it is the step that fails.
        """
        for kind in self._kinds():
            rules = self.env[kind].sudo()  # sudo: the worker's
            self.env.cr.execute(
                SQL(
                    """SELECT id FROM %s WHERE %s
                    ORDER BY coalesce(build_seconds, 0) > %s, built_at NULLS FIRST, id
                    """,
                    SQL.identifier(rules._table),
                    rules._waits(),
                    STEP_SECONDS,
                )
            )
            for (rule_id,) in self.env.cr.fetchall():
                self.env.cr.execute(
                    "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                    [rules._table, rule_id],
                )
                if self.env.cr.fetchone()[0]:
                    return rules.browse(rule_id)
        return None

    @api.model
    def _waits(self):
        """SQL condition on a table of rules: there is something to do.

        An archived one waits until it has let its customers go.
        """
        return SQL(
            "(status = 'waiting' OR (active AND status = 'ready' AND due_at <= %s))",
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

    def _step(self, size, again=False):
        """Compare this rule with the next customers: how many.

        :param int size: how many at most
        :param bool again: compare once more a little later, whoever runs now
        """
        self.ensure_one()
        followed = self._follow_time()
        if followed is not None:
            return followed
        began = time.monotonic()
        first = self.next_id
        values = {} if first else self._begun(again)
        self.env.flush_all()
        last, count = self._range_end(first, size)

        def chosen(column):
            # the last step also takes whoever is no customer any more
            if count < size:
                return SQL("%s >= %s", column, first)
            return SQL("%s BETWEEN %s AND %s", column, first, last)

        self._compare(chosen)
        before = values.get("build_seconds", self.build_seconds)
        values["build_seconds"] = before + time.monotonic() - began
        if count < size:
            values |= self._built(values)
        else:
            values["next_id"] = last + 1
        # Not earlier: whoever saves the rule would wait for the end of the step.
        self.write(values)
        return count

    def _compare(self, chosen, causes=None):
        """Bring chosen customers up to date; of an archived rule, let them go.

        :param chosen: function from the SQL of a column of ids to an SQL condition
        :param dict[int, int] | None causes: as of ``_apply_difference``
        """
        self.env["mini_crm.profile"]._prepare_bulk()
        with self._within_limits():
            if self.active:
                wanted = {self.id: self._wanted(chosen)}
                self._apply_differences(wanted, chosen, causes)
            else:
                self._let_go(chosen)

    @api.model
    @contextmanager
    def _within_limits(self):
        """No statement takes longer meanwhile than one of a step may."""
        limits = (("statement_timeout", STEP_SECONDS), ("lock_timeout", LOCK_SECONDS))
        for name, seconds in limits:
            self.env.cr.execute(
                SQL("SET LOCAL %s = %s", SQL.identifier(name), seconds * 1000)
            )
        yield
        for name, _seconds in limits:
            self.env.cr.execute(SQL("SET LOCAL %s = DEFAULT", SQL.identifier(name)))

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

    def _begun(self, again=False):
        """Values of a rule when everybody begins to be looked at.

        Transactions that run since before the rule was there, or was mended, do not
        look at it: what they change is found by comparing once more a little later.

        :param bool again: that is needed in any case: the rule is not committed yet
        """
        now = fields.Datetime.now()
        values = {
            "build_began_at": now,
            "build_seconds": 0,
            "edges": self._edges_now(),
        }
        if self.status == "waiting":
            again = again or self._is_anybody_at_work()
            values["due_at"] = again and now + timedelta(seconds=AGAIN_SECONDS)
        return values

    @api.model
    def _is_anybody_at_work(self):
        """Whether transactions of others run that began before this one."""
        self.env.cr.execute(
            """SELECT EXISTS (SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND xact_start < now() AND backend_type = 'client backend')"""
        )
        return self.env.cr.fetchone()[0]

    def _built(self, begun):
        """Values of a rule that was compared with everybody.

        :param dict begun: what is not written yet of ``_begun``
        """
        values = {
            "status": "ready",
            "problem": False,
            "next_id": 0,
            "built_at": fields.Datetime.now(),
            "built_generation": self.generation,
            "due_at": self._next_edge(begun.get("build_began_at", self.build_began_at)),
        }
        again = self.status == "waiting" and begun.get("due_at", self.due_at)
        if again and not (values["due_at"] and values["due_at"] < again):
            values |= {"due_at": again, "edges": False}  # with everybody
        return values


def _may_pass(error, size):
    """Whether a step that failed may succeed later, or with fewer customers.

    Two that let the same customer in side by side meet at the index of members first; a
    clash that stays is one within the rule.
    """
    if isinstance(error, (QueryCanceled, UniqueViolation)):
        return size > SMALLEST
    return isinstance(error, OperationalError)
