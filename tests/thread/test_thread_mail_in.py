from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ... import hooks
from ..factories import log_messages, make_customer
from .mail_case import QUOTING, MailCase

FIRST_WORDS = "Yes please, the blue one."


class TestThreadMailIn(MailCase):
    def received(self, partner):
        return self.events(partner, "message_received")

    def identity(self, partner):
        return self.env["mini_crm.identity"].search([("partner_id", "=", partner.id)])

    def test_an_email_of_a_customer_is_told_once_with_his_own_words(self):
        self.make_mail_channel()
        message = self.receive("Sara <sara@mail.example>")
        event = self.received(self.sara)
        self.assertEqual(message.author_id, self.sara)
        self.assertEqual((message.model, message.res_id), ("res.partner", self.sara.id))
        self.assertEqual(event.summary, FIRST_WORDS)
        self.assertEqual((event.res_model, event.res_id), (message._name, message.id))
        self.assertEqual(event.external_key, f"mail:{message.id}")
        self.assertEqual(event.date, self.utc("2026-03-02 12:00:00"))
        self.assertEqual(event.interaction, "in")
        self.assertFalse(event.author_id)
        channel = self.env["mini_crm.channel"].search([("type", "=", "email")])
        told = {"channel": "email", "channel_id": channel.id, "kind": "email"}
        self.assertEqual(event.data, {**told, "subject": "Scarf"})
        message._log_received()
        self.assertEqual(len(self.received(self.sara)), 1)

    def test_the_same_email_delivered_twice_is_one_message(self):
        self.make_mail_channel()
        self.receive("sara@mail.example", msg_id="<twice@mail.example>")
        again = self.receive("sara@mail.example", msg_id="<twice@mail.example>")
        self.assertFalse(again)
        self.assertEqual(len(self.received(self.sara)), 1)

    def test_his_identity_waits_from_the_first_unanswered_email_on(self):
        channel = self.make_mail_channel()
        self.receive("sara@mail.example")
        self.receive("sara@mail.example", date="Tue, 03 Mar 2026 12:00:00 +0000")
        identity = self.identity(self.sara)
        self.assertEqual(identity.channel_id, channel)
        self.assertEqual(identity.external_id, "sara@mail.example")
        self.assertEqual(identity.waiting_since, self.utc("2026-03-02 12:00:00"))
        self.assertEqual(identity.last_message_at, self.utc("2026-03-03 12:00:00"))
        self.assertEqual(identity.last_message, FIRST_WORDS)

    def test_the_address_that_wrote_waits_for_the_answer(self):
        channel = self.make_mail_channel()
        self.sara._mail_identity_row(channel)
        self.sara.email = "new@mail.example"
        self.receive("Sara <Sara@mail.example>")
        identity = self.identity(self.sara)
        self.assertEqual(identity.external_id, "sara@mail.example")
        self.assertTrue(identity.waiting_since)

    def test_an_address_that_another_customer_has_waits_with_him(self):
        channel = self.make_mail_channel()
        self.sara._mail_identity_row(channel)
        twin = make_customer(self.env, name="Twin", email="sara@mail.example")
        told = []
        self.patch(
            self.registry["mini_crm.message"],
            "_tell_changed",
            lambda model, partner_ids: told.extend(partner_ids),
        )
        twin._note_mail_received(channel, self.utc("2026-03-02 12:00:00"), "Hello")
        held = self.identity(self.sara)
        self.assertEqual(held.waiting_since, self.utc("2026-03-02 12:00:00"))
        self.assertEqual(told, [self.sara.id])

    def test_an_address_that_an_archived_customer_had_comes_to_who_writes(self):
        channel = self.make_mail_channel()
        self.sara._mail_identity_row(channel)
        self.sara.active = False
        twin = make_customer(self.env, name="Twin", email="sara@mail.example")
        twin._note_mail_received(channel, self.utc("2026-03-02 12:00:00"), "Hello")
        self.assertFalse(self.identity(self.sara))
        taken = self.identity(twin)
        self.assertEqual(taken.waiting_since, self.utc("2026-03-02 12:00:00"))

    def test_an_email_from_the_future_is_dated_now(self):
        self.make_mail_channel()
        self.receive("sara@mail.example", date="Fri, 02 Mar 2096 12:00:00 +0000")
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        self.assertLess(self.received(self.sara).date, tomorrow)
        self.assertLess(self.identity(self.sara).waiting_since, tomorrow)

    def test_who_is_unknown_becomes_a_customer_once(self):
        channel = self.make_mail_channel()
        first = self.receive("Mina Rad <Mina@new.example>")
        second = self.receive("mina@new.example", subject="Again")
        self.settle()
        mina = first.author_id
        self.assertEqual(second.author_id, mina)
        self.assertEqual(mina.name, "Mina Rad")
        self.assertEqual(mina.email_normalized, "mina@new.example")
        self.assertEqual(mina.source_id.name, "E-mail")
        self.assertTrue(mina.journey_stage)
        self.assertEqual(self.identity(mina).channel_id, channel)
        self.assertEqual(len(self.received(mina)), 2)

    def test_of_several_with_the_address_the_most_recent_one_is_meant(self):
        self.make_mail_channel()
        old = make_customer(self.env, email="both@mail.example")
        recent = make_customer(self.env, email="both@mail.example")
        newest = make_customer(self.env, email="both@mail.example")
        log_messages(old, ("in", self.utc("2025-01-01 00:00:00")))
        log_messages(recent, ("in", self.utc("2026-01-01 00:00:00")))
        self.env.cr.execute(
            "DELETE FROM mini_crm_event WHERE partner_id = ANY(%s)"
            " AND type = 'customer_created'",
            [(old | recent | newest).ids],
        )
        message = self.receive("both@mail.example")
        self.assertEqual(message.author_id, recent)
        self.settle()
        # known by the address from now on, whoever there is contact with meanwhile
        log_messages(old, ("in", fields.Datetime.now()))
        self.assertEqual(self.receive("both@mail.example").author_id, recent)

    def test_the_own_staff_becomes_no_customer(self):
        self.make_mail_channel()
        self.agent.partner_id.email = "agent@shop.example"
        message = self.receive("agent@shop.example")
        self.settle()
        self.assertEqual(message.res_id, self.agent.partner_id.id)
        self.assertFalse(self.agent.partner_id.journey_stage)
        self.assertFalse(self.received(self.agent.partner_id))

    def test_an_answering_machine_makes_no_customer(self):
        self.make_mail_channel()
        before = self.env["res.partner"].search_count([])
        for number, extra in enumerate(
            ("Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <news>")
        ):
            message = self.receive(
                "robot@new.example", extra=extra, msg_id=f"<{number}@new.example>"
            )
            self.assertFalse(message, extra)
        self.assertFalse(self.receive("robot@new.example", return_path="<>"))
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_an_absence_note_of_a_customer_is_told_but_does_not_wait(self):
        self.make_mail_channel()
        self.receive("sara@mail.example", extra="Auto-Submitted: auto-replied")
        event = self.received(self.sara)
        self.assertTrue(event.data["automated"])
        self.assertFalse(event.interaction)
        self.assertFalse(self.identity(self.sara).waiting_since)

    def test_odoo_still_stops_loops(self):
        self.make_mail_channel()
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        kept = [
            bool(self.receive("sara@mail.example", msg_id=f"<loop{n}@mail.example>"))
            for n in range(5)
        ]
        self.assertEqual(kept, [True, True, True, False, False])

    def test_an_answer_to_an_email_goes_on_where_it_was(self):
        with self.mock_mail_gateway():
            sent = self.sara.with_user(self.agent)._send_mail_reply("Which one?")
        answer = self.receive(
            "sara@mail.example",
            to="catchall.test@test.mycompany.com",
            extra=f"In-Reply-To: {sent.message_id}",
        )
        self.assertEqual(answer.parent_id, sent)
        self.assertEqual(answer.res_id, self.sara.id)
        self.assertEqual(self.received(self.sara).summary, FIRST_WORDS)

    def test_of_an_email_on_another_document_nothing_is_copied(self):
        self.make_mail_channel()
        document = self.private_document()
        message = document.message_post(
            body="My secret size",
            subject="Secret",
            message_type="email",
            author_id=self.sara.id,
        )
        event = self.received(self.sara)
        self.assertEqual(event.res_id, message.id)
        self.assertFalse(event.summary)
        self.assertNotIn("subject", event.data)
        self.assertTrue(self.identity(self.sara).waiting_since)
        self.assertFalse(self.identity(self.sara).last_message)
        rows = self.sara.with_user(self.agent).get_timeline(types=["message_received"])
        row = rows["events"][0]
        self.assertEqual(row["summary"], "An e-mail on a document you may not open")
        self.assertNotIn("secret", str(rows).lower())
        self.settle()
        self.assertEqual(self.sara.with_user(self.agent).total_interactions, 1)
        rows = self.sara.get_timeline(types=["message_received"])
        self.assertEqual(rows["events"][0]["summary"], "Secret")

    def test_customers_of_another_company_are_not_meant(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        domain = self.env["mail.alias.domain"].create({"name": "other.example"})
        other.alias_domain_id = domain
        channel = self.make_mail_channel(company_id=other.id)
        self.sara.company_id = self.env.company
        self.assertEqual(channel.alias_email, "shop@other.example")
        message = self.receive("sara@mail.example", to="shop@other.example")
        theirs = message.author_id
        self.assertNotEqual(theirs, self.sara)
        self.assertEqual(theirs.company_id, other)
        self.assertEqual(self.received(theirs).company_id, other)
        self.assertFalse(self.received(self.sara))

    def test_a_shared_customer_s_email_is_told_in_the_shop_he_wrote_to(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        domain = self.env["mail.alias.domain"].create({"name": "other.example"})
        other.alias_domain_id = domain
        self.make_mail_channel()
        channel = self.make_mail_channel(company_id=other.id)
        self.assertFalse(self.sara.company_id)
        message = self.receive("sara@mail.example", to="shop@other.example")
        self.assertEqual(message.author_id, self.sara)
        self.assertEqual(self.received(self.sara).company_id, other)
        self.assertEqual(self.identity(self.sara).channel_id, channel)

    def test_one_email_to_two_shops_is_told_to_both(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        domain = self.env["mail.alias.domain"].create({"name": "other.example"})
        other.alias_domain_id = domain
        self.make_mail_channel()
        self.make_mail_channel(company_id=other.id)
        messages = self.receive(
            "Mina <mina@new.example>", to="shop@test.mycompany.com, shop@other.example"
        )
        self.assertEqual(len(messages.author_id), 2)
        companies = {self.received(one).company_id for one in messages.author_id}
        self.assertEqual(companies, {self.env.company, other})

    def test_a_switched_off_channel_has_no_identities(self):
        channel = self.make_mail_channel()
        channel.state = "off"
        self.receive("sara@mail.example")
        self.assertTrue(self.received(self.sara))
        self.assertFalse(self.identity(self.sara))

    def test_without_a_domain_it_says_what_to_do(self):
        self.env["mail.alias.domain"].search([]).company_ids.alias_domain_id = False
        with self.assertRaisesRegex(UserError, "alias domain under Settings"):
            self.make_mail_channel()

    def test_the_address_goes_when_the_add_on_is_uninstalled(self):
        channel = self.make_mail_channel()
        alias = channel.alias_id
        self.assertEqual(alias.alias_full_name, "shop@test.mycompany.com")
        hooks._forget(self.env)
        self.assertFalse(alias.exists())
        self.assertTrue(channel.exists())

    def test_only_email_channels_have_an_address(self):
        with self.assertRaisesRegex(UserError, "Only a channel for e-mail"):
            self.make_mail_channel(type="telegram")

    def test_open_conversations_are_told(self):
        self.make_mail_channel()
        told = []
        self.patch(
            self.registry["mini_crm.message"],
            "_tell_changed",
            lambda model, partner_ids: told.extend(partner_ids),
        )
        self.receive("sara@mail.example")
        self.assertEqual(told, [self.sara.id])

    # What he wants

    def wish(self, partner):
        """What a customer wants by e-mail: in, out or unknown."""
        return self.env["mini_crm.consent"]._states(partner.ids, "email")[partner.id]

    def test_who_writes_stop_gets_no_more_until_he_writes_start(self):
        self.make_mail_channel()
        quoted = QUOTING.replace("Yes please, the blue one.", "Stop!")
        self.receive(self.sara.email, body=quoted)
        self.assertEqual(self.wish(self.sara), "out")
        told = self.events(self.sara, "consent_changed")
        self.assertEqual(told.data["source"], "message")
        self.assertEqual(told.summary, "Stop!")
        later = "Tue, 03 Mar 2026 12:00:00 +0000"
        self.receive(self.sara.email, body="start", date=later)
        self.assertEqual(self.wish(self.sara), "in")

    def test_subject_of_an_empty_e_mail_says_it_too(self):
        self.make_mail_channel()
        self.receive(self.sara.email, body="", subject="unsubscribe")
        self.assertEqual(self.wish(self.sara), "out")

    def test_what_a_machine_or_the_quoted_part_says_stops_nothing(self):
        self.make_mail_channel()
        self.receive(self.sara.email, body="stop", extra="Auto-Submitted: auto-replied")
        self.receive(self.sara.email, body="Please do.\n\n> stop")
        self.assertEqual(self.wish(self.sara), "unknown")

    def test_word_on_an_order_is_about_the_order(self):
        document = self.private_document()
        message = document.message_post(
            body="stop", message_type="email", author_id=self.sara.id
        )
        self.assertTrue(
            self.received(self.sara).filtered_domain([("res_id", "=", message.id)])
        )
        self.assertEqual(self.wish(self.sara), "unknown")
