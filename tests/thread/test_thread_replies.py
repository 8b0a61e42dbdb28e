from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MiniCrmCase
from ..factories import make_channel, make_customer, make_identity, make_message


@tagged("post_install", "-at_install")
class TestThreadReplies(MiniCrmCase):
    """By which ways one can answer, and what an answer does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = make_customer(cls.env, name="Sara Ahmadi")
        cls.telegram = make_identity(cls.env, cls.customer, username="sara")
        cls.mine = cls.customer.with_user(cls.agent)

    def options(self, customer=None):
        found = (customer or self.mine).get_reply_options()
        return {option["key"]: option for option in found["options"]}

    def instagram(self, ago):
        return make_identity(
            self.env,
            self.customer,
            make_channel(self.env, "instagram"),
            window_opened_at=fields.Datetime.now() - ago,
        )

    def send(self, body="Hello", identity=None, **params):
        return self.mine.send_reply((identity or self.telegram).id, body, **params)

    # Ways

    def test_open_channel_can_be_answered_up_to_its_limit(self):
        option = self.options()[f"identity:{self.telegram.id}"]
        self.assertTrue(option["allowed"])
        self.assertEqual(option["name"], "@sara")
        self.assertEqual(option["limit"], {"count": 4096, "unit": "utf16"})

    def test_closed_window_says_how_long_ago_he_wrote_and_what_to_do(self):
        identity = self.instagram(timedelta(days=3, hours=1))
        option = self.options()[f"identity:{identity.id}"]
        self.assertFalse(option["allowed"])
        self.assertIn("3 days ago", option["why"])
        self.assertIn("call", option["why"])
        with self.assertRaisesRegex(UserError, "3 days ago"):
            self.send(identity=identity)
        self.assertFalse(identity.env["mini_crm.message"].search_count([]))

    def test_answers_that_meta_has_taken_away_are_told_as_such_for_seven_days(self):
        identity = self.instagram(timedelta(days=3))
        identity.channel_id._set_problem("human_agent")
        self.assertIn("Human Agent", self.options()[f"identity:{identity.id}"]["why"])
        identity.window_opened_at -= timedelta(days=5)
        self.assertIn("8 days ago", self.options()[f"identity:{identity.id}"]["why"])
        identity.window_opened_at += timedelta(days=8)
        self.assertTrue(self.options()[f"identity:{identity.id}"]["allowed"])

    def test_open_window_can_be_answered(self):
        identity = self.instagram(timedelta(hours=2))
        option = self.options()[f"identity:{identity.id}"]
        self.assertTrue(option["allowed"])
        self.assertEqual(option["limit"], {"count": 1000, "unit": "bytes"})

    def test_who_has_blocked_us_cannot_be_written_to(self):
        self.telegram.state = "blocked"
        option = self.options()[f"identity:{self.telegram.id}"]
        self.assertFalse(option["allowed"])
        self.assertIn("blocked", option["why"])

    def test_broken_channel_keeps_the_answer_and_says_so(self):
        self.telegram.channel_id.state = "broken"
        option = self.options()[f"identity:{self.telegram.id}"]
        self.assertTrue(option["allowed"])
        self.assertTrue(option["later"])
        (row,) = self.send()
        self.assertEqual(row["state"], "queued")
        self.assertTrue(row["reason"])

    def test_email_and_phone_of_the_contact_are_ways_too(self):
        self.customer.write({"email": "sara@example.com", "phone": "+989120000000"})
        options = self.options()
        self.assertEqual(options["email"]["name"], "sara@example.com")
        self.assertFalse(options["phone"]["attachments"])

    def test_default_is_the_channel_he_wrote_by_last(self):
        instagram = self.instagram(timedelta(hours=1))
        for identity in (self.telegram, instagram):
            self.customer._log(
                "message_received", data={"channel_id": identity.channel_id.id}
            )
        self.customer._log(
            "message_sent", data={"channel_id": self.telegram.channel_id.id}
        )
        self.assertEqual(
            self.mine.get_reply_options()["default"], f"identity:{instagram.id}"
        )

    def test_customer_without_a_way_tells_who_may_set_one_up(self):
        lonely = make_customer(self.env)
        for user, may in ((self.agent, False), (self.admin, True)):
            found = lonely.with_user(user).get_reply_options()
            self.assertEqual(found["options"], [])
            self.assertEqual(found["default"], None)
            self.assertEqual(found["may_set_up"], may)

    # Sending

    def test_answer_is_queued_in_the_agents_name(self):
        (row,) = self.send(" Salam ")
        self.assertEqual((row["body"], row["state"]), ("Salam", "queued"))
        self.assertEqual(row["author"], self.agent.name)
        message = self.env["mini_crm.message"].browse(row["id"])
        self.assertEqual(message.purpose, "answer")

    def test_long_text_becomes_several_messages_in_order(self):
        rows = self.send("word " * 1500)
        self.assertEqual(len(rows), 2)
        newest_first = [row["key"] for row in self.mine.get_conversation()["rows"]]
        self.assertEqual(newest_first[::-1], [row["key"] for row in rows])

    def test_same_key_sends_once(self):
        first = self.send(key="one")
        again = self.send(key="one")
        self.assertEqual([r["key"] for r in first], [r["key"] for r in again])
        self.assertEqual(self.env["mini_crm.message"].search_count([]), 1)

    def test_quoted_message_must_be_of_the_same_chat(self):
        theirs = make_message(make_identity(self.env))
        ours = make_message(self.telegram)
        (row,) = self.send(reply_to=ours.id)
        self.assertEqual(row["reply_to"]["key"], f"message:{ours.id}")
        (row,) = self.send(reply_to=theirs.id)
        self.assertFalse(row["reply_to"])

    def test_identity_of_somebody_else_is_refused(self):
        with self.assertRaisesRegex(UserError, "not in this channel"):
            self.send(identity=make_identity(self.env))

    def test_nothing_to_say_is_refused(self):
        for body in ("", "  \n ", None, False):
            with self.assertRaises(UserError):
                self.send(body)

    def test_uploaded_file_goes_with_the_answer(self):
        file = self.upload(self.agent)
        (row,) = self.send("", attachment_ids=file.ids)
        self.assertEqual(row["media"][0]["name"], "plan.png")

    def test_files_of_others_or_of_other_records_are_refused(self):
        stolen = self.upload(self.manager)
        other = self.upload(
            self.agent, res_model="res.partner", res_id=self.customer.id
        )
        for file in (stolen, other):
            with self.assertRaisesRegex(UserError, "file"):
                self.send("", attachment_ids=file.ids)

    def upload(self, user, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create(
                {
                    "name": "plan.png",
                    "raw": b"x",
                    "mimetype": "image/png",
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                    **values,
                }
            )
        )

    def test_email_goes_through_odoo(self):
        self.customer.email = "sara@example.com"
        self.mine.send_reply(False, "By e-mail")
        message = self.customer.message_ids[:1]
        self.assertEqual(message.message_type, "comment")
        self.assertIn("By e-mail", message.body)
        self.assertEqual(message.partner_ids, self.customer)

    def test_same_key_posts_one_email_with_its_file(self):
        self.customer.email = "sara@example.com"
        before = self.customer.message_ids
        file = self.upload(self.agent)
        for key in ("one", "one", "two"):
            files = [] if key == "two" else file.ids
            self.mine.send_reply(False, "By e-mail", attachment_ids=files, key=key)
        added = self.customer.message_ids - before
        self.assertEqual(len(added), 2)
        self.assertEqual(added.attachment_ids, file)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.mine._send_mail_reply("Again", message_id=added[0].message_id)

    # Decisions

    def test_waiting_message_can_be_cancelled_once(self):
        (row,) = self.send()
        self.mine.cancel_message(row["id"])
        message = self.env["mini_crm.message"].browse(row["id"])
        self.assertEqual(message.state, "cancelled")
        with self.assertRaisesRegex(UserError, "Cancelled"):
            self.mine.cancel_message(row["id"])

    def test_uncertain_message_is_a_persons_decision(self):
        lost = make_message(self.telegram, "Hi", "out", state="uncertain")
        arrived = make_message(self.telegram, "Ho", "out", state="uncertain")
        self.mine.resend_message(lost.id)
        self.mine.confirm_message(arrived.id)
        self.assertEqual((lost.state, arrived.state), ("queued", "sent"))

    def test_message_of_another_customer_is_not_there(self):
        other = make_message(make_identity(self.env), "Hi", "out", state="failed")
        with self.assertRaisesRegex(UserError, "no longer there"):
            self.mine.resend_message(other.id)

    def test_who_is_no_agent_does_nothing(self):
        theirs = self.customer.with_user(self.portal)
        message = make_message(self.telegram, "Hi", "out", state="failed")
        for call in (
            lambda: theirs.get_reply_options(),
            lambda: theirs.send_reply(self.telegram.id, "Hi"),
            lambda: theirs.resend_message(message.id),
            lambda: theirs.mark_answered(),
            lambda: theirs.get_quick_replies(),
        ):
            with self.assertRaises(AccessError):
                call()

    # Who waits

    def test_no_answer_needed_takes_him_out_of_the_list(self):
        self.telegram.waiting_since = fields.Datetime.now()
        self.assertTrue(self.mine.get_reply_options()["waiting"])
        self.mine.mark_answered()
        self.assertFalse(self.telegram.waiting_since)
        self.assertFalse(self.mine.get_reply_options()["waiting"])

    def test_list_takes_several_out_and_counts_the_rest(self):
        self.customer.user_id = self.agent
        self.telegram.waiting_since = fields.Datetime.now()
        others = self.env["mini_crm.identity"].union(
            *(
                make_identity(self.env, waiting_since=fields.Datetime.now())
                for _n in range(3)
            )
        )
        waiting = others.with_user(self.agent)
        self.assertEqual(waiting.get_waiting_count(), {"all": 4, "mine": 1})
        waiting[:2].action_no_answer_needed()
        self.assertEqual(waiting.get_waiting_count(), {"all": 2, "mine": 1})

    def test_row_of_the_list_opens_the_conversation(self):
        action = self.telegram.with_user(self.agent).action_open_conversation()
        self.assertEqual(action["res_id"], self.customer.id)
        self.assertEqual(action["context"], {"mini_crm_page": "communication"})

    # Who he is

    def test_chips_tell_channels_and_a_suggestion_that_the_user_may_see(self):
        twin = make_customer(self.env, name="Sara A.")
        self.telegram.write(
            {"suggested_partner_id": twin.id, "suggestion": "phone_shared"}
        )
        (chip,) = self.mine.chat_identities
        self.assertEqual(chip["username"], "sara")
        self.assertEqual(chip["suggestion"]["name"], "Sara A.")
        self.assertEqual(chip["suggestion"]["reason"], "same phone")
        twin.company_id = self.env["res.company"].create({"name": "Other"})
        self.mine.invalidate_recordset()
        self.assertFalse(self.mine.chat_identities[0]["suggestion"])

    def test_chips_tell_whose_an_identity_was_before_it_was_linked(self):
        (chip,) = self.mine.chat_identities
        self.assertEqual(chip["linked_from"], "")
        provisional = make_customer(self.env, name="Sara of Telegram", active=False)
        self.telegram.linked_from_id = provisional
        self.mine.invalidate_recordset()
        self.assertEqual(
            self.mine.chat_identities[0]["linked_from"], "Sara of Telegram"
        )
        provisional.company_id = self.env["res.company"].create({"name": "Other"})
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.chat_identities[0]["linked_from"], "")
