from odoo import api, models

from .workflow_texts import node_label, reason_text, step_text
from .workflow_words import edge_words

RUNS = 20  # of one page
STEPS = 100  # told of a run, the latest


class ResPartner(models.Model):
    """What workflows did with a customer, and why, for whoever looks at him."""

    _inherit = "res.partner"

    @api.readonly
    def get_workflow_runs(self, before=0):
        """The customer's runs with their steps, the latest first (agents).

        :param int before: id of a run: only older ones; 0: from the latest
        :return: ``{"runs": [{"id", "workflow", "name", "state", "status",
            "started_at", "ended_at", "due_at", "at", "outcome", "may_stop", "steps":
            [{"id", "kind", "label", "edge", "text", "reason", "date"}]}],
            "more": bool}``;
            times are UTC or ``False``, ``status`` and the other texts are for people,
            ``at`` is the step at which it stands, ``outcome`` how it has ended, or that
            it is yet to begin, at ``started_at``; ``steps`` begin with the oldest
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        older = [("id", "<", before)] if before else []
        runs = self.env["mini_crm.workflow.run"].search(
            [("partner_id", "=", self.id), *older], order="id desc", limit=RUNS + 1
        )
        more, runs = len(runs) > RUNS, runs[:RUNS]
        return {"runs": runs._rows_of_log(), "more": more}


class MiniCrmWorkflowRun(models.Model):
    """A run as its customer's page tells of it."""

    _inherit = "mini_crm.workflow.run"

    def action_stop(self):
        """End these runs, whatever they wait for (agents).

        :raises AccessError: for a customer whom the user may not change
        """
        self.check_access("read")
        self.partner_id.check_access("write")
        self._stop("by_hand")
        return True

    def _rows_of_log(self):
        """These runs as ``get_workflow_runs`` gives them."""
        states = dict(self._fields["state"]._description_selection(self.env))
        steps = self._step_rows()
        rows = []
        for run in self:
            active = run.state in ("running", "waiting")
            stands = active and not run._waits_for_its_turn()
            rows.append(
                {
                    "id": run.id,
                    "workflow": run.workflow_id.id,
                    "name": run.workflow_id.name,
                    "state": run.state,
                    "status": states[run.state],
                    "started_at": run.started_at,
                    "ended_at": run.ended_at,
                    "due_at": active and run.due_at,
                    "at": run.where_text if stands else "",
                    "outcome": "" if stands else run.where_text,
                    "may_stop": active and run.partner_id.has_access("write"),
                    "steps": steps.get(run.id, []),
                }
            )
        return rows

    def _step_rows(self):
        """{run id: its steps, the oldest first}: ``STEPS`` of each on average."""
        steps = self.env["mini_crm.workflow.step"].search(
            [("run_id", "in", self.ids)], order="id desc", limit=STEPS * RUNS
        )
        edges = edge_words(self.env)
        rows = {}
        for step in reversed(steps):
            rows.setdefault(step.run_id.id, []).append(
                {
                    "id": step.id,
                    "kind": step.kind,
                    "label": node_label(self.env, step.kind),
                    "edge": edges.get(step.edge, ""),
                    "text": step_text(step),
                    "reason": reason_text(self.env, step.reason),
                    "date": step.date,
                }
            )
        return rows
