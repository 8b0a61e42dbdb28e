from odoo.exceptions import AccessDenied
from odoo.tests import tagged

from ... import hooks
from ..factories import make_customer
from .run_case import RunCase


@tagged("post_install", "-at_install")
class TestWorkflowActor(RunCase):
    """The user as whom workflows act."""

    def test_nobody_logs_in_as_it(self):
        for password in ("", "admin", self.actor.login):
            with self.subTest(password=password), self.assertRaises(AccessDenied):
                self.env["res.users"].authenticate(
                    {
                        "type": "password",
                        "login": self.actor.login,
                        "password": password,
                    },
                    {"interactive": False},
                )

    def test_it_is_an_agent_and_no_more(self):
        has_group = self.actor.has_group
        self.assertTrue(has_group("mini_crm.mini_crm_group_agent"))
        self.assertFalse(has_group("mini_crm.mini_crm_group_manager"))
        self.assertFalse(self.actor._is_superuser() or self.actor._is_system())

    def test_it_is_neither_among_people_nor_among_customers(self):
        self.assertFalse(self.actor.active or self.actor.partner_id.active)
        self.assertNotIn(self.actor, self.env["res.users"].search([]))
        self.assertFalse(self.actor.partner_id._filter_customers())

    def test_it_works_in_every_company_also_in_new_ones(self):
        company = self.env["res.company"].create({"name": "New"})
        companies = self.env["res.company"].search([])
        self.assertEqual(self.actor.company_ids & companies, companies)
        workflow = self.draft(self.put_on(), company=company)
        workflow._publish()
        customer = make_customer(self.env, company_id=company.id)
        self.settle()
        self.assertEqual(workflow._start(customer).state, "done")

    def test_nothing_of_it_is_left_when_the_add_on_goes(self):
        self.live(self.put_on())._start(self.customer())
        contact, actor = self.actor.partner_id, self.actor
        hooks._remove_actor(self.env)
        self.assertFalse(actor.exists() or contact.exists())
        hooks._remove_actor(self.env)

    def test_what_it_has_written_keeps_its_author_when_the_add_on_goes(self):
        contact, actor = self.actor.partner_id, self.actor
        message = self.customer().with_user(actor).message_post(body="Welcome")
        hooks._remove_actor(self.env)
        self.assertFalse(actor.exists())
        self.assertEqual(message.author_id, contact)

    def test_a_run_sees_its_company_only_and_never_as_superuser(self):
        self.env["res.company"].create({"name": "Elsewhere"})
        run = self.live(self.wait())._start(self.customer())
        acting = run.sudo()._as_actor()
        self.assertFalse(acting.env.su)
        self.assertEqual(acting.env.user, self.actor)
        self.assertEqual(acting.env.companies, self.company)
        self.assertFalse(acting.has_access("write"))
