import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...engine.workflow_check import normalised
from .run_case import RunCase

URL = "https://example.com/secret-hook"


@tagged("post_install", "-at_install")
class TestWorkflowFile(RunCase):
    """Workflows that go as a file from one shop to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.field = cls.env["mini_crm.field"].create(
            {"name": "Shoe size", "key": "shoe_size", "type": "number"}
        )
        cls.segment = cls.env["mini_crm.segment"].search(
            [("key", "=", "vip"), ("company_id", "=", cls.env.company.id)]
        )

    def setUp(self):
        super().setUp()
        self.workflows = self.env["mini_crm.workflow"].with_user(self.manager)

    def _rich(self):
        """A draft that names one thing of each kind."""
        condition = (
            f"['|', ('{self.field.slot}', '>', 40),"
            f" ('category_id', 'in', [{self.tag.id}])]"
        )
        return self.draft(
            {"kind": "condition", "domain": condition},
            {
                "kind": "ask",
                "text": "Size?",
                "answer": "number",
                "save_to": "shoe_size",
            },
            self.put_on(),
            {"kind": "create_task", "summary": "Call", "user": self.manager.id},
            {"kind": "webhook", "url": URL, "fields": ["name", "shoe_size"]},
            trigger={"kind": "segment_entered", "segment": self.segment.id},
            audience=f"[('segment_ids', 'in', [{self.segment.id}])]",
        )

    def _exported(self, workflow):
        return workflow.with_user(self.manager).get_export()["content"]

    def _import(self, content):
        if not isinstance(content, str):
            content = json.dumps(content)
        made = self.workflows.import_file(content)
        return self.env["mini_crm.workflow"].browse(made["id"]), made["missing"]

    # There and back

    def test_file_has_no_addresses_people_or_numbers_of_records(self):
        content = self._exported(self._rich())
        value = json.loads(content)
        self.assertNotIn(URL, content)
        self.assertNotIn(self.field.slot, content)
        nodes = value["definition"]["nodes"]
        self.assertNotIn("user", nodes["n4"])
        self.assertEqual(nodes["n3"]["tag"], {"name": "Welcome"})
        segment = value["definition"]["trigger"]["segment"]
        self.assertEqual(segment["key"], "vip")
        self.assertEqual(nodes["n1"]["domain"][1], ["custom:shoe_size", ">", 40])

    def test_import_in_the_same_shop_gives_the_same_but_for_what_is_left_out(self):
        workflow = self._rich()
        copy, missing = self._import(self._exported(workflow))
        wanted = normalised(workflow.definition)
        wanted["nodes"]["n4"]["user"] = None
        wanted["nodes"]["n5"]["url"] = None
        self.assertEqual(copy.definition, wanted)
        self.assertEqual((copy.name, copy.state), (workflow.name, "draft"))
        self.assertFalse(copy.version_id)
        self.assertEqual(len(missing), 1)
        self.assertIn("n5", missing[0])
        codes = [problem["code"] for problem in copy._problems()]
        self.assertEqual(codes, ["setting_missing"])

    def test_records_are_found_by_name_in_either_language(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.tag.with_context(lang="fa_IR").name = "خوشامد"
        content = self._exported(self.draft(self.put_on()).with_context(lang="fa_IR"))
        self.assertIn("خوشامد", content)
        made = self.workflows.with_context(lang="fa_IR").import_file(content)
        self.assertEqual(made["missing"], [])

    # What the other shop lacks

    def test_what_is_missing_is_told_and_asked_for_by_publishing(self):
        content = self._exported(self._rich())
        for known in ("Welcome", "shoe_size"):
            content = content.replace(known, "Elsewhere")
        workflow, missing = self._import(content)
        text = "\n".join(missing)
        self.assertIn("Elsewhere", text)
        for node in ("n1", "n2", "n3", "n5"):
            self.assertIn(node, text)
        with self.assertRaises(UserError):
            workflow.with_user(self.manager).action_publish()

    def test_condition_on_who_enters_is_never_lost_in_silence(self):
        content = json.loads(self._exported(self._rich()))
        definition = content["definition"]
        definition["trigger"] = {"kind": "by_hand"}
        definition["nodes"] = {"n1": {"kind": "split", "next": {}}}
        definition["audience"] = [["custom:no_such", "=", 1]]
        workflow, missing = self._import(content)
        self.assertIn("no_such", missing[0])
        self.assertTrue(workflow.definition["audience"])
        self.assertEqual(
            [problem["code"] for problem in workflow._problems()], ["condition"]
        )

    def test_numbers_of_records_mean_nothing_in_a_file(self):
        content = json.loads(self._exported(self.draft(self.put_on())))
        content["definition"]["nodes"]["n1"]["tag"] = self.tag.id
        workflow, missing = self._import(content)
        self.assertIsNone(workflow.definition["nodes"]["n1"]["tag"])
        self.assertEqual(len(missing), 1)

    def test_date_that_the_machine_keeps_comes_along(self):
        wait = {"kind": "delay", "by": "date", "date": "customer_since"}
        copy, missing = self._import(self._exported(self.draft(wait)))
        self.assertEqual(missing, [])
        self.assertEqual(copy.definition["nodes"]["n1"]["date"], "customer_since")

    def test_segment_of_another_company_is_not_found(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        theirs = self.env["mini_crm.segment"].create(
            {"name": "Theirs", "domain": "[]", "company_id": other.id}
        )
        content = json.loads(self._exported(self.draft(self.put_on())))
        content["definition"]["trigger"] = {
            "kind": "segment_entered",
            "segment": {"name": theirs.name},
        }
        workflow, missing = self._import(content)
        self.assertIsNone(workflow.definition["trigger"]["segment"])
        self.assertIn("Theirs", missing[0])

    # Hostile files

    def _refused(self, content):
        """The message by which a file is refused; nothing is made."""
        before = self.workflows.search_count([])
        with self.assertRaises(UserError) as refused:
            self.workflows.import_file(content)
        self.assertEqual(self.workflows.search_count([]), before)
        return str(refused.exception)

    def test_hostile_files_are_refused_in_words(self):
        good = json.loads(self._exported(self.draft({"kind": "send", "text": "Hi"})))

        def changed(**node):
            nodes = {"n1": {**good["definition"]["nodes"]["n1"], **node}}
            return json.dumps(
                {**good, "definition": {**good["definition"], "nodes": nodes}}
            )

        for content, words in (
            ("x" * 1_000_001, "1 MB"),
            ("{", "line 1"),
            ("[]", "no workflow"),
            ("\ud800", "cannot be stored"),
            (7, "line 1"),
            (changed(kind="run_python"), "run_python"),
            (changed(text=["x"]), "n1"),
            (changed(text="x" * 5_000), "4000"),
            (changed(next={"next": "nowhere"}), "leads nowhere"),
            (changed(channel={"a": 1}), "n1"),
            (json.dumps({**good, "definition": {"trigger": {}, "nodes": 3}}), "nodes"),
        ):
            with self.subTest(words=words):
                self.assertIn(words, self._refused(content))

    def test_blank_draft_goes_there_and_back(self):
        blank = self.env["mini_crm.workflow"].create({"name": "Blank"})
        workflow, missing = self._import(self._exported(blank))
        self.assertEqual(missing, [])
        self.assertEqual(workflow.definition["nodes"], {})

    def test_unfinished_workflow_can_be_imported(self):
        content = json.loads(self._exported(self.draft({"kind": "send", "text": ""})))
        workflow, missing = self._import(content)
        self.assertEqual(missing, [])
        self.assertEqual(workflow.state, "draft")

    def test_agent_neither_exports_nor_imports(self):
        workflow = self.draft()
        content = self._exported(workflow)
        with self.assertRaises(AccessError):
            workflow.with_user(self.agent).get_export()
        with self.assertRaises(AccessError):
            self.workflows.with_user(self.agent).import_file(content)
