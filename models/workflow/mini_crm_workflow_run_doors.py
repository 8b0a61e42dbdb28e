import logging
import re
from contextlib import contextmanager
from dataclasses import replace

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, clean_context

from ...engine import workflow as engine
from ...engine.workflow import Performed, State, Stopped, Surroundings
from .races import is_race

_logger = logging.getLogger(__name__)

ACTIVE = ("running", "waiting")
REASON = 500  # characters of what is told of a failure


class AlreadyDone(Exception):
    """Another worker has made this very step."""


class MiniCrmWorkflowRun(models.Model):
    """The doors by which a run moves, and the one loop behind them.

    What a node does and the move on are one transaction, and the log has one row for
    each (run, node, visit): whoever comes second does nothing.
    """

    _inherit = "mini_crm.workflow.run"

    # The door "event"; start and timer come through it as well

    def _advance(self, event=None):
        """Tell one run what has happened, and have it go as far as it can.

        :param engine.workflow.Event | None event: what; ``None``: its time has come, or
            it begins
        :return: whether it moved. Not so when it has ended, when its workflow is
            paused (only a stop passes then), or when another worker was first.
        :rtype: bool
        :raises psycopg2.Error: others change the same rows (``is_race``); nothing of it
            is written once the caller has rolled back, and he tries again
        """
        self.ensure_one()
        run = self.sudo()  # sudo: where a run stands and its log are the machine's
        if not run._hold():
            return False
        try:
            with run._undone_on_error():
                event = run._what_happens(event)
                if event:
                    run._go(event)
        except AlreadyDone:
            _logger.info("Workflow run %s: another worker has made this step", run.id)
            return False
        except Exception as error:
            if is_race(error):
                raise
            run._give_up(error)
            return True
        return bool(event)

    def _what_happens(self, event):
        """What this run is told: an event, its end instead, or ``None``: nothing."""
        if isinstance(event, Stopped):
            return event
        if self._is_ending():
            return Stopped("by_hand")
        if not self.workflow_id._is_going():
            return None
        if reason := self._reason_to_leave():
            return Stopped(reason)
        if not self.workflow_id._is_going():  # its condition is broken
            return None
        return event or self._due_event()

    def _stop(self, reason):
        """End these runs, whatever they wait for.

        :param str reason: see ``engine.workflow.Stopped``
        """
        for run in self:
            run._advance(Stopped(reason))

    def _hold(self):
        """Lock this run's row until the transaction ends: whether it is under way."""
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """SELECT state FROM mini_crm_workflow_run WHERE id = %s
                FOR NO KEY UPDATE""",
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)
        return bool(rows) and rows[0][0] in ACTIVE

    @contextmanager
    def _undone_on_error(self):
        """A savepoint that does not run what waits for the commit.

        Odoo's own would draw the consequences of each single step at once.
        """
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                yield
                self.env.flush_all()
        except Exception:
            self.env.transaction.clear()
            raise

    # The loop

    def _go(self, event):
        """Step, perform, step again, until it waits or has ended."""
        # what was changed before was not this run's doing
        self.env["res.partner"]._log_changes()
        state, around = self._state(), self._surroundings()
        while True:
            after = state
            try:
                after, commands = engine.step(
                    self.version_id.definition,
                    state,
                    event,
                    fields.Datetime.now(),
                    around,
                )
                event = self._carry_out(state, after, commands)
            except Exception as error:
                if isinstance(error, AlreadyDone) or is_race(error):
                    raise
                self._fail(state, after, error)
                return
            state = after
            if state.status != "running":
                break
        if state.status == "failed":
            self.workflow_id._judge_failures()

    def _carry_out(self, before, after, commands):
        """Move on, and do what belongs to the move: all of it or nothing.

        :return: ``Performed`` of the last command
        """
        performed = Performed()
        if commands:
            acting = self._as_actor()
            with self._undone_on_error():
                self._move(before, after)
                for command in commands:
                    performed = acting._perform(command)
                # while it is known what has caused it
                # sudo: the log must tell the truth whatever the writer may read
                acting.env["res.partner"].sudo()._log_changes()
        else:  # nothing can go wrong
            self._move(before, after)
        if after.ended and self.question:
            self.question = False
        if after.status == "stopped":
            self._cancel_unsent()
        return performed

    def _move(self, before, after):
        """Log the node that was left, and keep where the run stands now."""
        self._log_step(before, after)
        self._store(after)

    def _perform(self, command):
        """Do one command, as the user of workflows.

        Each kind has a method ``_do_<kind>(command)`` that is called on this run with
        that user's rights; what it needs beyond them (the machine's own tables) it
        takes by ``sudo()``.

        :param engine.workflow.Command command: what to do
        :return: what came of it
        :rtype: Performed
        :raises UserError: it cannot be done: the run fails with these words
        """
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(command).__name__).lower()
        return getattr(self, f"_do_{name}")(command) or Performed()

    def _as_actor(self):
        """These runs of one company as the user of workflows sees them.

        What he writes tells by what way, and from which event it came.
        """
        company = self.sudo().company_id
        first = self.sudo()[:1]
        context = {
            **clean_context(self.env.context),
            "allowed_company_ids": company.ids,
            "lang": company.partner_id.lang or self.env.lang,
            "tz": company.mini_crm_tz or "UTC",
            "mini_crm_through": "workflow",
            "mini_crm_cause": (first.event_id or None, first.depth + 1),
        }
        actor = self.env.ref("mini_crm.user_workflow")
        return self.with_env(self.env(user=actor, su=False, context=context))

    # Where it stands

    def _state(self):
        """Where this run stands: ``engine.workflow.State``."""
        self.ensure_one()
        return State.from_json(self.sudo().position or State().as_json())

    def _store(self, state):
        """Keep where this run stands.

        One that is ``running`` is due at once: whoever dies before it waits leaves it
        to the worker.
        """
        now = fields.Datetime.now()
        running = state.status == "running"
        self.write(
            {
                "position": state.as_json(),
                "node": state.node,
                "state": "waiting" if state.status == "queued" else state.status,
                "outcome": state.outcome or False,
                "due_at": now if running else state.due_at or False,
                "ended_at": now if state.ended else False,
            }
        )

    def _surroundings(self):
        """What nodes need to know of the customer and the shop."""
        company, partner = self.company_id, self.partner_id
        nodes = self.version_id.definition.get("nodes") or {}
        saved_to = {node.get("save_to") for node in nodes.values()} - {None, ""}
        rules = self.env["mini_crm.field"]._rules() if saved_to else {}
        return Surroundings(
            zone=partner.tz or company.mini_crm_tz or "UTC",
            calendar=company._birthday_calendar(),
            country=partner._phone_region({}) or "",
            rules={name: rules[name] for name in saved_to & set(rules)},
        )

    # The log

    def _note(self, **what):
        """Have the log tell more of the node at which this run stands.

        :param what: JSON values; they are in the row once the node is left
        """
        run = self.sudo()  # sudo: the log is the machine's
        run.notes = {**(run.notes or {}), **what}

    def _log_step(self, before, after):
        """Log the node that was left between two states, if one was.

        :raises AlreadyDone: it is logged
        """
        if after.edge and after.node and _left(before) != _left(after):
            self._log_node(after, after.edge, after.reason)

    def _log_node(self, state, edge, reason):
        """Write the row of the node at which a state stands; see ``_log_step``."""
        nodes = self.version_id.definition.get("nodes") or {}
        answer = state.answers.get(state.node)
        data = {**(self.notes or {}), **({"answer": answer} if answer else {})}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO mini_crm_workflow_step (run_id, version_id, company_id,
                    node, visit, kind, edge, reason, data, date)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                ON CONFLICT (run_id, node, visit) DO NOTHING RETURNING id""",
                self.id,
                self.version_id.id,
                self.company_id.id,
                state.node,
                state.visit,
                nodes.get(state.node, {}).get("kind", ""),
                edge,
                reason or None,
                self.env["mini_crm.event"]._json(data),
                fields.Datetime.now(),
            )
        )
        if not rows:
            raise AlreadyDone
        self.notes = False
        self.invalidate_recordset(["step_ids"], flush=False)

    # What goes wrong

    def _set_aside(self, error):
        """Set this run aside where it stands; see ``_fail``."""
        try:
            with self._undone_on_error():
                state = self._state()
                self._fail(state, state, error)
        except Exception as problem:
            if is_race(problem):
                raise
            self._give_up(problem)

    def _fail(self, state, after, error):
        """Set this run aside with its reason; others go on.

        What the failing node has begun was rolled back; what it had open is closed.

        :param State state: before the step
        :param State after: of the step that failed
        """
        if isinstance(error, UserError):
            outcome, reason = "refused", str(error)
        else:
            outcome, reason = "internal", type(error).__name__
            _logger.error("Workflow run %s has failed", self.id, exc_info=error)
        if self.question:
            self._close_after_failure()
        if after.node and not (after is state and state.edge):
            self._log_node(after, "failed", reason[:REASON])
        self._store(
            replace(after, status="failed", outcome=outcome, edge="failed", due_at=None)
        )
        self.workflow_id._judge_failures()

    def _give_up(self, error):
        """End this run, of which not even the place can be told."""
        _logger.error("Workflow run %s cannot go on", self.id, exc_info=error)
        self.write(
            {
                "state": "failed",
                "outcome": "internal",
                "ended_at": fields.Datetime.now(),
                "due_at": False,
                "question": False,
            }
        )
        self.workflow_id._judge_failures()

    def _close_after_failure(self):
        """Let the next question of the conversation go out."""
        try:
            with self._undone_on_error():
                self._as_actor()._perform(engine.CloseQuestion())
        except Exception as error:
            if is_race(error):
                raise
            _logger.exception("Workflow run %s: the next question waits", self.id)
        self.question = False

    # The door "rebuild"

    def _recheck(self):
        """Have those of these runs end whose customer may not go on any more."""
        runs = self.sudo()  # sudo: of whoever was archived, whoever did it
        # those that queue end first, so that none is asked when the open one closes
        for run in runs.sorted(lambda run: run.question == "open"):
            if run.state in ACTIVE and (reason := run._reason_to_leave()):
                run._advance(Stopped(reason))

    def _reason_to_leave(self):
        """Why this run cannot go on: archived, moved, left (the audience), or empty.

        Who has waited for his turn has to fit when it comes, too. A condition that
        cannot be evaluated any more pauses the workflow.
        """
        if not self.partner_id.active:
            return "archived"
        company = self.partner_id.company_id
        if company and company != self.company_id:
            return "moved"
        definition = self.version_id.definition
        audience = definition.get("audience")
        asked = definition.get("leave") or self._waits_for_its_turn()
        if not asked or audience in (None, "", "[]"):
            return ""
        try:
            return "" if self._meets(audience) else "left"
        except UserError:
            self.workflow_id._pause("audience")
            return ""

    def _waits_for_its_turn(self):
        """Whether this run is yet to begin, see ``mini_crm.workflow._turns`` (bool)."""
        return self.state == "waiting" and not self.node

    def _meets(self, domain):
        """Whether the customer of this run meets a condition, as the shop sees him."""
        acting = self._as_actor()
        partner_id = self.sudo().partner_id.id
        self.env.flush_all()
        chosen = acting.env["mini_crm.condition"]._subselect(
            domain, acting.env.user, acting.env.company, SQL("SELECT %s", partner_id)
        )
        return self.env.execute_query(SQL("SELECT EXISTS (%s)", chosen))[0][0]


def _left(state):
    """The visit that a state has left, and how."""
    return state.node, state.visit, state.edge
