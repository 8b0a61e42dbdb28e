from odoo.tests import HttpCase, new_test_user, tagged

from ..common import MiniCrmCase
from ..factories import make_channel, make_customer, make_identity


@tagged("post_install", "-at_install", "mini_crm_browser")
class TestBrowserWorkflowGallery(HttpCase):
    """From a template to a running workflow, and from a customer into one."""

    browser_size = "1366x768"

    def _user(self, role, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        user = new_test_user(
            self.env, f"tour_{role}", f"mini_crm.mini_crm_group_{role}", lang=lang
        )
        # The bot's greeting at a first login would lie over a phone's screen.
        user.odoobot_state = "disabled"
        return user.login

    def _take(self, lang="en_US"):
        make_identity(self.env, channel=make_channel(self.env))
        workflows = self.env["mini_crm.workflow"]
        before = workflows.search([])
        self.start_tour(
            "/odoo/crm-workflows",
            "mini_crm_workflow_gallery",
            login=self._user("manager", lang),
        )
        self.env.invalidate_all()
        workflow = workflows.search([]) - before
        self.assertEqual(workflow.mapped("template_key"), ["welcome"])
        self.assertEqual(workflow.state, "live")
        return workflow

    def test_template_is_taken_and_published(self):
        self._take()

    def test_template_is_taken_and_published_from_right_to_left(self):
        workflow = self._take("fa_IR")
        self.assertIn("سلام", workflow.definition["nodes"]["name"]["text"])

    def test_template_is_taken_and_published_on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._take()

    def test_agent_starts_and_stops_a_workflow_on_a_customer(self):
        customer = make_customer(self.env)
        nodes = {"n1": {"kind": "delay", "next": {}}}
        workflow = self.env["mini_crm.workflow"].create(
            {
                "name": "Call back",
                "definition": {
                    "format": 1,
                    "trigger": {"kind": "by_hand"},
                    "first": "n1",
                    "nodes": nodes,
                },
            }
        )
        workflow.action_publish()
        MiniCrmCase.settle(self)
        self.start_tour(
            f"/odoo/crm-customers/{customer.id}",
            "mini_crm_workflow_log",
            login=self._user("agent"),
        )
        self.env.invalidate_all()
        self.assertEqual(workflow.run_ids.mapped("state"), ["stopped"])
