from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail.models.mail_mail import MailMail

from ..factories import make_customer
from .mail_case import MailCase


class TestThreadMailOut(MailCase):
    def setUp(self):
        super().setUp()
        self.customer = self.sara.with_user(self.agent)

    def sent(self, partner):
        self.env.invalidate_all()
        return self.events(partner, "message_sent")

    def states(self, message, partner=None):
        states = (partner or self.customer)._mail_states(message.ids)
        return {one["state"] for one in states.values()}

    def failing(self, error):
        """A mail server that refuses everything."""
        return patch.object(IrMail_Server, "send_email", side_effect=error)

    def test_an_agent_s_answer_is_told_once_it_was_accepted(self):
        with self.mock_mail_gateway():
            message = self.customer._send_mail_reply("Two are left.\nBlue or red?")
        event = self.sent(self.sara)
        self.assertSentEmail(self.agent.partner_id, [self.sara])
        self.assertEqual(self.states(message), {"sent"})
        self.assertEqual(event.author_id, self.agent)
        self.assertEqual(event.interaction, "out")
        self.assertEqual(event.summary, "Two are left. Blue or red?")
        self.assertEqual((event.res_model, event.res_id), (message._name, message.id))
        self.assertEqual(event.external_key, f"mail:{message.id}:{self.sara.id}")
        self.assertIn("<br", message.body)
        self.assertFalse(self.env["mini_crm.mail.sending"].search([]))

    def test_it_answers_his_last_email(self):
        self.make_mail_channel()
        received = self.receive("sara@mail.example")
        with self.mock_mail_gateway():
            message = self.customer._send_mail_reply("Here you are.")
        self.assertEqual(message.subject, "Re: Scarf")
        self.assertEqual(message.parent_id, received)
        identity = self.env["mini_crm.identity"].search(
            [("partner_id", "=", self.sara.id)]
        )
        self.assertFalse(identity.waiting_since)
        self.assertEqual(identity.last_message, "Here you are.")
        self.assertEqual(identity.last_message_at, self.sent(self.sara).date)

    def test_an_answer_of_one_shop_leaves_the_other_shop_s_waiting(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        domain = self.env["mail.alias.domain"].create({"name": "other.example"})
        other.alias_domain_id = domain
        ours = self.make_mail_channel()
        theirs = self.make_mail_channel(company_id=other.id)
        date = self.utc("2026-03-02 12:00:00")
        for channel in (ours, theirs):
            self.sara._note_mail_received(channel, date, "Hello")
        with self.mock_mail_gateway():
            self.customer._send_mail_reply("Here you are.")
        self.sent(self.sara)
        identities = self.env["mini_crm.identity"].search(
            [("partner_id", "=", self.sara.id)]
        )
        waiting = identities.filtered("waiting_since")
        self.assertEqual((len(identities), waiting.channel_id), (2, theirs))
        self.assertEqual(waiting.last_message, "Hello")

    def test_a_late_notice_of_an_answer_keeps_what_was_said_since(self):
        channel = self.make_mail_channel()
        later = fields.Datetime.now() + timedelta(hours=1)
        self.sara._note_mail_received(channel, later, "Later")
        with self.mock_mail_gateway():
            self.customer._send_mail_reply("Here you are.")
        self.sent(self.sara)
        identity = self.env["mini_crm.identity"].search(
            [("partner_id", "=", self.sara.id)]
        )
        self.assertEqual(
            (identity.last_message, identity.last_message_at), ("Later", later)
        )

    def test_who_wants_no_emails_is_not_offered_one(self):
        def option():
            (only,) = self.customer.get_reply_options()["options"]
            return only

        self.assertTrue(option()["allowed"])
        self.sara._set_consent("email", "out", source="person")
        self.assertIn("not to be written to", option()["why"])
        self.sara._mail_identity_row(self.make_mail_channel())
        self.assertTrue(option()["identity_id"])
        self.assertFalse(option()["allowed"])
        self.assertIn("not to be written to", option()["why"])

    def options(self):
        """Ways to write an e-mail to the customer: {address: option}; the default."""
        self.env.invalidate_all()
        found = self.customer.get_reply_options()
        by_key = {option["key"]: option["name"] for option in found["options"]}
        by_name = {option["name"]: option for option in found["options"]}
        return by_name, by_key[found["default"]]

    def two_addresses(self):
        """Have the customer write from an old address, and once from her new one."""
        self.make_mail_channel()
        self.receive("sara@mail.example", subject="First")
        self.sara.email = "new@mail.example"
        self.receive("new@mail.example", subject="New")
        self.receive("Sara <SARA@mail.example>", subject="Old")

    def test_an_answer_goes_to_the_address_that_has_written(self):
        self.two_addresses()
        self.sara.email = "third@mail.example"
        options, default = self.options()
        self.assertEqual(default, "sara@mail.example")
        subjects = {"sara@mail.example": "Re: Old", "new@mail.example": "Re: New"}
        subjects["third@mail.example"] = "Re: Old"
        self.assertEqual(options.keys(), subjects.keys())
        for address, subject in subjects.items():
            with self.mock_mail_gateway():
                self.customer.send_reply(options[address]["identity_id"], "Hello")
            (mail,) = self._mails
            self.assertEqual(mail["email_to"], [f'"Sara" <{address}>'])
            self.assertEqual(mail["subject"], subject)
        self.assertEqual(len(self.sent(self.sara)), 3)
        self.receive("new@mail.example")
        self.assertEqual(self.options()[1], "new@mail.example")

    def test_an_answer_that_is_sent_again_goes_to_the_same_address(self):
        self.two_addresses()
        self.sara.email = False
        identity_id = self.options()[0]["sara@mail.example"]["identity_id"]
        quiet = mute_logger("odoo.addons.mail.models.mail_mail")
        with self.mock_mail_gateway(), self.failing(Exception("no")), quiet:
            self.customer.send_reply(identity_id, "Hello")
        mails = self.env["mail.mail"].search([("state", "=", "exception")])
        with self.mock_mail_gateway():
            mails.action_retry()
            mails.send()
        self.assertEqual(self._mails[0]["email_to"], ['"Sara" <sara@mail.example>'])
        event = self.sent(self.sara)
        self.assertEqual(event.interaction, "out")
        message = self.env["mail.message"].browse(event.res_id)
        self.assertEqual(self.states(message), {"sent"})

    def test_an_address_that_wants_no_emails_is_judged_alone(self):
        self.two_addresses()
        self.env["mail.blacklist"]._add("sara@mail.example")
        self.assertFalse(self.options()[0]["sara@mail.example"]["allowed"])
        self.assertTrue(self.options()[0]["new@mail.example"]["allowed"])
        identity_id = self.options()[0]["sara@mail.example"]["identity_id"]
        with self.assertRaisesRegex(UserError, "asked not to get e-mails"):
            self.customer.send_reply(identity_id, "Hello")
        self.env.cr.execute(
            "UPDATE mail_blacklist SET write_date = write_date - interval '1 hour'"
        )
        for address, allowed in (("new", False), ("sara", True)):
            date = "Fri, 02 Mar 2096 12:00:00 +0000"
            self.receive(f"{address}@mail.example", date=date)
            option = self.options()[0]["sara@mail.example"]
            self.assertEqual(option["allowed"], allowed)
        self.sara._set_consent("email", "out", source="person")
        self.assertFalse(self.options()[0]["new@mail.example"]["allowed"])

    def test_what_was_refused_is_shown_and_not_counted_until_it_gets_through(self):
        quiet = mute_logger("odoo.addons.mail.models.mail_mail")
        with self.mock_mail_gateway(), self.failing(Exception("no")), quiet:
            message = self.customer._send_mail_reply("Hello")
        self.assertEqual(self.states(message), {"exception"})
        self.assertIn(
            "no", self.customer._mail_states(message.ids)[message.id]["reason"]
        )
        self.assertEqual(self.customer._unsent_mails(), message)
        self.assertFalse(self.sent(self.sara))
        with self.mock_mail_gateway():
            mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
            mails.action_retry()
            mails.send()
            mails.send()
        self.assertEqual(self.states(message), {"sent"})
        self.assertFalse(self.customer._unsent_mails())
        self.assertEqual(len(self.sent(self.sara)), 1)

    def test_what_comes_back_is_shown_as_such(self):
        with self.mock_mail_gateway():
            message = self.customer._send_mail_reply("Hello")
        told = []
        self.patch(
            self.registry["mini_crm.message"],
            "_tell_changed",
            lambda model, partner_ids: told.extend(partner_ids),
        )
        self.bring_back(message)
        self.assertEqual(self.states(message), {"bounce"})
        self.assertEqual(told, [self.sara.id])
        self.assertFalse(self.events(self.sara, "message_received"))

    def test_two_customers_of_one_email_have_an_event_each(self):
        with self.mock_mail_gateway():
            message = self.customer.message_post(
                body="We move on Monday.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=(self.sara | self.reza).ids,
            )
        for partner in (self.sara, self.reza):
            self.assertEqual(self.sent(partner).res_id, message.id)
            self.assertEqual(self.states(message, partner), {"sent"})

    def test_templates_are_nobody_s_and_no_interaction(self):
        template = self.env["mail.template"].create(
            {
                "name": "Thanks",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Thank you",
                "body_html": "<p>Thanks</p>",
                "partner_to": "{{ object.id }}",
                "auto_delete": True,
            }
        )
        with self.mock_mail_gateway(mail_unlink_sent=True):
            template.with_user(self.manager).send_mail(self.sara.id, force_send=True)
        event = self.sent(self.sara)
        self.assertTrue(event.data["automated"])
        self.assertFalse(event.interaction)
        self.assertFalse(event.author_id)
        self.assertEqual(event.summary, "Thank you")
        with self.mock_mail_gateway():
            self.reza.message_post_with_source(template)
        self.assertTrue(self.sent(self.reza).data["automated"])

    def test_a_mailing_costs_the_same_statements_whatever_its_size(self):
        def mailing(number):
            people = self.env["res.partner"].create(
                [
                    {"name": f"C{n}", "email": f"c{n}@mail.example"}
                    for n in range(number)
                ]
            )
            return self.env["mail.mail"].create(
                [
                    {"subject": "News", "body_html": "<p>x</p>", "recipient_ids": [p]}
                    for p in people.ids
                ]
            )

        counts = []
        for number in (2, 3, 30):
            mails = mailing(number)
            self.settle()
            with patch.object(MailMail, "_send", lambda mails, **_kw: _accept(mails)):
                before = self.env.cr.sql_log_count
                mails.send()
                counts.append(self.env.cr.sql_log_count - before)
            recipients = mails.recipient_ids
            logged = self.env["mini_crm.event"].search_count(
                [("partner_id", "in", recipients.ids), ("type", "=", "message_sent")]
            )
            self.assertEqual(logged, number)
        self.assertEqual(counts[1], counts[2])

    def test_who_opted_out_is_answered_by_people_once_he_writes_and_gets_no_mailing(
        self,
    ):
        self.env["mail.blacklist"]._add("sara@mail.example")
        with self.assertRaisesRegex(UserError, "asked not to get e-mails"):
            self.customer._send_mail_reply("Your parcel is back.")
        self.make_mail_channel()
        self.receive("sara@mail.example", date="Fri, 02 Mar 2096 12:00:00 +0000")
        self.env["mail.blacklist"].search([]).flush_recordset()
        self.env.cr.execute(
            "UPDATE mail_blacklist SET write_date = write_date - interval '1 hour'"
        )
        self.env.invalidate_all()
        with self.mock_mail_gateway():
            self.customer._send_mail_reply("Your parcel is back.")
        self.assertEqual(len(self.sent(self.sara)), 1)
        composer = self.env["mail.compose.message"].create(
            {
                "model": "res.partner",
                "res_ids": str((self.sara | self.reza).ids),
                "composition_mode": "mass_mail",
                "subject": "News",
                "body": "<p>News</p>",
                "use_exclusion_list": True,
            }
        )
        with self.mock_mail_gateway():
            composer._action_send_mail()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertEqual(len(self.sent(self.sara)), 1)
        self.assertTrue(self.sent(self.reza).data["automated"])

    def test_what_somebody_else_writes_is_not_told_of_the_shop_s_people(self):
        self.reza.message_subscribe(self.sara.ids)
        with self.mock_mail_gateway():
            self.reza.message_post(
                body="Hi",
                message_type="email",
                author_id=self.reza.id,
                subtype_xmlid="mail.mt_comment",
            )
        self.assertTrue(self.sent(self.sara).data["automated"])
        self.assertFalse(self.sent(self.reza))

    def test_of_an_email_on_another_document_nothing_is_copied(self):
        document = self.private_document()
        with self.mock_mail_gateway():
            document.message_post(
                body="Secret offer",
                subject="Secret",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.sara.ids,
                author_id=self.admin.partner_id.id,
            )
        event = self.sent(self.sara)
        self.assertFalse(event.summary)
        self.assertNotIn("subject", event.data)
        self.assertNotIn("secret", str(self.customer.get_timeline()).lower())
        self.assertFalse(self.customer._mail_states([event.res_id]))

    def test_a_crash_between_sending_and_telling_loses_nothing(self):
        Sending = self.registry["mini_crm.mail.sending"]
        with (
            self.mock_mail_gateway(),
            patch.object(Sending, "_settle", side_effect=RuntimeError),
            self.assertLogs("odoo.addons.mini_crm", "ERROR"),
        ):
            message = self.customer._send_mail_reply("Hello")
        self.assertEqual(self.states(message), {"sent"})
        self.assertFalse(self.sent(self.sara))
        self.env["mini_crm.mail.sending"]._cron_settle()
        self.assertFalse(self.sent(self.sara))  # somebody may be at it still
        self.env.cr.execute(
            "UPDATE mini_crm_mail_sending SET noted_at = noted_at - interval '1 hour'"
        )
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *a: 60):
            self.env["mini_crm.mail.sending"]._cron_settle()
        self.assertEqual(self.sent(self.sara).summary, "Hello")
        self.assertFalse(self.env["mini_crm.mail.sending"].search([]))

    def test_an_answer_needs_an_address_and_the_role(self):
        nobody = make_customer(self.env)
        with self.assertRaisesRegex(UserError, "has no e-mail address"):
            nobody.with_user(self.agent)._send_mail_reply("Hello")
        with self.assertRaises(AccessError):
            self.sara.with_user(self.portal)._send_mail_reply("Hello")
        foreign = self.env["ir.attachment"].create({"name": "a", "raw": b"a"})
        with self.assertRaises(AccessError):
            self.customer._send_mail_reply("Hello", attachment_ids=foreign.ids)

    def test_answers_of_company_b_are_told_there(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        self.agent.company_ids |= other
        theirs = make_customer(self.env, email="t@mail.example", company_id=other.id)
        with self.mock_mail_gateway():
            theirs.with_user(self.agent)._send_mail_reply("Hello")
        self.assertEqual(self.sent(theirs).company_id, other)
        self.assertFalse(
            self.env(user=self.manager)["mini_crm.event"].search(
                [("partner_id", "=", theirs.id)]
            )
        )


def _accept(mails):
    """As Odoo does with e-mails that a mail server has accepted, without a loop."""
    mails.env.cr.execute(
        SQL("UPDATE mail_mail SET state = 'sent' WHERE id = ANY(%s)", list(mails.ids))
    )
    mails.invalidate_recordset(["state"])
    return fields.Datetime.now()
