from odoo.tests import new_test_user, tagged

from ...hooks import post_init
from ..common import MiniCrmCase
from ..factories import make_customer, make_purchase


@tagged("post_install", "-at_install")
class TestScoreMembers(MiniCrmCase):
    """Who has a profile: on install, by the setting, by what is created and changed."""

    def is_customer(self, partner):
        self.settle()
        return bool(partner.journey_stage)

    def customers_among(self, partners):
        """Names of those of these partners that are customers."""
        self.env.invalidate_all()
        return set(
            partners.with_context(active_test=False)
            .filtered("journey_stage")
            .mapped("name")
        )

    def world(self):
        """A contact of every sort, as if they had been there before the add-on."""
        create = self.env["res.partner"].create
        company = create({"name": "Company", "is_company": True})
        partners = company | create(
            [
                {"name": "Person"},
                {"name": "Inside", "parent_id": company.id},
                {"name": "Inside, wrote", "parent_id": company.id},
                {"name": "Inside, bought", "parent_id": company.id},
                {"name": "Address", "parent_id": company.id, "type": "delivery"},
                {"name": "Archived", "active": False},
                {"name": "Bought"},
            ]
        )
        partners |= new_test_user(self.env, "world_in", "base.group_user").partner_id
        partners |= new_test_user(self.env, "world_out", "base.group_portal").partner_id
        partners |= self.env["res.company"].create({"name": "Own company"}).partner_id
        by_name = {partner.name: partner for partner in partners}
        by_name["Inside, wrote"]._log("message_received")
        make_purchase(self.env, by_name["Inside, bought"])
        make_purchase(self.env, by_name["Bought"])
        self.settle()
        self.env.cr.execute("DELETE FROM mini_crm_profile")
        self.env.invalidate_all()
        return partners

    def install(self, rule):
        """Install on what is there with a setting."""
        self.env.cr.execute(
            """DELETE FROM ir_config_parameter WHERE key = 'mini_crm.customer_rule';
            INSERT INTO ir_config_parameter (key, value)
            VALUES ('mini_crm.customer_rule', %s)""",
            [rule],
        )
        self.env.registry.clear_all_caches()
        post_init(self.env)

    def test_installing_makes_exactly_the_right_profiles_for_each_setting(self):
        dealings = {"Inside, wrote", "Inside, bought", "Bought"}
        contacts = {"Company", "Person", *dealings, "world_out (base.group_portal)"}
        for rule, names in (
            ("contacts", contacts),
            ("all", contacts | {"Inside"}),
            ("active", dealings),
        ):
            with self.subTest(rule), self.env.cr.savepoint() as savepoint:
                partners = self.world()
                self.install(rule)
                self.assertEqual(self.customers_among(partners), names)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_installing_writes_no_contact_and_logs_nothing(self):
        self.world()
        self.env.cr.execute("SELECT count(*) FROM mini_crm_event")
        events = self.env.cr.fetchone()
        self.env.cr.execute("SELECT id, ctid, xmin FROM res_partner ORDER BY id")
        rows = self.env.cr.fetchall()
        self.install("contacts")
        self.env.cr.execute("SELECT id, ctid, xmin FROM res_partner ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), rows)
        self.env.cr.execute("SELECT count(*) FROM mini_crm_event")
        self.assertEqual(self.env.cr.fetchone(), events)

    def test_installing_counts_and_scores_at_once(self):
        partners = self.world()
        self.install("contacts")
        self.env.invalidate_all()
        bought = partners.filtered(lambda p: p.name == "Bought")
        self.assertEqual(bought.total_purchases, 1)
        self.assertEqual(bought.customer_since, bought.create_date)
        self.assertTrue(all(p.score_parts for p in partners if p.journey_stage))

    def test_installing_again_changes_nothing(self):
        self.world()
        self.install("contacts")
        query = "SELECT p.*, p.ctid, p.xmin FROM mini_crm_profile p ORDER BY id"
        self.env.cr.execute(query)
        rows = self.env.cr.fetchall()
        self.env["mini_crm.profile"]._apply_customer_rule()
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), rows)

    def test_the_setting_adds_who_is_missing_and_drops_who_has_no_history(self):
        company = make_customer(self.env, name="Company", is_company=True)
        inside = make_customer(self.env, name="Inside", parent_id=company.id)
        buyer = make_customer(self.env, name="Buyer")
        make_purchase(self.env, buyer)
        archived = make_customer(self.env, name="Archived")
        archived.active = False
        everybody = company | inside | buyer | archived
        self.settle()
        self.assertEqual(
            self.customers_among(everybody), {"Company", "Buyer", "Archived"}
        )
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mini_crm.customer_rule", "all")
        self.assertEqual(
            self.customers_among(everybody), {"Company", "Inside", "Buyer", "Archived"}
        )
        parameters.set_param("mini_crm.customer_rule", "active")
        self.assertEqual(self.customers_among(everybody), {"Buyer", "Archived"})
        parameters.set_param("mini_crm.customer_rule", "contacts")
        self.assertEqual(
            self.customers_among(everybody), {"Company", "Buyer", "Archived"}
        )

    def test_a_new_contact_is_a_customer_at_once_and_told_once(self):
        customer = make_customer(self.env)
        self.assertEqual(customer.journey_stage, "awareness")
        self.settle()
        self.assertEqual(self.events(customer).mapped("type"), ["customer_created"])
        self.assertEqual(customer.score_parts["completeness"], 2)

    def test_without_events_a_new_contact_is_counted_and_not_told(self):
        customer = make_customer(self.env(context={"mini_crm_no_events": True}))
        self.assertEqual(customer.score_parts["completeness"], 2)
        self.settle()
        self.assertFalse(self.events(customer))

    def test_our_own_people_are_no_customers_but_portal_users_are(self):
        colleague = new_test_user(self.env, "colleague", "base.group_user")
        client = new_test_user(self.env, "client", "base.group_portal")
        self.assertFalse(self.is_customer(colleague.partner_id))
        self.assertTrue(self.is_customer(client.partner_id))
        self.assertFalse(self.events(colleague.partner_id))
        client.write({"group_ids": [(6, 0, [self.env.ref("base.group_user").id])]})
        self.assertFalse(self.is_customer(client.partner_id))
        client.write({"group_ids": [(6, 0, [self.env.ref("base.group_portal").id])]})
        self.assertTrue(self.is_customer(client.partner_id))

    def test_a_customer_with_history_who_is_hired_keeps_it(self):
        customer = make_customer(self.env)
        customer._log("message_received")
        new_test_user(self.env, "hired", "base.group_user", partner_id=customer.id)
        self.assertTrue(self.is_customer(customer))

    def test_the_partner_of_an_own_company_is_no_customer(self):
        company = self.env["res.company"].create({"name": "Branch"})
        self.assertFalse(self.is_customer(company.partner_id))
        self.assertFalse(self.events(company.partner_id))
        customer = make_customer(self.env)
        self.assertTrue(self.is_customer(customer))
        self.env["res.company"].create({"name": "Second", "partner_id": customer.id})
        self.env["mini_crm.profile"]._apply_customer_rule()
        self.assertFalse(self.is_customer(customer))

    def test_changing_the_sort_of_a_contact_changes_who_is_a_customer(self):
        company = make_customer(self.env, is_company=True)
        person = make_customer(self.env)
        self.assertTrue(self.is_customer(person))
        person.parent_id = company
        self.assertFalse(self.is_customer(person))
        person.parent_id = False
        self.assertTrue(self.is_customer(person))
        person.write({"parent_id": company.id, "type": "delivery"})
        self.assertFalse(self.is_customer(person))

    def test_an_archived_customer_keeps_his_profile(self):
        customer = make_customer(self.env)
        customer.active = False
        self.assertTrue(self.is_customer(customer))

    def test_a_message_makes_a_customer_of_somebody_inside_a_company(self):
        company = make_customer(self.env, is_company=True)
        person = make_customer(self.env, parent_id=company.id)
        self.assertFalse(self.is_customer(person))
        person._log("message_received")
        self.assertTrue(self.is_customer(person))
        self.assertEqual(person.total_interactions, 1)
        self.assertEqual(person.journey_stage, "consideration")
        self.assertEqual(
            sorted(self.events(person).mapped("type")),
            ["customer_created", "message_received"],
        )

    def test_a_purchase_makes_a_customer_whatever_the_setting(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mini_crm.customer_rule", "active")
        person = make_customer(self.env)
        self.assertFalse(self.is_customer(person))
        make_purchase(self.env, person)
        self.assertTrue(self.is_customer(person))
        self.assertEqual(person.journey_stage, "purchase")

    def test_a_purchase_of_an_address_counts_for_its_company(self):
        company = make_customer(self.env, is_company=True)
        address = make_customer(self.env, parent_id=company.id, type="delivery")
        make_purchase(self.env, address, 70)
        self.assertFalse(self.is_customer(address))
        self.assertEqual(company.total_spent, 70)

    def test_a_purchase_of_our_own_people_makes_no_customer(self):
        make_purchase(self.env, self.agent.partner_id)
        self.assertFalse(self.is_customer(self.agent.partner_id))

    def test_ensure_makes_profiles_of_thousands_and_scores_them(self):
        env = self.env(context={"mini_crm_no_customer": True})
        partners = env["res.partner"].create([{"name": f"P{n}"} for n in range(1100)])
        made = self.env["mini_crm.profile"]._ensure(partners.ids)
        self.assertEqual(made, 1100)
        self.assertEqual(self.env["mini_crm.profile"]._ensure(partners.ids), 0)
        self.env.invalidate_all()
        self.assertTrue(all(partner.score_parts for partner in partners))

    def test_whoever_may_make_contacts_makes_customers(self):
        with self.as_user(self.agent) as env:
            customer = env["res.partner"].create({"name": "By agent"})
            self.assertEqual(customer.journey_stage, "awareness")
            customer.write({"email": "x@example.com"})
        self.settle()
        self.assertEqual(customer.mini_crm_profile_id.basic_filled, 2)
