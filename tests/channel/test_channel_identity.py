import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.telegram import read_body
from .inbound_case import InboundCase

PHONE = "+989121234567"


@tagged("post_install", "-at_install")
class TestChannelIdentity(InboundCase):
    """Who is who: linked on proof, else suggested."""

    def known(self, **values):
        """A customer whom the shop knows already, committed: his id."""
        with self.transaction() as env:
            partner = env["res.partner"].create(
                {"name": "Known", "phone": PHONE, **values}
            )
            self.addCleanup(self.remove_customers, partner.ids)
            return partner.id

    def buys(self, name="mini_crm.purchase", **values):
        """The customer of chat 7 has bought something."""
        with self.transaction() as env:
            partner = self.identity(env).partner_id
            env[name].create({"partner_id": partner.id, "amount": 5, **values})

    def test_an_own_phone_number_is_saved_where_there_is_none(self):
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            identity = self.identity(env)
            self.assertEqual(identity.phone, PHONE)
            self.assertEqual(identity.partner_id.phone_sanitized, PHONE)
            identity.partner_id.phone = "+442083661177"
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            phone = self.identity(env).partner_id.phone_sanitized
            self.assertEqual(phone, "+442083661177", "what people entered stays")

    def test_an_own_phone_number_links_to_the_one_who_has_it(self):
        known_id = self.known()
        self.receive(self.message(text="Hello"), self.message(text="Again"))
        with self.transaction() as env:
            made_id = self.identity(env).partner_id.id
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            identity = self.identity(env)
            known, made = env["res.partner"].browse([known_id, made_id])
            self.assertEqual(identity.partner_id, known)
            self.assertEqual(identity.linked_from_id, made)
            self.assertFalse(made.active)
            self.assertFalse(identity.suggested_partner_id)
            messages = env["mini_crm.message"].search(
                [("channel_id", "=", self.channel_id)]
            )
            self.assertEqual(messages.partner_id, known)
            received = known.event_ids.filtered(
                lambda event: event.type == "message_received"
            )
            self.assertEqual(len(received), 3)
            self.assertEqual(known.total_interactions, 3)
            self.assertFalse(made.event_ids.filtered("interaction"))

    def test_a_link_can_be_taken_back(self):
        known_id = self.known()
        self.receive(self.message(), self.contact(7, "989121234567"))
        with self.transaction() as env:
            identity = self.identity(env)
            made = identity.linked_from_id
            identity.with_user(env.ref("base.user_root")).action_undo_link()
            self.assertEqual(identity.partner_id, made)
            self.assertTrue(made.active)
            self.assertFalse(identity.linked_from_id)
            known = env["res.partner"].browse(known_id)
            self.assertEqual(known.total_interactions, 0)
            self.assertEqual(made.total_interactions, 2)
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            self.assertEqual(self.identity(env).partner_id, made.with_env(env))

    def test_who_has_bought_is_suggested_only(self):
        known_id = self.known()
        self.receive(self.message())
        self.buys()
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            identity = self.identity(env)
            self.assertEqual(identity.suggested_partner_id.id, known_id)
            self.assertEqual(identity.suggestion, "phone_proved")
            self.assertNotEqual(identity.partner_id.id, known_id)

    def test_two_with_the_same_number_are_for_people_to_decide(self):
        first_id = self.known()
        self.known()
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            identity = self.identity(env)
            self.assertEqual(identity.suggested_partner_id.id, first_id)
            self.assertTrue(identity.partner_id.active)

    def test_the_number_of_somebody_else_proves_nothing(self):
        known_id = self.known()
        self.receive(self.contact(7, "+989121234567", owner=8))
        with self.transaction() as env:
            identity = self.identity(env)
            self.assertFalse(identity.phone)
            self.assertFalse(identity.partner_id.phone)
            self.assertEqual(identity.suggested_partner_id.id, known_id)
            self.assertEqual(identity.suggestion, "phone_shared")

    def test_what_is_written_is_a_hint(self):
        known_id = self.known(email="Sara@Example.com")
        self.receive(self.message(text="I am sara@example.com."))
        self.receive(self.message(8, text="Call +98 912 123 4567 please"))
        with self.transaction() as env:
            for chat, code in ((7, "email_in_text"), (8, "phone_in_text")):
                identity = self.identity(env, chat)
                self.assertEqual(identity.suggested_partner_id.id, known_id)
                self.assertEqual(identity.suggestion, code)
                self.assertNotEqual(identity.partner_id.id, known_id)

    def test_numbers_and_addresses_are_looked_up_by_indexes_of_ours(self):
        # A copy: rows that were updated keep new indexes from old transactions.
        self.env.cr.execute(
            """CREATE TEMP TABLE contacts (LIKE res_partner INCLUDING INDEXES)
            ON COMMIT DROP;
            SET LOCAL enable_seqscan = off"""
        )
        for column, index in (
            ("phone_sanitized", "res_partner_mini_crm_phone_idx"),
            ("email_normalized", "res_partner_mini_crm_email_idx"),
        ):
            plan = self.env.execute_query(
                SQL(
                    "EXPLAIN SELECT id FROM contacts WHERE %s = ANY(%s)",
                    SQL.identifier(column),
                    ["+989121234567", "sara@example.com"],
                )
            )
            self.assertIn(f"contacts_{column}_idx", str(plan))
            ours = self.env["ir.model.constraint"].search([("name", "=", index)])
            self.assertEqual(
                (ours.module.name, ours.type), ("mini_crm", "i"), "dropped with us"
            )

    def test_customers_of_other_companies_are_never_suggested(self):
        self.known(company_id=self.other_company())
        self.receive(self.contact(7, "989121234567"))
        with self.transaction() as env:
            identity = self.identity(env)
            self.assertFalse(identity.suggested_partner_id)
            self.assertFalse(identity.linked_from_id)

    def test_people_accept_or_refuse_a_suggestion(self):
        known = self.env["res.partner"].create({"name": "Known", "phone": PHONE})
        self.settle()
        channel = self.env["mini_crm.channel"].create(
            {"name": "Shop", "type": "telegram"}
        )
        written = self.message(text="Call +98 912 123 4567 please")
        [item] = read_body(json.dumps(written).encode())
        channel._as_worker()._receive(item)
        identity = self.identity(self.env, channel_id=channel.id)
        identity = identity.with_user(self.agent)
        made = identity.partner_id
        self.assertEqual(identity.suggested_partner_id, known)
        identity.action_dismiss_suggestion()
        self.assertFalse(identity.suggested_partner_id)
        identity.sudo()._suggest(known, "phone_in_text")
        self.assertFalse(identity.suggested_partner_id, "they have said no")
        identity.sudo().dismissed_partner_ids = []
        identity.sudo()._suggest(known, "phone_in_text")
        with self.assertRaises(AccessError):
            identity.with_user(self.portal).action_link_suggestion()
        opened = identity.action_link_suggestion()
        self.assertEqual(opened["res_id"], known.id)
        form = self.env.ref("mini_crm.mini_crm_customer_view_form")
        self.assertIn((form.id, "form"), opened["views"], "not Odoo's contact form")
        self.assertEqual(identity.partner_id, known)
        self.assertFalse(made.active)
        identity.action_undo_link()
        self.assertEqual(identity.partner_id, made)
        self.assertTrue(made.active)
        with self.assertRaises(UserError):
            identity.action_undo_link()

    def test_opting_out_goes_with_the_link(self):
        known_id = self.known()
        self.receive(self.message(text="stop"), self.contact(7, "989121234567"))
        with self.transaction() as env:
            states = env["mini_crm.consent"]._states([known_id], "telegram")
            self.assertEqual(states[known_id], "out")

    def test_after_a_merge_messages_reach_the_survivor(self):
        known_id = self.known(phone=False)
        self.receive(self.message())
        with self.transaction() as env:
            identity = self.identity(env)
            made = identity.partner_id
            known = env["res.partner"].browse(known_id)
            identity._suggest(known, "phone_in_text")
            self.assertEqual(identity.suggested_partner_id, known)
            wizard = env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge([made.id, known_id], known)
        self.receive(self.message(text="And now?"))
        with self.transaction() as env:
            identity = self.identity(env)
            self.assertEqual(identity.partner_id.id, known_id)
            self.assertFalse(identity.suggested_partner_id, "he is that one by now")
            self.assertFalse(identity.suggestion)
            messages = env["mini_crm.message"].search(
                [("channel_id", "=", self.channel_id)]
            )
            self.assertEqual(messages.partner_id.id, known_id)
            self.assertEqual(identity.partner_id.total_interactions, 2)

    def test_a_customer_who_is_deleted_takes_his_identity_along(self):
        self.receive(self.message())
        with self.transaction() as env:
            self.identity(env).partner_id.unlink()
        self.receive(self.message(text="New"))
        self.assertEqual(self.texts(), ["New"])
