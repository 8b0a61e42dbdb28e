import base64
from unittest.mock import patch

from odoo.tests import tagged

from ...models.api.problem import Problem
from ...models.batch import mini_crm_batch_import
from ..factories import make_customer, make_identity
from .merge_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeAddresses(MergeCase):
    """Old ids, numbers and addresses lead to the survivor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = make_customer(cls.env, name="One", email="one@example.com")
        cls.two = make_customer(
            cls.env, name="Two", email="two@example.com", phone="+989125550002"
        )
        cls.chat = make_identity(cls.env, cls.two)

    def setUp(self):
        super().setUp()
        self.merge(self.one, self.two, choices={"email": self.one.id})

    def test_the_api_reads_and_changes_the_survivor_by_the_old_id(self):
        api = self.env["mini_crm.api"].with_user(self.agent)
        read = api._do_read_customer({"id": str(self.two.id)})
        self.assertEqual((read["id"], read["name"]), (self.one.id, self.one.name))
        body = {"city": "Shiraz"}
        api._do_change_customer({"id": str(self.two.id), "extra": "keep"}, body)
        self.assertEqual(self.one.city, "Shiraz")
        with self.assertRaises(Problem):
            api._do_read_customer({"id": str(2**31 - 1)})

    def test_chats_of_the_source_are_the_survivors(self):
        self.assertEqual(self.chat.partner_id, self.one)

    def test_e_mail_from_the_old_address_is_the_survivors(self):
        thread = self.env["mail.thread"]
        found = thread._mail_find_partner_from_emails(["Two <two@example.com>"])
        self.assertEqual(found[0], self.one)
        partners = self.env["res.partner"]
        self.assertEqual(
            partners._find_or_create_from_emails(["two@example.com"])[0], self.one
        )
        self.assertEqual(partners.find_or_create("two@example.com"), self.one)
        other = partners.find_or_create("somebody@example.com")
        self.assertNotEqual(other, self.one)

    def test_an_old_address_that_somebody_has_by_now_is_his(self):
        other = make_customer(self.env, email="two@example.com")
        found = self.env["mail.thread"]._mail_find_partner_from_emails(
            ["two@example.com"]
        )
        self.assertEqual(found[0], other)

    def test_a_proved_old_number_finds_the_survivor(self):
        self.one.phone = False
        self.settle()
        identity = make_identity(self.env)
        found = identity._customers_with("phone_sanitized", ["+989125550002"])
        self.assertEqual(found, self.one)

    def test_an_active_contact_leads_to_nobody(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET active = TRUE WHERE id = %s", [self.two.id]
        )
        self.env.invalidate_all()
        redirects = self.env["mini_crm.redirect"]
        self.assertFalse(redirects._survivors(self.two.ids))
        self.assertFalse(
            redirects._survivors_with("email_normalized", ["two@example.com"])
        )

    def test_the_form_of_the_source_leads_to_the_survivor(self):
        action = self.two.with_user(self.agent).action_open_survivor()
        self.assertEqual(action["res_id"], self.one.id)

    def test_an_import_finds_the_survivor_unless_he_is_another_companys(self):
        def imported(name):
            text = f"name,mail\n{name},two@example.com\n"
            batches = self.env(user=self.manager)["mini_crm.batch"]
            data = base64.b64encode(text.encode()).decode()
            batch = self.env["mini_crm.batch"].browse(
                batches.start_import(
                    "customers", data, "x.csv", mapping={"mail": "email"}, key="email"
                )
            )
            while batch.state in ("checking", "running"):
                batch._as_user()._step(100)
                self.env.flush_all()
                batch.invalidate_recordset()
            self.settle()
            self.assertEqual(batch.state, "done", batch.error)
            return batch

        self.enterContext(patch.object(mini_crm_batch_import, "WAIT_SECONDS", 0))
        line = imported("Sara").line_ids
        self.assertEqual((line.state, line.message), ("updated", False))
        self.assertEqual(self.one.name, "Sara")
        self.one.write({"email": "one@example.com"})
        self.one.company_id = self.env["res.company"].create({"name": "Other"})
        self.settle()
        imported("Mina")
        self.assertEqual(self.one.name, "Sara")
