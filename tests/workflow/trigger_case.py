from unittest.mock import patch

from ..common import MiniCrmCase
from ..factories import make_message


class TriggerCase(MiniCrmCase):
    """Running workflows that note who would enter, because of what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what ships is none of these tests' business
        cls.env["mini_crm.segment"].search([]).active = False
        cls.env["mini_crm.tag.rule"].search([]).active = False
        cls.tag = cls.env["res.partner.category"].create({"name": "Golden"})

    def setUp(self):
        super().setUp()
        self.entered = []  # (workflow, customer, id of the event, its depth)
        self.answers = set()  # ids of messages that a question takes

        def start(workflow, partners, *, event_id=0, depth=0, causes=None):
            for partner in partners:
                cause = (causes or {}).get(partner.id, event_id), depth
                self.entered.append((workflow, partner, *cause))
                self.act(workflow, partner, cause)

        runs = type(self.env["mini_crm.workflow.run"])
        for model, name, fake in (
            (type(self.env["mini_crm.workflow"]), "_start", start),
            (runs, "_consumed", lambda _runs, ids: self.answers & set(ids)),
        ):
            self.startPatcher(patch.object(model, name, fake, create=True))

    def act(self, workflow, partner, cause):
        """What a customer who enters is done to; tests of loops say it."""

    def live(self, kind, *, bulk=False, company=None, **settings):
        """A running workflow that is pulled by a trigger."""
        workflow = self.env["mini_crm.workflow"].create(
            {"name": kind, "company_id": (company or self.company).id}
        )
        self.publish(workflow, kind, bulk=bulk, **settings)
        return workflow

    def publish(self, workflow, kind, *, bulk=False, **settings):
        """Publish a version of a workflow with a trigger, and have it run."""
        definition = {"format": 1, "bulk": bulk, "trigger": {"kind": kind, **settings}}
        version = self.env["mini_crm.workflow.version"].create(
            {
                "workflow_id": workflow.id,
                "number": len(workflow.version_ids) + 1,
                "definition": definition,
            }
        )
        workflow.write(
            {
                "definition": definition,
                "version_id": version.id,
                "trigger": kind,
                "trigger_bulk": bulk,
                "state": "live",
            }
        )

    def who(self, workflow):
        """Customers who have entered a workflow, in order; forgets them."""
        found = [one[1] for one in self.entered if one[0] == workflow]
        self.entered = [one for one in self.entered if one[0] != workflow]
        return found

    def says(self, identity, text, **data):
        """Have a customer write in a chat: the message."""
        message = make_message(identity, text)
        self.env.flush_all()
        identity.partner_id._log(
            "message_received",
            data={"channel": identity.type, **data},
            record=message,
            summary=text,
            author_id=None,
        )
        return message
