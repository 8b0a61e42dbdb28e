from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.workflow.mini_crm_workflow_template import TEMPLATES
from ..factories import make_channel, make_identity
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowTemplates(RunCase):
    """The gallery: what ships to begin with, and whom it reaches."""

    def setUp(self):
        super().setUp()
        self.workflows = self.env["mini_crm.workflow"].with_user(self.manager)

    def _use(self, key, lang="en_US"):
        made = self.workflows.with_context(lang=lang).create_from_template(key)
        return self.env["mini_crm.workflow"].browse(made["id"]), made["missing"]

    # The drafts

    def test_every_template_becomes_a_draft_that_can_be_published(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        for lang in ("en_US", "fa_IR"):
            for key in TEMPLATES:
                with self.subTest(key=key, lang=lang):
                    workflow, missing = self._use(key, lang)
                    self.assertEqual(missing, [])
                    self.assertEqual(workflow.state, "draft")
                    self.assertEqual(workflow.template_key, key)
                    self.assertEqual(workflow._problems(), [])
                    workflow.with_user(self.manager).action_publish()
                    self.assertEqual(workflow.state, "live")

    def test_draft_is_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        english, _missing = self._use("welcome")
        persian, _missing = self._use("welcome", "fa_IR")
        self.assertEqual(english.name, "Welcome and get to know")
        self.assertIn("name", english.definition["nodes"]["name"]["text"])
        self.assertEqual(persian.with_context(lang="fa_IR").name, "خوشامد و آشنایی")
        self.assertIn("سلام", persian.definition["nodes"]["name"]["text"])

    def test_tag_is_made_once_whatever_the_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        tags = self.env["res.partner.category"]
        first, _missing = self._use("qualify", "fa_IR")
        second, _missing = self._use("qualify")
        hot = [one.definition["nodes"]["hot"]["tag"] for one in (first, second)]
        self.assertEqual(hot[0], hot[1])
        tag = tags.browse(hot[0])
        self.assertEqual(tag.with_context(lang="en_US").name, "Hot lead")
        self.assertEqual(tag.with_context(lang="fa_IR").name, "مشتری آمادهٔ خرید")

    def test_tag_of_that_name_is_used(self):
        tag = self.env["res.partner.category"].create({"name": "Hot lead"})
        workflow, _missing = self._use("qualify")
        self.assertEqual(workflow.definition["nodes"]["hot"]["tag"], tag.id)

    def test_segment_that_is_archived_is_told_and_asked_for_by_publishing(self):
        self.env["mini_crm.segment"].search([("key", "=", "vip")]).active = False
        workflow, missing = self._use("vip")
        self.assertEqual(len(missing), 1)
        self.assertIn("VIP", missing[0])
        codes = [problem["code"] for problem in workflow._problems()]
        self.assertEqual(codes, ["setting_missing"])

    def test_unknown_template_is_refused(self):
        with self.assertRaises(UserError):
            self.workflows.create_from_template("../industries/retail")

    def test_agent_makes_none(self):
        agents = self.workflows.with_user(self.agent)
        for call in (agents.get_templates, agents.get_reach):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            agents.create_from_template("welcome")

    def test_gallery_names_channels_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        found = self.workflows.with_context(lang="fa_IR").get_templates()
        by_key = {one["key"]: one for one in found}
        self.assertEqual(list(by_key), list(TEMPLATES))
        self.assertEqual(by_key["welcome"]["channels"][0], ["telegram", "تلگرام"])
        self.assertEqual(by_key["vip"]["channels"], [])

    # Whom they reach

    def _chat(self, channel, hours=None, **values):
        opened = hours and fields.Datetime.now() - timedelta(hours=hours)
        customer = self.customer(**values.pop("customer", {}))
        return make_identity(
            self.env, customer, channel, window_opened_at=opened, **values
        )

    def test_reach_counts_who_can_be_written_to_now(self):
        before = self.workflows.get_reach()
        telegram = make_channel(self.env)
        instagram = make_channel(self.env, "instagram")
        self._chat(telegram)
        self._chat(instagram, hours=23)
        both = self._chat(telegram)
        make_identity(
            self.env,
            both.partner_id,
            instagram,
            window_opened_at=fields.Datetime.now(),
        )
        reach = self.workflows.get_reach()
        self.assertEqual(reach["welcome"] - before["welcome"], 3)
        self.assertNotIn("vip", reach)

    def test_reach_leaves_out_whom_the_gate_would_stop(self):
        before = self.workflows.get_reach()
        telegram = make_channel(self.env)
        instagram = make_channel(self.env, "instagram")
        broken = make_channel(self.env)
        broken.state = "broken"
        shut = [
            self._chat(instagram, hours=25),
            self._chat(instagram),
            self._chat(telegram, state="blocked"),
            self._chat(telegram, customer={"active": False}),
        ]
        out = self._chat(telegram)
        self.env["mini_crm.consent"].create(
            {"partner_id": out.partner_id.id, "channel": "telegram", "state": "out"}
        )
        shut += [out, self._chat(broken)]
        self.assertEqual(self.workflows.get_reach(), before)
        messages = self.env["mini_crm.message"]
        for identity in shut:
            if identity.partner_id.active:
                verdict = messages._judge(identity, "automated", False)
                self.assertNotEqual(verdict.action, "send")

    def test_reach_is_of_the_company(self):
        before = self.workflows.get_reach()
        other = self.env["res.company"].create({"name": "Other shop"})
        channel = make_channel(self.env, company_id=other.id)
        self._chat(channel, customer={"company_id": other.id})
        self.assertEqual(self.workflows.get_reach(), before)
