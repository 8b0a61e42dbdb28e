import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..factories import make_customer
from .export_case import ExportCase


@tagged("post_install", "-at_install")
class TestExportRights(ExportCase):
    """Who may take out whose data, and that it is on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sara = make_customer(cls.env, name="Sara")
        cls.only = [["id", "in", cls.sara.ids]]

    def test_who_is_not_allowed_gets_nothing_by_any_door(self):
        self.assertFalse(self.agent.has_group("base.group_allow_export"))
        export = self.ask("csv", domain=self.only)
        log = self.env(user=self.agent)["mini_crm.export.log"]
        for refused in (
            lambda: self.ask("csv", self.agent, domain=self.only),
            lambda: self.env(user=self.agent)["mini_crm.export"].choices(),
            log.browse(export.id).progress,
            log.browse(export.id).action_download,
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_an_agent_who_is_allowed_may_without_being_a_manager(self):
        self.agent.group_ids += self.env.ref("base.group_allow_export")
        rows = self.table("csv", self.agent, domain=self.only, columns=["name"])
        self.assertEqual(rows[1:], [["Sara"]])
        self.assertTrue(self.env(user=self.agent)["mini_crm.export"].choices()["count"])

    def test_a_right_that_is_taken_away_holds_for_what_was_asked_before(self):
        export = self.ask("csv", domain=self.only)
        self.manager.group_ids -= self.env.ref("mini_crm.mini_crm_group_manager")
        self.manager.group_ids -= self.env.ref("base.group_allow_export")
        self.manager.group_ids += self.env.ref("mini_crm.mini_crm_group_agent")
        with self.assertRaises(AccessError):
            export._make(None)

    def test_record_rules_hold_when_the_file_is_made(self):
        other = make_customer(self.env, name="Hidden")
        both = [["id", "in", (self.sara | other).ids]]
        export = self.ask("csv", domain=both, columns=["name"])
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {other.id})]",
            }
        )
        import io

        file = io.BytesIO()
        self.assertEqual(export._make(file), 1)
        self.assertNotIn(b"Hidden", file.getvalue())

    def test_other_companies_customers_stay_there(self):
        company = self.env["res.company"].create({"name": "Other"})
        make_customer(self.env, name="Theirs", company_id=company.id)
        self.settle()
        for file_format in ("csv", "csv_import", "xlsx", "json"):
            self.assertNotIn(b"Theirs", self.raw(file_format))

    def test_a_field_that_the_user_may_not_read_is_no_column(self):
        field = type(self.env["res.partner"]).street
        self.addCleanup(setattr, field, "groups", field.groups)
        field.groups = "mini_crm.mini_crm_group_admin"
        choices = self.env(user=self.manager)["mini_crm.export"].choices()
        self.assertNotIn("street", [column["name"] for column in choices["columns"]])
        with self.assertRaisesRegex(UserError, "street"):
            self.ask("csv", columns=["name", "street"])
        self.sara.sudo().street = "Secret 7"
        self.env.flush_all()
        self.assertNotIn(b"Secret 7", self.raw("json", domain=self.only))
        self.assertIn(b"Secret 7", self.raw("json", self.admin, domain=self.only))

    def test_an_export_is_seen_by_who_made_it_and_by_administrators(self):
        export = self.ask("csv", domain=self.only)
        colleague = new_test_user(
            self.env, "mini_manager_2", "mini_crm.mini_crm_group_manager"
        )
        logs = [
            self.env(user=user)["mini_crm.export.log"].search([("id", "=", export.id)])
            for user in (self.manager, self.admin, colleague)
        ]
        self.assertEqual([len(log) for log in logs], [1, 1, 0])
        with self.assertRaises(AccessError):
            export.with_user(colleague).progress()

    def test_who_has_taken_what_is_on_record_for_good(self):
        domain = [["city", "=", "Tehran"]]
        export = self.ask("csv", domain=domain, columns=["name", "phone"])
        self.assertEqual(export.user_id, self.manager)
        self.assertEqual(json.loads(export.domain), domain)
        self.assertIn("Tehran", export.about)
        self.assertEqual(export.column_names, ["name", "phone"])
        for user in (self.manager, self.admin):
            with self.assertRaises(AccessError):
                export.with_user(user).write({"about": "nothing"})
            with self.assertRaises(AccessError):
                export.with_user(user).unlink()

    def test_the_next_export_begins_with_the_last_choice(self):
        self.ask("csv", domain=self.only, columns=["phone", "name"])
        choices = self.env(user=self.manager)["mini_crm.export"].choices()
        self.assertEqual(choices["format"], "csv")
        self.assertEqual(choices["chosen"], ["phone", "name"])
        others = self.env(user=self.admin)["mini_crm.export"].choices()
        self.assertEqual(others["format"], "xlsx")

    def test_a_change_of_many_offers_an_export_of_the_same_customers(self):
        bulk = self.env(user=self.manager)["mini_crm.bulk"]
        offered = {a["key"]: a for a in bulk.get_choices(self.only)["actions"]}
        self.assertTrue(offered["export"]["opens"])
        self.assertEqual(list(offered)[-1], "delete")
        city = [["city", "=", "Tehran"]]
        for domain, asked in (
            (city, {"domain": city, "ids": None}),
            (self.only, {"domain": None, "ids": self.sara.ids}),
        ):
            action = bulk.open("export", domain)
            self.assertEqual(action["tag"], "mini_crm_export")
            self.assertEqual(action["params"], {**asked, "about": ""})
        actions = self.env(user=self.agent)["mini_crm.batch"]._bulk_actions()
        self.assertNotIn("export", actions)
        with self.assertRaises(AccessError):
            self.env(user=self.agent)["mini_crm.batch"]._open_bulk_export(city)

    def test_segments_and_tags_open_the_same_dialog(self):
        segment = self.env["mini_crm.segment"].create({"name": "All", "domain": "[]"})
        action = segment.with_user(self.manager).action_export()
        self.assertEqual(
            action["params"]["domain"], [("segment_ids", "in", segment.ids)]
        )
        tag = self.env["res.partner.category"].create({"name": "Tag"})
        rule = self.env["mini_crm.tag.rule"].create(
            {"name": "Tag", "category_id": tag.id, "domain": "[]"}
        )
        self.sara.category_id = tag
        self.settle()
        action = rule.with_user(self.manager).action_export()
        domain = json.loads(json.dumps(action["params"]["domain"]))
        rows = self.table("csv", domain=domain, columns=["name"])
        self.assertEqual(rows[1:], [["Sara"]])
