from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import workflow as engine
from ...engine import workflow_check
from ...engine.people import ContactError, parse_email, parse_phone
from ...engine.workflow import Performed, State
from . import workflow_texts
from .dry_run_samples import sample
from .dry_run_ways import DryWays
from .mini_crm_workflow_run_save import EMPTIED
from .question_texts import answer_text

MOST_ROWS = 100  # what goes round would fill the screen
ANSWERS_AFTER = timedelta(minutes=1)
# What people write stands in a sentence of another direction.
ISOLATED = "\u2068{}\u2069"


class MiniCrmWorkflow(models.Model):
    """Test runs: the way of a real customer through a draft; nothing is done."""

    _inherit = "mini_crm.workflow"

    @api.readonly
    def get_dry_run(self, partner_id, answers=None):
        """What would happen to a customer who enters this workflow now (agents).

        It is the draft that is run, with the values that the user may read. Questions
        are answered at once by something that fits. Nothing is sent, saved or noted.

        :param int partner_id: of ``res.partner``
        :param dict | None answers: {id of a question: what is answered instead, or
            ``None`` for no answer at all}
        :return: list of ``{"node", "edge", "text", "at", "reason"}`` in their order,
            the first with an empty ``node`` for the start; ``at`` is UTC. Empty: this
            customer would not enter
        :rtype: list[dict]
        :raise UserError: the draft cannot be run yet, says why
        """
        self.ensure_one()
        self.check_access("read")
        partner = self.env["res.partner"].browse(partner_id).exists()
        partner.check_access("read")
        definition = self._definition_to_try()
        shop = self._of_company()
        shop = shop.with_context(tz=self.company_id.mini_crm_tz or "UTC")
        if not shop._may_enter(partner, definition):
            return []
        return _DryRun(shop, partner.with_env(shop.env), definition, answers).rows()

    def _definition_to_try(self):
        """The draft with its defaults.

        :raises UserError: for what the engine could not run
        """
        definition = self._shown_definition()
        found = [one for one in workflow_check.problems(definition) if not one.warning]
        if found:
            lines = self._problems()
            raise UserError(
                "\n".join(
                    [
                        self.env._("“%s” cannot be tried yet:", self.name),
                        *(self._located(line) for line in lines),
                    ]
                )
            )
        return workflow_check.normalised(definition)

    def _may_enter(self, partner, definition):
        """Whether somebody is a customer of the company whom the condition lets in."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT FROM res_partner p WHERE p.id = %s AND p.active
                    AND (p.company_id IS NULL OR p.company_id = %s) AND %s""",
                partner.id,
                self.env.company.id,
                partner._customer_filter("p"),
            )
        )
        return bool(rows) and self._fits(partner, definition["audience"])

    def _fits(self, partner, domain):
        """Whether a customer meets a condition, as the user sees him.

        :raises UserError: the condition cannot be evaluated
        """
        if domain in ("", "[]"):
            return True
        chosen = self.env["mini_crm.condition"]._subselect(
            domain, self.env.user, self.env.company, SQL("SELECT %s", partner.id)
        )
        return self.env.execute_query(SQL("SELECT EXISTS (%s)", chosen))[0][0]


class _DryRun:
    """One customer's way through a definition, told row by row.

    A run in memory lends its words: it knows how texts are filled in.
    """

    def __init__(self, workflow, partner, definition, answers):
        self.workflow, self.partner, self.definition = workflow, partner, definition
        self.env = workflow.env
        self._answers = answers if isinstance(answers, dict) else {}
        self._now = fields.Datetime.now()
        self._run = self.env["mini_crm.workflow.run"].new(
            {
                "workflow_id": workflow.id,
                "partner_id": partner.id,
                "company_id": workflow.env.company.id,
            }
        )
        self._ways = DryWays(self._run)
        self._around = self._surroundings()
        self._rows, self._told = [], {}

    def rows(self):
        """list[dict]: as ``get_dry_run`` gives them."""
        trigger = self.definition["trigger"]
        words = trigger.get("words") or [""]
        if trigger["kind"] == "message_received":
            self._ways.has_written(self._now)
        self._add("", "", text=words[0])
        state = State(seed=self.partner.id)
        event = engine.Started(text=words[0])
        while event is not None and len(self._rows) < MOST_ROWS:
            state, commands = engine.step(
                self.definition, state, event, self._now, self._around
            )
            self._run.position = state.as_json()
            performed = Performed()
            for command in commands:
                performed = self._performed(state, command) or Performed()
            if state.edge:
                self._leave(state)
            event = self._next(state, performed)
        self._end(state, event)
        return self._rows

    # The way

    def _next(self, state, performed):
        """What happens next, or ``None``: it is over."""
        if state.ended:
            return None
        if state.status == "running":
            return performed
        if state.waits_for_answer:
            node = state.node
            if node in self._answers and self._answers[node] is None:
                return self._wait_until(state.due_at)
            return self._answer(state)
        return self._wait_until(state.due_at)

    def _wait_until(self, due_at):
        self._now = max(due_at, self._now)
        return engine.TimerDue()

    def _answer(self, state):
        """An answer that fits, or the one that was given."""
        self._now += ANSWERS_AFTER
        self._ways.has_written(self._now)
        given = self._answers.get(state.node)
        if isinstance(given, str):
            answer = engine.Answered(text=given)
        else:
            config = self.definition["nodes"][state.node]
            rule = self._around.rules.get(config.get("save_to"))
            answer = sample(self.env, config, rule, self.partner, self._now.date())
        said = answer.text or answer.payload or self.env._("a photo")
        said = ISOLATED.format(said)
        self._note(state.node, reason=self.env._("Assumed answer: %s", said))
        return answer

    def _leave(self, state):
        """A row of the node that was left."""
        told = self._told.pop(state.node, {})
        reasons = told.get("reasons", [])
        words = workflow_texts.reason_text(self.env, state.reason)
        if words and words not in reasons:
            reasons = [*reasons, words]
        self._add(
            state.node,
            state.edge,
            text=told.get("text", ""),
            at=told.get("at"),
            reason="\n".join(reasons),
        )

    def _end(self, state, event):
        """What is to be said of the end, if it is no usual one."""
        if event is not None:
            self._add(state.node, "", reason=self.env._("It goes on like this."))
        elif state.status == "failed":
            words = workflow_texts.outcome_text(self.env, state.outcome)
            self._add(state.node, "", reason=words)

    def _add(self, node, edge, *, text="", at=None, reason=""):
        self._rows.append(
            {
                "node": node,
                "edge": edge,
                "text": text,
                "at": fields.Datetime.to_string(at or self._now),
                "reason": reason,
            }
        )

    def _note(self, node, *, text="", at=None, reason=""):
        """Keep what the row of a node will tell."""
        told = self._told.setdefault(node, {"reasons": []})
        if text:
            told["text"] = text
        if at:
            told["at"] = at
        if reason:
            told["reasons"].append(reason)

    # Commands, of which none is performed

    def _performed(self, state, command):
        """What would come of a command: ``Performed`` or ``None``."""
        does = {
            engine.Send: self._send,
            engine.Ask: self._send,
            engine.Check: self._check,
            engine.ReadDate: self._read_date,
            engine.Save: self._save,
            engine.Act: self._act,
            engine.Say: self._say,
        }.get(type(command))
        return does and does(state.node, command)

    def _send(self, node, command):
        way = self._ways.way(command.channel, self._now)
        text = self._run._filled(command.text)
        labels = [one["label"] for one in self._run._worded(command.buttons)]
        shown = "\n".join([text, *(f"[ {label} ]" for label in labels)])
        self._note(node, text=shown, at=way.until or self._now, reason=way.words)
        if not way.problem and not text:
            return Performed("not_sent", "empty")
        if not way.problem:
            asks = isinstance(command, engine.Ask)
            return Performed(value=way.until if asks else None)
        closed = way.problem == "window_closed" and isinstance(command, engine.Ask)
        return Performed("window_closed" if closed else "not_sent", way.problem)

    def _say(self, node, command):
        text = self._run._filled(command.text)
        customer = self._run._customer()
        self._note(
            node,
            reason=text or answer_text(customer.env, command.code, command.details),
        )

    def _check(self, _node, command):
        fits = self.workflow._fits(self.partner, command.domain)
        return Performed("yes" if fits else "no")

    def _read_date(self, _node, command):
        return self._run._do_read_date(command)

    def _save(self, node, command):
        value = command.value
        if command.fill:
            value = self._run._filled(value) or ""
        if isinstance(value, list):
            return Performed()
        emptied = command.empties and command.name in EMPTIED
        code = "" if emptied else self._refusal(command.name, value)
        if code:
            return Performed("invalid", code)
        shown = f"{value:g}" if isinstance(value, float) else str(value or "")
        shown = ISOLATED.format(shown)
        label = self._label(command.name)
        self._note(
            node,
            reason=self.env._(
                "Would save “%(value)s” in %(field)s.", value=shown, field=label
            ),
        )
        return Performed()

    def _refusal(self, name, value):
        """Code of why a field does not take a value, or empty."""
        try:
            if name == "email":
                parse_email(value or "")
            elif name == "phone":
                parse_phone(value or "", self.partner._phone_region({}))
            elif name != "name":
                _vals, problems = self.partner._custom_problems({name: value})
                return problems[0]["code"] if problems else ""
        except ContactError as error:
            return error.code
        return "" if value or name != "name" else "answer_empty"

    def _act(self, node, command):
        text = workflow_texts.act_text(self.env, self._run, command)
        self._note(node, text=text)

    def _label(self, name):
        look = self.env["mini_crm.field"]._looks().find(name)
        if look:
            return look.label
        return self.env["res.partner"].fields_get([name], ["string"])[name]["string"]

    def _surroundings(self):
        """As a run has them."""
        company, partner = self.workflow.company_id, self.partner
        nodes = self.definition["nodes"].values()
        saved_to = {node.get("save_to") for node in nodes} - {None, ""}
        rules = self.env["mini_crm.field"]._rules() if saved_to else {}
        return engine.Surroundings(
            zone=partner.tz or company.mini_crm_tz or "UTC",
            calendar=company._birthday_calendar(),
            country=partner._phone_region({}) or "",
            rules={name: rules[name] for name in saved_to & set(rules)},
        )
