from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import config

from ...engine.workflow_kinds import NODES, TRIGGERS
from ...models.workflow import mini_crm_workflow_editor
from .run_case import RunCase

RICH = "[('crm_score', '>=', 50)]"


@tagged("post_install", "-at_install")
class TestWorkflowEditor(RunCase):
    """What the visual editor is told, and what it saves."""

    def _mine(self, workflow, user=None):
        return workflow.with_user(user or self.manager)

    # What it is told

    def test_every_kind_setting_option_and_edge_has_words(self):
        data = self.env["mini_crm.workflow"].with_user(self.manager).get_editor_data()
        for name, table in (("triggers", TRIGGERS), ("nodes", NODES)):
            told = {kind["name"]: kind for kind in data[name]}
            self.assertEqual(set(told), set(table))
            for kind in table.values():
                words = told[kind.name]
                self.assertTrue(words["label"])
                for setting, shown in zip(
                    kind.settings, words["settings"], strict=True
                ):
                    self.assertTrue(shown["label"], (kind.name, setting.name))
                    if setting.options:
                        values = [value for value, _label in shown["options"]]
                        self.assertEqual(values, list(setting.options))
        edges = {
            node["name"]: [edge for edge, _label in node["edges"]]
            for node in data["nodes"]
        }
        self.assertEqual(
            edges, {kind.name: list(kind.edges) for kind in NODES.values()}
        )

    def test_words_are_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.manager.lang = "fa_IR"
        workflow = self._mine(self.draft()).with_context(lang="fa_IR")
        nodes = workflow.get_editor_data()["nodes"]
        labels = {kind["name"]: kind["label"] for kind in nodes}
        self.assertEqual(labels["ask"], "پرسیدن یک سؤال")

    def test_new_workflow_begins_blank_and_says_what_it_needs(self):
        data = self.env["mini_crm.workflow"].with_user(self.manager).get_editor_data()
        self.assertEqual((data["definition"]["first"], data["revision"]), (None, 0))
        codes = {problem["code"] for problem in data["problems"]}
        self.assertEqual(codes, {"trigger_unknown", "first_missing"})
        self.assertTrue(data["may_edit"])

    def test_fields_and_variables_of_the_shop_are_offered(self):
        field = self.env["mini_crm.field"].create(
            {
                "name": "Shoe size",
                "key": "shoe_size",
                "type": "select",
                "option_ids": [(0, 0, {"name": "Small", "code": "s"})],
            }
        )
        data = self._mine(self.draft()).get_editor_data()
        offered = {one["name"]: one for one in data["fields"]}
        self.assertLessEqual({"name", "email", "phone"}, set(offered))
        self.assertEqual(offered["shoe_size"]["choices"], [["s", "Small"]])
        self.assertIn(["shoe_size", "Shoe size"], data["variables"])
        field.active = False
        data = self._mine(self.draft()).get_editor_data()
        self.assertNotIn("shoe_size", [one["name"] for one in data["fields"]])

    def test_segments_of_other_companies_are_not_offered(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        segments = self.env["mini_crm.segment"]
        ours = segments.create({"name": "Ours", "domain": "[]"})
        theirs = segments.create(
            {"name": "Theirs", "domain": "[]", "company_id": other.id}
        )
        offered = {
            id_
            for id_, _label in self._mine(self.draft()).get_editor_data()["segments"]
        }
        self.assertIn(ours.id, offered)
        self.assertNotIn(theirs.id, offered)

    def test_every_date_that_a_run_reads_is_offered_and_can_be_published(self):
        self.env["mini_crm.field"].create(
            {"name": "Delivery", "key": "delivery", "type": "date"}
        )
        birthday = self.env.ref("mini_crm.mini_crm_field_birth_date").key
        data = self._mine(self.draft()).get_editor_data()
        offered = [name for name, label in data["dates"] if label]
        self.assertLessEqual(
            {"customer_since", "last_contacted_at", "last_purchase_at", birthday},
            set(offered),
        )
        self.assertIn("delivery", offered)
        self.assertNotIn("name", offered)
        customer = self.customer(customer_since="2026-01-05 12:00:00")
        for name in offered:
            wait = {"kind": "delay", "by": "date", "date": name, "days": 1}
            run = self.live(wait)._start(customer)
            self.assertNotEqual(run.state, "failed", name)

    def test_hostile_address_is_a_problem_at_its_step(self):
        workflow = self._mine(self.draft())
        for url, words in (
            ("http://169.254.169.254/latest/", "private network"),
            ("http://localhost/", "private network"),
            ("https://example.com:8069/", "ports 80 and 443"),
            ("https://me:secret@example.com/", "user name or password"),
            ("ftp://example.com/", "https://"),
        ):
            definition = self.definition(self.put_on(), {"kind": "webhook", "url": url})
            (problem,) = workflow.get_problems(definition)["problems"]
            self.assertEqual((problem["node"], problem["setting"]), ("n2", "url"))
            self.assertIn(words, problem["text"])
            self.assertFalse(problem["warning"])
            workflow.definition = definition
            with self.assertRaisesRegex(UserError, words):
                workflow.action_publish()
        workflow.definition = self.definition(
            {"kind": "webhook", "url": "https://example.com/hook"}
        )
        workflow.action_publish()
        self.assertEqual(workflow.state, "live")

    def test_address_in_a_network_that_the_server_opens_is_no_problem(self):
        definition = self.definition(
            {"kind": "webhook", "url": "http://10.0.5.9:5678/hook"}
        )
        workflow = self._mine(self.draft())
        self.assertTrue(workflow.get_problems(definition)["problems"])
        opened = {
            "mini_crm_webhook_private": "10.0.5.0/24",
            "mini_crm_webhook_ports": "5678",
        }
        with patch.dict(config.options, opened):
            self.assertFalse(workflow.get_problems(definition)["problems"])

    def test_agent_looks_and_cannot_save(self):
        workflow = self._mine(self.draft(), self.agent)
        data = workflow.get_editor_data()
        self.assertFalse(data["may_edit"])
        self.assertEqual(workflow.get_numbers(), {})
        with self.assertRaises(AccessError):
            workflow.save_definition(data["definition"], data["revision"])

    # Problems

    def test_problem_names_its_setting_in_words(self):
        workflow = self._mine(self.draft())
        told = workflow.get_problems(self.definition({"kind": "send", "text": ""}))
        (problem,) = told["problems"]
        self.assertEqual((problem["node"], problem["setting"]), ("n1", "text"))
        self.assertFalse(problem["warning"])
        self.assertIn("“Text of the message”", problem["text"])

    def test_record_that_is_gone_is_a_problem_at_its_step(self):
        definition = self.definition(self.put_on())
        workflow = self._mine(self.draft())
        told = workflow.get_problems(definition)
        self.assertEqual(told["problems"], [])
        name = {f"res.partner.category,{self.tag.id}": "Welcome"}
        self.assertEqual(told["names"], name)
        self.tag.unlink()
        told = workflow.get_problems(definition)
        self.assertEqual([one["node"] for one in told["problems"]], ["n1"])
        self.assertEqual(told["names"], {})

    def test_conditions_are_told_as_sentences(self):
        definition = self.definition({"kind": "condition", "domain": RICH})
        told = self._mine(self.draft()).get_problems({**definition, "audience": RICH})
        self.assertEqual(list(told["sentences"]), [RICH])
        self.assertIn("50", told["sentences"][RICH])

    def test_what_is_no_definition_is_refused(self):
        workflow = self._mine(self.draft())
        for wrong in ([], {}, {"nodes": []}, {"nodes": {"n1": "ask"}}, None, "x"):
            with self.assertRaises(UserError):
                workflow.get_problems(wrong)

    def test_too_large_a_definition_is_refused_with_the_limits(self):
        workflow = self._mine(self.draft())
        many = {f"n{i}": {"kind": "split", "next": {}} for i in range(201)}
        long = {"n1": {"kind": "send", "text": "x" * 500_001}}
        for nodes in (many, long):
            with self.assertRaisesRegex(UserError, "200"):
                workflow.save_definition(
                    {**self.definition(), "nodes": nodes}, workflow.revision
                )

    # Saving

    def test_saved_definition_has_the_next_revision(self):
        workflow = self._mine(self.draft())
        revision = workflow.revision
        definition = self.definition(self.put_on())
        answer = workflow.save_definition(definition, revision)
        self.assertEqual(answer["revision"], revision + 1)
        self.assertTrue(answer["saved"])
        self.assertEqual(workflow.definition, definition)
        again = workflow.save_definition(self.definition(), answer["revision"])
        self.assertEqual(again["revision"], revision + 2)

    def test_first_drawing_of_a_new_workflow_is_saved(self):
        workflows = self.env["mini_crm.workflow"].with_user(self.manager)
        # as a form does that holds the editor
        workflow = workflows.create({"name": "New", "definition": False})
        revision = workflow.get_editor_data()["revision"]
        self.assertEqual(revision, workflows.get_editor_data()["revision"])
        self.assertTrue(workflow.save_definition(self.definition(), revision)["saved"])

    def test_second_of_two_editors_is_told_and_writes_nothing(self):
        workflow = self.draft()
        revision = workflow.revision
        first = self.definition(self.put_on())
        self._mine(workflow).save_definition(first, revision)
        answer = self._mine(workflow, self.admin).save_definition(
            self.definition(self.put_on(self.other_tag)), revision
        )
        self.assertEqual(
            answer,
            {
                "saved": False,
                "revision": revision + 1,
                "definition": first,
                "author": self.manager.name,
            },
        )
        self.assertEqual(workflow.definition, first)

    def test_definition_from_elsewhere_counts_as_a_change(self):
        workflow = self.draft()
        revision = workflow.revision
        workflow.write({"definition": self.definition(self.put_on())})
        answer = self._mine(workflow).save_definition(self.definition(), revision)
        self.assertFalse(answer["saved"])

    def test_other_changes_leave_the_revision(self):
        workflow = self.draft()
        revision = workflow.revision
        workflow.name = "Farewell"
        self.assertEqual(workflow.revision, revision)

    def test_running_customers_keep_the_published_version_while_it_is_edited(self):
        workflow = self.live(self.put_on())
        published = workflow.version_id.definition
        self._mine(workflow).save_definition(
            self.definition(self.put_on(self.other_tag)), workflow.revision
        )
        self.assertEqual(workflow.version_id.definition, published)

    # Numbers

    def _run(self, workflow, node, state="waiting"):
        return self.env["mini_crm.workflow.run"].create(
            {
                "workflow_id": workflow.id,
                "version_id": workflow.version_id.id,
                "company_id": workflow.company_id.id,
                "partner_id": self.customer().id,
                "state": state,
                "node": node,
                "started_at": "2026-01-01 00:00:00",
            }
        )

    def _step(self, run, node, edge):
        self.env["mini_crm.workflow.step"].create(
            {
                "run_id": run.id,
                "version_id": run.version_id.id,
                "company_id": run.company_id.id,
                "node": node,
                "visit": 1,
                "kind": "send",
                "edge": edge,
                "date": "2026-01-01 00:00:00",
            }
        )

    def test_numbers_tell_who_waits_has_passed_and_failed(self):
        workflow = self.live(self.put_on(), self.wait())
        passed = [self._run(workflow, "n2") for _each in range(3)]
        for run in passed:
            self._step(run, "n1", "next")
        self._run(workflow, "n1", "failed")
        self._step(self._run(workflow, "n2", "done"), "n1", "not_sent")
        numbers = self._mine(workflow, self.agent).get_numbers()
        self.assertEqual(
            numbers,
            {
                "n1": {"waiting": 0, "passed": 3, "failed": 2},
                "n2": {"waiting": 3, "passed": 0, "failed": 0},
            },
        )

    def test_numbers_are_of_the_published_version_only(self):
        workflow = self.live(self.put_on(), self.wait())
        self._run(workflow, "n2")
        workflow.with_user(self.manager)._publish()
        self.assertEqual(self._mine(workflow).get_numbers()["n2"]["waiting"], 0)

    def test_numbers_are_counted_up_to_a_limit(self):
        self.patch(mini_crm_workflow_editor, "COUNTED", 2)
        workflow = self.live(self.put_on(), self.wait())
        for _each in range(4):
            self._run(workflow, "n2")
        self.assertEqual(self._mine(workflow).get_numbers()["n2"]["waiting"], 3)

    def test_numbers_take_one_query_however_many_steps(self):
        workflow = self._mine(self.live(*[self.put_on() for _each in range(40)]))
        workflow.get_numbers()
        with self.assertQueryCount(1):
            workflow.get_numbers()

    def test_what_is_malformed_is_refused_with_words_and_breaks_nothing(self):
        workflow = self._mine(self.draft(self.put_on()))
        good = self.definition({"kind": "add_tag", "tag": [self.tag.id]})
        for broken in (
            {**good, "trigger": [1]},
            {**good, "trigger": {"kind": ["by_hand"]}},
            {**good, "nodes": {"a": {"kind": []}}},
            {**good, "nodes": {"a": {"kind": ["send"]}}},
            {**good, "nodes": [1]},
            [1],
        ):
            for call in (
                lambda broken: workflow.get_problems(broken),
                lambda broken: workflow.save_definition(broken, workflow.revision),
                lambda broken: workflow.write({"definition": broken}),
                lambda broken: workflow.create({"definition": broken}),
            ):
                with (
                    self.subTest(broken),
                    self.assertRaisesRegex(UserError, "no workflow") as caught,
                ):
                    call(broken)
                self.assertIn("Export one", str(caught.exception))

    def test_settings_of_the_wrong_type_are_problems_at_their_step(self):
        workflow = self._mine(self.draft())
        broken = self.definition({"kind": "add_tag", "tag": [self.tag.id]})
        broken["trigger"] = {"kind": "field_updated", "fields": 5}
        saved = workflow.save_definition(broken, workflow.revision)
        found = {(one["node"], one["code"]) for one in saved["problems"]}
        self.assertEqual(found, {("", "setting_type"), ("n1", "setting_type")})
        self.other_tag.unlink()  # what asks who uses it reads this draft as well

    def test_secrets_in_addresses_are_shown_to_managers_only(self):
        hook = {"kind": "webhook", "url": "https://x.org/s3cret?t=s3cret"}
        workflow = self.live(hook)
        customer = self.customer()
        for user, expected in ((self.manager, hook["url"]), (self.agent, "x.org/...")):
            mine = self._mine(workflow, user)
            with self.subTest(user.login):
                told = mine.get_editor_data()
                self.assertIn(expected, told["definition"]["nodes"]["n1"]["url"])
                self.assertFalse(told["problems"])
                rows = mine.get_dry_run(customer.id)
                self.assertIn(expected, rows[1]["text"])
                self.assertIn("n1", mine.get_numbers())
                shown = mine.read(["shown_definition", "trigger_label"])[0]
                self.assertTrue(shown["trigger_label"])
                self.assertIn(expected, str(shown["shown_definition"]))
        everything = [
            mine.get_editor_data(),
            rows,
            shown,
            mine.search_read([]),
            mine.web_read({}),
        ]
        self.assertNotIn("s3cret", str(everything))
        for record in (mine, mine.version_id):
            with self.assertRaises(AccessError):
                record.read(["definition"])
        form = self.env["mini_crm.workflow"].with_user(self.agent).get_view()["arch"]
        self.assertIn('"shown_definition"', form)
        self.assertNotIn('"definition"', form)
        form = self.env["mini_crm.workflow"].with_user(self.manager).get_view()["arch"]
        self.assertIn('"definition"', form)
        self.assertNotIn('"shown_definition"', form)
