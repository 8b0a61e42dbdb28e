from ..common import MiniCrmCase
from ..factories import make_customer

DAY = {"by": "duration", "duration": {"amount": 1, "unit": "days"}}


class RunCase(MiniCrmCase):
    """Workflows of the company, published by a manager, started by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.actor = cls.env.ref("mini_crm.user_workflow")
        cls.tag = cls.env["res.partner.category"].create({"name": "Welcome"})
        cls.other_tag = cls.env["res.partner.category"].create({"name": "Known"})

    def definition(self, *nodes, **more):
        """A chain of nodes n1, n2, ... by their usual edges; ``next`` adds others."""
        nodes = nodes or ({"kind": "split"},)
        edges = {"ask": "answered", "condition": "yes", "split": "a"}
        chain = {}
        for number, node in enumerate(nodes, 1):
            usual = edges.get(node["kind"], "next")
            following = {usual: f"n{number + 1}"} if number < len(nodes) else {}
            chain[f"n{number}"] = {
                **node,
                "next": {**following, **node.get("next", {})},
            }
        return {
            "format": 1,
            "trigger": {"kind": "by_hand"},
            "bulk": False,
            "entry": {"policy": "always"},
            "audience": "[]",
            "leave": False,
            "first": "n1",
            "nodes": chain,
            **more,
        }

    def draft(self, *nodes, company=None, **more):
        return self.env["mini_crm.workflow"].create(
            {
                "name": "Welcome",
                "company_id": (company or self.company).id,
                "definition": self.definition(*nodes, **more),
            }
        )

    def live(self, *nodes, **more):
        """A published workflow."""
        workflow = self.draft(*nodes, **more)
        workflow.with_user(self.manager)._publish()
        return workflow

    def customer(self, **values):
        customer = make_customer(self.env, **values)
        self.settle()
        return customer

    def put_on(self, tag=None):
        return {"kind": "add_tag", "tag": (tag or self.tag).id}

    def wait(self):
        return {"kind": "delay", **DAY}

    def steps(self, run):
        """What the log tells of a run, oldest first: [(node, visit, edge)]."""
        steps = self.env["mini_crm.workflow.step"].search(
            [("run_id", "=", run.id)], order="id"
        )
        return [(step.node, step.visit, step.edge) for step in steps]

    def told(self, user):
        """Subjects of the notices that a user got."""
        messages = self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids)], order="id"
        )
        return messages.mapped("subject")
