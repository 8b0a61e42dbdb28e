"""Workflows of a product seen from outside: made by a manager, then looked at."""


class Workflows:
    """The part of ``Product`` that knows workflows; see there for the rest."""

    def workflow(self, definition, name="Workflow", **values):
        """Make a workflow and publish it, as a manager: its id.

        :param dict definition: see ``engine.workflow``; ``format``, ``entry`` and what
            else has a usual value may be left out
        :param values: further fields of the workflow, as ``max_runs_per_hour``
        :raises RpcError: tells what is wrong with the definition
        """
        usual = {"format": 1, "entry": {"policy": "once"}, "audience": "[]"}
        values = {"name": name, "definition": {**usual, **definition}, **values}
        ids = self.rpc("manager", "mini_crm.workflow", "create", [values])
        self.rpc("manager", "mini_crm.workflow", "action_publish", ids)
        return ids[0]

    def runs(self, workflow):
        """Runs of a workflow, the oldest first: list of dict as ``run_state`` tells."""
        return self.sql(f"{_RUN} WHERE workflow_id = {int(workflow)} ORDER BY id")

    def run_state(self, run):
        """Where a run is (dict: id, workflow_id, partner_id, state, outcome, node,
        question, started_at, ended_at, due_at)."""
        (row,) = self.sql(f"{_RUN} WHERE id = {int(run)}")
        return row

    def steps(self, run):
        """What the log tells of a run, the oldest first: list of dict.

        Of each node its ``visit``, ``kind``, ``edge`` by which it was left, ``reason``,
        ``data`` and ``date``.
        """
        return self.sql(
            f"""SELECT node, visit, kind, edge, reason, data, date
            FROM mini_crm_workflow_step WHERE run_id = {int(run)} ORDER BY id"""
        )


_RUN = """SELECT id, workflow_id, partner_id, state, outcome, node, question,
    started_at, ended_at, due_at FROM mini_crm_workflow_run"""
